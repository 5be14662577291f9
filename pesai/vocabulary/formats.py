"""The formats in which ontology, modules, code lists and shapes are published.

Every function gives the same bytes for the same triples: blank nodes are named by the content
around them, and triples are put in order before a serialiser sees them.
"""

import json
import re
from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, XSD, BNode, Graph, Literal
from rdflib.compare import to_canonical_graph
from rdflib.namespace import NamespaceManager
from rdflib.term import Node

from pesai.namespaces import PREFIXES

__all__ = ["FORMATS", "ntriples", "serialise", "tidy", "turtle"]

_LOCAL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")
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
    return tuple(term.n3() for term in triple)


def turtle(graph: Graph) -> str:
    """Turtle, subjects together."""
    return graph.serialize(format="turtle")


def ntriples(graph: Graph) -> str:
    """N-Triples in order; what owlready2 reads fastest."""
    lines = graph.serialize(format="nt11", encoding="utf-8").decode().splitlines()
    return "".join(f"{line}\n" for line in sorted(line for line in lines if line))


def _rdfxml(graph: Graph) -> str:
    # rdflib goes through sets here and gives another order in every process.
    quads = ox.parse(ntriples(graph).encode(), ox.RdfFormat.N_TRIPLES)
    triples = [quad.triple for quad in quads]
    content = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=_prefixes(graph))
    return (content or b"").decode()


def _jsonld(graph: Graph) -> str:
    """JSON-LD with short names, one object a subject."""
    manager = graph.namespace_manager
    nodes: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in sorted(graph, key=_key):
        name = _short(manager, subject)
        node = nodes.setdefault(name, {"@id": name})
        if predicate == RDF.type:
            node.setdefault("@type", []).append(_short(manager, value))
        else:
            node.setdefault(_short(manager, predicate), []).append(_value(manager, value))
    listed = [{key: _single(content) for key, content in node.items()} for node in nodes.values()]
    document = {"@context": _prefixes(graph), "@graph": listed}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _single(content: Any) -> Any:  # noqa: ANN401 - any JSON
    return content[0] if isinstance(content, list) and len(content) == 1 else content


def _value(manager: NamespaceManager, term: Node) -> str | dict[str, str]:
    if not isinstance(term, Literal):
        return {"@id": _short(manager, term)}
    if term.language:
        return {"@value": str(term), "@language": term.language}
    if term.datatype in (None, XSD.string):
        return str(term)
    return {"@value": str(term), "@type": _short(manager, term.datatype)}


def _short(manager: NamespaceManager, term: Node) -> str:
    if isinstance(term, BNode):
        return f"_:{term}"
    for prefix, namespace in manager.namespaces():
        rest = str(term).removeprefix(str(namespace))
        if rest != str(term) and _LOCAL.fullmatch(rest):
            return f"{prefix}:{rest}"
    return str(term)


def _prefixes(graph: Graph) -> dict[str, str]:
    return {prefix: str(namespace) for prefix, namespace in sorted(graph.namespaces())}


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
