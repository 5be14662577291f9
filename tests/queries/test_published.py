"""The catalogue as others see it: its RDF and its page of reference."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, serialize
from rdflib import Graph
from rdflib.compare import isomorphic

from pesai.namespaces import RDF, RDFS, XSD, Base
from pesai.sparql.catalogue import Catalogue, StoredQuery
from pesai.sparql.examples import SCHEMA, SH, examples
from pesai.sparql.reference import page

CATALOGUE = Catalogue.read()
TRIPLES = set(examples(CATALOGUE, Base("https://pes.example/"), "https://pes.example/sparql"))
COLLECTION = "https://pes.example/queries"


def values(subject: str, predicate: NamedNode) -> set[object]:
    node = NamedNode(subject)
    return {t.object for t in TRIPLES if t.subject == node and t.predicate == predicate}


@pytest.mark.parametrize("query", list(CATALOGUE), ids=lambda query: query.path)
def test_a_query_is_published_with_text_titles_and_keywords(query: StoredQuery) -> None:
    node = f"{COLLECTION}/{query.path}"
    assert SH.SPARQLSelectExecutable in values(node, RDF.type)
    assert values(node, SH.select) == {Literal(query.text)}
    assert values(node, RDFS.comment) == {
        Literal(text, language=language) for language, text in query.descriptions.items()
    }
    assert {Literal(title, language=tag) for tag, title in query.titles.items()} == values(
        node, RDFS.label
    )
    assert values(node, SCHEMA.keywords) == {Literal(tag) for tag in query.tags}
    assert values(node, SCHEMA.target) == {NamedNode("https://pes.example/sparql")}
    assert values(node, SH.prefixes) == {NamedNode(COLLECTION)}


def test_a_query_runs_with_the_declared_prefixes_alone() -> None:
    """An editor that strips the prologue finds every prefix declared, once, with one meaning."""
    declared = {
        next(iter(values(node.value, SH.prefix))): next(iter(values(node.value, SH.namespace)))
        for node in values(COLLECTION, SH.declare)
        if isinstance(node, NamedNode)
    }
    assert len(declared) == len(values(COLLECTION, SH.declare))
    prologue = ""
    for prefix, namespace in declared.items():
        assert isinstance(prefix, Literal)
        assert isinstance(namespace, Literal)
        assert namespace.datatype == XSD.anyURI
        prologue += f"PREFIX {prefix.value}: <{namespace.value}>\n"
    for query in CATALOGUE:
        bare = "\n".join(x for x in query.text.splitlines() if not x.startswith("PREFIX"))
        Store().query(prologue + bare)


def test_no_blank_node_and_the_same_graph_in_every_format() -> None:
    turtle = serialize(TRIPLES, format=RdfFormat.TURTLE)
    triples = serialize(TRIPLES, format=RdfFormat.N_TRIPLES)
    assert turtle is not None
    assert triples is not None
    assert b"_:" not in triples
    assert isomorphic(Graph().parse(data=turtle), Graph().parse(data=triples, format="nt"))


def test_the_page_of_reference_is_up_to_date() -> None:
    shown = Path(__file__).parents[2] / "docs" / "reference" / "queries.md"
    assert shown.read_text("utf-8") == page(), "run: python -m pesai.sparql.reference"
    for query in CATALOGUE:
        assert f"`{query.name}`" in page()
