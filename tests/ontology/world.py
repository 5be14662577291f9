"""What the tests of the ontology share: the fictional example and the shipped vocabularies."""

from functools import cache
from pathlib import Path

import pyoxigraph as ox
from rdflib import Graph

from pesai.resources import files
from pesai.vocabulary.alignments import link_graph
from pesai.vocabulary.merge import merged

DATA = Path(__file__).parent.parent / "data"
EXAMPLE = DATA / "fictional" / "example.trig"


def plain(quads: object) -> Graph:
    """The triples of some quads, whatever their graph, as an rdflib graph."""
    lines = "\n".join(f"{quad.triple} ." for quad in quads)  # type: ignore[attr-defined]
    return Graph().parse(data=lines, format="nt")


def trig(path: Path) -> dict[str, Graph]:
    """The named graphs of a TriG file by IRI; the default graph is ''."""
    store = ox.Store()
    store.load(path=str(path), format=ox.RdfFormat.TRIG)
    found = {
        graph.value: plain(store.quads_for_pattern(None, None, None, graph))
        for graph in store.named_graphs()
        if isinstance(graph, ox.NamedNode)
    }
    default = plain(store.quads_for_pattern(None, None, None, ox.DefaultGraph()))
    return {"": default, **found} if len(default) else found


@cache
def _example() -> tuple[object, ...]:
    return tuple(triple for graph in trig(EXAMPLE).values() for triple in graph)


def example() -> Graph:
    """The fictional example, all graphs together."""
    graph = Graph()
    for triple in _example():
        graph.add(triple)  # type: ignore[arg-type]
    return graph


def vocabulary(*folders: str) -> Graph:
    """Ontology, alignments, and the Turtle files of some folders of ``ontology/``."""
    graph = merged() + link_graph()
    for folder in folders:
        for path in sorted((files("ontology") / folder).glob("*.ttl")):
            graph.parse(path, format="turtle")
    return graph
