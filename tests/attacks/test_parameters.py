"""What stands in addresses stays a value, no query, header or path (rows 9, 20, 21)."""

import re
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest
from flask import Flask

from pesai.engine.embedded import evaluation
from pesai.engine.embedded.spool import Spool
from pesai.engine.embedded.wire import Header
from pesai.sparql.catalogue import Catalogue
from pesai.web import headers
from tests.attacks.here import service_here
from tests.attacks.hostile import CANARY
from tests.web.conftest import Client

INJECTIONS = [
    '"} ; DROP ALL #', "> . ?s ?p ?o", "\\u0022 . } UNION { ?s ?p ?o } #", "x\n} UNION { ?s ?p ?o",
    "https://example.org/> ?p ?o . ?s ?p ?o . <urn:x", "?s", "{{7*7}}", "'''\"\"\"\\",
    "1; DROP ALL",
    "urn:x> { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o", "\u202e\u0000", "%22%7D", "1e999", "-1",
    "",
]  # fmt: skip
QUERIES = [
    (query.area, query.name, parameter.name)
    for area in Catalogue.read().areas()
    for query in area.queries
    for parameter in query.parameters
    if parameter.name != "lang"
]


@pytest.mark.attack("9")
@pytest.mark.parametrize(("area", "name", "parameter"), QUERIES)
def test_a_parameter_of_a_stored_query_is_a_value(
    hostile: Client, area: str, name: str, parameter: str
) -> None:
    """It is refused, or looked up as it stands: there is nothing of that name, so no rows."""
    empty = None
    for text in INJECTIONS:
        path = f"/queries/{area}/{name}?{urlencode({parameter: text})}"
        reply = hostile.send("GET", path, Accept="application/sparql-results+json")
        assert reply.status in (200, 400), (path, reply.text)
        if reply.status == 200 and text:
            rows = reply.json["results"]["bindings"]
            empty = rows if empty is None else empty
            assert len(rows) == len(empty), path
        assert "49" not in re.sub(r"[0-9a-f]{32}", "", reply.text)


REQUEST: Header = {
    "bindings": {"x": '"a\\u0022 . ?y ?p ?z . ?y ?p \\u0022a"'},
    "default_graphs": (), "named_graphs": (), "base": None, "prefixes": {},
    "solutions": "tsv", "graph": "nt",
}  # fmt: skip


def ask(request: Header) -> bytes:
    """One query with one parameter, over two triples."""
    store = ox.Store()
    store.load(input=b'<urn:a> <urn:p> "a" . <urn:b> <urn:p> "b" .', format=ox.RdfFormat.TURTLE)
    with Spool(1 << 20) as spool:
        header = evaluation.evaluate(store, "SELECT ?s { ?s <urn:p> ?x }", request, spool)
        assert "error" not in header, header
        return spool.body() or b""


@pytest.mark.undefended("9")
def test_pasted_text_becomes_part_of_the_query(monkeypatch: pytest.MonkeyPatch) -> None:
    """As some services do it: the value is put where the variable stands."""

    def paste(text: str, bindings: dict[str, str]) -> str:
        value = bindings["x"].encode().decode("unicode_escape")
        return text.replace("?x", value)

    assert ask(REQUEST) == b"?s\n"
    monkeypatch.setattr(evaluation, "bind", paste)
    assert ask(REQUEST).count(b"<urn:a>") >= 1, "rows that the query does not ask for"


LONG = "000000001" + "9" * 4500
"""More digits than Python turns into a number, and fewer characters than an address may have."""


@pytest.mark.parametrize("text", [LONG, "000000001999999", "0", "\u00b2", "1e9"])
@pytest.mark.parametrize(
    "path",
    [
        "/search?q=a&limit={}", "/search?q=a&page={}", "/matches?theme=ethics&page={}",
        "/matches?theme=ethics&cap={}", "/initiatives?page={}", "/results?page={}",
        "/changes?page={}",
    ],
)  # fmt: skip
def test_what_is_no_number_is_told_so(hostile: Client, path: str, text: str) -> None:
    reply = hostile.send("GET", path.replace("{}", quote(text)))
    assert reply.status == 400, reply.text[:300]


CRLF = "x\r\nX-Evil: 1"


@pytest.mark.attack("20")
@pytest.mark.parametrize(
    "path",
    [
        "/sparql?query=ASK%7B%7D&format={}", "/sparql?query=ASK%7B%7D&download={}", "/?lang={}",
        "/sparql?query=SELECT+*%7B%7D&format=csv&download={}", "/graphs?format={}", "/search?q={}",
        "/queries/{}/{}", "/graph/rdf/{}", "/data/initiative/{}.ttl?download=1",
        "/id/initiative/{}",
        "/reconcile/view?id={}", "/releases/{}/dump.nq.gz", "/concept?iri={}", "/q/{}",
    ],
)  # fmt: skip
def test_no_line_break_becomes_a_header(hostile: Client, path: str) -> None:
    reply = hostile.send("GET", path.replace("{}", quote(CRLF, safe="")))
    assert reply.status < 500
    assert "x-evil" not in reply.headers
    also = hostile.send("GET", "/sparql?query=ASK%7B%7D", Accept=CRLF.replace("\r\n", "\t"))
    assert also.status in (200, 406)


@pytest.mark.undefended("20")
def test_without_cleaning_a_name_becomes_another_parameter(monkeypatch: pytest.MonkeyPatch) -> None:
    name = 'x"; filename="evil.exe'
    assert 'filename="evil.exe' not in headers.attachment(name, ".csv")
    monkeypatch.setattr(headers, "_UNSAFE", re.compile("(?!)"))
    assert 'filename="evil.exe' in headers.attachment(name, ".csv")


PLACES = [
    "/releases/{}", "/releases/{}/dump.nq.gz", "/releases/000001/{}", "/static/{}", "/imports/{}",
    "/alignments/{}", "/graph/rdf/{}", "/queries/{}", "/queries/initiatives/{}", "/def/{}",
    "/data/initiative/{}", "/data/{}", "/genid/{}/x", "/code/{}", "/problems/{}", "/q/{}",
]  # fmt: skip


def ways_out(file: Path, start: Path) -> list[str]:
    """Ways to write a file as a path from a folder."""
    up = "../" * len(start.parts) + str(file).lstrip("/")
    ways = [up, str(file), up.replace("../", "..\\"), up.replace("../", "....//"), f"x/../{up}",
            f"{up}\0.ttl"]  # fmt: skip
    return [quote(way, safe="") for way in ways] + [
        quote(quote(up, safe=""), safe=""),
        up.replace("../", "..%2f"),
        up.replace("../", "%2e%2e/"),
    ]


def seen(client: Client, place: str, file: Path) -> bool:
    """Whether some way of writing the file's path shows it."""
    shown = False
    for way in ways_out(file, Path(__file__).parent):
        for accept in ("text/html", "text/turtle"):
            reply = client.send("GET", place.format(way), Accept=accept)
            assert reply.status < 500, way
            shown = shown or CANARY in reply.text
    return shown


@pytest.mark.attack("21")
@pytest.mark.parametrize("place", PLACES)
def test_no_name_is_a_path(hostile: Client, canary_file: Path, place: str) -> None:
    assert not seen(hostile, place, canary_file)


@pytest.mark.undefended("21")
def test_a_page_that_joins_names_to_paths_shows_the_file(
    hostile_home: Path, canary_file: Path
) -> None:
    """Flask hands ``../`` through to the view, so that each view must look names up."""

    def careless(app: Flask) -> None:
        @app.route("/careless/<path:name>")
        def show(name: str) -> str:
            try:
                return (Path(__file__).parent / name).read_text()
            except (OSError, ValueError):
                return ""

    with service_here(hostile_home, change=careless) as client:
        assert seen(client, "/careless/{}", canary_file)
