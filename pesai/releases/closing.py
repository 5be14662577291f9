"""Older releases that are closed to a reader: today's rights decide who may read them.

Each manifest says what its release narrowed or took back (``limits``). A release is closed to a
reader when its store for that reader holds a graph that a later release closed to him, or one that
the release that is served now holds for others only.

Graphs are the same when their kind and name are: their IRIs change with the base of the node.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from pesai.access.audiences import Audience, Reader
from pesai.errors import Gone
from pesai.releases.layout import Home, ReleaseFolder
from pesai.releases.manifest import Limit

__all__ = ["Closures"]

_Name = tuple[str, str]


@dataclass(frozen=True)
class _Event:
    release: str
    date: str
    why: str
    limit: Limit


@dataclass(frozen=True)
class _Present:
    """For whom the graphs of the release that is served are, and since when, by kind and name."""

    release: str = ""
    graphs: Mapping[_Name, tuple[Audience, str]] = field(default_factory=dict)


@dataclass
class Closures:
    """The limits of all releases of a home, read once and then only those of new releases."""

    home: Home
    _seen: set[str] = field(default_factory=set)
    _events: list[_Event] = field(default_factory=list)
    _names: dict[str, _Name] = field(default_factory=dict)
    _present: _Present = field(default_factory=_Present)
    _stamp: tuple[int, str | None] = (-1, None)
    _lock: Lock = field(default_factory=Lock)

    def closed_graphs(self, reader: Reader, release: ReleaseFolder) -> dict[str, Gone]:
        """The graphs of a reader's store at a release that are closed to him, each with the reason.

        Graphs that the store was made again without are not among them.
        """
        self._refresh()
        later = [event for event in self._events if event.release > release.id]
        present = self._served()
        elsewhere = {
            name: date
            for name, (audience, date) in present.graphs.items()
            if present.release != release.id and not reader.may_read(audience)
        }
        if not later and not elsewhere:
            return {}
        touched = {self._name(event.limit.graph) for event in later} | elsewhere.keys()
        found = {}
        for iri in sorted(release.entry(reader).graphs):
            name = self._name(iri)
            if name not in touched:
                continue
            events = [event for event in later if self._name(event.limit.graph) == name]
            closing = _closing(events, reader)
            if closing is not None:
                found[iri] = _gone(release, closing.date, closing.why)
            elif name in elsewhere:
                found[iri] = _gone(release, elsewhere[name], "it is no longer for this audience")
        return found

    def check(self, reader: Reader, release: ReleaseFolder) -> None:
        """Let a reader pass, or not.

        Raises:
            Gone: the release was withdrawn or pruned, or is closed to this reader.
        """
        release.check_present()
        for gone in self.closed_graphs(reader, release).values():
            raise gone

    def _refresh(self) -> None:
        """Read the manifests that are new since the last time."""
        try:
            stamp = (self.home.releases.stat().st_mtime_ns, self.home.about_to_switch())
        except FileNotFoundError:
            return
        if stamp != self._stamp:
            with self._lock:
                self._read(stamp)

    def _read(self, stamp: tuple[int, str | None]) -> None:
        fresh = [r for r in self.home.all_releases() if r.id not in self._seen]
        manifests = [_manifest(release) for release in fresh]
        for manifest in manifests:
            self._names.update((graph["iri"], _name_of(graph)) for graph in manifest["graphs"])
        events = [*self._events, *(event for each in manifests for event in _events(each))]
        # Others read the list meanwhile: it is replaced, never changed.
        self._events = sorted(events, key=lambda event: event.release)
        self._seen.update(release.id for release in fresh)
        self._stamp = stamp

    def _served(self) -> _Present:
        """What the release that is served says of its graphs; read once for each release."""
        current, present = self.home.current(), self._present
        if current is None or not current.path.is_dir():
            return _Present()
        if current.id != present.release:
            graphs = {
                _name_of(graph): (Audience.parse(graph["audience"]), graph["loaded"][:10])
                for graph in _manifest(current)["graphs"]
            }
            self._present = present = _Present(current.id, graphs)
        return present

    def _name(self, iri: str) -> _Name:
        return self._names.get(iri, ("", iri))


def _manifest(release: ReleaseFolder) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((release.path / "manifest.json").read_bytes())
    return found


def _name_of(graph: Mapping[str, str]) -> _Name:
    return graph["kind"], graph["name"]


def _events(manifest: dict[str, Any]) -> list[_Event]:
    return [
        _Event(manifest["id"], manifest["created"][:10], manifest["why"], Limit(**limit))
        for limit in manifest.get("limits", ())
    ]


def _closing(events: list[_Event], reader: Reader) -> _Event | None:
    """The event that closes a graph to a reader, after all that happened to it since."""
    closing: _Event | None = None
    for event in events:
        audience = event.limit.audience
        if not audience:
            return event
        if not reader.may_read(Audience.parse(audience)):
            closing = closing or event
        elif event.limit.wider:
            closing = None
    return closing


def _gone(release: ReleaseFolder, date: str, why: str) -> Gone:
    return Gone(
        "Release {id} is closed to you since {date}: a graph in it was taken back or is for fewer "
        "readers now. Reason given: {why}",
        id=release.id,
        date=date,
        why=why,
    )
