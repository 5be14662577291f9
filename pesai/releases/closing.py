"""Older releases that are closed to a reader: today's rights decide who may read them.

Each manifest says what its release narrowed or took back (``limits``). A release is closed to a
reader when its store for that reader holds a graph that a later release closed to him.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

from pesai.access.audiences import Audience, Reader
from pesai.errors import Gone
from pesai.releases.layout import Home, ReleaseFolder
from pesai.releases.manifest import Limit

__all__ = ["Closures"]


@dataclass(frozen=True)
class _Event:
    release: str
    date: str
    why: str
    limit: Limit


@dataclass
class Closures:
    """The limits of all releases of a home, read once and then only those of new releases."""

    home: Home
    _seen: set[str] = field(default_factory=set)
    _events: list[_Event] = field(default_factory=list)
    _stamp: tuple[int, str | None] = (-1, None)
    _lock: Lock = field(default_factory=Lock)

    def closed_graphs(self, reader: Reader, release: ReleaseFolder) -> dict[str, Gone]:
        """The graphs of a reader's store at a release that are closed to him, each with the reason.

        Graphs that the store was made again without are not among them.
        """
        self._refresh()
        later = [event for event in self._events if event.release > release.id]
        if not later:
            return {}
        held = set(release.entry(reader).graphs)
        found = {}
        for iri in sorted(held & {event.limit.graph for event in later}):
            closing = _closing([e for e in later if e.limit.graph == iri], reader)
            if closing is not None:
                found[iri] = _gone(release, closing)
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
        for release in self.home.all_releases():
            if release.id not in self._seen:
                self._seen.add(release.id)
                self._events.extend(_events(release.path / "manifest.json"))
        self._events.sort(key=lambda event: event.release)
        self._stamp = stamp


def _events(path: Path) -> list[_Event]:
    manifest: dict[str, Any] = json.loads(path.read_bytes())
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


def _gone(release: ReleaseFolder, event: _Event) -> Gone:
    return Gone(
        "Release {id} is closed to you since {date}: a graph in it was taken back or is for fewer "
        "readers now. Reason given: {why}",
        id=release.id,
        date=event.date,
        why=event.why,
    )
