"""Labels, links and the tables of words, over a real store with fictional things (QM, QN)."""

import re
import tomllib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from rdflib import URIRef

from pesai.vocabulary.merge import merged
from pesai.web import create_app
from pesai.web.borrowed import borrowed, expand
from pesai.web.labels import LONGEST, last_part, tidy
from pesai.web.links import Place, place
from tests.web.conftest import BASE, Client, literal, put
from tests.web.test_pages import HTML

WEB = Path(__file__).resolve().parents[2] / "pesai" / "web"
SKOS = "http://www.w3.org/2004/02/skos/core#"
NAMES = {
    "both": [("prefLabel", "le français", "fr"), ("prefLabel", "the English", "en")],
    "other": [("prefLabel", "seulement français", "fr"), ("prefLabel", "nur deutsch", "de")],
    "plain": [("prefLabel", "ohne Zeichen", "de"), ("prefLabel", "plain", "")],
    "german": [("prefLabel", "zuletzt", "de"), ("prefLabel", "før", "da")],
    "described": [("description", "A whole sentence that stands for a name. " * 5, "en")],
    "none": [],
}
ALWAYS = {
    "other": "seulement français", "plain": "plain", "german": "før", "none": "none",
    "described": "A whole sentence that stands for a name. A whole sentence that stands",
}  # fmt: skip
EXPECTED = {
    "en": {"both": "the English", **ALWAYS},
    "fr": {"both": "le français", **ALWAYS},
}


@pytest.fixture(scope="module")
def named(
    tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("named") / "var"
    centre = BASE.thing("initiative", "qm-centre")
    lines = []
    for name, labels in NAMES.items():
        thing = BASE.thing("organisation", name)
        lines.append(f"{centre} <https://w3id.org/pes-ai/def#undertakenBy> {thing} .")
        for kind, text, tag in labels:
            iri = "http://purl.org/dc/terms/description" if kind == "description" else SKOS + kind
            lines.append(f"{thing} <{iri}> {literal(text)}{'@' + tag if tag else ''} .")
    put(home, "named", lines)
    with serve(home) as address:
        yield Client(address)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_label_is_chosen_by_one_fixed_order(named: Client, language: str) -> None:
    page = named.send("GET", "/page/initiative/qm-centre", Accept=HTML, Accept_Language=language)
    for name, text in EXPECTED[language].items():
        found = re.search(rf'href="/page/organisation/{name}"[^>]*><bdi>([^<]*)</bdi>', page.text)
        assert found, name
        assert found[1].startswith(text), name
        assert len(found[1]) <= 90


def test_a_text_in_another_language_says_so(named: Client) -> None:
    page = named.send("GET", "/page/initiative/qm-centre", Accept=HTML, Accept_Language="en").text
    assert 'href="/page/organisation/other" lang="fr"' in page
    assert 'href="/page/organisation/german" lang="da"' in page
    assert 'href="/page/organisation/both"><bdi>' in page


def test_a_new_release_shows_new_labels(
    tmp_path: Path, serve: Callable[..., AbstractContextManager[str]]
) -> None:
    home = tmp_path / "var"
    thing = BASE.thing("organisation", "qn-service")
    put(home, "names", [f'{thing} <{SKOS}prefLabel> "Old name"@en .'])
    with serve(home) as address:
        client = Client(address)
        assert "Old name" in client.send("GET", "/page/organisation/qn-service", Accept=HTML).text
        put(home, "names", [f'{thing} <{SKOS}prefLabel> "New name"@en .'])
        page = client.send("GET", "/page/organisation/qn-service", Accept=HTML)
        assert "New name" in page.text
        assert page.headers["x-release"] == "000002"


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (f"{BASE.iri}id/organisation/x", Place("/page/organisation/x", external=False)),
        (f"{BASE.iri}id/source/f#row=3", Place("/page/source/f#row=3", external=False)),
        (f"{BASE.iri}graph/rdf/a%20b", Place("/graph/rdf/a%20b", external=False)),
        ("https://w3id.org/pes-ai/def#Initiative", Place("/def#Initiative", external=False)),
        ("https://w3id.org/pes-ai/code/theme/x", Place("/code/theme/x", external=False)),
        ("https://w3id.org/pes-ai/definition", Place("https://w3id.org/pes-ai/definition", True)),
        ("https://example.org/é x".replace(" ", ""), Place("https://example.org/%C3%A9x", True)),
        ("https://w3id.org/pes-ai/id/a/../b", None),
        ("javascript:alert(1)", None),
        ("http:///nowhere", None),
        ("https://[broken", None),
        ("urn:x", None),
        ("mailto:a@example.org", None),
    ],
)  # fmt: skip
def test_where_an_iri_leads(iri: str, expected: Place | None) -> None:
    with create_app().test_request_context("/"):
        assert place(iri) == expected


@pytest.mark.parametrize(
    ("text", "line"),
    [("a\n\t b", "a b"), ("\u202eevil", "evil"), ("x" * 999, "x" * (LONGEST - 1) + "…")],
)
def test_a_label_is_one_short_line(text: str, line: str) -> None:
    assert tidy(text) == line


def test_the_last_part_of_an_address() -> None:
    assert last_part("https://example.org/a/b%20c/") == "b c"
    assert last_part("https://example.org/a#") == "a"
    assert last_part("urn:x") == "urn:x"


def test_the_tables_of_words_name_terms_that_there_are() -> None:
    ontology = merged()
    fields = tomllib.loads((WEB / "fields.toml").read_text(encoding="utf-8"))["class"]
    named = {entry["class"] for entry in fields}
    named |= {term for entry in fields for field in entry["fields"] for term in field.split("|")}
    for name in named:
        iri = expand(name)
        known = (URIRef(iri), None, None) in ontology
        assert known if name.startswith("pai:") else iri in borrowed(), name
    for texts in borrowed().values():
        assert texts["fr"]
        assert texts["en"]


def test_an_answer_says_its_release_and_can_be_asked_again_for_nothing(sparql: Client) -> None:
    path = "/data/initiative/at-ams-amas.ttl"
    answer = sparql.send("GET", path)
    assert answer.headers["x-release"] == "000001"
    assert sparql.send("GET", path, If_None_Match=answer.headers["etag"]).status == 304
