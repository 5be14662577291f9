"""Every format, asked in every way, holds the same answer."""

import csv
import json
from decimal import Decimal
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET

import openpyxl
import pyoxigraph as ox
import pytest

from pesai.sparql.formats import Format, of_kind
from pesai.sparql.terms import Term, rows_of
from tests.web.conftest import Client

SELECT = """PREFIX pai: <https://w3id.org/pes-ai/def#> PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?thing ?title ?checked ?nothing {
  ?thing a pai:Initiative ; dcterms:title ?title ; pai:timesChecked ?checked
  OPTIONAL { ?thing pai:nothing ?nothing } }
ORDER BY ?thing ?title LIMIT 40"""
CONSTRUCT = """PREFIX org: <http://www.w3.org/ns/org#>
CONSTRUCT { ?s ?p ?o } { ?s a org:Organization ; ?p ?o }"""
ROWS, TRIPLES = of_kind("table"), of_kind("graph")
RDF = {
    "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML, "trig": ox.RdfFormat.TRIG, "nq": ox.RdfFormat.N_QUADS,
}  # fmt: skip
Value = tuple[str, str, str] | None


def from_json(body: bytes) -> list[list[Value]]:
    found = json.loads(body)

    def value(cell: dict[str, str] | None) -> Value:
        if cell is None:
            return None
        return (cell["value"], cell.get("xml:lang", ""), cell.get("datatype", ""))

    return [[value(r.get(n)) for n in found["head"]["vars"]] for r in found["results"]["bindings"]]


def from_xml(body: bytes) -> list[list[Value]]:
    space = "{http://www.w3.org/2005/sparql-results#}"
    root = ET.fromstring(body)
    names = [variable.get("name") for variable in root.iter(f"{space}variable")]

    def value(element: ET.Element) -> Value:
        lang = element.get("{http://www.w3.org/XML/1998/namespace}lang", "")
        return (element.text or "", lang, element.get("datatype", ""))

    rows = []
    for result in root.iter(f"{space}result"):
        cells = {binding.get("name"): value(binding[0]) for binding in result}
        rows.append([cells.get(name) for name in names])
    return rows


def from_tsv(body: bytes) -> list[list[Value]]:
    def value(term: Term | None) -> Value:
        if term is None:
            return None
        plain = term.kind == "iri" or term.language or term.datatype.endswith("#string")
        return (term.value, term.language, "" if plain else term.datatype)

    return [[value(term) for term in row] for row in rows_of(BytesIO(body), "tsv").rows]


@pytest.mark.parametrize("way", ["get", "form", "direct"])
@pytest.mark.parametrize("one", ROWS, ids=lambda one: one.name)
def test_rows_by_name_and_by_type(sparql: Client, one: Format, way: str) -> None:
    ask = getattr(sparql, way)
    named = ask(SELECT, [("format", one.name)])
    assert (named.status, named.type) == (200, one.media[0])
    assert int(named.headers["content-length"]) == len(named.body)
    for media in one.media:
        accepted = ask(SELECT, Accept=f"{media}, application/unknown;q=0.9")
        assert (accepted.status, accepted.type) == (200, media)
        if one.name != "html":
            assert accepted.body == named.body
    assert "Accept" in named.headers["vary"]


@pytest.mark.parametrize("way", ["get", "form", "direct"])
@pytest.mark.parametrize("one", TRIPLES, ids=lambda one: one.name)
def test_triples_by_name_and_by_type(sparql: Client, one: Format, way: str) -> None:
    ask = getattr(sparql, way)
    named = ask(CONSTRUCT, [("format", one.name)])
    assert (named.status, named.type) == (200, one.media[0])
    for media in one.media:
        accepted = ask(CONSTRUCT, Accept=media)
        assert (accepted.status, accepted.type) == (200, media)


def test_rows_are_equal_by_value_in_all_formats(sparql: Client) -> None:
    body = {one.name: sparql.get(SELECT, [("format", one.name)]).body for one in ROWS}
    rows = from_json(body["json"])
    assert len(rows) == 40
    assert from_xml(body["xml"]) == rows
    assert from_tsv(body["tsv"]) == rows
    head, *lines = csv.reader(StringIO(body["csv"].decode(), newline=""))
    assert head == ["thing", "title", "checked", "nothing"]
    assert lines == [["" if cell is None else cell[0] for cell in row] for row in rows]
    sheet = openpyxl.load_workbook(BytesIO(body["xlsx"])).worksheets[0]
    names, *cells = sheet.iter_rows(values_only=True)
    assert list(names) == ["thing", "title", "checked", "nothing"]
    for got, wanted in zip(cells, rows, strict=True):
        assert [None if c is None else str(c) for c in got] == [c and c[0] for c in wanted]
        assert isinstance(got[2], int)
    page = body["html"].decode()
    assert page.count("<tr>") == 41
    assert "<caption" in page


def test_triples_are_equal_in_all_formats(sparql: Client) -> None:
    graphs = {}
    for name, format_ in RDF.items():
        body = sparql.get(CONSTRUCT, [("format", name)]).body
        found = {quad.triple for quad in ox.parse(body, format_)}
        graphs[name] = found
    assert len(graphs["nt"]) > 1000
    assert all(found == graphs["nt"] for found in graphs.values())


@pytest.mark.parametrize(("query", "wanted"), [("ASK {}", True), ("ASK { <urn:no> ?p ?o }", False)])
def test_truth_values(sparql: Client, query: str, wanted: bool) -> None:
    assert sparql.get(query).json["boolean"] is wanted
    word = str(wanted).lower()
    assert f"<boolean>{word}</boolean>" in sparql.get(query, [("format", "xml")]).text
    sheet = openpyxl.load_workbook(BytesIO(sparql.get(query, [("format", "xlsx")]).body))
    assert list(sheet.worksheets[0].values) == [("answer",), (wanted,)]
    page = sparql.get(query, [("format", "html")]).text
    assert f"<strong>{'yes' if wanted else 'no'}</strong>" in page


def test_numbers_keep_their_value(sparql: Client) -> None:
    text = "SELECT (1.50 AS ?d) (1e3 AS ?e) (-7 AS ?i) { }"
    row = sparql.get(text).json["results"]["bindings"][0]
    assert Decimal(row["d"]["value"]) == Decimal("1.5")
    sheet = openpyxl.load_workbook(BytesIO(sparql.get(text, [("format", "xlsx")]).body))
    assert list(sheet.worksheets[0].values)[1] == (1.5, 1000, -7)


def test_a_format_that_does_not_fit(sparql: Client) -> None:
    for reply in (
        sparql.get(CONSTRUCT, [("format", "csv")]),
        sparql.get(CONSTRUCT, Accept="text/csv"),
        sparql.get(SELECT, Accept="text/turtle"),
        sparql.get(SELECT, Accept="image/png"),
    ):
        assert (reply.status, reply.type) == (406, "application/problem+json")
        assert ":" in reply.json["detail"]


def test_a_browser_gets_a_page(sparql: Client) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    for query in (SELECT, CONSTRUCT, "ASK {}"):
        assert sparql.get(query, Accept=accept).type == "text/html"


def test_downloads_have_safe_names_and_no_formulas(sparql: Client) -> None:
    text = 'SELECT ("=1+1" AS ?x) (-5 AS ?n) { }'
    plain = sparql.get(text, [("format", "csv")])
    assert plain.text == "x,n\r\n=1+1,-5\r\n"
    assert "content-disposition" not in plain.headers
    saved = sparql.get(text, [("format", "csv"), ("download", "1")])
    assert saved.body.decode("utf-8-sig") == "x,n\r\n'=1+1,-5\r\n"
    assert saved.headers["content-disposition"] == 'attachment; filename="result.csv"'
    assert saved.headers["etag"] != plain.headers["etag"]
    turtle = sparql.get(CONSTRUCT, [("format", "ttl"), ("download", "1")])
    assert turtle.headers["content-disposition"] == 'attachment; filename="result.ttl"'


def test_the_workbook_says_what_it_is_in_the_readers_language(sparql: Client) -> None:
    asked = [("format", "xlsx")]
    for language, title in (("en", "Sources & limits"), ("fr", None)):
        reply = sparql.get(SELECT, asked, Accept_Language=language)
        book = openpyxl.load_workbook(BytesIO(reply.body))
        notes = [str(text) for _, text in book.worksheets[1].iter_rows(values_only=True)]
        assert reply.headers["content-language"] == language
        assert title in (None, book.sheetnames[1])
        assert SELECT in notes
        assert any("000001" in note for note in notes)
        assert any(note.startswith(sparql.address) for note in notes)
