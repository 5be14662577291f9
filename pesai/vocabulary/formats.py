"""The formats in which ontology, modules, code lists and shapes are published.

Every function gives the same bytes for the same triples: blank nodes are named by the content
around them, and triples are put in order before a serialiser sees them.
"""

from collections.abc import Callable

from rdflib import BNode, Graph
from rdflib.compare import to_canonical_graph
from rdflib.term import Node

from pesai.namespaces import PREFIXES

__all__ = ["FORMATS", "ntriples", "serialise", "tidy", "turtle"]

_MORE_PREFIXES = {
    "airo": "https://w3id.org/airo#",
    "bibo": "http://purl.org/ontology/bibo/",
    "country": "http://publications.europa.eu/resource/authority/country/",
    "disco": "http://rdf-vocabulary.ddialliance.org/discovery#",
    "m8g": "http://data.europa.eu/m8g/",
    "pas": "https://w3id.org/pes-ai/shapes#",
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
}


def tidy(graph: Graph) -> Graph:
    """The same triples in a graph of their own: in order, blank nodes named, prefixes ours.

    Only prefixes that a term of the graph uses are bound.
    """
    triples = set(graph)
    if any(isinstance(term, BNode) for triple in triples for term in triple):
        triples = set(to_canonical_graph(graph))
    ordered = Graph(bind_namespaces="none")
    terms = {str(term) for triple in triples for term in triple}
    terms |= {str(getattr(term, "datatype", None)) for triple in triples for term in triple}
    for prefix, iri in sorted({**PREFIXES, **_MORE_PREFIXES}.items()):
        if any(term.startswith(iri) for term in terms):
            ordered.bind(prefix, iri)
    for triple in sorted(triples, key=_key):
        ordered.add(triple)
    return ordered


def _key(triple: tuple[Node, Node, Node]) -> tuple[str, ...]:
    return tuple(term.n3() for term in triple)  # type: ignore[attr-defined]


def turtle(graph: Graph) -> str:
    """Turtle, subjects together."""
    return graph.serialize(format="turtle")


def ntriples(graph: Graph) -> str:
    """N-Triples in order; what owlready2 reads fastest."""
    lines = graph.serialize(format="nt11", encoding="utf-8").decode().splitlines()
    return "".join(f"{line}\n" for line in sorted(line for line in lines if line))


def _rdfxml(graph: Graph) -> str:
    return graph.serialize(format="xml")


def _jsonld(graph: Graph) -> str:
    return graph.serialize(format="json-ld", auto_compact=True, indent=2, sort_keys=True) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Graph], str]]] = {
    "ttl": ("text/turtle", turtle),
    "rdf": ("application/rdf+xml", _rdfxml),
    "nt": ("application/n-triples", ntriples),
    "jsonld": ("application/ld+json", _jsonld),
}
"""File ending -> media type and writer. The writer expects a ``tidy`` graph."""


def serialise(graph: Graph, ending: str) -> bytes:
    """A graph in the format of a file ending (``ttl``, ``rdf``, ``nt``, ``jsonld``), as UTF-8.

    Raises:
        KeyError: the ending is none of ``FORMATS``.
    """
    return FORMATS[ending][1](tidy(graph)).encode()
