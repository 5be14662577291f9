"""What a release changed in the graphs that the reader of this request may read.

A manifest names graphs of every audience. What is told here is of the reader's own store, and of
what is gone only what the reader may still read in the release before.
"""

from dataclasses import dataclass

from flask_babel import gettext

from pesai.errors import Gone, NotFound
from pesai.releases.changes import GraphChange, changed_graphs
from pesai.releases.layout import ReleaseFolder
from pesai.web import state
from pesai.web.graphs import Named, named
from pesai.web.readers import current_reader

__all__ = [
    "GraphChanges",
    "TripleChanges",
    "closed",
    "graph_changes",
    "graphs_of",
    "release_before",
    "triple_changes",
]


@dataclass(frozen=True)
class GraphChanges:
    """What a release changed for one reader, as IRIs of graphs."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]

    @property
    def none(self) -> bool:
        """Whether this reader sees no difference."""
        return not (self.added or self.changed or self.removed)


@dataclass(frozen=True)
class TripleChanges:
    """The graphs that a release changed with their triples before and after, derived ones apart.

    ``since`` is the release before.
    """

    since: str
    graphs: tuple[tuple[Named, GraphChange], ...]

    @property
    def added(self) -> int:
        """Triples that came, in all graphs that were compared."""
        return sum(change.added or 0 for _graph, change in self.graphs)

    @property
    def removed(self) -> int:
        """Triples that went, in all graphs that were compared."""
        return sum(change.removed or 0 for _graph, change in self.graphs)

    @property
    def whole(self) -> bool:
        """Whether it is known of every graph (releases did not always tell it)."""
        return all(change.added is not None for _graph, change in self.graphs)


def graph_changes(folder: ReleaseFolder) -> GraphChanges:
    """What is new, changed and gone since the release before, as far as the reader may know."""
    before = release_before(folder)
    new, old = graphs_of(folder), ({} if before is None else graphs_of(before))
    return GraphChanges(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(iri for iri in new.keys() & old.keys() if new[iri] != old[iri])),
        removed=tuple(sorted(old.keys() - new.keys())),
    )


def triple_changes(folder: ReleaseFolder) -> TripleChanges | None:
    """How many triples came and went since the release before; ``None`` without one to read."""
    before = release_before(folder)
    if before is None:
        return None
    found = changed_graphs(before, folder, current_reader())
    held = {"added": folder, "changed": folder, "removed": before}
    return TripleChanges(before.id, tuple((named(one.iri, held[one.state]), one) for one in found))


def graphs_of(folder: ReleaseFolder) -> dict[str, str]:
    """Checksums of the graphs that the reader sees in a release."""
    entry = state.entry_of(folder)
    return entry.graphs | entry.derived


def closed(folder: ReleaseFolder) -> str:
    """Why a release is closed to the reader; empty when it is open."""
    try:
        state.closures().check(current_reader(), folder)
    except Gone as gone:
        return str(gettext(gone.template).format(**gone.values))
    return ""


def release_before(folder: ReleaseFolder) -> ReleaseFolder | None:
    """The release before, when it is there and not closed to the reader."""
    parent = state.manifest_of(folder).parent
    if parent is None:
        return None
    try:
        before = state.home().release(parent)
    except NotFound:
        return None
    return None if closed(before) else before
