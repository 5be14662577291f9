"""Making one reader's folder of a new release from an earlier one."""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Store

from pesai.access.audiences import Reader
from pesai.loading.canonical import Lines, checksum
from pesai.namespaces import Base
from pesai.releases import graphfile
from pesai.releases.manifest import AudienceEntry, GraphEntry, StepEntry
from pesai.releases.steps import Step, StepContext, steps
from pesai.releases.stores import REBUILD_SHARE, bulk, checkpoint, difference, patch

__all__ = ["AudienceBuild", "Origin"]

LinesOf = Callable[[], Lines]


@dataclass(frozen=True)
class Origin:
    """A finished store to start from: its folder, entry, and where its graphs' files are."""

    folder: Path
    entry: AudienceEntry
    master: Path
    same_reader: bool

    def lines(self, iri: str) -> Lines:
        """The lines of one of its graphs, derived ones included."""
        folder = self.master if iri in self.entry.graphs else self.folder / "derived"
        return graphfile.read(folder, iri)

    @property
    def contents(self) -> dict[str, str]:
        """Checksums of everything its store holds."""
        return {**self.entry.graphs, **self.entry.derived}


@dataclass
class AudienceBuild:
    """One reader's folder: ``store/``, ``derived/``, ``data.nq.gz``, ``checksum``, step files.

    Attributes:
        reader: the reader.
        folder: the folder to make.
        master: the new release's graph files.
        graphs: entries of the graphs that the reader may read.
        origin: the store to start from, if there is one.
        base: makes IRIs.
    """

    reader: Reader
    folder: Path
    master: Path
    graphs: tuple[GraphEntry, ...]
    origin: Origin | None
    base: Base
    _done: dict[str, StepEntry] = field(default_factory=dict)

    def run(self) -> AudienceEntry:
        """Make the folder."""
        kept = self._unchanged()
        if kept is not None:
            link_tree(kept.folder, self.folder)
            return kept.entry
        (self.folder / "derived").mkdir(parents=True)
        store = self._base_store()
        for step in steps():
            self._run_step(step, store)
        self._drop_leftovers(store)
        quads = len(store)
        store.flush()
        del store
        return self._finish(quads)

    @property
    def _wanted(self) -> dict[str, str]:
        return {graph.iri: graph.checksum for graph in self.graphs}

    def _unchanged(self) -> Origin | None:
        """The origin, when nothing of it changes: its folder is then kept as it is."""
        origin = self.origin
        if origin is None or not origin.same_reader or origin.entry.graphs != self._wanted:
            return None
        if {step.name for step in steps()} != set(origin.entry.steps):
            return None
        keys = {step.name: self._key(step, origin.entry.derived) for step in steps()}
        same = all(origin.entry.steps[name].key == key for name, key in keys.items())
        return origin if same else None

    def _base_store(self) -> Store:
        target = self.folder / "store"
        wanted, origin = self._wanted, self.origin
        if origin is not None:
            have = origin.entry.graphs
            touched = {i for i in {*have, *wanted} if have.get(i) != wanted.get(i)}
            changes = [
                difference(
                    iri,
                    origin.lines(iri) if iri in have else (),
                    graphfile.read(self.master, iri) if iri in wanted else (),
                )
                for iri in sorted(touched)
            ]
            if sum(map(len, changes)) * REBUILD_SHARE <= max(origin.entry.quads, 1):
                store = checkpoint(origin.folder / "store", target)
                patch(store, changes)
                return store
            self.origin = None if not origin.same_reader else origin
        self._rebuilt = True
        return bulk(target, {iri: self._reading(iri) for iri in sorted(wanted)})

    _rebuilt = False

    def _reading(self, iri: str) -> LinesOf:
        return lambda: graphfile.read(self.master, iri)

    def _inputs(self, step: Step, derived: Mapping[str, str]) -> dict[str, str]:
        """What a step reads: graphs by entry (so that a new title counts), derived by checksum."""
        own = {g.iri: g.model_dump_json() for g in self.graphs if step.reads(g.kind, g.iri)}
        return own | {iri: c for iri, c in derived.items() if step.reads("derived", iri)}

    def _key(self, step: Step, derived: Mapping[str, str]) -> str:
        digest = hashlib.sha256(f"{step.name} {step.version} {self.reader}".encode())
        for iri, content in sorted(self._inputs(step, derived).items()):
            digest.update(f"\n{iri} {content}".encode())
        return digest.hexdigest()

    def _run_step(self, step: Step, store: Store) -> None:
        before = self._derived_so_far()
        key = self._key(step, before)
        old = self.origin.entry.steps.get(step.name) if self.origin else None
        if old is not None and old.key == key and self.origin is not None:
            self._keep_step(old, self.origin, store)
            self._done[step.name] = old
            return
        inputs = self._inputs(step, before)
        entries = tuple(graph for graph in self.graphs if graph.iri in inputs)
        result = step.run(
            StepContext(self.reader, store, entries, tuple(sorted(inputs)), self.folder, self.base)
        )
        for iri, lines in result.graphs.items():
            graphfile.write(self.folder / "derived", iri, lines)
            patch(store, [difference(iri, self._in_store(iri), lines)])
        graphs = {iri: checksum(lines) for iri, lines in result.graphs.items()}
        self._done[step.name] = StepEntry(key=key, graphs=graphs, files=result.files)

    def _keep_step(self, entry: StepEntry, origin: Origin, store: Store) -> None:
        for iri in entry.graphs:
            name = graphfile.file_name(iri)
            os.link(origin.folder / "derived" / name, self.folder / "derived" / name)
            if self._rebuilt:
                patch(store, [difference(iri, (), origin.lines(iri))])
        for name in entry.files:
            # A copy: writing to a hard-linked SQLite file would change the older release.
            shutil.copy2(origin.folder / name, self.folder / name)

    def _derived_so_far(self) -> dict[str, str]:
        return {iri: c for entry in self._done.values() for iri, c in entry.graphs.items()}

    def _in_store(self, iri: str) -> Lines:
        """What the store holds of a derived graph before its step is run again."""
        if self.origin is None or self._rebuilt or iri not in self.origin.entry.derived:
            return ()
        return self.origin.lines(iri)

    def _drop_leftovers(self, store: Store) -> None:
        """Derived graphs that no step makes any more."""
        if self.origin is None or self._rebuilt:
            return
        kept = self._derived_so_far()
        gone = sorted(set(self.origin.entry.derived) - set(kept))
        patch(store, [difference(iri, self.origin.lines(iri), ()) for iri in gone])

    def _finish(self, quads: int) -> AudienceEntry:
        contents = {**self._wanted, **self._derived_so_far()}
        digest = hashlib.sha256("".join(f"{i} {c}\n" for i, c in sorted(contents.items())).encode())
        (self.folder / "checksum").write_text(digest.hexdigest() + "\n", encoding="ascii")
        files = [
            (self.master if iri in self._wanted else self.folder / "derived")
            / graphfile.file_name(iri)
            for iri in sorted(contents)
        ]
        graphfile.concatenate(files, self.folder / "data.nq.gz")
        return AudienceEntry(
            checksum=digest.hexdigest(), quads=quads, graphs=self._wanted, steps=self._done
        )


def link_tree(source: Path, target: Path) -> None:
    """The same finished files in a new folder, by hard links; SQLite files by copy."""

    def link(file: str, to: str) -> None:
        if file.endswith(".sqlite"):
            shutil.copy2(file, to)
        else:
            os.link(file, to)

    shutil.copytree(source, target, copy_function=link)
