"""The publisher: from changed graphs to a new release, or to nothing at all.

A release is made in a folder of its own beside the others and moved into place when it is whole;
only then is ``current`` pointed to it. A crash at any moment leaves the old release serving, and
what it left behind is removed by the next publisher.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pesai.access.audiences import Reader, readers
from pesai.loading.canonical import Lines, checksum
from pesai.namespaces import Base
from pesai.releases import graphfile
from pesai.releases.audience_build import AudienceBuild, Origin
from pesai.releases.layout import BUILDING, Home, ReleaseFolder
from pesai.releases.lock import publisher_lock
from pesai.releases.manifest import AudienceEntry, GraphEntry, Manifest, software

__all__ = ["Change", "publish"]


@dataclass
class Change:
    """What is to become of the graphs.

    Attributes:
        put: new or replaced graphs: their entries (checksum and count are worked out) and lines.
        remove: IRIs of graphs that go.
        edit: entries that change without their content (another audience, say).
    """

    put: list[tuple[GraphEntry, Lines]] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)
    edit: list[GraphEntry] = field(default_factory=list)


def publish(home: Home, base: Base, change: Change, *, who: str, why: str) -> Manifest | None:
    """Make a release of the present graphs with a change, and switch to it.

    Returns:
        The new release's manifest, or ``None`` when nothing would change: there is no new release
        then.

    Raises:
        Conflict: another publisher is at work for too long.
        OSError: the disk is full, say; the old release goes on serving.
    """
    with publisher_lock(home.path):
        return _Publication(home, base, change).run(who, why)


class _Publication:
    def __init__(self, home: Home, base: Base, change: Change) -> None:
        self.home, self.base = home, base
        self.parent = home.current()
        self.old = self.parent.manifest() if self.parent else None
        self.lines: dict[str, Lines] = {}
        self.graphs, self.changed = self._plan(change)

    def _plan(self, change: Change) -> tuple[tuple[GraphEntry, ...], tuple[str, ...]]:
        """The graphs of the new release, and which of them differ from the old."""
        before = {graph.iri: graph for graph in self.old.graphs} if self.old else {}
        after = dict(before)
        for given, lines in change.put:
            entry = given.model_copy(update={"checksum": checksum(lines), "triples": len(lines)})
            present = before.get(entry.iri)
            if present and present.checksum == entry.checksum:
                # The time of loading is that of the content: the same content brings no new one.
                entry = entry.model_copy(update={"loaded": present.loaded})
            after[entry.iri] = entry
            self.lines[entry.iri] = lines
        for entry in change.edit:
            after[entry.iri] = entry
        for iri in change.remove:
            after.pop(iri, None)
        changed = sorted(i for i in {*before, *after} if before.get(i) != after.get(i))
        return tuple(after[iri] for iri in sorted(after)), tuple(changed)

    def run(self, who: str, why: str) -> Manifest | None:
        self.clear_debris()
        if not self.changed and self.old is not None and self.old.software == software():
            return None
        folder = self.home.releases / f"{BUILDING}{self.next_id()}"
        folder.mkdir(parents=True)
        self.write_graphs(folder)
        audiences = self.build_audiences(folder)
        manifest = Manifest(
            id=self.next_id(),
            parent=self.parent.id if self.parent else None,
            created=datetime.now(UTC).replace(microsecond=0),
            who=who,
            why=why,
            changed=self.changed,
            graphs=self.graphs,
            audiences=audiences,
            software=software(),
        )
        manifest.write(folder / "manifest.json")
        flush_to_disk(folder)
        release = self.move_into_place(folder, manifest.id)
        self.home.point_to(release)
        return manifest

    def clear_debris(self) -> None:
        """Remove what a publisher that died left behind."""
        for path in self.home.releases.glob(f"{BUILDING}*"):
            shutil.rmtree(path)

    def next_id(self) -> str:
        releases = self.home.all_releases()
        return f"{int(releases[-1].id) + 1 if releases else 1:06d}"

    def write_graphs(self, folder: Path) -> None:
        master = folder / "master"
        master.mkdir()
        for graph in self.graphs:
            if graph.iri in self.lines:
                graphfile.write(master, graph.iri, self.lines[graph.iri])
            elif self.parent is not None:
                name = graphfile.file_name(graph.iri)
                os.link(self.parent.master / name, master / name)

    def build_audiences(self, folder: Path) -> dict[str, AudienceEntry]:
        made: dict[str, AudienceEntry] = {}
        wider: Origin | None = None
        for reader in readers(graph.is_for() for graph in self.graphs):
            target = folder / reader.folder
            graphs = tuple(g for g in self.graphs if reader.may_read(g.is_for()))
            build = AudienceBuild(
                reader, target, folder / "master", graphs, self._origin(reader) or wider, self.base
            )
            made[reader.folder] = build.run()
            if reader.name != "owner":
                wider = Origin(target, made[reader.folder], folder / "master", same_reader=False)
        return made

    def _origin(self, reader: Reader) -> Origin | None:
        """The same reader's store in the parent release."""
        entry = self.old.audiences.get(reader.folder) if self.old else None
        if entry is None or self.parent is None:
            return None
        folder = self.parent.path / reader.folder
        return (
            Origin(folder, entry, self.parent.master, same_reader=True) if folder.is_dir() else None
        )

    def move_into_place(self, folder: Path, identifier: str) -> ReleaseFolder:
        target = self.home.releases / identifier
        folder.rename(target)
        flush_to_disk(self.home.releases, deep=False)
        return ReleaseFolder(target)


def flush_to_disk(folder: Path, *, deep: bool = True) -> None:
    """Have the kernel write a folder, so that what the pointer names survives a power cut."""
    paths: Iterable[Path] = [folder, *(folder.rglob("*") if deep else ())]
    for path in paths:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
