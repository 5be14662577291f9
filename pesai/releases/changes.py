"""What changed between two releases for one reader, thing by thing: pages and feeds tell it.

Only graphs that the reader's own store holds are compared. A graph is for one audience as a whole,
so its file holds just what the reader's store holds of it. Derived graphs are left out: they
follow from the others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from threading import Lock
from typing import Literal as Word

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from pesai.access.audiences import Reader
from pesai.loading.canonical import Lines
from pesai.namespaces import DCTERMS, PAI, RDF, RDFS, SKOS
from pesai.releases import graphfile
from pesai.releases.layout import ReleaseFolder
from pesai.releases.stores import difference

__all__ = [
    "LARGEST",
    "Changes",
    "GraphChange",
    "Statement",
    "ThingChange",
    "changed_graphs",
    "changes",
]  # fmt: skip

LARGEST = 60_000
"""Triples that are compared thing by thing: small graphs first; of the rest only sizes are told."""

_TURN = Lock()
"""One comparison at a time: two that are asked at once are not worked out twice."""

State = Word["added", "changed", "removed"]
Value = NamedNode | Literal

_NAMES = {SKOS.prefLabel.value, RDFS.label.value, DCTERMS.title.value}
_TYPE = f" <{RDF.type.value}> <"
_ORIGIN = f" <{PAI.fromRow.value}> "
"""The row that a thing was made from changes when a row is put in above it: that tells nothing."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A property (its IRI) and a value."""

    property: str
    value: Value


@dataclass(frozen=True, slots=True)
class ThingChange:
    """How one thing changed.

    Attributes:
        iri: the thing.
        state: ``added`` when it was of no class before, ``removed`` when it is of none now.
        classes: what it is, or was.
        names: its labels and titles, those of the later release when it has some.
        gained, lost: what is said of it now, and was before.
    """

    iri: str
    state: State
    classes: tuple[str, ...]
    names: tuple[Literal, ...]
    gained: tuple[Statement, ...]
    lost: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class GraphChange:
    """How one graph changed: its triples before and after, and those that came and went.

    ``listed`` is false for a graph that is too large to be compared thing by thing, by itself or
    with the others that changed. ``added`` and ``removed`` are unknown where neither the comparison
    nor the later release tells them.
    """

    iri: str
    state: State
    before: int
    after: int
    listed: bool
    added: int | None = None
    removed: int | None = None


@dataclass(frozen=True)
class Changes:
    """The graphs and the things that differ, each by IRI."""

    graphs: tuple[GraphChange, ...] = ()
    things: tuple[ThingChange, ...] = ()


@dataclass
class _Found:
    """What was met of one thing in the graphs that differ."""

    gained: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    before: set[str] = field(default_factory=set)
    after: set[str] = field(default_factory=set)


def changes(old: ReleaseFolder, new: ReleaseFolder, reader: Reader) -> Changes:
    """What differs between two releases, as far as the reader may read both.

    Whether he may is for the caller to ask (``pesai.releases.closing``).

    Raises:
        Gone: the stores of one of them are not there any more.
    """
    old.check_present()
    new.check_present()
    # Of two stores with these checksums the difference is always the same.
    with _TURN:
        return _changes(old, new, reader, old.checksum(reader), new.checksum(reader))


@lru_cache(maxsize=16)
def _changes(
    old: ReleaseFolder, new: ReleaseFolder, reader: Reader, before: str, after: str
) -> Changes:
    if before == after:
        return Changes()
    things: dict[str, _Found] = defaultdict(_Found)
    graphs = [
        _compared(told, old, new, things) if told.listed else told
        for told in changed_graphs(old, new, reader)
    ]
    told_things = (_thing(iri, found) for iri, found in sorted(things.items()))
    return Changes(tuple(graphs), tuple(one for one in told_things if one is not None))


def changed_graphs(
    old: ReleaseFolder, new: ReleaseFolder, reader: Reader
) -> tuple[GraphChange, ...]:
    """The graphs that differ for the reader, by IRI; no graph is read for it.

    Of a graph that both hold, what came and went is known when one release follows the other.
    """
    held, holds = old.entry(reader).graphs, new.entry(reader).graphs
    before = {iri: size for iri, size in _sizes(old).items() if iri in held}
    after = {iri: size for iri, size in _sizes(new).items() if iri in holds}
    sizes = {
        iri: max(before.get(iri, 0), after.get(iri, 0))
        for iri in {*before, *after}
        if held.get(iri) != holds.get(iri)
    }
    later = new.manifest()
    noted = later.differs if later.parent == old.id else {}
    graphs, room = [], LARGEST
    for iri in sorted(sizes, key=lambda one: (sizes[one], one)):
        listed = sizes[iri] <= room
        room -= sizes[iri] if listed else 0
        state: State = "added" if iri not in held else "changed" if iri in holds else "removed"
        sized = GraphChange(iri, state, before.get(iri, 0), after.get(iri, 0), listed)
        graphs.append(_counted(sized, noted))
    return tuple(sorted(graphs, key=lambda graph: graph.iri))


def _counted(told: GraphChange, noted: Mapping[str, tuple[int, int]]) -> GraphChange:
    if told.state == "added":
        return replace(told, added=told.after, removed=0)
    if told.state == "removed":
        return replace(told, added=0, removed=told.before)
    came, went = noted.get(told.iri, (None, None))
    return replace(told, added=came, removed=went)


def _sizes(release: ReleaseFolder) -> Mapping[str, int]:
    return {graph.iri: graph.triples for graph in release.manifest().graphs}


def _compared(
    told: GraphChange, old: ReleaseFolder, new: ReleaseFolder, things: dict[str, _Found]
) -> GraphChange:
    """The graph with the number of triples that came and went, its things noted."""
    came, went = _compare(
        () if told.state == "added" else graphfile.read(old.master, told.iri),
        () if told.state == "removed" else graphfile.read(new.master, told.iri),
        things,
    )
    return replace(told, added=came, removed=went)


def _compare(old: Lines, new: Lines, things: dict[str, _Found]) -> tuple[int, int]:
    """Note what the things of one graph gain and lose, and all that is said of those.

    Returns:
        How many triples came, and how many went.
    """
    found = difference("", old, new)
    touched = set()
    for texts, side in ((found.added, "gained"), (found.removed, "lost")):
        for text in texts:
            if _ORIGIN not in text:
                subject = text.partition(" ")[0]
                touched.add(subject)
                getattr(things[subject], side).add(text)
    for texts, side in ((old, "before"), (new, "after")):
        for text in texts:
            subject = text.partition(" ")[0]
            if subject in touched:
                getattr(things[subject], side).add(text)
    return len(found.added), len(found.removed)


def _thing(subject: str, found: _Found) -> ThingChange | None:
    # A statement that went from one graph to another is still said.
    gained, lost = found.gained - found.before, found.lost - found.after
    if not (gained or lost):
        return None
    before, after = _types(found.before), _types(found.after)
    state: State = "added" if after and not before else "changed"
    state = "removed" if before and not after else state
    names = _named(found.after) or _named(found.before)
    return ThingChange(
        subject[1:-1], state, after or before, names, _statements(gained), _statements(lost)
    )


def _types(lines: Iterable[str]) -> tuple[str, ...]:
    found = (text.partition(_TYPE)[2] for text in lines if _TYPE in text)
    return tuple(sorted(text.partition(">")[0] for text in found))


def _named(lines: Iterable[str]) -> tuple[Literal, ...]:
    found = (
        one.value
        for one in _statements(text for text in lines if text.split(" ", 2)[1][1:-1] in _NAMES)
    )
    return tuple(value for value in found if isinstance(value, Literal))


def _statements(lines: Iterable[str]) -> tuple[Statement, ...]:
    text = "\n".join(sorted(lines))
    return tuple(
        Statement(quad.predicate.value, quad.object)
        for quad in parse(input=text, format=RdfFormat.N_TRIPLES)
        if isinstance(quad.object, NamedNode | Literal)
    )
