"""Making the store of one audience: by the difference to an earlier store, or in bulk.

The default graph is the exact union of the named graphs, each triple once. In a plain node it is
one of the graphs, under a name that stands for it (``pesai.namespaces.Base.default_graph``); the
others are in their named graphs alone.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from pesai.loading.canonical import Lines
from pesai.releases.graphfile import quads_text

__all__ = ["Difference", "bulk", "checkpoint", "difference", "patch"]

REBUILD_SHARE = 10
"""Where more than one part in ten changes, the store is built anew: clearing a graph is slow."""

FIRST, PORTION = 100_000, 1_000_000
"""Lines that are handed to the store at once: the first are ready soon, and the more come together
from then on, the less the engine has to bring in order."""

BULK = 10_000
"""Quads from which on they are added in bulk."""

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


def patch(store: Store, changes: Iterable[Difference], default: str | None = None) -> int:
    """Apply differences to an open store, its default graph included.

    Args:
        store: open for writing.
        changes: what the graphs lose and gain.
        default: the name of the graph that is the default graph; ``None`` when that is the union.

    Returns:
        By how many triples the default graph grew (negative when it shrank).
    """
    changes = list(changes)
    if default is not None:
        return sum(_replace(store, change, default) for change in changes)
    return _add(store, changes) + _remove(store, changes)


def _replace(store: Store, change: Difference, default: str) -> int:
    """Change one graph alone; by how much the default graph grew."""
    graph = _DEFAULT if change.iri == default else NamedNode(change.iri)
    for quad in _triples(change.removed):
        store.remove(Quad(quad.subject, quad.predicate, quad.object, graph))
    added = (Quad(q.subject, q.predicate, q.object, graph) for q in _triples(change.added))
    store.extend(added)
    return len(change.added) - len(change.removed) if change.iri == default else 0


def _add(store: Store, changes: list[Difference]) -> int:
    fresh: set[Quad] = set()
    for change in changes:
        graph = NamedNode(change.iri)
        plain = list(_triples(change.added))
        _extend(store, [Quad(q.subject, q.predicate, q.object, graph) for q in plain])
        fresh.update(quad for quad in plain if quad not in store)
    _extend(store, fresh)
    return len(fresh)


def _extend(store: Store, quads: Collection[Quad]) -> None:
    """Add quads: in one transaction, or in bulk where there are many.

    A transaction keeps everything in memory and takes some 30 µs a quad; bulk loading takes a
    tenth of that, after 30 ms of its own. The store is not served yet, so nothing is seen halfway.
    """
    if len(quads) > BULK:
        store.bulk_extend(quads)
    else:
        store.extend(quads)


def _remove(store: Store, changes: list[Difference]) -> int:
    """All additions come first: what one graph loses and another gains stays."""
    gone: set[Quad] = set()
    for change in changes:
        graph = NamedNode(change.iri)
        for quad in _triples(change.removed):
            store.remove(Quad(quad.subject, quad.predicate, quad.object, graph))
            gone.add(quad)
    orphans = [quad for quad in gone if not _held_by_a_graph(store, quad)]
    for quad in orphans:
        store.remove(quad)
    return -len(orphans)


def bulk(
    target: Path, graphs: Mapping[str, Callable[[], Lines]], default: str | None = None
) -> Store:
    """A new store with these graphs, in bulk; ``default`` is that of ``patch``."""
    store = Store(str(target))
    if default is not None:
        for iri, lines_of in graphs.items():
            lines = lines_of()
            text = "\n".join(lines) if iri == default else quads_text(iri, lines)
            # Parsed here: the store's own reader gives blank nodes other labels each time.
            store.bulk_extend(parse(input=text.encode(), format=RdfFormat.N_QUADS))
        store.flush()
        return store
    for part in _ahead(_portions(graphs)):
        store.bulk_load(input=part, format=RdfFormat.N_QUADS)
    store.flush()
    return store


def _ahead(portions: Iterator[bytes]) -> Iterator[bytes]:
    """The portions, each made while the engine loads the one before: it leaves Python alone."""
    with ThreadPoolExecutor(1, "portions") as aside:
        coming = aside.submit(next, portions, b"")
        while portion := coming.result():
            coming = aside.submit(next, portions, b"")
            yield portion


def _portions(graphs: Mapping[str, Callable[[], Lines]]) -> Iterator[bytes]:
    """N-Quads of graphs, each triple in its graph and in the default graph, some lines a time."""
    waiting: list[str] = []
    size, room = 0, FIRST
    for iri, lines_of in graphs.items():
        lines = lines_of()
        start = 0
        while start < len(lines):
            part = lines[start : start + room - size]
            waiting += [quads_text(iri, part), "\n".join(part), "\n"]
            start, size = start + len(part), size + len(part)
            if size == room:
                yield "".join(waiting).encode()
                waiting, size, room = [], 0, PORTION
    if waiting:
        yield "".join(waiting).encode()


def _triples(lines: Lines) -> Iterator[Quad]:
    """The triples of canonical lines, as quads of the default graph."""
    return parse(input="\n".join(lines).encode(), format=RdfFormat.N_TRIPLES)


def _held_by_a_graph(store: Store, quad: Quad) -> bool:
    found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
    return any(match.graph_name != _DEFAULT for match in found)
