"""What exists, for those who will read a graph: where its references may lead."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import DefaultGraph, NamedNode, Store

from pesai.access.audiences import Audience, Reader
from pesai.loading.canonical import Lines
from pesai.namespaces import RDF
from pesai.releases.layout import Home

__all__ = ["Known", "readers_of"]

_DEFAULT = DefaultGraph()


def readers_of(audience: Audience) -> tuple[Reader, ...]:
    """The readers with the fewest rights among those who may read a graph."""
    if audience.owners:
        return tuple(Reader("owner", owner) for owner in audience.owners)
    return (Reader(audience.name),)


@dataclass
class _Fresh:
    """A graph of this run."""

    audience: Audience
    lines: Lines

    @cached_property
    def things(self) -> dict[str, list[str]]:
        """The lines by subject (``<…>``); made when a later source of the run asks."""
        found: dict[str, list[str]] = {}
        for line in self.lines:
            found.setdefault(_subject(line), []).append(line)
        return found


class Known:
    """The things of the present release, and those that were loaded before in this run.

    A thing is known for an audience when everyone who may read the graph may read a graph that
    says something of the thing: a reference must lead all of its readers somewhere. Graphs that
    this run replaces do not count with what they held before.
    """

    def __init__(self, home: Home) -> None:
        current = home.current()
        # It may be lost, and about to be made again.
        self._current = current if current is not None and current.path.is_dir() else None
        self._stores: dict[str, Store] = {}
        self._fresh: list[_Fresh] = []
        self._replaced: set[NamedNode] = set()

    def begin(self, graph: NamedNode) -> None:
        """A graph is about to be replaced: what it holds in the present release counts no more."""
        self._replaced.add(graph)

    def give_back(self, graph: NamedNode) -> None:
        """A graph is not replaced after all."""
        self._replaced.discard(graph)

    def add(self, audience: Audience, lines: Lines) -> None:
        """What a graph for that audience holds from now on."""
        self._fresh.append(_Fresh(audience, lines))

    def for_(self, audience: Audience) -> Callable[[str], bool]:
        """Tells whether an IRI is known to all who may read a graph for that audience."""
        everyone = readers_of(audience)
        return lambda iri: all(
            next(self._said(reader, f"<{iri}>"), None) is not None for reader in everyone
        )

    def said(self, audience: Audience) -> Callable[[str], list[str]]:
        """Gives what all who may read a graph for that audience may read about an IRI, as lines."""
        everyone = readers_of(audience)
        return lambda iri: sorted(
            set.intersection(*(set(self._said(reader, f"<{iri}>")) for reader in everyone))
        )

    def things(self, audience: Audience) -> Callable[[str], list[str]]:
        """Gives the IRIs known to all of them that begin with a text; slow, for hints only."""
        knows = self.for_(audience)
        return lambda beginning: [iri for iri in self._named(beginning) if knows(iri)]

    def _named(self, beginning: str) -> list[str]:
        found = {
            thing[1:-1]
            for fresh in self._fresh
            for thing in fresh.things
            if thing.startswith("<" + beginning)
        }
        for store in self._stores.values():
            for quad in store.quads_for_pattern(None, RDF.type, None):
                if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(beginning):
                    found.add(quad.subject.value)
        return sorted(found)

    def neighbourhood(self, audience: Audience, lines: Lines) -> list[str]:
        """What other graphs, which all readers of a graph may read, say of the things in it.

        Where they say more of a thing that the graph tells of, that leads one step further: the
        shapes look at the whole thing then.

        Returns:
            Lines in N-Triples.
        """
        told = {_subject(line) for line in lines}
        near = told | _named(lines)
        found = self._descriptions(audience, near)
        further = _named(line for line in found if _subject(line) in told)
        return found + self._descriptions(audience, further - near)

    def _descriptions(self, audience: Audience, things: Iterable[str]) -> list[str]:
        everyone = readers_of(audience)
        found: list[str] = []
        for thing in sorted(things):
            views = [set(self._said(reader, thing)) for reader in everyone]
            found.extend(sorted(set.intersection(*views)))
        return found

    def _said(self, reader: Reader, thing: str) -> Iterator[str]:
        """The lines about a thing (``<…>``) in all graphs that a reader may read."""
        for fresh in self._fresh:
            if reader.may_read(fresh.audience):
                yield from fresh.things.get(thing, ())
        if self._current is not None:
            for quad in self._store(reader).quads_for_pattern(NamedNode(thing[1:-1]), None, None):
                if quad.graph_name != _DEFAULT and quad.graph_name not in self._replaced:
                    yield f"{quad.triple} ."

    def _store(self, reader: Reader) -> Store:
        if self._current is None:  # pragma: no cover - asked for only where there is one
            raise LookupError("there is no release")
        path = str(self._current.store(reader))
        if path not in self._stores:
            self._stores[path] = Store.read_only(path)
        return self._stores[path]


def _subject(line: str) -> str:
    return line[: line.index(" ")]


def _named(lines: Iterable[str]) -> set[str]:
    """The IRIs (``<…>``) that lines end with."""
    objects = (line[line.rindex(" ", 0, -2) + 1 : -2] for line in lines)
    return {value for value in objects if value.startswith("<")}
