"""Taking a release back, and marking one as cited."""

from pesai.errors import Conflict
from pesai.releases.layout import ReleaseFolder
from pesai.releases.lock import Held
from pesai.releases.status import Note, now

__all__ = ["cite", "withdraw"]


def withdraw(held: Held, identifier: str, *, who: str, why: str) -> ReleaseFolder:
    """From now on the release answers 410 Gone, with date and reason, to everybody.

    Raises:
        NotFound: there is no such release.
        Conflict: it is the one that is served.
    """
    release = held.home.release(identifier)
    current = held.home.current()
    if current is not None and current.id == release.id:
        raise Conflict(
            "release {id} is the one that is served: load a correction or roll back to another "
            "release first",
            id=release.id,
        )
    status = release.status()
    if status.withdrawn is None:
        note = Note(time=now(), who=who, why=why)
        status.model_copy(update={"withdrawn": note}).write(release.path)
    return release


def cite(held: Held, identifier: str, *, who: str, why: str) -> ReleaseFolder:
    """Mark a release as cited: when it is pruned its N-Quads stay, and it can be made again.

    Raises:
        NotFound: there is no such release.
    """
    release = held.home.release(identifier)
    status = release.status()
    note = Note(time=now(), who=who, why=why)
    status.model_copy(update={"cited": (*status.cited, note)}).write(release.path)
    return release
