"""Terms given to a query as inline data stay terms, wherever its pattern begins."""

import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, QueryBoolean, QuerySolutions, QueryTriples, Store

from pesai.engine.inline import term, with_bindings

TEXTS = st.text(st.characters(exclude_categories=["Cs"])) | st.text(
    r"\u0022U5c'\"{} }.>#", max_size=20
)


def answered(text: str) -> QueryBoolean | QuerySolutions | QueryTriples:
    return Store().query(text)


@given(TEXTS)
def test_a_text_comes_back_as_it_was_given(text: str) -> None:
    query = with_bindings("SELECT ?x WHERE { }", {"x": str(Literal(text))})
    found = answered(query)
    assert isinstance(found, QuerySolutions)
    assert [row["x"] for row in found] == [Literal(text)]


@pytest.mark.parametrize(
    "text", ["\\u0022", "\\U00000022", '"} ; DROP ALL #', "a\n'''\"\"\"\\", "\\\\u"]
)
def test_rdflib_reads_the_same_text(text: str) -> None:
    query = with_bindings("SELECT ?x WHERE { }", {"x": str(Literal(text))})
    assert [str(row[0]) for row in rdflib.Graph().query(query) if isinstance(row, tuple)] == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ASK { FILTER(?x = 1) }", True),
        ("# { in a comment\nASK { FILTER(?x = 1) }", True),
        ("PREFIX p: <http://x.example/#{> ASK { FILTER(?x = 1) }".replace("{>", ">"), True),
        ("ASK { FILTER(?x = 2) }", False),
        ("ASK { OPTIONAL { BIND(7 AS ?y) FILTER(?x = 1) } FILTER(?y = 7) }", True),
    ],
)
def test_filters_see_the_term(text: str, *, expected: bool) -> None:
    one = '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'
    assert bool(answered(with_bindings(text, {"x": one}))) is expected


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (EXISTS { ?s ?p ?o } AS ?e) ?x { }",
        'SELECT (\'{\' AS ?a) ("""{"{""" AS ?b) ?x FROM <urn:g> WHERE { }',
        "SELECT ?x WHERE{}",
    ],
)
def test_the_pattern_is_found_behind_other_braces(text: str) -> None:
    found = answered(with_bindings(text, {"x": "<urn:a>"}))
    assert isinstance(found, QuerySolutions)
    assert [str(row["x"]) for row in found] == ["<urn:a>"]


@pytest.mark.parametrize("where", ["WHERE ", ""])
def test_the_template_of_a_construct_is_left_alone(where: str) -> None:
    text = f"CONSTRUCT {{ ?x <urn:p> ?x }} {where}{{ }}"
    found = answered(with_bindings(text, {"x": "<urn:a>"}))
    assert isinstance(found, QueryTriples)
    assert [str(triple.object) for triple in found] == ["<urn:a>"]


def test_lines_stay_and_no_bindings_change_nothing() -> None:
    text = "SELECT ?x\nWHERE {\n}\n"
    assert with_bindings(text, {}) == text
    assert with_bindings(text, {"x": "<urn:a>"}).count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "bindings", "reason"),
    [
        ("CONSTRUCT WHERE { ?s ?p ?o }", {"x": "<urn:a>"}, "no pattern in braces"),
        ("DESCRIBE <urn:a>", {"x": "<urn:a>"}, "no pattern in braces"),
        ("ASK { }", {"x y": "<urn:a>"}, "'x y' is not the name of a variable"),
        ("ASK { }", {"x": "<urn:a> . <urn:b> <urn:c> <urn:d>"}, "is not one IRI or literal"),
        ("ASK { }", {"x": "_:b"}, "is not one IRI or literal"),
        ("ASK { }", {"x": '"a" } { ?s ?p ?o'}, "is not one IRI or literal"),
    ],
)
def test_what_cannot_be_bound_is_told(text: str, bindings: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        with_bindings(text, bindings)


def test_a_term_is_read_from_n_triples() -> None:
    assert term('"été"@fr') == Literal("été", language="fr")
