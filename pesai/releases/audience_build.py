"""Making one reader's folder of a new release from an earlier one."""

import hashlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Store

from pesai.access.audiences import Reader
from pesai.loading.canonical import Lines, checksum
from pesai.namespaces import Base
from pesai.releases import graphfile
from pesai.releases.contents import Contents, Origin
from pesai.releases.manifest import AudienceEntry, GraphEntry, StepEntry
from pesai.releases.steps import Step, StepContext, steps
from pesai.releases.stores import REBUILD_SHARE, Difference, bulk, checkpoint, difference, patch

__all__ = ["AudienceBuild", "contents_checksum", "link_tree"]


@dataclass
class AudienceBuild:
    """One reader's folder: ``store/``, ``derived/``, ``data.nq.gz``, ``checksum``, step files.

    Attributes:
        reader: the reader.
        folder: the folder to make.
        contents: the new release's graphs.
        graphs: entries of the graphs that the reader may read.
        previous: the same reader's folder in the parent release, if there is one.
        wider: the folder of the next wider reader in the new release, if there is one.
        base: makes IRIs.
    """

    reader: Reader
    folder: Path
    contents: Contents
    graphs: tuple[GraphEntry, ...]
    previous: Origin | None
    wider: Origin | None
    base: Base
    _done: dict[str, StepEntry] = field(default_factory=dict)
    _start: Origin | None = None
    _stale: dict[str, str] = field(default_factory=dict)
    _distinct: int = 0

    def run(self) -> AudienceEntry:
        """Make the folder."""
        kept = self._unchanged()
        if kept is not None:
            link_tree(kept.folder, self.folder)
            return kept.entry
        (self.folder / "derived").mkdir(parents=True)
        store = self._base_store()
        for step in self._steps:
            self._done[step.name] = self._step(step, store)
        self._drop_stale(store)
        store.flush()
        del store
        return self._finish()

    @property
    def _steps(self) -> Sequence[Step]:
        """The derived steps. A plain node holds what it was given and nothing else."""
        return () if self.base.plain else steps()

    @property
    def _wanted(self) -> dict[str, str]:
        return {graph.iri: graph.checksum for graph in self.graphs}

    def _unchanged(self) -> Origin | None:
        """The previous folder, when nothing of it changes: it is then kept as it is."""
        previous = self.previous
        if previous is None or previous.entry.graphs != self._wanted:
            return None
        if {step.name for step in self._steps} != set(previous.entry.steps):
            return None
        made = previous.entry.steps
        same = all(made[step.name].key == self._key(step, made) for step in self._steps)
        return previous if same else None

    def _base_store(self) -> Store:
        """A store with the reader's graphs: the nearest earlier one patched, or built in bulk."""
        target = self.folder / "store"
        for origin in (self.previous, self.wider):
            changes = self._changes(origin) if origin is not None else None
            if origin is not None and changes is not None:
                store = checkpoint(origin.folder / "store", target)
                self._start, self._stale = origin, dict(origin.entry.derived)
                self._distinct = origin.entry.triples
                self._patch(store, changes)
                return store
        contents = {iri: self._lines_of(iri) for iri in sorted(self._wanted)}
        default = self.base.default_graph
        store = bulk(target, contents, default)
        named = sum(graph.triples for graph in self.graphs if graph.iri != default)
        self._distinct = len(store) - named
        return store

    def _lines_of(self, iri: str) -> Callable[[], Lines]:
        return lambda: self.contents.lines(iri)

    def _changes(self, origin: Origin) -> list[Difference] | None:
        """How the reader's graphs differ from an origin; ``None`` when it is no good start.

        It is none where too much changes, and where a graph is no longer for this reader: deleted
        triples stay in the files of a store for a while, and what one may not read must not be in
        them.
        """
        have, wanted = origin.entry.graphs, self._wanted
        if have.keys() - wanted.keys():
            return None
        sizes = {graph.iri: graph.triples for graph in self.graphs}
        touched = sorted(iri for iri in wanted if have.get(iri) != wanted[iri])
        room = max(origin.entry.triples, 1)
        if sum(sizes[iri] for iri in touched if iri not in have) * REBUILD_SHARE > room:
            return None
        changes = [
            self.contents.difference(iri, origin.master, have.get(iri, ""), wanted[iri])
            for iri in touched
        ]
        return changes if sum(map(len, changes)) * REBUILD_SHARE <= room else None

    def _patch(self, store: Store, changes: list[Difference]) -> None:
        self._distinct += patch(store, changes, self.base.default_graph)

    def _inputs(self, step: Step, made: Mapping[str, StepEntry]) -> dict[str, str]:
        """What a step reads: graphs by entry (so that a new title counts), derived by checksum."""
        own = {g.iri: g.model_dump_json() for g in self.graphs if step.reads(g.kind, g.iri)}
        earlier = [made[name].graphs for name in step.after if name in made]
        derived = {iri: content for graphs in earlier for iri, content in graphs.items()}
        return own | {i: content for i, content in derived.items() if step.reads("derived", i)}

    def _key(self, step: Step, made: Mapping[str, StepEntry]) -> str:
        """A checksum over the step and everything it reads."""
        head = f"{step.name} {step.version} {self.reader} {self.base.iri}"
        inputs = sorted(self._inputs(step, made).items())
        text = "\n".join([head, *(f"{iri} {content}" for iri, content in inputs)])
        return hashlib.sha256(text.encode()).hexdigest()

    def _step(self, step: Step, store: Store) -> StepEntry:
        """Run a step, or take over what it made of the same inputs before."""
        key = self._key(step, self._done)
        old = self.previous.entry.steps.get(step.name) if self.previous else None
        if self.previous is not None and old is not None and old.key == key:
            return self._keep_step(old, self.previous, store)
        inputs = self._inputs(step, self._done)
        entries = tuple(graph for graph in self.graphs if graph.iri in inputs)
        earlier = self.previous if old is not None else None
        result = step.run(
            StepContext(
                self.reader, store, entries, tuple(sorted(inputs)), self.folder, self.base,
                earlier.folder if earlier else None,
            )
        )  # fmt: skip
        if result.kept and earlier is not None and old is not None:
            return self._keep_step(old.model_copy(update={"key": key}), earlier, store)
        result.check(step.name, self.folder, self.base, taken=self._derived())
        for iri, lines in result.graphs.items():
            graphfile.write(self.folder / "derived", iri, lines)
            self._put_derived(store, iri, lines)
        graphs = {iri: checksum(lines) for iri, lines in result.graphs.items()}
        sizes = sum(map(len, result.graphs.values()))
        return StepEntry(key=key, graphs=graphs, triples=sizes, files=result.files)

    def _keep_step(self, entry: StepEntry, previous: Origin, store: Store) -> StepEntry:
        for iri, content in entry.graphs.items():
            name = graphfile.file_name(iri)
            os.link(previous.folder / "derived" / name, self.folder / "derived" / name)
            if self._stale.get(iri) == content:
                del self._stale[iri]
            else:
                self._put_derived(store, iri, previous.lines(iri))
        for name in entry.files:
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            share(previous.folder / name, self.folder / name)
        return entry

    def _put_derived(self, store: Store, iri: str, lines: Lines) -> None:
        """Replace what the store that was started from holds of a derived graph."""
        held = self._stale.pop(iri, None)
        before = self._start.lines(iri) if held and self._start else ()
        self._patch(store, [difference(iri, before, lines)])

    def _drop_stale(self, store: Store) -> None:
        """Derived graphs of the store that was started from, which no step makes here."""
        if self._start is not None:
            gone = [difference(iri, self._start.lines(iri), ()) for iri in sorted(self._stale)]
            self._patch(store, gone)

    def _derived(self) -> dict[str, str]:
        return {iri: c for entry in self._done.values() for iri, c in entry.graphs.items()}

    def _finish(self) -> AudienceEntry:
        contents = {**self._wanted, **self._derived()}
        digest = contents_checksum(contents)
        (self.folder / "checksum").write_text(digest + "\n", encoding="ascii")
        files = [
            (self.contents.master if iri in self._wanted else self.folder / "derived")
            / graphfile.file_name(iri)
            for iri in sorted(contents)
        ]
        self.contents.written()
        graphfile.concatenate(files, self.folder / "data.nq.gz")
        named = sum(graph.triples for graph in self.graphs)
        named += sum(entry.triples for entry in self._done.values())
        return AudienceEntry(
            checksum=digest,
            triples=self._distinct,
            quads=named,
            graphs=self._wanted,
            steps=self._done,
        )


def contents_checksum(contents: Mapping[str, str]) -> str:
    """The checksum of a store, from those of its graphs."""
    text = "".join(f"{iri} {content}\n" for iri, content in sorted(contents.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def share(source: Path, target: Path) -> None:
    """The same finished file in a new folder: by hard link, or by copy when it is SQLite's.

    Writing to a hard-linked SQLite file would change the older release.
    """
    if source.suffix == ".sqlite":
        shutil.copy2(source, target)
    else:
        os.link(source, target)


def link_tree(source: Path, target: Path) -> None:
    """The same finished files in a new folder."""
    shutil.copytree(source, target, copy_function=lambda old, new: share(Path(old), Path(new)))
