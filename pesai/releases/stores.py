"""Making the store of one audience: by the difference to an earlier store, or in bulk.

The default graph is the exact union of the named graphs, each triple once.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from pesai.loading.canonical import Lines
from pesai.releases.graphfile import quads_text

__all__ = ["Difference", "bulk", "checkpoint", "difference", "finish", "patch"]

REBUILD_SHARE = 10
"""Where more than one part in ten changes, the store is built anew: clearing a graph is slow."""

_DEFAULT = DefaultGraph()


@dataclass(frozen=True, slots=True)
class Difference:
    """What one graph loses and gains, as canonical lines."""

    iri: str
    removed: Lines
    added: Lines

    def __len__(self) -> int:
        return len(self.removed) + len(self.added)


def difference(iri: str, old: Lines, new: Lines) -> Difference:
    """The difference of two canonical forms."""
    before, after = set(old), set(new)
    return Difference(iri, tuple(sorted(before - after)), tuple(sorted(after - before)))


def checkpoint(source: Path, target: Path) -> Store:
    """Open a copy of a finished store for writing. Unchanged files are shared by hard links.

    The source is opened read-only: a finished store is never written to.
    """
    Store.read_only(str(source)).backup(str(target))
    return Store(str(target))


def patch(store: Store, changes: Iterable[Difference]) -> None:
    """Apply differences to an open store, its default graph included."""
    changes = list(changes)
    for change in changes:
        if change.added:
            store.extend(_quads(change.iri, change.added, with_default=True))
    gone: set[Quad] = set()
    for change in changes:
        for quad in _quads(change.iri, change.removed, with_default=False):
            store.remove(quad)
            gone.add(Quad(quad.subject, quad.predicate, quad.object, _DEFAULT))
    for quad in gone:
        if not _held_by_a_graph(store, quad):
            store.remove(quad)


def bulk(target: Path, graphs: Mapping[str, Callable[[], Lines]]) -> Store:
    """A new store with these graphs, in bulk."""
    store = Store(str(target))
    for iri, lines_of in graphs.items():
        lines = lines_of()
        both = quads_text(iri, lines) + "\n".join(lines)
        store.bulk_load(input=both.encode(), format=RdfFormat.N_QUADS)
    store.flush()
    return store


def finish(store: Store) -> None:
    """Write everything to disk. The caller drops its reference afterwards."""
    store.flush()
    gc.collect()


def _quads(iri: str, lines: Lines, *, with_default: bool) -> Iterator[Quad]:
    graph = NamedNode(iri)
    for quad in parse(input="\n".join(lines).encode(), format=RdfFormat.N_TRIPLES):
        yield Quad(quad.subject, quad.predicate, quad.object, graph)
        if with_default:
            yield quad


def _held_by_a_graph(store: Store, quad: Quad) -> bool:
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(match.graph_name != _DEFAULT for match in found)
