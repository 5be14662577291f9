"""``/search`` over the real service, for people and for programs."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.conftest import Serve
from tests.web.conftest import Client, literal, put

LABEL = "<http://www.w3.org/2004/02/skos/core#prefLabel>"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
CONCEPT = "<http://www.w3.org/2004/02/skos/core#Concept>"


def ask(client: Client, text: str, **given: object) -> dict[str, Any]:
    path = f"/search?{urlencode({'q': text, 'format': 'json', **given})}"
    reply = client.send("GET", path)
    assert reply.status == 200, reply.text
    assert reply.type == "application/json"
    document: dict[str, Any] = reply.json
    return document


def iris(document: dict[str, Any]) -> list[str]:
    return [one["iri"].rpartition("/id/")[2] for one in document["results"]]


def test_the_shape_that_is_documented(sparql: Client) -> None:
    document = ask(sparql, "vdab", limit=1)
    assert set(document) == {
        "query", "language", "release", "corrected", "partial", "more", "results",
    }  # fmt: skip
    (one,) = document["results"]
    assert one == {
        "iri": "https://w3id.org/pes-ai/id/organisation/vdab",
        "page": "/page/organisation/vdab",
        "label": one["label"],
        "label_language": "en",
        "matched": "VDAB",
        "matched_language": None,
        "matched_as": "alternative",
        "kind": "organisation",
        "kind_label": "organisation",
        "schemes": [],
        "score": one["score"],
    }
    assert document["more"] is True
    assert sparql.send("GET", one["page"]).status == 200


def test_found_in_one_language_and_told_in_the_other(sparql: Client) -> None:
    english = ask(sparql, "Belgique", lang="en", kind="concept")["results"][0]
    assert (english["label"], english["label_language"]) == ("Belgium", "en")
    assert (english["matched"], english["matched_language"]) == ("Belgique", "fr")
    french = ask(sparql, "Belgium", lang="fr", kind="concept")["results"][0]
    assert (french["label"], french["matched"]) == ("Belgique", "Belgium")


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("france travail", "organisation/france-travail"),
        ("FRANCE  TRAVAIL", "organisation/france-travail"),
        ("amas", "initiative/at-ams-amas"),
    ],
)
def test_names_accents_and_case(sparql: Client, text: str, iri: str) -> None:
    assert iri in iris(ask(sparql, text))[:3]


def test_a_slip_is_forgiven_and_told(sparql: Client) -> None:
    document = ask(sparql, "chatbto", lang="en")
    assert document["corrected"] == "chatbot"
    assert document["results"]


def test_filters_and_pages(sparql: Client) -> None:
    first = ask(sparql, "a", kind="initiative", limit=5)
    second = ask(sparql, "a", kind="initiative", limit=5, page=2)
    assert first["more"]
    assert len(first["results"]) == len(second["results"]) == 5
    assert not set(iris(first)) & set(iris(second))
    assert {one["kind"] for one in first["results"]} == {"initiative"}
    theme = "https://w3id.org/pes-ai/code/theme"
    listed = ask(sparql, "data", scheme=theme)["results"]
    assert listed
    assert all(theme in {each["iri"] for each in one["schemes"]} for one in listed)
    assert ask(sparql, "data", scheme="theme")["results"] == listed
    only = ask(sparql, "donn", **{"in": "fr"})["results"]
    assert {one["matched_language"] for one in only} == {"fr"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=a&kind=nonsense", "initiative"),
        ("q=a&scheme=nonsense", "scheme"),
        ("q=a&limit=0", "limit"),
        ("q=a&limit=1000000000000000000000", "limit"),
        ("q=a&limit=%C2%B2", "limit"),
        ("q=a&page=-1", "page"),
        ("q=a&in=%27", "in"),
        (f"q={'a' * 1001}", "1000"),
        ("q=a&format=ttl", "json"),
    ],
)
def test_wrong_use_is_told(sparql: Client, query: str, said: str) -> None:
    reply = sparql.send("GET", f"/search?{query}", Accept="application/json")
    assert reply.status == 400
    assert reply.type == "application/problem+json"
    assert said in reply.text


@pytest.mark.parametrize(
    "text",
    ['"', "NEAR(a b)", "a OR b", "a*", "-a", "{tags} : h_a", "'; DROP TABLE label", "\x00",
     "\u202e",
     "<script>alert(1)</script>", "{{ 7*7 }}", "\u0645\u0631\u062d\u0628\u0627", "%", "a" * 1000],
)  # fmt: skip
def test_hostile_questions(sparql: Client, text: str) -> None:
    for kind in ("json", "html"):
        reply = sparql.send("GET", f"/search?q={quote(text)}&format={kind}")
        assert reply.status == 200, (text, reply.text)
        assert "<script>alert" not in (reply.text if kind == "html" else "")


def test_bytes_that_are_no_text(sparql: Client) -> None:
    assert sparql.send("GET", "/search?q=%ff%fe%80&format=json").status == 200


def test_the_page_works_without_script(sparql: Client) -> None:
    reply = sparql.send("GET", "/search?q=chatbot&lang=en", Accept="text/html")
    assert reply.type == "text/html"
    page = reply.text
    assert "<script" not in page
    assert '<label for="q">' in page
    assert "<search>" in page
    assert re.search(r'<ol class="results" start="1">\s*<li>\s*<a href="/', page)
    empty = sparql.send("GET", "/search", Accept="text/html").text
    assert "<ol" not in empty.partition("<main")[2]
    nothing = sparql.send("GET", "/search?q=qqqqzzzz&lang=en", Accept="text/html").text
    assert "Nothing is called" in nothing


def test_french_page_is_french(sparql: Client) -> None:
    page = sparql.send("GET", "/search?q=chatbot&lang=fr", Accept="text/html").text
    assert "Rechercher" in page
    assert "Narrow the search" not in page


def test_headers(sparql: Client) -> None:
    reply = sparql.send("GET", "/search?q=chatbot", Accept="application/json")
    assert reply.headers["x-release"] == "000001"
    assert reply.headers["access-control-allow-origin"] == "*"
    etag = reply.headers["etag"]
    again = sparql.send("GET", "/search?q=chatbot", Accept="application/json", If_None_Match=etag)
    assert (again.status, again.body) == (304, b"")
    other = sparql.send("GET", "/search?q=chat", Accept="application/json", If_None_Match=etag)
    assert other.status == 200
    french = sparql.send("GET", "/search?q=chatbot&lang=fr", If_None_Match=etag)
    assert french.status == 200


def thing(name: str, text: str) -> list[str]:
    return [f"<urn:c:{name}> {TYPE} {CONCEPT} .", f"<urn:c:{name}> {LABEL} {literal(text)}@en ."]


def test_each_reader_has_an_index_and_a_new_release_is_seen(serve: Serve, tmp_path: Path) -> None:
    home = tmp_path / "var"
    put(home, "a", thing("open", "open label"))
    put(home, "hidden", thing("secret", "Zyxwvut quorum"), audience="partners")
    with serve(home) as address:
        client = Client(address)
        assert iris(ask(client, "open label")) == ["urn:c:open"]
        for text in ("Zyxwvut", "zyx", "z", "quorum", "zyxwvtu"):
            assert "urn:c:secret" not in iris(ask(client, text))
            for path in ("/reconcile/suggest/entity?prefix=", "/search?format=html&q="):
                page = client.send("GET", path + text).text.replace(f'value="{text}"', "")
                assert "urn:c:secret" not in page
        assert client.send("GET", "/reconcile/preview?id=urn:c:secret").status == 404
        put(home, "b", thing("late", "late label"))
        assert iris(ask(client, "late label")) == ["urn:c:late"]
        assert ask(client, "late label")["release"] == "000003"
    release = (home / "current").resolve()
    assert b"zyxwvut" in (release / "partners" / "search.sqlite").read_bytes().lower()
    for file in (release / "public").rglob("*"):
        if file.is_file():
            assert b"zyxwvut" not in file.read_bytes().lower(), file


def test_a_release_without_index_says_what_to_do(serve: Serve, tmp_path: Path) -> None:
    home = tmp_path / "var"
    put(home, "a", thing("open", "open label"))
    (home / "current").resolve().joinpath("public", "search.sqlite").unlink()
    with serve(home) as address:
        reply = Client(address).send("GET", "/search?q=a", Accept="application/json")
        assert reply.status == 503
        assert "pesai rebuild" in reply.text
