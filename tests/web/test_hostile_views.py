"""Comparison, overviews, quality and guided search over hostile and closed graphs of QM and QN."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests.web.conftest import BASE, HOSTILE, Client, literal, put
from tests.web.test_pages import HTML, Page

PAI = "https://w3id.org/pes-ai/def#"
CODE = "https://w3id.org/pes-ai/code/"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
TITLE = "http://purl.org/dc/terms/title"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
CANARY = "Kanarienvogel"
TEXTS = [*HOSTILE, "\u202eevil\u202c", "</title><script>alert(2)</script>", "y" * 100_000]


def _initiative(name: str, carrier: str, *texts: str) -> list[str]:
    """An initiative whose every text and value is hostile; its codes are there and odd."""
    thing, service = BASE.thing("initiative", name), BASE.thing("organisation", carrier)
    lines = [
        f"{thing} <{TYPE}> <{PAI}Initiative> .",
        f"{thing} <{PAI}undertakenBy> {service} .",
        f"{thing} <{PAI}hasMaturity> <{CODE}maturity/pilot> .",
        f"{thing} <{PAI}hasMaturity> <javascript:alert(3)> .",
        f"{thing} <{PAI}hasTheme> <{CODE}theme/ethics> .",
        f"{thing} <{PAI}hasTheme> <https://evil.example/%22onclick=alert(1)> .",
        f"{thing} <{PAI}inCountry> <javascript:alert(1)> .",
        f"{thing} <{PAI}inCountry> <https://evil.example/country> .",
        f"{thing} <{PAI}hasPartner> <data:text/html,x> .",
        f'{thing} <{PAI}statusAsOf> "<b>2020</b>" .',
        f"{service} <{TYPE}> <http://www.w3.org/ns/org#Organization> .",
    ]
    for text in texts:
        said = (TITLE, f"{PAI}technique", f"{PAI}dataUsed", f"{PAI}taxonomyNamed")
        lines += [f"{thing} <{predicate}> {literal(text)}@en ." for predicate in said]
        named = (f"{CODE}theme/ethics", f"{CODE}maturity/pilot", "https://evil.example/country")
        lines += [f"<{iri}> <{LABEL}> {literal(text)}@en ." for iri in named]
        lines.append(f"{service} <{TITLE}> {literal(text)}@fr .")
    return lines


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[Client]:
    """Two services in the open, and a third and one more initiative for partners."""
    home = tmp_path_factory.mktemp("views") / "var"
    opened = [*_initiative("qm-one", "pes-qm", *TEXTS), *_initiative("qn-one", "pes-qn", "Plain")]
    put(home, "open", sorted(set(opened)))
    closed = [*_initiative("qo-one", "pes-qo", CANARY), *_initiative("qm-two", "pes-qm", CANARY)]
    put(home, "closed", sorted(set(closed)), audience="partners")
    with serve(home) as address:
        yield Client(address)


PAGES = [
    "/compare?org=pes-qm&org=pes-qn", "/compare", "/matrix", "/map", "/timeline",
    "/timeline?by=as-of", "/quality", "/guided", "/guided?what=measured&stage=pilot", "/changes",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_hostile_text_stays_text_and_closed_facts_are_nowhere(
    hostile: Client, path: str, language: str
) -> None:
    reply = hostile.send("GET", path, Accept=HTML, Accept_Language=language)
    assert reply.status == 200, reply.text
    page = Page(reply.text)
    assert page.wrong == []
    assert page.all("script") == []
    assert page.all("img") == []
    assert not [a for _, a in page.elements if any(key.startswith("on") for key in a)]
    for link in page.links():
        assert link.startswith(("/", "#", "?", "http://", "https://")), link
    assert not set(page.title) & set("\u202a\u202b\u202d\u202e")
    assert len(reply.body) < 200_000
    assert CANARY not in reply.text
    assert "qo-one" not in reply.text
    assert "pes-qo" not in reply.text


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("ending", ["csv", "ttl", "nt"])
def test_files_hold_no_closed_fact(hostile: Client, path: str, ending: str) -> None:
    joint = "&" if "?" in path else "?"
    reply = hostile.send("GET", f"{path}{joint}format={ending}&download=1")
    if path == "/compare":
        return
    assert reply.status == 200
    assert CANARY.encode() not in reply.body
    assert b"qo-one" not in reply.body
    if ending == "csv":
        assert not any(
            cell.startswith(("=", "+", "@"))
            for line in reply.body.decode("utf-8-sig").splitlines()
            for cell in line.split(",")
        )


def test_counts_are_those_of_the_open_graphs(hostile: Client) -> None:
    for path in ("/matrix", "/timeline", "/quality"):
        text = hostile.send("GET", path, Accept=HTML).text
        assert "2 initiatives" in text, path


def test_a_closed_organisation_is_unknown_like_any_other(hostile: Client) -> None:
    closed = hostile.send("GET", "/compare?org=pes-qo&org=pes-qm", Accept=HTML)
    absent = hostile.send("GET", "/compare?org=pes-qx&org=pes-qm", Accept=HTML)
    assert closed.status == absent.status == 404
