"""Where a worker writes a result: memory while it is small, then a file; never beyond a limit."""

import contextlib
import io
import tempfile
from typing import TYPE_CHECKING, BinaryIO, Self, cast

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["SMALL", "Spool"]

SMALL = 1 << 16
"""Results up to this many bytes travel with their header, larger ones as a file."""


class Spool:
    """One result under way.

    The writer of the engine may wrap or lose what ``write`` raises, so the reason is kept here.

    Attributes:
        full: the limit was reached.
        failure: the file could not be written (a full disk, say).
        size: bytes written.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.full = False
        self.failure: OSError | None = None
        self.size = 0
        self._target: BinaryIO = io.BytesIO()
        self._rolled = False

    def write(self, data: "Buffer", /) -> int:
        """Take some bytes.

        Raises:
            OSError: nothing more is taken.
        """
        part = bytes(data)
        self.size += len(part)
        if self.size > self.limit:
            self.full = True
            raise OSError("the result is over its limit")
        if self.size > SMALL and not self._rolled:
            self._roll()
        try:
            self._target.write(part)
        except OSError as error:
            self.failure = error
            raise
        return len(part)

    def _roll(self) -> None:
        small = cast("io.BytesIO", self._target).getvalue()
        self._target = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115 - see close()
        self._target.write(small)
        self._rolled = True

    def body(self) -> bytes | None:
        """A small result; ``None`` when it is in a file."""
        return None if self._rolled else cast("io.BytesIO", self._target).getvalue()

    def file(self) -> int:
        """The descriptor of the file of a large result; ``flush`` comes first."""
        return self._target.fileno()

    def flush(self) -> None:
        """Write out what is buffered.

        Raises:
            OSError: the file could not be written.
        """
        try:
            self._target.flush()
        except OSError as error:
            self.failure = error
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        # What could not be written is of no use any more, whether or not it is said again.
        with contextlib.suppress(OSError):
            self._target.close()
