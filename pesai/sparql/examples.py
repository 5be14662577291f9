"""The catalogue of queries as RDF, so that editors and other services can read it.

Each query is a SHACL executable (SHACL Advanced Features, section 5) with a comment in every
language, keywords, and its prefixes as ``sh:declare``, as the SPARQL example collections of the
life sciences publish theirs.
"""

import re
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from pesai.namespaces import DCTERMS, OWL, RDF, RDFS, XSD, Base, Vocabulary
from pesai.sparql.catalogue import Catalogue, StoredQuery

__all__ = ["examples"]

SH = Vocabulary("http://www.w3.org/ns/shacl#")
SCHEMA = Vocabulary("https://schema.org/")

_PREFIX = re.compile(r"^PREFIX\s+([\w.-]*):\s*<([^<>\"\s]*)>", re.IGNORECASE | re.MULTILINE)
_FORMS = {
    "SELECT": (SH.SPARQLSelectExecutable, SH.select),
    "ASK": (SH.SPARQLAskExecutable, SH.ask),
    "CONSTRUCT": (SH.SPARQLConstructExecutable, SH.construct),
}


def examples(catalogue: Catalogue, base: Base, endpoint: str) -> list[Triple]:
    """The catalogue as triples.

    Args:
        catalogue: the queries.
        base: of the node: a query is ``{base}queries/{area}/{name}``, where it can be looked up.
        endpoint: address of the SPARQL service that answers them.
    """
    collection = NamedNode(f"{base.iri}queries")
    return [
        triple
        for query in catalogue
        for part in (
            _query(query, collection, NamedNode(endpoint)),
            _prefixes(query, collection),
            _parameters(query, collection),
        )
        for triple in part
    ]


def _node(query: StoredQuery, collection: NamedNode) -> NamedNode:
    return NamedNode(f"{collection.value}/{query.path}")


def _query(query: StoredQuery, collection: NamedNode, endpoint: NamedNode) -> Iterator[Triple]:
    node = _node(query, collection)
    yield Triple(node, RDF.type, SH.SPARQLExecutable)
    if query.form in _FORMS:
        class_, property_ = _FORMS[query.form]
        yield Triple(node, RDF.type, class_)
        yield Triple(node, property_, Literal(query.text))
    for language, title in query.titles.items():
        yield Triple(node, RDFS.label, Literal(title, language=language))
    for language, text in query.descriptions.items():
        yield Triple(node, RDFS.comment, Literal(text, language=language))
    for tag in query.tags:
        yield Triple(node, SCHEMA.keywords, Literal(tag))
    yield Triple(node, SCHEMA.target, endpoint)
    yield Triple(node, DCTERMS.isPartOf, collection)
    yield Triple(node, SH.prefixes, collection)


def _prefixes(query: StoredQuery, collection: NamedNode) -> Iterator[Triple]:
    yield Triple(collection, RDF.type, OWL.Ontology)
    for prefix, namespace in _PREFIX.findall(query.text):
        declaration = NamedNode(f"{collection.value}#{prefix}")
        yield Triple(collection, SH.declare, declaration)
        yield Triple(declaration, SH.prefix, Literal(prefix))
        yield Triple(declaration, SH.namespace, Literal(namespace, datatype=XSD.anyURI))


def _parameters(query: StoredQuery, collection: NamedNode) -> Iterator[Triple]:
    """Parameters as SHACL parameters (section 5): the path names the variable."""
    for parameter in query.parameters:
        node = NamedNode(f"{_node(query, collection).value}#{parameter.name}")
        yield Triple(_node(query, collection), SH.parameter, node)
        yield Triple(node, RDF.type, SH.Parameter)
        yield Triple(node, SH.path, NamedNode(f"{collection.value}/parameters#{parameter.name}"))
        yield Triple(node, SH.optional, Literal(not parameter.required))
        for language, label in parameter.labels.items():
            yield Triple(node, SH.name, Literal(label, language=language))
