"""Parameters: the answer is as if the term stood there."""

import pytest

from pesai.engine.embedded.local import LocalEngine
from pesai.engine.protocol import BadParameter, EvaluationFailed, Query, SyntaxProblem
from tests.engine.conftest import read

A = {"x": "<urn:a>"}


def rows(engine: LocalEngine, text: str, bindings: dict[str, str]) -> list[str]:
    return read(engine, Query(text, solutions="csv", bindings=bindings)).split("\r\n")[:-1]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (COUNT(*) AS ?n) { ?x <urn:p> ?o }", ["n", "3"]),
        ("SELECT (COUNT(?x) AS ?n) { ?x <urn:p> ?o }", ["n", "3"]),
        ("SELECT ?o { ?x <urn:p> ?o } ORDER BY ?x ?o", ["o", "1", "2", "3"]),
        ("SELECT * { ?x <urn:p> ?o } ORDER BY ?o", ["o", "1", "2", "3"]),
        ("SELECT ?x ?o { ?x <urn:p> ?o } ORDER BY DESC(?o) LIMIT 1", ["x,o", "urn:a,3"]),
        ("SELECT ?x (MAX(?o) AS ?m) { $x <urn:p> ?o } GROUP BY ?x", ["x,m", "urn:a,3"]),
        ("SELECT ?m { { SELECT ?x (MAX(?o) AS ?m) { ?x <urn:p> ?o } GROUP BY ?x } }", ["m", "3"]),
        (
            (
                "SELECT ?x ?o { { SELECT DISTINCT ?x { ?x <urn:p> ?x_ } } { SELECT ?x ?o "
                "{ ?x <urn:p> ?o } } } ORDER BY DESC(?o) LIMIT 1"
            ),
            ["x,o", "urn:a,3"],
        ),
        (
            "SELECT ?x ?m { { SELECT ?x (MAX(?o) AS ?m) { ?x <urn:p> ?o } GROUP BY ?x } }",
            ["x,m", "urn:a,3"],
        ),
        ("SELECT ?o { ?s <urn:p> ?o FILTER(?s != ?x) }", ["o", "4"]),
        ("SELECT ?o { ?s <urn:p> ?o FILTER NOT EXISTS { ?x <urn:p> ?o } }", ["o", "4"]),
        ("SELECT ?o { ?s <urn:p> ?o MINUS { ?x <urn:p> ?o } }", ["o", "4"]),
        ("SELECT ?b { BIND(?x AS ?b) FILTER(BOUND(?x)) }", ["b", "urn:a"]),
        ("SELECT ?b { BIND(STR(?x) AS ?b) FILTER(!BOUND(?y)) } # ?x", ["b", "urn:a"]),
        ("SELECT ?b { BIND('?x' AS ?b) } VALUES ?c { 1 }", ["b", "?x"]),
        ("SELECT ?x1 { ?x1 <urn:p> 4 }", ["x1", "urn:b"]),
    ],
)
def test_as_if_the_term_stood_there(engine: LocalEngine, query: str, expected: list[str]) -> None:
    assert rows(engine, query, A) == expected
    if "BOUND" not in query and "x1" not in query and "'?x'" not in query:
        assert rows(engine, query, {}) != expected, "without the parameter the answer differs"


def test_construct_describe_and_ask(engine: LocalEngine) -> None:
    built = Query("CONSTRUCT { ?x <urn:q> ?o } { ?x <urn:p> ?o }", graph="nt", bindings=A)
    assert read(engine, built).count("<urn:a> <urn:q> ") == 3
    assert "<urn:b>" not in read(engine, Query("DESCRIBE ?x", graph="nt", bindings=A))
    assert '"boolean":true' in read(engine, Query("ASK { ?x <urn:p> 3 }", bindings=A))
    literal = {"x": '"un"@fr'}
    assert '"boolean":true' in read(engine, Query("ASK { ?s <urn:l> ?x }", bindings=literal))
    assert '"boolean":false' in read(engine, Query("ASK { ?x <urn:l> ?s }", bindings=literal))


@pytest.mark.parametrize(
    "hostile",
    [
        '"} ; DROP ALL # \\" \\n > . ?s ?p ?o"@en',
        '"\\u0022 . } UNION { ?s ?p ?o }"',
        "<http://example.org/%7D%20UNION>",
        "\"'''\\\\\"",
    ],
)
def test_no_character_of_a_term_becomes_syntax(engine: LocalEngine, hostile: str) -> None:
    query = Query(
        "SELECT ?s (?x AS ?y) { ?s <urn:l> ?x }", solutions="tsv", bindings={"x": hostile}
    )
    assert read(engine, query).splitlines()[1:] == []
    echo = Query("SELECT (?x AS ?y) {}", solutions="tsv", bindings={"x": hostile})
    assert len(read(engine, echo).splitlines()) == 2


@pytest.mark.parametrize(
    "text", ["", "urn:a", "_:b", '"open', "<a b>", "<urn:a> . <urn:b> <urn:c> <urn:d>", "?y", "12"]
)
def test_a_parameter_is_one_iri_or_one_literal(engine: LocalEngine, text: str) -> None:
    with pytest.raises(BadParameter, match="x must be one IRI or one literal"):
        engine.query(Query("ASK { ?x ?p ?o }", bindings={"x": text}), engine.pool.limits)


@pytest.mark.parametrize(
    "query", ["SELECT (1 AS ?x) {}", "SELECT * { VALUES (?y ?x) { (1 2) } }", "ASK {BIND(1 AS ?x)}"]
)
def test_a_query_cannot_set_a_parameter(engine: LocalEngine, query: str) -> None:
    with pytest.raises(BadParameter, match="The query sets"):
        engine.query(Query(query, bindings=A), engine.pool.limits)


def test_a_literal_where_only_an_iri_can_stand(engine: LocalEngine) -> None:
    query = Query("ASK { GRAPH ?x { ?s ?p ?o } }", bindings={"x": '"text"'})
    with pytest.raises(BadParameter, match="cannot stand where the query has it"):
        engine.query(query, engine.pool.limits)


def test_a_syntax_error_is_told_of_the_text_as_written(engine: LocalEngine) -> None:
    with pytest.raises(SyntaxProblem) as refusal:
        engine.query(Query("ASK { ?x ?p ?o FILTER }", bindings=A), engine.pool.limits)
    assert refusal.value.values["column"] == 23


def test_an_unknown_function_is_named(engine: LocalEngine) -> None:
    with pytest.raises(EvaluationFailed, match="urn:f"):
        engine.query(Query("SELECT (<urn:f>(1) AS ?y) {}"), engine.pool.limits)
