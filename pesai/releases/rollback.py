"""Going back to an older release: the pointer moves, nothing is made."""

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
    closures = Closures(held.home)
    for folder in release.entries():
        for iri in closures.closed_graphs(Reader.of_folder(folder), release):
            raise Conflict(
                "release {id} holds {graph}, which was taken back or is for fewer readers now: "
                "make it again without it ('pesai rebuild --release {id}') and try again",
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
