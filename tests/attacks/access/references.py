"""What a reader should be answered, worked out from the sources and the audiences alone.

No code of the engine, the publisher or the loaders is used here: rdflib parses the sources, the
audiences are applied by hand (``World.readable``), and so is the dataset of the query.

Two references, because neither is enough:

* ``ByRdflib`` evaluates with rdflib: nothing is shared with the engine. It is slow (a query takes
  it some ten milliseconds), and is asked only the core of forms on which it and the engine keep to
  SPARQL 1.1 (``pesai`` tells where the engine does not at ``/service``).
* ``ByStore`` evaluates with the engine's own library over a store in memory that physically holds
  only what the reader may read. It is quick and right on the same forms as the engine, so that any
  difference is a triple too many or too few.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import pyoxigraph as ox
from rdflib import Dataset, Graph, URIRef
from rdflib.query import Result, ResultRow
from rdflib.term import Literal, Node

from tests.attacks.access.queries import Case

__all__ = ["Answer", "ByRdflib", "ByStore", "read"]

Triple = tuple[Node, Node, Node]
Held = Mapping[str, frozenset[Triple]]


@dataclass(frozen=True)
class Answer:
    """An answer as a bag of rows or triples, in no order; a truth value is one row."""

    rows: tuple[tuple[str, int], ...]

    @property
    def bound(self) -> "Answer":
        """Without the rows that bind nothing, which rdflib leaves out."""
        return Answer(tuple(row for row in self.rows if row[0]))

    @classmethod
    def of(cls, rows: Iterable[str]) -> "Answer":
        """From its rows."""
        return cls(tuple(sorted(Counter(rows).items())))


def read(body: bytes, kind: str) -> Answer:
    """The answer that a service sent: a truth value or rows in TSV, triples in N-Triples."""
    lines = body.decode().split("\n")
    if kind == "boolean":
        return Answer.of([lines[0].strip()])
    if kind == "graph":
        return Answer.of(lines[:-1])
    names = lines[0].split("\t")
    return Answer.of(_row(zip(names, line.split("\t"), strict=True)) for line in lines[1:-1])


_NUMBER = re.compile(r"-?\d+")
_INTEGER = "^^<http://www.w3.org/2001/XMLSchema#integer>"


def _row(cells: Iterable[tuple[str, str]]) -> str:
    """A row without regard to the order of its columns; what is not bound is not there."""
    bound = ((name, f'"{t}"{_INTEGER}' if _NUMBER.fullmatch(t) else t) for name, t in cells if t)
    return "  ".join(f"{name}={term}" for name, term in sorted(bound))


class _Reference:
    """What a reader may read, by graph."""

    def __init__(self, graphs: Mapping[str, Iterable[str]]) -> None:
        self.held: Held = {
            iri: frozenset(Graph().parse(data="\n".join(lines), format="turtle"))
            for iri, lines in graphs.items()
        }

    def dataset(self, case: Case) -> tuple[frozenset[Triple], Held]:
        """The default graph and the named ones that a query is asked over (SPARQL 1.1, 13.2)."""
        if not case.default and not case.named:
            return frozenset().union(*self.held.values()), self.held
        merged = frozenset().union(*(self.held.get(iri, frozenset()) for iri in case.default))
        return merged, {iri: self.held[iri] for iri in case.named if iri in self.held}


class ByStore(_Reference):
    """The quick reference."""

    def __init__(self, graphs: Mapping[str, Iterable[str]]) -> None:
        super().__init__(graphs)
        self._stores: dict[tuple[tuple[str, ...], tuple[str, ...]], ox.Store] = {}

    def answer(self, case: Case) -> Answer:
        """The answer to a query."""
        given: dict[str, Any] = {}
        if case.default or case.named:  # the store holds no more; the engine is told as well
            named = [ox.NamedNode(iri) for iri in case.named]
            given = {"default_graph": [ox.DefaultGraph()], "named_graphs": named}
        found = self._store(case).query(case.plain, **given)
        if isinstance(found, ox.QueryBoolean):
            return Answer.of([str(bool(found)).lower()])
        if isinstance(found, ox.QueryTriples):
            return Answer.of(f"{triple} ." for triple in found)
        body = found.serialize(format=ox.QueryResultsFormat.TSV) or b""
        return read(body, "solutions")

    def _store(self, case: Case) -> ox.Store:
        key = (tuple(sorted(case.default)), tuple(sorted(case.named)))
        if key not in self._stores:
            default, named = self.dataset(case)
            store = ox.Store()
            graphs = [(None, default), *((ox.NamedNode(i), held) for i, held in named.items())]
            for name, held in graphs:
                text = "".join(f"{s.n3()} {p.n3()} {o.n3()} .\n" for s, p, o in held)
                store.load(input=text.encode(), format=ox.RdfFormat.TURTLE, to_graph=name)
            self._stores[key] = store
        return self._stores[key]


class ByRdflib(_Reference):
    """The independent reference."""

    _one_at_a_time = Lock()
    """Its parser is not made for threads."""

    def answer(self, case: Case) -> Answer:
        """The answer to a query."""
        default, named = self.dataset(case)
        dataset = Dataset()
        graphs = [(dataset.default_graph, default)]
        graphs += [(dataset.graph(URIRef(iri)), held) for iri, held in named.items()]
        for graph, triples in graphs:
            for triple in triples:
                graph.add(triple)
        with self._one_at_a_time:
            return _of_rdflib(dataset.query(case.plain)).bound


def _of_rdflib(found: Result) -> Answer:
    if found.type == "ASK":
        return Answer.of([str(found.askAnswer).lower()])
    if found.type in ("CONSTRUCT", "DESCRIBE"):
        triples: Iterable[Triple] = found.graph or ()
        # rdflib makes triples of literals too; they are no RDF and left out (SPARQL 1.1, 16.2.1).
        legal = [triple for triple in triples if not isinstance(triple[0], Literal)]
        return Answer.of(f"{s.n3()} {p.n3()} {o.n3()} ." for s, p, o in legal)
    names = [f"?{name}" for name in found.vars or ()]
    rows: Iterable[ResultRow] = found  # type: ignore[assignment]  # of a SELECT
    texts = ((term.n3() if term is not None else "" for term in row) for row in rows)
    return Answer.of(_row(zip(names, row, strict=True)) for row in texts)
