"""Formats and their negotiation."""

import pytest

from pesai.engine.protocol import FormatMismatch
from pesai.errors import WrongUse
from pesai.sparql.formats import FORMATS, Kind, by_name
from pesai.sparql.negotiation import accepted, negotiate, prefers_html

CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
RDFLIB = "application/sparql-results+xml, application/rdf+xml"
OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.mark.parametrize(
    ("kind", "accept", "name", "media"),
    [
        ("table", None, "json", "application/sparql-results+json"),
        ("table", "", "json", "application/sparql-results+json"),
        ("table", "*/*", "json", "application/sparql-results+json"),
        ("table", "application/json", "json", "application/json"),
        ("table", "text/*", "csv", "text/csv"),
        ("table", "application/*", "json", "application/sparql-results+json"),
        ("table", "text/csv;q=0.5, text/tab-separated-values", "tsv", "text/tab-separated-values"),
        ("table", "text/csv, application/sparql-results+xml", "xml", None),
        ("table", "*/*;q=0.1, text/csv", "csv", None),
        ("table", "application/sparql-results+json;q=0, */*", "xml", None),
        ("table", "text/xml", "xml", "text/xml"),
        ("table", OFFICE, "xlsx", OFFICE),
        ("table", RDFLIB, "xml", None),
        ("table", CHROME, "html", "text/html"),
        ("table", FIREFOX, "html", "text/html"),
        ("table", "application/sparql-results+json; charset=utf-8; q=0.2, text/csv;q=0.1", "json",
         None),
        ("table", 'text/csv; x="a,b;q=0"; q=0.9, application/json;q=0.1', "csv", None),
        ("table", "nonsense", "json", None),
        ("graph", None, "ttl", "text/turtle"),
        ("graph", "*/*", "ttl", "text/turtle"),
        ("graph", "application/ld+json", "jsonld", None),
        ("graph", "application/json", "jsonld", "application/json"),
        ("graph", "application/rdf+xml;q=0.9, text/turtle;q=0.8", "rdf", None),
        ("graph", "application/n-quads, */*;q=0.1", "nq", None),
        ("graph", RDFLIB, "rdf", None),
        ("graph", FIREFOX, "html", None),
    ],
)  # fmt: skip
def test_accept(kind: Kind, accept: str | None, name: str, media: str | None) -> None:
    chosen = negotiate(kind, None, accept)
    assert chosen.format.name == name
    assert media in (None, chosen.media)


@pytest.mark.parametrize(
    ("kind", "accept"),
    [("table", "text/turtle"), ("table", "image/png"), ("graph", "text/csv"), ("table", "*/*;q=0")],
)
def test_nothing_that_is_accepted(kind: Kind, accept: str) -> None:
    with pytest.raises(FormatMismatch) as caught:
        negotiate(kind, None, accept)
    assert caught.value.status == 406
    media = {one.media[0] for one in FORMATS if one.kind == kind}
    assert all(one in str(caught.value) for one in media)


@pytest.mark.parametrize(
    ("kind", "asked", "name"),
    [
        ("table", "json", "json"), ("table", "XML", "xml"), ("table", "text/csv", "csv"),
        ("table", "application/sparql-results+json", "json"),
        ("table", "application/sparql-results json", "json"),
        ("graph", "xml", "rdf"), ("graph", "json", "jsonld"), ("graph", "json-ld", "jsonld"),
        ("graph", "turtle", "ttl"), ("graph", "n3", "ttl"), ("graph", "rdf xml", "rdf"),
        ("graph", "application/n-quads", "nq"), ("graph", "html", "html"),
    ],
)  # fmt: skip
def test_format_by_name_goes_before_accept(kind: Kind, asked: str, name: str) -> None:
    assert negotiate(kind, asked, "image/png").format.name == name


def test_format_that_does_not_fit_and_format_that_is_not() -> None:
    with pytest.raises(FormatMismatch, match="ttl"):
        negotiate("graph", "csv", None)
    with pytest.raises(WrongUse, match="json"):
        negotiate("graph", "pdf\r\n", None)


def test_names_tell_formats_of_a_kind_apart() -> None:
    for kind in ("table", "graph"):
        listed = [one for one in FORMATS if one.kind == kind]
        names = [name for one in listed for name in (one.name, *one.aliases)]
        media = [name for one in listed for name in one.media]
        assert len(names) == len(set(names))
        assert len(media) == len(set(media))
        assert all(by_name(one.name, kind) is one for one in listed)


def test_who_is_a_browser() -> None:
    assert prefers_html(CHROME)
    assert prefers_html(FIREFOX)
    assert not prefers_html("*/*")
    assert not prefers_html(None)
    assert not prefers_html("text/turtle, text/html;q=0.5")


def test_header_that_is_made_to_take_long() -> None:
    assert accepted("a/b;" * 2000 + '"' * 2000) == {"a/b": 1.0}
