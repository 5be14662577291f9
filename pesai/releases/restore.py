"""Making the stores of one release again from its N-Quads."""

import shutil
from functools import partial
from pathlib import Path

from pesai.access.audiences import Reader
from pesai.durable import sync_tree
from pesai.errors import Failed, Gone
from pesai.namespaces import Base
from pesai.releases import graphfile
from pesai.releases.audience_build import AudienceBuild, contents_checksum
from pesai.releases.closing import Closures
from pesai.releases.contents import Contents
from pesai.releases.layout import BUILDING, ReleaseFolder
from pesai.releases.lock import Held
from pesai.releases.manifest import AudienceEntry
from pesai.releases.recovery import clear_debris
from pesai.releases.stores import bulk

__all__ = ["rebuild_release"]


def rebuild_release(held: Held, identifier: str) -> ReleaseFolder:
    """Make the stores of a release again: after pruning, or without the graphs that were closed.

    A store of which nothing was closed holds what it held, with the same checksum; files of
    derived steps (a search index, say) are not made again. One that loses a graph gets its derived
    graphs anew, and is open to its reader afterwards.

    Raises:
        NotFound: there is no such release.
        Gone: it was withdrawn, or its N-Quads are gone.
        Failed: the N-Quads are damaged.
    """
    clear_debris(held)
    release = held.home.release(identifier)
    status, manifest = release.status(), release.manifest()
    if status.withdrawn is not None or not release.master.is_dir():
        release.check_present()
        raise Gone("the N-Quads of release {id} are not there any more", id=release.id)
    closures, remade = Closures(held.home), dict(status.remade)
    base = manifest.names()
    for name, entry in release.entries().items():
        closed = closures.closed_graphs(Reader.of_folder(name), release)
        if closed:
            remade[name] = _without(release, name, set(entry.graphs) - set(closed), base)
        elif not (release.path / name / "store").is_dir():
            remade[name] = _as_it_was(release, name, entry, base)
    status.model_copy(update={"pruned": None, "remade": remade}).write(release.path)
    return release


def _without(release: ReleaseFolder, name: str, kept: set[str], base: Base) -> AudienceEntry:
    """A reader's folder with fewer graphs; derived graphs are worked out anew."""
    building = release.path / f"{BUILDING}{name}"
    graphs = tuple(graph for graph in release.manifest().graphs if graph.iri in kept)
    contents = Contents(release.master)
    entry = AudienceBuild(
        Reader.of_folder(name), building, contents, graphs, None, None, base
    ).run()
    _swap(release, name, building)
    return entry


def _as_it_was(
    release: ReleaseFolder, name: str, entry: AudienceEntry, base: Base
) -> AudienceEntry:
    """A reader's folder from its N-Quads, without the files of derived steps."""
    old, building = release.path / name, release.path / f"{BUILDING}{name}"
    contents = {**entry.graphs, **entry.derived}
    if contents_checksum(contents) != entry.checksum:
        raise Failed("the manifest of release {id} is damaged", id=release.id)
    building.mkdir()
    (building / "checksum").write_text(entry.checksum + "\n", encoding="ascii")
    shutil.copytree(old / "derived", building / "derived")
    folders = {i: release.master if i in entry.graphs else old / "derived" for i in contents}
    bulk(
        building / "store",
        {iri: partial(graphfile.read, folders[iri], iri) for iri in sorted(contents)},
        base.default_graph,
    )
    graphfile.concatenate(
        (folders[iri] / graphfile.file_name(iri) for iri in sorted(contents)),
        building / "data.nq.gz",
    )
    _swap(release, name, building)
    steps = {n: step.model_copy(update={"files": ()}) for n, step in entry.steps.items()}
    return entry.model_copy(update={"steps": steps})


def _swap(release: ReleaseFolder, name: str, building: Path) -> None:
    """Put a new folder in place. Nobody is let in meanwhile: it is pruned, or closed to them."""
    sync_tree(building)
    old = release.path / name
    if old.is_dir():
        shutil.rmtree(old)
    building.rename(old)
