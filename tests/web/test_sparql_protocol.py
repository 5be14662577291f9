"""SPARQL 1.1 Protocol, section 2: every way to ask, and every way to ask wrongly."""

from urllib.parse import quote, urlencode

import pytest

from tests.web.conftest import DIRECT, FORM, Client, graph

ASK = "ASK { ?s ?p ?o }"
WAYS = ["get", "form", "direct"]


@pytest.mark.parametrize("way", WAYS)
def test_the_three_ways_to_ask(sparql: Client, way: str) -> None:
    reply = getattr(sparql, way)(ASK)
    assert reply.status == 200
    assert reply.json["boolean"] is True
    assert reply.headers["content-length"] == str(len(reply.body))
    assert reply.headers["x-release"] == "000001"
    assert len(reply.headers["x-query-id"]) == 32


@pytest.mark.parametrize("way", WAYS)
def test_the_query_may_hold_any_characters(sparql: Client, way: str) -> None:
    text = 'SELECT ("é 😀 + & = % \\n\\t" AS ?x) {\r\n}'
    reply = getattr(sparql, way)(text)
    assert reply.json["results"]["bindings"][0]["x"]["value"] == "é 😀 + & = % \n\t"


def values(
    client: Client, more: list[tuple[str, str]], way: str = "get", text: str = ""
) -> list[str]:
    reply = getattr(client, way)(text or "SELECT ?o { ?s <urn:p> ?o } ORDER BY ?o", more)
    assert reply.status == 200, reply.text
    return [row["o"]["value"] for row in reply.json["results"]["bindings"]]


@pytest.mark.parametrize("way", WAYS)
def test_dataset_of_the_protocol(overlapping: Client, way: str) -> None:
    a, b = ("default-graph-uri", graph("a")), ("default-graph-uri", graph("b"))
    assert values(overlapping, [], way) == ["a", "b", "both"]
    assert values(overlapping, [a], way) == ["a", "both"]
    assert values(overlapping, [a, b], way) == ["a", "b", "both"]
    named = [("named-graph-uri", graph("b"))]
    assert values(overlapping, named, way) == []
    text = "SELECT ?o { GRAPH ?g { ?s <urn:p> ?o } } ORDER BY ?o"
    assert values(overlapping, named, way, text) == ["b", "both"]
    assert values(overlapping, [a], way, text) == []


def test_a_triple_of_two_default_graphs_counts_once(overlapping: Client) -> None:
    count = "SELECT (COUNT(*) AS ?o) {where} {{ ?s <urn:p> ?p }}"
    a, b = graph("a"), graph("b")
    both = [("default-graph-uri", a), ("default-graph-uri", b)]
    assert values(overlapping, both, text=count.format(where="")) == ["3"]
    clauses = f"FROM <{a}> FROM <{b}>"
    assert values(overlapping, [], text=count.format(where=clauses)) == ["3"]
    text = f"SELECT ?o {clauses} {{ GRAPH ?g {{ ?s <urn:p> ?o }} }}"
    prologue = f"PREFIX g: <{a[:-1]}>\n"
    clauses = "FROM g:a FROM # x\n g:b FROM NAMED g:b"
    assert values(overlapping, [], text=prologue + count.format(where=clauses)) == ["3"]
    assert values(overlapping, [], text=text) == []


def test_the_dataset_of_the_protocol_goes_before_that_of_the_text(overlapping: Client) -> None:
    clause = f"FROM <{graph('b')}>"
    text = f"SELECT ?o {clause} {{ ?s <urn:p> ?o }} ORDER BY ?o"
    assert values(overlapping, [("default-graph-uri", graph("a"))], text=text) == ["a", "both"]
    assert values(overlapping, [("named-graph-uri", graph("a"))], text=text) == []
    assert values(overlapping, [], text=text) == ["b", "both"]


def test_what_is_for_partners_is_not_there_whatever_one_names(overlapping: Client) -> None:
    secret = graph("secret")
    for more in ([("default-graph-uri", secret)], [("named-graph-uri", secret)], []):
        text = "ASK { { ?s ?p 'for partners' } UNION { GRAPH ?g { ?s ?p 'for partners' } } }"
        assert overlapping.get(text, more).json["boolean"] is False
    assert overlapping.get(f"ASK FROM <{secret}> {{ ?s ?p ?o }}").json["boolean"] is False


def test_dataset_in_the_address_with_a_form(overlapping: Client) -> None:
    body = urlencode({"query": "SELECT ?o { ?s <urn:p> ?o } ORDER BY ?o"}).encode()
    path = f"/sparql?default-graph-uri={quote(graph('a'), safe='')}"
    reply = overlapping.send("POST", path, body, Content_Type=FORM)
    assert [row["o"]["value"] for row in reply.json["results"]["bindings"]] == ["a", "both"]


@pytest.mark.parametrize("body", ["update=CLEAR+ALL", "query=ASK%7B%7D&update=CLEAR+ALL"])
def test_an_update_is_told_where_to_go(sparql: Client, body: str) -> None:
    reply = sparql.send("POST", "/sparql", body.encode(), Content_Type=FORM)
    assert reply.status == 400
    assert "/update" in reply.json["detail"]
    assert sparql.send("GET", f"/sparql?{body}").status == 400


def test_an_update_as_a_query_or_a_body_is_told_where_to_go(sparql: Client) -> None:
    for reply in (
        sparql.get("INSERT DATA { <a> <b> <c> }"),
        sparql.direct("CLEAR ALL"),
        sparql.send("POST", "/sparql", b"CLEAR ALL", Content_Type="application/sparql-update"),
    ):
        assert (reply.status, reply.type) == (400, "application/problem+json")
        assert "/update" in reply.json["detail"]


WRONG = {
    "two-queries": ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", None, None, 400),
    "two-queries-in-a-form": ("POST", "/sparql", b"query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400),
    "empty-query": ("GET", "/sparql?query=", None, None, 400),
    "empty-form": ("POST", "/sparql", b"", FORM, 400),
    "empty-body": ("POST", "/sparql", b"", DIRECT, 400),
    "dataset-alone": ("GET", "/sparql?default-graph-uri=urn:a", None, None, 400),
    "text": ("POST", "/sparql", b"ASK {}", "text/plain", 415),
    "form-untyped": ("POST", "/sparql", b"query=ASK%7B%7D", None, 415),
    "multipart": ("POST", "/sparql", b"--x--", "multipart/form-data; boundary=x", 415),
    "utf-16": ("POST", "/sparql", "ASK {}".encode("utf-16"), f"{DIRECT}; charset=UTF-16", 415),
    "utf-16-untold": ("POST", "/sparql", "ASK {}".encode("utf-16"), DIRECT, 400),
    "latin-1": ("POST", "/sparql", 'ASK { ?s ?p "é" }'.encode("latin-1"), DIRECT, 400),
    "latin-1-in-address": ("GET", "/sparql?query=ASK%7B%3Fs+%3Fp+%22%E9%22%7D", None, None, 400),
    "put": ("PUT", "/sparql?query=ASK%7B%7D", None, FORM, 405),
    "delete": ("DELETE", "/sparql", None, None, 405),
    "graph-relative": ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=a/b", None, None, 400),
    "graph-empty-name": ("GET", "/sparql?query=ASK%7B%7D&named-graph-uri=a%20b:c", None, None, 400),
    "unknown-format": ("GET", "/sparql?query=ASK%7B%7D&format=pdf", None, None, 400),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_requests(sparql: Client, case: str) -> None:
    method, path, body, kind, status = WRONG[case]
    reply = sparql.send(method, path, body, Content_Type=kind)
    assert reply.status == status, reply.text
    assert reply.type == "application/problem+json"
    assert reply.json["status"] == status
    if status == 405:
        assert reply.headers["allow"] == "GET, HEAD, OPTIONS, POST"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Query", "query"),
        ("default-graph", "default-graph-uri"),
        ("default_graph_uri", "default-graph-uri"),
        ("namedGraphUri", "named-graph-uri"),
    ],
)
def test_a_misspelt_parameter_is_not_passed_over(sparql: Client, name: str, near: str) -> None:
    reply = sparql.get(ASK, [(name, "urn:a")])
    assert reply.status == 400
    assert f"'{near}' is meant" in reply.json["detail"]


def test_other_parameters_of_common_clients_change_nothing(sparql: Client) -> None:
    more = [("output", "json"), ("results", "json"), ("timeout", "1000"), ("x", "y")]
    assert sparql.get(ASK, more).json["boolean"] is True


@pytest.mark.attack("7")
def test_too_large_a_query_is_refused_unread(sparql: Client) -> None:
    largest = "ASK {} #" + "x" * (64 * 1024 - 8)
    assert sparql.direct(largest).status == 200
    assert sparql.form(largest).status == 200
    for reply in (sparql.direct(largest + "y"), sparql.form(largest + "y")):
        assert (reply.status, reply.json["type"].rpartition("/")[2]) == (413, "too-large")
    assert sparql.direct("x" * 300_000).status == 413


def test_head_says_what_get_says(sparql: Client) -> None:
    for query, status in ((ASK, 200), ("ASK {", 400), ("SELECT * { ?s ?p ?o }", 200)):
        path = f"/sparql?{urlencode({'query': query})}"
        got, head = sparql.send("GET", path), sparql.send("HEAD", path)
        assert got.status == head.status == status
        assert head.body == b""
        for name in ("content-type", "etag", "content-length", "x-release"):
            if name != "content-length" or status == 200:
                assert head.headers.get(name) == got.headers.get(name)


@pytest.mark.attack("22")
def test_options_and_cross_origin_reading(sparql: Client) -> None:
    asked = {"Origin": "https://evil.example", "Access_Control_Request_Method": "POST",
             "Access_Control_Request_Headers": "content-type"}  # fmt: skip
    reply = sparql.send("OPTIONS", "/sparql", **asked)
    assert (reply.status, reply.body) == (204, b"")
    assert reply.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert "Content-Type" in reply.headers["access-control-allow-headers"]
    for origin in ("https://evil.example", "null"):
        for query in (ASK, "ASK {"):
            answer = sparql.get(query, Origin=origin, Cookie="pesai_language=en")
            assert answer.headers["access-control-allow-origin"] == "*"
            assert "access-control-allow-credentials" not in answer.headers
            assert "ETag" in answer.headers["access-control-expose-headers"]
            assert "evil" not in str(answer.headers)


@pytest.mark.parametrize("name", ["format", "default-graph-uri", "named-graph-uri", "lang", "x"])
def test_line_breaks_in_parameters_make_no_headers(sparql: Client, name: str) -> None:
    for value in ("a\r\nSet-Cookie: evil=1", "csv\n\nevil", "urn:a\x00"):
        reply = sparql.get(ASK, [(name, value)])
        assert reply.status == 400, (name, value)
        assert "set-cookie" not in reply.headers
        assert "evil" not in str(reply.headers)


def test_relative_iris_are_below_the_endpoint(sparql: Client) -> None:
    reply = sparql.get("CONSTRUCT { <s> <p> 1 } WHERE {}", Accept="application/n-triples")
    assert reply.text.startswith(f"<{sparql.address}/s> <{sparql.address}/p> ")


def test_a_text_that_is_no_query_gets_its_place(sparql: Client) -> None:
    reply = sparql.get("SELECT * WHERE {\n  ?s ?p\n}")
    assert (reply.status, reply.type) == (400, "application/problem+json")
    found = reply.json
    assert (found["line"], found["title"]) == (3, "The query is not valid SPARQL")
    assert found["instance"].endswith(reply.headers["x-query-id"])
    assert found["column"] >= 1


def test_words_run_together_are_not_answered(sparql: Client) -> None:
    assert sparql.get("ASKWHERE{}").status == 400


@pytest.mark.attack("7")
def test_a_text_too_deep_to_read_kills_nothing(sparql: Client) -> None:
    reply = sparql.direct("ASK " + "{" * 20000 + "}" * 20000)
    assert (reply.status, reply.json["depth"]) == (400, 20000)
    assert sparql.get(ASK).status == 200
