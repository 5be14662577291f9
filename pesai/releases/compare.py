"""How two releases differ, graph by graph."""

from pesai.loading.canonical import Lines
from pesai.releases import graphfile
from pesai.releases.layout import ReleaseFolder
from pesai.releases.stores import Difference, difference

__all__ = ["compare"]


def compare(old: ReleaseFolder, new: ReleaseFolder) -> list[Difference]:
    """The differences of the graphs that two releases hold otherwise, derived ones apart.

    Meant for those who may read everything: it reads ``master/``.

    Raises:
        Gone: the N-Quads of one of them are not there any more.
    """
    before = {graph.iri: graph.checksum for graph in old.manifest().graphs}
    after = {graph.iri: graph.checksum for graph in new.manifest().graphs}
    touched = sorted(i for i in {*before, *after} if before.get(i) != after.get(i))
    return [
        difference(iri, _lines(old, iri, iri in before), _lines(new, iri, iri in after))
        for iri in touched
    ]


def _lines(release: ReleaseFolder, iri: str, there: bool) -> Lines:
    if not there:
        return ()
    if not release.master.is_dir():
        release.check_present()
    return graphfile.read(release.master, iri)
