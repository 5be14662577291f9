"""Going back to an older release: the pointer moves, nothing is made."""

from collections.abc import Iterator

from pesai.access.audiences import Reader
from pesai.errors import Conflict
from pesai.releases.closing import Closures
from pesai.releases.journal import Journal, Line
from pesai.releases.layout import ReleaseFolder
from pesai.releases.lock import Held
from pesai.releases.recovery import clear_debris
from pesai.releases.status import Note, now

__all__ = ["roll_back"]


def roll_back(held: Held, identifier: str, *, who: str, why: str) -> ReleaseFolder:
    """Serve an older release again. Later releases stay as they are.

    The next release is made from this one, under a number of its own.

    Raises:
        NotFound: there is no such release.
        Gone: it was withdrawn, or its stores were pruned.
        Conflict: it holds a graph that was taken back or narrowed since: rolling back would show
            it to those who may not read it any more.
    """
    clear_debris(held)
    release = held.home.release(identifier)
    release.check_present()
    for iri in _closed(held, release):
        raise Conflict(
            "release {id} holds {graph}, which was taken back or is for fewer readers now: going "
            "back would give it to them again. Load what is to be otherwise as a new release",
            id=release.id,
            graph=iri,
        )
    status = release.status()
    note = Note(time=now(), who=who, why=why)
    again = {"served_again": (*status.served_again, note)}
    status.model_copy(update=again).write(release.path)
    Journal(held.home.sources).append(Line(current=release.id, who=who, why=why))
    held.home.point_back_to(release)
    return release


def _closed(held: Held, release: ReleaseFolder) -> Iterator[str]:
    """Graphs that the release's manifest would give to readers who may not have them any more.

    Those count as well that a reader's store was made again without: the next release is made from
    the manifest.
    """
    closures, made = Closures(held.home), release.manifest().audiences
    for folder, entry in release.entries().items():
        yield from made[folder].graphs.keys() - entry.graphs.keys()
        yield from closures.closed_graphs(Reader.of_folder(folder), release)
