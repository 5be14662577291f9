"""The form and the table of results: for people, without script, and with nothing that runs."""

import re
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.web.conftest import FORM, HOSTILE, Client

HTML = "text/html"
VOID = {"meta", "link", "input", "br", "img", "hr"}


class Page(HTMLParser):
    """The elements of a page, and whether they are nested properly."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def page(client: Client, query: str, language: str = "en") -> Page:
    reply = client.get(query, Accept=HTML, Accept_Language=language)
    assert (reply.status, reply.type) == (200, HTML)
    return Page(reply.text)


def test_the_form_needs_no_script_and_labels_every_field(sparql: Client) -> None:
    found = Page(sparql.send("GET", "/sparql", Accept=HTML).text)
    assert found.all("script") == []
    fields = [*found.all("textarea"), *found.all("select")]
    assert {field["name"] for field in fields} == {
        "query", "format", "default-graph-uri", "named-graph-uri",
    }  # fmt: skip
    labels = {label["for"] for label in found.all("label")}
    assert {field["id"] for field in fields} <= labels
    described = {field["aria-describedby"] for field in fields if "aria-describedby" in field}
    assert described <= {attributes.get("id") for _, attributes in found.elements}
    (form,) = found.all("form")
    assert (form["method"], form["action"]) == ("post", "/sparql")


def test_the_form_is_in_the_language_of_the_reader(sparql: Client) -> None:
    for language in ("fr", "en"):
        reply = sparql.send("GET", "/sparql", Accept=HTML, Accept_Language=language)
        assert Page(reply.text).all("html")[0]["lang"] == language
        assert reply.headers["content-language"] == language


def test_examples_fill_the_form_and_run(sparql: Client) -> None:
    found = Page(sparql.send("GET", "/sparql", Accept=HTML).text)
    links = [link["href"] or "" for link in found.all("a")]
    examples = [link for link in links if link.startswith("/sparql?example=")]
    assert len(examples) >= 30
    filled = sparql.send("GET", examples[0], Accept=HTML)
    assert filled.status == 200
    assert "SELECT" in filled.text
    assert sparql.send("GET", "/sparql?example=no/such", Accept=HTML).status == 404


def test_the_form_leads_to_an_address_that_can_be_kept(sparql: Client) -> None:
    fields = {"via": "form", "query": "ASK {}", "format": "html"}
    fields["default-graph-uri"] = "urn:a\r\nurn:b"
    body = urlencode(fields).encode()
    reply = sparql.send("POST", "/sparql", body, Content_Type=FORM, Accept=HTML)
    assert reply.status == 303
    address = urlsplit(reply.headers["location"])
    assert address.path == "/sparql"
    assert parse_qs(address.query) == {
        "query": ["ASK {}"], "format": ["html"], "default-graph-uri": ["urn:a", "urn:b"],
    }  # fmt: skip
    assert sparql.send("GET", reply.headers["location"], Accept=HTML).status == 200


def test_a_long_query_is_answered_at_once(sparql: Client) -> None:
    query = "ASK {} #" + "x" * 8000
    body = urlencode({"via": "form", "query": query}).encode()
    reply = sparql.send("POST", "/sparql", body, Content_Type=FORM, Accept=HTML)
    assert reply.status == 200
    sent = Page(reply.text).all("button")
    assert {button.get("value") for button in sent} >= {"csv", "json", "xlsx"}


def test_the_table_says_what_it_is(sparql: Client) -> None:
    found = page(
        sparql,
        "PREFIX pai: <https://w3id.org/pes-ai/def#> PREFIX dcterms: <http://purl.org/dc/terms/>"
        "SELECT ?thing ?title { ?thing a pai:Initiative ; dcterms:title ?title } LIMIT 7",
    )
    assert len(found.all("table")) == 1
    assert len(found.all("tr")) == 8
    assert "7 rows" in found.text
    headers = [header for header in found.all("th") if header.get("scope") == "col"]
    assert len(headers) == 2
    assert any(span.get("lang") in ("en", "fr") for span in found.all("span"))
    links = [link["href"] or "" for link in found.all("a")]
    assert sum(link.startswith("/page/initiative/") for link in links) == 7
    assert any("format=xlsx" in link for link in links)


def test_labels_are_in_the_language_of_the_reader(sparql: Client) -> None:
    query = "SELECT ?x { VALUES ?x { <https://w3id.org/pes-ai/code/maturity/pilot> } }"
    texts = {language: page(sparql, query, language).text for language in ("fr", "en")}
    labels = "SELECT ?l { <https://w3id.org/pes-ai/code/maturity/pilot> <http://www.w3.org/2004/02/skos/core#prefLabel> ?l }"  # noqa: E501
    found = {
        row["l"]["xml:lang"]: row["l"]["value"]
        for row in sparql.get(labels).json["results"]["bindings"]
    }
    for language in ("fr", "en"):
        assert found[language] in texts[language]


def test_no_more_than_a_thousand_rows_are_shown_and_the_number_of_all_is(sparql: Client) -> None:
    found = page(sparql, "SELECT ?s { ?s ?p ?o } LIMIT 1234")
    assert len(found.all("tr")) == 1001
    assert "Showing 1,000 of 1,234 rows" in found.text


ADDRESSES = """SELECT ?x { VALUES ?x {
  <javascript:alert(1)> <data:text/html,x> <vbscript:x> <file:///etc/passwd>
  "</textarea><script>alert(2)</script>" } }"""


def test_hostile_values_do_nothing(overlapping: Client) -> None:
    for query in (
        "SELECT * { ?s <urn:hostile> ?o }",
        "CONSTRUCT { ?s <urn:hostile> ?o } { ?s <urn:hostile> ?o }",
        ADDRESSES,
    ):
        found = page(overlapping, query)
        assert found.all("script") == []
        assert found.all("img") == []
        for _, attributes in found.elements:
            assert not any(name.startswith("on") for name in attributes)
            href = attributes.get("href") or "/"
            assert re.match(r"(/(?!/)|https?://|#)", href), href
            assert "{{" not in (attributes.get("class") or "")
    text = page(overlapping, "SELECT * { ?s <urn:hostile> ?o }").text
    assert "49" not in text
    assert HOSTILE[0] in text


def test_names_of_columns_are_text(sparql: Client) -> None:
    found = page(sparql, 'SELECT ("<b>" AS ?été) (1 AS ?naïve) { }')
    assert {"été", "naïve"} <= set(found.text.split())


@pytest.mark.parametrize(
    ("query", "line", "marked"),
    [
        ("SELECT * {\n ?s foo:bar ?o\n}", 2, "?s foo:bar ?o"),
        ("ASK {\n\n SERVICE <http://e.org/> { ?s ?p ?o } }", 3, "SERVICE <http://e.org/>"),
        ("SELECT * {", 1, "SELECT * {"),
    ],
)
def test_an_error_marks_its_line_and_keeps_the_query(
    sparql: Client, query: str, line: int, marked: str
) -> None:
    reply = sparql.get(query, Accept=HTML)
    assert reply.status in (400, 403)
    assert reply.type == HTML
    found = Page(reply.text)
    mark = re.search(r"<mark>(.*?)</mark>", reply.text)
    assert mark is not None
    assert mark[1].split()[0] == str(line)
    assert marked in found.text
    assert found.all("textarea")[0]["name"] == "query"
    assert "alert" in {attributes.get("role") for _, attributes in found.elements}


def test_the_query_stays_in_the_form(sparql: Client) -> None:
    hostile = 'ASK { } #</textarea><script>alert(1)</script>"'
    reply = sparql.get(hostile, Accept=HTML)
    assert Page(reply.text).all("script") == []
    assert "&lt;/textarea&gt;" in reply.text
