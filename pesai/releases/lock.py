"""One publisher at a time."""

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from pesai.errors import Conflict, Failed
from pesai.releases.layout import Home

__all__ = ["Held", "publisher_lock"]

_NOT_WRITABLE = frozenset(
    (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EEXIST)
)


@dataclass(frozen=True)
class Held:
    """Proof that the publisher's lock of a home is held: what changes a home asks for it."""

    home: Home


@contextmanager
def publisher_lock(
    home: Home, *, patience: float = 600, waiting: Callable[[str], None] = lambda _holder: None
) -> Iterator[Held]:
    """Hold the lock of a home; the kernel lets go of it when the process dies, however it dies.

    Args:
        home: the home; its folder is made when it is not there.
        patience: seconds to wait for another publisher.
        waiting: called once, with the process id of the other, when there is another.

    Raises:
        Conflict: the other did not finish in time.
        Failed: the home cannot be written to.
    """
    with _lock_file(home) as handle:
        _acquire(handle, home, patience, waiting)
        handle.seek(0)
        handle.truncate()
        handle.write(str(os.getpid()))
        handle.flush()
        yield Held(home)


def _lock_file(home: Home) -> IO[str]:
    try:
        home.path.mkdir(parents=True, exist_ok=True)
        return (home.path / "publisher.lock").open("a+", encoding="ascii")
    except OSError as error:
        if error.errno not in _NOT_WRITABLE:
            raise
        raise Failed(
            "the folder {home} cannot be written to ({reason}): give the user {user} the right to "
            "write there, or name another folder with PESAI_HOME",
            home=home.path,
            reason=os.strerror(error.errno or 0).lower(),
            user=os.getuid(),
        ) from error


def _acquire(handle: IO[str], home: Home, patience: float, waiting: Callable[[str], None]) -> None:
    deadline = time.monotonic() + patience
    told = False
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not told:
                waiting(_holder(handle))
                told = True
            if time.monotonic() > deadline:
                raise Conflict(
                    "another publisher (process {holder}) is at work in {home} since more than "
                    "{patience:g} s; try again when it is done",
                    home=home.path,
                    patience=patience,
                    holder=_holder(handle),
                ) from None
            time.sleep(0.02)
        else:
            return


def _holder(handle: IO[str]) -> str:
    handle.seek(0)
    return handle.read().strip() or "unknown"
