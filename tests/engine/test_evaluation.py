"""Datasets and formats of answers."""

import json

import pytest
from pyoxigraph import RdfFormat, parse

from pesai.engine.embedded.local import LocalEngine
from pesai.engine.protocol import (
    FormatMismatch,
    GraphFormat,
    Limits,
    Query,
    ResultTooLarge,
    SolutionsFormat,
    SyntaxProblem,
)
from tests.engine.conftest import LIMITS, MakeStore, read, running

G1, G2, G3 = (f"http://example.org/g{i}" for i in (1, 2, 3))
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_NAMED = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def number(engine: LocalEngine, text: str, default: tuple[str, ...], named: tuple[str, ...]) -> int:
    query = Query(text, solutions="csv", default_graphs=default, named_graphs=named)
    return int(read(engine, query).split()[1])


@pytest.mark.parametrize(
    ("text", "default", "named", "expected"),
    [
        (COUNT, (), (), 5),
        (COUNT, (G1,), (), 3),
        (COUNT, (G1, G2), (), 4),
        (COUNT, (G1, G2, G3), (), 5),
        (COUNT, (G1, G1), (), 3),
        (COUNT, (), (G1,), 0),
        (COUNT, ("http://example.org/none",), (), 0),
        (COUNT_NAMED, (), (), 6),
        (COUNT_NAMED, (G1,), (), 0),
        (COUNT_NAMED, (G1, G2), (), 0),
        (COUNT_NAMED, (G1,), (G2, G3), 3),
        (COUNT_NAMED, (G1, G2), (G1, G3), 4),
        (COUNT, (G1, G2), (G3,), 4),
    ],
)
def test_the_dataset_of_the_request(
    engine: LocalEngine, text: str, default: tuple[str, ...], named: tuple[str, ...], expected: int
) -> None:
    assert number(engine, text, default, named) == expected


@pytest.mark.parametrize("default", [(G1,), (G1, G2)])
def test_from_in_the_text_is_ignored_when_the_request_names_graphs(
    engine: LocalEngine, default: tuple[str, ...]
) -> None:
    hidden = "SELECT (COUNT(*) AS ?n) FROM <G3> FROM NAMED <G3> { ?s ?p 4 }".replace("G3", G3)
    assert number(engine, hidden, (), ()) == 1
    assert number(engine, hidden, default, ()) == 0
    named = "SELECT (COUNT(*) AS ?n) FROM NAMED <G3> { GRAPH <G3> { ?s ?p ?o } }".replace("G3", G3)
    assert number(engine, named, (), ()) == 1
    assert number(engine, named, default, ()) == 0


def test_a_merge_leaves_no_trace_in_the_worker(engine: LocalEngine) -> None:
    for _ in range(5):
        assert number(engine, COUNT, (G1, G2), (G3,)) == 4
        assert number(engine, COUNT_NAMED, (), ()) == 6


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_formats_of_solutions(engine: LocalEngine, name: SolutionsFormat) -> None:
    query = Query("SELECT ?l { ?s <urn:l> ?l }", solutions=name)
    result = engine.query(query, LIMITS)
    with result.body as body:
        text = body.read().decode()
    assert (result.kind, result.format, result.release) == ("solutions", name, "000001")
    assert "un" in text
    if name == "json":
        assert json.loads(text)["results"]["bindings"][0]["l"]["xml:lang"] == "fr"


@pytest.mark.parametrize(
    ("name", "media"),
    [
        ("ttl", RdfFormat.TURTLE),
        ("nt", RdfFormat.N_TRIPLES),
        ("jsonld", RdfFormat.JSON_LD),
        ("rdf", RdfFormat.RDF_XML),
        ("trig", RdfFormat.TRIG),
        ("nq", RdfFormat.N_QUADS),
    ],
)
def test_formats_of_graphs_hold_the_same_triples(
    engine: LocalEngine, name: GraphFormat, media: RdfFormat
) -> None:
    text = "CONSTRUCT { ?s <http://example.org/p> ?o } { ?s ?p ?o }"
    triples = [str(quad) for quad in parse(read(engine, Query(text, graph=name)), format=media)]
    expected = parse(read(engine, Query(text, graph="nt")), format=RdfFormat.N_TRIPLES)
    assert len(triples) == 5
    assert sorted(triples) == sorted(str(quad) for quad in expected)


def test_turtle_declares_the_prefixes_it_uses(engine: LocalEngine) -> None:
    text = read(engine, Query("CONSTRUCT { ?s <http://example.org/p> 'dct: no' } { ?s ?p 4 }"))
    assert "@prefix ex:" in text
    assert "ex:p" in text
    text = read(engine, Query("CONSTRUCT { ?s ?p ?o } { ?s ?p 4 }"))
    assert "@prefix" not in text


def test_an_answer_in_no_accepted_format(engine: LocalEngine) -> None:
    with pytest.raises(FormatMismatch) as refusal:
        engine.query(Query("CONSTRUCT WHERE { ?s ?p ?o }", graph=None), LIMITS)
    assert refusal.value.values["kind"] == "graph"
    with pytest.raises(FormatMismatch) as refusal:
        engine.query(Query("ASK {}", solutions=None), LIMITS)
    assert refusal.value.values["kind"] == "boolean"


def test_a_request_may_ask_for_less_than_the_engine_allows(engine: LocalEngine) -> None:
    query = Query("SELECT ?a ?b ?c { ?a ?p ?x . ?b ?q ?y . ?c ?r ?z }")
    assert len(read(engine, query)) > 5_000
    with pytest.raises(ResultTooLarge) as refusal:
        engine.query(query, Limits(5, 1 << 30, 5_000))
    assert refusal.value.values["limit"] == 5_000
    assert len(read(engine, query)) > 5_000


def test_a_request_cannot_ask_for_more_than_the_engine_allows(engine: LocalEngine) -> None:
    join = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(8))
    with pytest.raises(ResultTooLarge) as refusal:
        engine.query(Query(f"SELECT * {{ {join} }}"), Limits(20, 1 << 40, 1 << 40))
    assert refusal.value.values["limit"] == LIMITS.result


def test_text_that_is_no_query_is_explained(engine: LocalEngine) -> None:
    with pytest.raises(SyntaxProblem) as refusal:
        engine.query(Query("SELECT ?é\n{ ?é ?p 'é' . ?x ?y }"), LIMITS)
    assert (refusal.value.values["line"], refusal.value.values["column"]) == (2, 21)
    assert refusal.value.detail.startswith("Line 2, column 21: found “}”, expected a term")


@pytest.mark.parametrize(
    ("pattern", "rows"),
    [
        ("?s <urn:p>|<urn:q> ?o", 1),
        ("?s !<urn:r> ?o", 2),
        ("?s <urn:p> ?o . ?s !<urn:r> ?o", 1),
        ("{ ?s <urn:p> ?o } UNION { ?s <urn:q> ?o }", 2),
    ],
)
def test_alternatives_join_two_terms_once(make_store: MakeStore, pattern: str, rows: int) -> None:
    """``/service`` says so, and how to ask instead. When this fails, the engine was mended."""
    both = make_store({"urn:g": "<urn:a> <urn:p> <urn:b> ; <urn:q> <urn:b> ."})
    with running(both, size=1) as engine:
        found = read(engine, Query(f"SELECT * {{ {pattern} }}", solutions="csv"))
    assert len(found.splitlines()) == rows + 1
