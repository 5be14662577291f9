"""The publisher: from changed graphs to a new release, or to nothing at all.

A release is made in a folder of its own beside the others and moved into place when it is whole;
only then is ``current`` pointed to it. A crash at any moment leaves the old release serving, and
what it left behind is removed by the next publisher.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pesai.access.audiences import readers
from pesai.durable import inodes, sync, sync_tree
from pesai.errors import Conflict, Failed
from pesai.namespaces import Base
from pesai.releases import graphfile, recovery, sources
from pesai.releases.audience_build import AudienceBuild
from pesai.releases.contents import Contents, Origin
from pesai.releases.journal import Journal, Line
from pesai.releases.layout import BUILDING, Home
from pesai.releases.lock import Held, publisher_lock
from pesai.releases.manifest import AudienceEntry, Manifest, software
from pesai.releases.plan import Change, Plan
from pesai.releases.status import now
from pesai.releases.steps import steps

__all__ = ["Change", "Tell", "publish", "publish_held"]

Tell = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


def tell_nobody(_what: str, _done: int, _total: int) -> None:
    """For those who do not care how far it is."""


def publish(home: Home, base: Base, change: Change, *, who: str, why: str) -> Manifest | None:
    """Take the lock, make a release of the present graphs with a change, and switch to it.

    Returns:
        The new release's manifest, or ``None`` when nothing would change: there is no new release
        then.

    Raises:
        Conflict: another publisher is at work for too long, or the home has another base IRI.
        Failed: the home cannot be written to.
        OSError: the disk is full, say; the old release goes on serving.
    """
    with publisher_lock(home) as held:
        return publish_held(held, base, change, who=who, why=why)


def publish_held(
    held: Held,
    base: Base,
    change: Change,
    *,
    who: str,
    why: str,
    files: Sequence[Path] = (),
    fresh: bool = False,
    tell: Tell = tell_nobody,
) -> Manifest | None:
    """As ``publish``, for one who holds the lock already.

    Args:
        held: the lock.
        base: makes IRIs.
        change: what is to become of the graphs.
        who: who asked for it; told in the manifest.
        why: the reason; told in the manifest.
        files: the sources that the change came from, to be kept.
        fresh: make all files and stores anew, even when nothing changed.
        tell: told how far it is.
    """
    recovery.clear_debris(held)
    publication = Publication(held.home, base, files, fresh=fresh, tell=tell)
    plan = Plan.of(publication.old, change, fresh=fresh)
    if publication.is_up_to_date(plan):
        return None
    return publication.run(plan, who, why)


@dataclass
class Publication:
    """The making of one release, stage by stage. A test kills it before and after each."""

    home: Home
    base: Base
    sources: Sequence[Path] = ()
    fresh: bool = False
    tell: Tell = tell_nobody
    made: dict[str, AudienceEntry] = field(default_factory=dict)
    differs: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.parent = self.home.current()
        if self.fresh and self.parent is not None and not self.parent.path.is_dir():
            self.parent = None  # it was lost, and is made again
        self.old = self._old_manifest()
        if self.old is not None and self.old.base != self.base.iri and not self.fresh:
            raise Conflict(
                "the graphs in {home} were made for {old}, and PESAI_BASE_IRI is {new} now: set it "
                "back, or run 'pesai rebuild' to make them again under the new names",
                home=self.home.path,
                old=self.old.base,
                new=self.base.iri,
            )
        if self.old is not None and self.old.plain != self.base.plain:
            raise Conflict(
                "the graphs in {home} were made with PESAI_DATASET={old}: set it back, or choose "
                "another PESAI_HOME",
                home=self.home.path,
                old="plain" if self.old.plain else "union",
            )
        self.software = software({step.name: step.version for step in steps()})
        last = self.home.last_number() or Journal(self.home.sources).last_release()
        self.id = f"{last + 1:06d}"
        self.folder = self.home.releases / f"{BUILDING}{self.id}"
        self.contents = Contents(self.folder / "master")

    def _old_manifest(self) -> Manifest | None:
        """What the present release says; nothing when all is made anew and it says nothing."""
        if self.parent is None:
            return None
        try:
            return self.parent.manifest()
        except Failed:
            if not self.fresh:
                raise
            return None

    def is_up_to_date(self, plan: Plan) -> bool:
        """Whether the present release is what would be made."""
        if self.fresh or self.old is None:
            return False
        return not plan.changed and self.old.software == self.software

    def run(self, plan: Plan, who: str, why: str) -> Manifest:
        """All stages."""
        try:
            self.begin()
            self.stage_sources()
            self.write_graphs(plan)
            self.build_audiences(plan)
            manifest = self.write_manifest(plan, who, why)
            self.to_disk()
            self.keep_sources()
            self.journal(plan, manifest)
            self.move_into_place()
            self.switch()
        except BaseException:
            # A full disk must not stay full. What cannot be undone now, the next publisher undoes.
            with suppress(Exception):  # whatever it ended with, nothing is written from here on
                self.contents.written()
            with suppress(OSError):
                recovery.give_up(self.home, self.id)
            raise
        return manifest

    def begin(self) -> None:
        """Mark the release as unborn, and make its folder."""
        self.home.prepare_switch(self.id)
        self.folder.mkdir(parents=True)

    def stage_sources(self) -> None:
        """Copy the sources that came in into the folder."""
        sources.stage(self.folder / "sources", self.sources, self.home.sources)

    def write_graphs(self, plan: Plan) -> None:
        """The canonical files of all graphs: linked, or written from now on when they changed."""
        master = self.contents.master
        master.mkdir()
        fresh = {g.iri: plan.lines[g.iri] for g in plan.graphs if g.iri in plan.lines}
        for graph in plan.graphs:
            if graph.iri not in fresh and self.parent is not None:
                name = graphfile.file_name(graph.iri)
                os.link(self.parent.master / name, master / name)
        self.contents.take(fresh)

    def build_audiences(self, plan: Plan) -> None:
        """One folder per reader; each of the wider readers' stores helps to make the next."""
        wider: Origin | None = None
        everyone = readers(graph.is_for() for graph in plan.graphs)
        for number, reader in enumerate(everyone):
            self.tell("stores", number, len(everyone))
            target = self.folder / reader.folder
            graphs = tuple(g for g in plan.graphs if reader.may_read(g.is_for()))
            entry = AudienceBuild(
                reader,
                target,
                self.contents,
                graphs,
                self._previous(reader.folder),
                wider,
                self.base,
            ).run()
            self.made[reader.folder] = entry
            if reader.name != "owner":
                wider = Origin(target, entry, self.contents.master)
        self.tell("stores", len(everyone), len(everyone))
        self.contents.written()
        self.differs = dict(self._differences(plan))

    def _differences(self, plan: Plan) -> Iterator[tuple[str, tuple[int, int]]]:
        """How many triples came and went in each graph: pages tell it as often as asked."""
        if self.fresh or self.parent is None or self.old is None:
            return
        for graph in plan.graphs:
            was = self.old.graph(graph.iri)
            if was is not None and was.checksum != graph.checksum:
                found = self.contents.difference(
                    graph.iri, self.parent.master, was.checksum, graph.checksum
                )
                yield graph.iri, (len(found.added), len(found.removed))

    def _previous(self, reader_folder: str) -> Origin | None:
        """The same reader's folder in the parent release, when it can be built upon."""
        if self.old is None or self.parent is None or self.fresh:
            return None
        if self.old.software["pyoxigraph"] != self.software["pyoxigraph"]:
            return None
        entry, folder = self.parent.entries().get(reader_folder), self.parent.path / reader_folder
        if entry is None or not folder.is_dir():
            return None
        return Origin(folder, entry, self.parent.master)

    def write_manifest(self, plan: Plan, who: str, why: str) -> Manifest:
        """Say what the release holds."""
        manifest = Manifest(
            id=self.id,
            base=self.base.iri,
            plain=self.base.plain,
            parent=self.parent.id if self.parent else None,
            created=now(),
            who=who,
            why=why,
            changed=plan.changed,
            graphs=plan.graphs,
            audiences=self.made,
            software=self.software,
            limits=plan.limits,
            differs=self.differs,
        )
        manifest.write(self.folder / "manifest.json")
        return manifest

    def to_disk(self) -> None:
        """Have the kernel write what is new, so that what is pointed to survives a power cut."""
        safe = inodes(self.parent.path) if self.parent else frozenset()
        sync_tree(self.folder, safe)

    def keep_sources(self) -> None:
        """Move the sources to those that are kept for good."""
        sources.accept(self.folder / "sources", self.home.sources)

    def journal(self, plan: Plan, manifest: Manifest) -> None:
        """Note what was loaded beside the kept sources."""
        line = Line(
            release=manifest.id,
            parent=manifest.parent,
            put=tuple(graph for graph in plan.graphs if graph.iri in plan.changed),
            remove=plan.removed,
            who=manifest.who,
            why=manifest.why,
        )
        Journal(self.home.sources).append(line)

    def move_into_place(self) -> None:
        """Give the folder its name."""
        self.folder.rename(self.home.releases / self.id)
        sync(self.home.releases)

    def switch(self) -> None:
        """Move the pointer. From here on the release exists."""
        self.home.switch()
