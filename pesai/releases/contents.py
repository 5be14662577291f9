"""What graphs hold, read and compared once however many readers' stores are made of it."""

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from pesai.loading.canonical import Lines
from pesai.releases import graphfile
from pesai.releases.manifest import AudienceEntry
from pesai.releases.stores import Difference, difference

__all__ = ["Contents", "Origin"]


@dataclass(frozen=True)
class Origin:
    """A finished reader's folder to start from: its entry, and where its graphs' files are."""

    folder: Path
    entry: AudienceEntry
    master: Path

    def lines(self, iri: str) -> Lines:
        """The lines of one of its graphs, derived ones included."""
        folder = self.master if iri in self.entry.graphs else self.folder / "derived"
        return graphfile.read(folder, iri)


@dataclass
class Contents:
    """The graphs of the new release: those that came in are at hand, others in ``master``.

    The files of those that came in are written aside: while the engine loads the first store of
    them, this process has nothing else to do.
    """

    master: Path
    fresh: Mapping[str, Lines] = field(default_factory=dict)
    _writing: Future[None] | None = None
    _differences: dict[tuple[str, str, str], Difference] = field(default_factory=dict)

    def take(self, fresh: Mapping[str, Lines]) -> None:
        """Take what came in, and begin to write its files."""
        self.fresh = fresh
        aside = ThreadPoolExecutor(1, "files")
        self._writing = aside.submit(self._write)
        aside.shutdown(wait=False)

    def _write(self) -> None:
        for iri, lines in self.fresh.items():
            graphfile.write(self.master, iri, lines)

    def written(self) -> None:
        """Wait until they are there.

        Raises:
            OSError: one could not be written: the disk is full, say.
        """
        if self._writing is not None:
            self._writing.result()

    def lines(self, iri: str) -> Lines:
        """The lines of a graph of the new release."""
        if iri in self.fresh:
            return self.fresh[iri]
        return graphfile.read(self.master, iri)

    def difference(self, iri: str, master: Path, old: str, new: str) -> Difference:
        """How a graph differs between an earlier state and the new release.

        Args:
            iri: the graph.
            master: where its file of then is.
            old: its checksum of then; empty when it was not there for this reader.
            new: its checksum in the new release; empty when it is not for this reader.
        """
        key = (iri, old, new)
        if key not in self._differences:
            before = graphfile.read(master, iri) if old else ()
            self._differences[key] = difference(iri, before, self.lines(iri) if new else ())
        return self._differences[key]
