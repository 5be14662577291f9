"""One publisher at a time."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pesai.errors import Conflict

__all__ = ["publisher_lock"]


@contextmanager
def publisher_lock(
    home: Path, *, patience: float = 60, waiting: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Hold the lock of a home; the kernel lets go of it when the process dies, however it dies.

    Args:
        home: the home.
        patience: seconds to wait for another publisher.
        waiting: called once when there is another.

    Raises:
        Conflict: the other did not finish in time.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / "publisher.lock").open("a") as handle:
        deadline = time.monotonic() + patience
        told = False
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    waiting()
                    told = True
                if time.monotonic() > deadline:
                    raise Conflict(
                        "another publisher is at work in {home} since more than {patience:g} s; "
                        "try again when it is done",
                        home=home,
                        patience=patience,
                    ) from None
                time.sleep(0.05)
        yield
