"""The ontology as one graph: umbrella, modules and axioms, without imports."""

from functools import cache
from pathlib import Path

from rdflib import OWL, RDF, Graph, Literal, URIRef

from pesai.resources import files

__all__ = ["IRI", "merged", "modules", "turtle_file", "umbrella", "version"]

IRI = URIRef("https://w3id.org/pes-ai/def")


def merged() -> Graph:
    """Umbrella and modules together, ready for tools that cannot follow imports.

    ``owl:imports`` are left out, and of the headers only the umbrella's is kept: the result is one
    ontology, ``https://w3id.org/pes-ai/def``.
    """
    result = Graph()
    for graph in (umbrella(), *modules().values()):
        headers = set(graph.subjects(RDF.type, OWL.Ontology)) - {IRI}
        for triple in graph:
            if triple[0] not in headers and triple[1] != OWL.imports:
                result.add(triple)
    return result


def umbrella() -> Graph:
    """The document that brings the modules together."""
    return turtle_file(_umbrella())


def modules() -> dict[str, Graph]:
    """The modules by name (``core``, ``survey``, …), ``axioms`` and ``ext`` included."""
    folder = files("ontology") / "modules"
    return {path.stem: turtle_file(path) for path in sorted(folder.glob("*.ttl"))}


def version() -> str:
    """The version of the ontology, such as ``0.1.0``."""
    value = _held(_umbrella()).value(IRI, OWL.versionInfo)  # pages ask often: no copy is made
    return value.toPython() if isinstance(value, Literal) else ""


def turtle_file(path: Path) -> Graph:
    """A copy of what is in a Turtle file, parsed again only when the file has changed."""
    result = Graph()
    for triple in _held(path):
        result.add(triple)
    return result


def _umbrella() -> Path:
    return files("ontology") / "pes-ai.ttl"


def _held(path: Path) -> Graph:
    """What is in a Turtle file, to be read and never changed: others read the same graph."""
    return _parsed(path, path.stat().st_mtime_ns)


@cache
def _parsed(path: Path, _changed: int) -> Graph:
    return Graph().parse(path, format="turtle")
