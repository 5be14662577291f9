"""Rows read from the engine's TSV and N-Triples are the rows that the engine had."""

from io import BytesIO

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pesai.sparql.terms import Term, read, rows_of, take

XSD = "http://www.w3.org/2001/XMLSchema#"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
DECIMAL = ox.NamedNode(f"{XSD}decimal")
literals = st.one_of(
    texts.map(ox.Literal),
    texts.map(lambda text: ox.Literal(text, language="fr-be")),
    texts.map(lambda text: ox.Literal(text, datatype=ox.NamedNode("http://example.org/t"))),
    st.integers(-(10**12), 10**12).map(ox.Literal),
    st.booleans().map(ox.Literal),
    st.decimals(-1000, 1000, places=3).map(lambda value: ox.Literal(str(value), datatype=DECIMAL)),
    st.floats(-1e30, 1e30).map(ox.Literal),
)
iris = st.text(st.characters(min_codepoint=0xA1, max_codepoint=0xFF), max_size=5).map(
    lambda text: ox.NamedNode(f"http://example.org/{text}#a")
)


def plain(term: Term | None) -> tuple[str, ...] | None:
    """A term as comparable parts; numbers by value, since TSV may write them shorter."""
    if term is None:
        return None
    return (term.kind, term.value, term.language, term.datatype)


def wanted(term: ox.NamedNode | ox.Literal) -> tuple[str, ...]:
    if isinstance(term, ox.NamedNode):
        return ("iri", term.value, "", "")
    return ("literal", term.value, term.language or "", term.datatype.value)


@given(st.lists(st.one_of(literals, iris), min_size=1, max_size=5))
@settings(max_examples=200, deadline=None)
def test_terms_survive_both_formats(terms: list[ox.NamedNode | ox.Literal]) -> None:
    store = ox.Store()
    subject, predicate = ox.NamedNode("urn:s"), ox.NamedNode("urn:p")
    store.extend(ox.Quad(subject, predicate, term) for term in terms)
    stored = {wanted(quad.object) for quad in store}
    answer = store.query("SELECT ?o { ?s ?p ?o }")
    assert isinstance(answer, ox.QuerySolutions)
    tsv = answer.serialize(format=ox.QueryResultsFormat.TSV)
    rows = rows_of(BytesIO(tsv or b""), "tsv")
    assert rows.variables == ("o",)
    assert {plain(row[0]) for row in rows.rows} == stored
    nt = ox.serialize([quad.triple for quad in store], format=ox.RdfFormat.N_TRIPLES)
    triples = list(rows_of(BytesIO(nt or b""), "nt").rows)
    assert {plain(row[2]) for row in triples} == stored
    assert all(plain(row[0]) == ("iri", "urn:s", "", "") for row in triples)


def test_rows_of_every_form() -> None:
    def of(query: str) -> tuple[tuple[str, ...], list[tuple[Term | None, ...]]]:
        answer = ox.Store().query(query)
        assert not isinstance(answer, ox.QueryTriples)
        written = answer.serialize(format=ox.QueryResultsFormat.TSV)
        rows = rows_of(BytesIO(written or b""), "tsv")
        return rows.variables, list(rows.rows)

    assert of("SELECT * { }") == ((), [()])
    assert of("SELECT * { { } UNION { } }") == ((), [(), ()])
    assert of("SELECT ?x { ?x ?y ?z }") == (("x",), [])
    assert of("SELECT ?x { }") == (("x",), [(None,)])
    assert of("ASK { }") == (("answer",), [(Term("literal", "true", "", f"{XSD}boolean"),)])
    names, rows = of("SELECT ?x (1 AS ?y) ?z { }")
    assert (names, rows) == (
        ("x", "y", "z"),
        [(None, Term("literal", "1", "", f"{XSD}integer"), None)],
    )


def test_terms_of_rdf_1_2_and_blank_nodes() -> None:
    assert read('<<( <urn:a> <urn:b> "c d" )>>') == Term("triple", '<<( <urn:a> <urn:b> "c d" )>>')
    assert read("_:b1") == Term("blank", "b1")


@pytest.mark.parametrize("text", ["hello", '"open', "<a> <b>", "1 2", "@en"])
def test_what_is_no_term(text: str) -> None:
    with pytest.raises(ValueError, match="not an RDF term"):
        read(text)


def test_take_counts_what_it_leaves() -> None:
    rows = rows_of(BytesIO(b"?x\n" + b"1\n" * 25), "tsv")
    table = take(rows, 10)
    assert (len(table.rows), table.total, table.is_cut) == (10, 25, True)
