"""Whether a release is what its manifest says, down to the triples of every store."""

import gzip
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Store

from pesai.access.audiences import Reader, readers
from pesai.loading.canonical import Lines, checksum
from pesai.releases import graphfile
from pesai.releases.audience_build import contents_checksum
from pesai.releases.layout import ReleaseFolder
from pesai.releases.manifest import AudienceEntry, Manifest

__all__ = ["Defect", "verify"]


@dataclass(frozen=True)
class Defect:
    """Something that is not as the manifest says: where, and what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


def verify(release: ReleaseFolder) -> list[Defect]:
    """Everything about a release that is not as it should be; nothing when all is well.

    Raises:
        Gone: it was withdrawn, or its stores were pruned.
    """
    release.check_present()
    return list(_Verification(release).defects())


class _Verification:
    def __init__(self, release: ReleaseFolder) -> None:
        self.release = release
        self.manifest: Manifest = release.manifest()
        self.entries = release.entries()

    def defects(self) -> Iterator[Defect]:
        for graph in self.manifest.graphs:
            yield from _file(self.release.master, "master", graph.iri, graph.checksum)
        yield from self._folders()
        for name, entry in self.entries.items():
            if (self.release.path / name).is_dir():
                yield from self._reader(name, entry)

    def _folders(self) -> Iterator[Defect]:
        """Each reader has a folder, and there is no other."""
        expected = {reader.folder for reader in readers(g.is_for() for g in self.manifest.graphs)}
        present = {path.name for path in self.release.path.iterdir() if path.is_dir()} - {"master"}
        for name in sorted(expected | present | self.entries.keys()):
            if name not in present:
                yield Defect(name, "the folder is missing")
            elif name not in expected or name not in self.entries:
                yield Defect(
                    name, "there is a folder for a reader of whom the manifest says nothing"
                )

    def _reader(self, name: str, entry: AudienceEntry) -> Iterator[Defect]:
        folder, reader = self.release.path / name, Reader.of_folder(name)
        visible = {g.iri: g.checksum for g in self.manifest.graphs if reader.may_read(g.is_for())}
        remade = name in self.release.status().remade
        if not (entry.graphs.items() <= visible.items() if remade else entry.graphs == visible):
            yield Defect(name, "the graphs are not those that the reader may read")
        for iri, digest in entry.derived.items():
            yield from _file(folder / "derived", f"{name}/derived", iri, digest)
        for step in entry.steps.values():
            for file in step.files:
                if not (folder / file).is_file():
                    yield Defect(f"{name}/{file}", "the file of a derived step is missing")
        contents = {**entry.graphs, **entry.derived}
        for found in (self.release.checksum(reader), contents_checksum(contents)):
            if found != entry.checksum:
                yield Defect(f"{name}/checksum", f"is {found}, should be {entry.checksum}")
        yield from self._dump(name, contents, entry)
        yield from _store(folder, name, contents, entry, self.manifest.names().default_graph)

    def _dump(
        self, name: str, contents: Mapping[str, str], entry: AudienceEntry
    ) -> Iterator[Defect]:
        folder = self.release.path / name
        places = {
            iri: self.release.master if iri in entry.graphs else folder / "derived"
            for iri in contents
        }
        try:
            dump = gzip.decompress((folder / "data.nq.gz").read_bytes()).decode()
            whole = "".join(
                graphfile.quads_text(iri, graphfile.read(places[iri], iri))
                for iri in sorted(places)
            )
        except graphfile.DAMAGE as error:
            yield Defect(f"{name}/data.nq.gz", f"cannot be read: {error}")
            return
        if dump != whole:
            yield Defect(f"{name}/data.nq.gz", "does not hold the graphs of the reader")


def _file(folder: Path, where: str, iri: str, digest: str) -> Iterator[Defect]:
    """The canonical file of a graph against its checksum."""
    place = f"{where}/{graphfile.file_name(iri)} ({iri})"
    try:
        lines = graphfile.read(folder, iri)
    except graphfile.DAMAGE as error:
        yield Defect(place, f"cannot be read: {error}")
        return
    if checksum(lines) != digest:
        yield Defect(place, f"has the checksum {checksum(lines)}, should be {digest}")


def _store(
    folder: Path,
    name: str,
    contents: Mapping[str, str],
    entry: AudienceEntry,
    own: str | None,
) -> Iterator[Defect]:
    """The store against the checksums of its graphs; its default graph against their union.

    ``own`` is the name of the default graph where that is a graph of its own.
    """
    where = f"{name}/store"
    try:
        held = _in_store(folder / "store")
    except (OSError, RuntimeError) as error:  # the engine's word for a damaged block
        yield Defect(where, f"cannot be read: {error}")
        return
    plain = held.pop("", ())
    default = set(plain)
    if own is not None and own in contents:
        held[own] = plain
    for iri in sorted({*held, *contents}):
        found = checksum(held.get(iri, ()))
        if iri not in contents:
            yield Defect(where, f"holds the graph {iri}, which is not the reader's")
        elif found != contents[iri]:
            yield Defect(where, f"{iri} has the checksum {found}, should be {contents[iri]}")
    union = {line for lines in held.values() for line in lines}
    if own is None and default != union:
        missing, extra = len(union - default), len(default - union)
        yield Defect(
            where,
            f"the default graph is not the union: {missing} triples missing, {extra} too many",
        )
    counts = (len(default), sum(map(len, held.values())))
    if counts != (entry.triples, entry.quads):
        yield Defect(where, f"holds {counts} triples and quads, not {(entry.triples, entry.quads)}")


def _in_store(path: Path) -> dict[str, Lines]:
    """The canonical lines of each graph of a store; the default graph's name is empty."""
    found: dict[str, list[str]] = {"": []}
    default = DefaultGraph()
    for quad in Store.read_only(str(path)):
        graph = quad.graph_name
        name = graph.value if isinstance(graph, NamedNode) else ("" if graph == default else "_:")
        found.setdefault(name, []).append(f"{quad.triple} .")
    return {name: tuple(sorted(lines)) for name, lines in found.items()}
