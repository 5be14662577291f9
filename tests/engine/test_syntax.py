"""What people are told when a query is not SPARQL."""

import os
import tarfile
from pathlib import Path

import pytest
from pyoxigraph import Store

from pesai.engine.protocol import SyntaxProblem
from pesai.engine.syntax.explain import explain
from pesai.engine.syntax.grammar import deviation
from pesai.engine.syntax.tokens import BadToken, place, tokens


def explained(query: str) -> tuple[int, int, str]:
    with pytest.raises(SyntaxError) as refusal:
        Store().query(query)
    found = explain(query, str(refusal.value))
    line, column = found.values["line"], found.values["column"]
    assert isinstance(line, int)
    assert isinstance(column, int)
    assert found.values["engine"]
    return line, column, SyntaxProblem(found.template, **found.values).detail


@pytest.mark.parametrize(
    ("query", "line", "column", "says"),
    [
        ("SELEC * {}", 1, 1, "found “SELEC”, expected ASK, BASE, CONSTRUCT"),
        ("", 1, 1, "the query ends here, expected ASK"),
        ("SELECT * {", 1, 11, "the query ends here, expected a term or a variable"),
        ("SELECT *\n{\n ?s ?p ?o .\n FILTER(?o > }\n", 4, 14, "found “}”, expected an expression"),
        ("SELECT * { ?s ?p ?o } garbage", 1, 23, "found “garbage”, expected GROUP, HAVING, LIMIT"),
        ("SELECT ?a {?a ?b ?c} LIMIT -1", 1, 28, "found “-1”, expected a whole number."),
        ("SELECT ?x {\n ?x foo:bar 1 }", 2, 5, "the prefix foo: is not declared"),
        ("PREFIX foaf <http://x/> ASK {}", 1, 8, "found “foaf”, expected a prefix."),
        ("SELECT * {?s <rel> ?o}", 1, 14, "<rel> is not a whole IRI"),
        ("SELECT * { ?s ?p <not an iri> }", 1, 18, "this is not an IRI"),
        ("ASK {\n  ?é ?p 'unclosed }", 2, 9, "“'unclosed }” cannot be read"),
        ("SELECT COUNT(*) {?s ?p ?o}", 1, 8, "found “COUNT”, expected a variable, DISTINCT"),
        ("SELECT ?x (COUNT(?y) AS ?n) {?x ?p ?y}", 1, 39, "grouped or aggregated"),
        ("SELECT * {BIND(1 AS ?x) BIND(2 AS ?x)}", 1, 39, "a rule of SPARQL beyond its grammar"),
        ("INSERT DATA {<a:a> <a:b> <a:c>}", 1, 1, "found “INSERT”"),
        ("SELECT * {} GROUP ?x", 1, 19, "expected BY."),
        ("ASK { ?s ?p ?o . # } a comment\n ?t ?u }", 2, 8, "found “}”, expected a term"),
    ],
)
def test_the_place_and_the_reason(query: str, line: int, column: int, says: str) -> None:
    assert explained(query)[:2] == (line, column)
    assert says in explained(query)[2]


def test_an_extension_that_the_engine_knows_is_not_called_the_fault() -> None:
    # LATERAL is no SPARQL 1.1; the engine has it, and the fault comes later.
    _, column, _ = explained(
        "SELECT * {?s ?p ?o LATERAL { ?o ?q ?r . ?r ?t ?u . ?u ?v ?w } FILTER("
    )
    assert column > 60


def test_every_word_of_the_reason_is_short() -> None:
    assert len(explained("SELECT * { ?s ?p ?o FILTER(")[2]) < 200


def test_deep_nesting_needs_no_recursion() -> None:
    left = deviation(tokens("SELECT * " + "{" * 20_000))
    assert left is not None
    assert left.found is None


def test_reading_takes_time_in_line_with_the_length() -> None:
    for hostile in ("a." * 20_000 + "\x00", "'" + "a" * 200_000, '"""' + '""a' * 100_000):
        with pytest.raises(BadToken):
            list(tokens(hostile))


def test_places_count_from_one() -> None:
    assert place("ab\ncd", 0) == (1, 1)
    assert place("ab\ncd", 3) == (2, 1)
    assert place("ab\ncd", 5) == (2, 3)


def _w3c_queries(folder: Path) -> list[tuple[str, str]]:
    if archives := sorted(folder.glob("*.tar.gz")):
        with tarfile.open(archives[0]) as archive:
            members = [m for m in archive.getmembers() if m.name.endswith(".rq")]
            return [(m.name, archive.extractfile(m).read().decode()) for m in members]  # type: ignore[union-attr]
    return [(str(path), path.read_text(encoding="utf-8")) for path in folder.rglob("*.rq")]


def test_the_grammar_holds_every_query_of_the_w3c_that_the_engine_takes() -> None:
    folder = os.environ.get("PESAI_W3C_TESTS", "")
    if not folder:
        assert not os.environ.get("PESAI_REQUIRE_TAXONOMIES"), "PESAI_W3C_TESTS is not set"
        pytest.skip("PESAI_W3C_TESTS is not set")
    queries = _w3c_queries(Path(folder))
    assert len(queries) > 400
    store = Store()
    for name, text in queries:
        try:
            store.query(text, base_iri="http://example.org/")
        except SyntaxError:
            continue
        except (RuntimeError, OSError):
            pass  # it is SPARQL, and asks for a function or a service that is not there
        assert deviation(tokens(text)) is None, name


@pytest.mark.parametrize(
    ("update", "line", "column", "says"),
    [
        ("INSRT DATA {}", 1, 1, "found “INSRT”, expected ADD, BASE, CLEAR"),
        ("INSERT DATA {\n <urn:a> <urn:b> }", 2, 18, "found “}”, expected"),
        ("INSERT { ?s ?p ?o }", 1, 20, "the query ends here, expected USING or WHERE"),
        ("CLEAR <urn:a>", 1, 7, "found “<urn:a>”, expected ALL, DEFAULT, GRAPH"),
        ("INSERT DATA { GRAPH x:y { <urn:a> <urn:b> 1 } }", 1, 21, "x: is not declared"),
    ],
)
def test_what_is_wrong_with_an_update_is_told(
    update: str, line: int, column: int, says: str
) -> None:
    with pytest.raises(SyntaxError) as refusal:
        Store().update(update)
    found = explain(update, str(refusal.value), start="Update")
    assert (found.values["line"], found.values["column"]) == (line, column)
    assert says in SyntaxProblem(found.template, **found.values).detail


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <urn:a> <urn:b> 1 . GRAPH <urn:g> { <urn:a> <urn:b> 1, 2 ; <urn:c> [] } . }",
        "PREFIX x: <urn:x> CLEAR SILENT GRAPH x:a ; MOVE SILENT GRAPH x:a TO DEFAULT ; ",
        "WITH <urn:g> DELETE { ?s ?p ?o } INSERT { ?s ?p 1 } USING NAMED <urn:a> WHERE { }",
        "DELETE WHERE { GRAPH ?g { ?s ?p ?o } ?s ?q ?r }; DELETE DATA {}",
        "",
    ],
)
def test_the_grammar_knows_updates(update: str) -> None:
    Store().update(update)
    assert deviation(tokens(update), "Update") is None
