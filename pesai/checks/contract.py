"""The data contract: shapes and the codes that data refer to, read once a process."""

from functools import cache
from pathlib import Path

from rdflib import Graph

from pesai.resources import files

__all__ = ["context", "shapes", "vocabulary"]

_CONTEXT = ("codes", "imports")


def shapes() -> Graph:
    """A copy of the shapes graph: a validator may keep notes in what it is given."""
    return _copy(_read("shapes"))


def context() -> Graph:
    """A copy of the code lists, countries and other extracts to which data refer."""
    return _copy(*(_read(folder) for folder in _CONTEXT))


@cache
def vocabulary() -> bytes:
    """The modules of the ontology with the code lists and extracts, as N-Triples."""
    graph = _copy(*(_read(folder) for folder in ("modules", *_CONTEXT)))
    return graph.serialize(format="nt", encoding="utf-8")


@cache
def _read(folder: str) -> Graph:
    graph = Graph()
    for path in sorted((files("ontology") / folder).glob("*.ttl")):
        _parse(graph, path)
    return graph


def _parse(graph: Graph, path: Path) -> None:
    graph.parse(path, format="turtle")


def _copy(*graphs: Graph) -> Graph:
    made = Graph()
    for graph in graphs:
        for triple in graph:
            made.add(triple)
    return made
