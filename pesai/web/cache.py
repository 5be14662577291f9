"""Complete results, bounded: on disk for every process, the small ones of late in memory too.

A hit takes no lock: it opens a file that is there as a whole or not at all, since files are moved
into place. Results are added one at a time, under a lock, so that all of them together never take
more room than they may; what was not used for longest makes place.

Entries are for one run of the machine (its boot id names the folder): after a crash of the machine
a file may have its name and length but not its bytes, and a result is whole or it is not shown.
"""

import contextlib
import fcntl
import io
import logging
import os
import shutil
import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from secrets import token_hex
from typing import BinaryIO

from pesai.web.recent import Recent

__all__ = ["ResultCache"]

_BLOCK = 4096
"""Files take whole blocks of the disk, and are counted so."""

_MOST_WAITING = 64
"""Small results that wait to be written."""

_IN_MEMORY = 32 << 20
"""Bytes of the results that one process keeps in memory."""

_SLOW = 0.05
"""Seconds of evaluation from which a small result is worth a file."""

_log = logging.getLogger(__name__)


class ResultCache:
    """Results by key.

    Args:
        folder: where; made when it is first needed.
        limit: bytes of all entries together; 0 keeps nothing.
    """

    def __init__(self, folder: Path, limit: int) -> None:
        self._parent = folder
        self.folder = folder / _boot()
        self.limit = limit
        self.largest = limit // 8
        self._recent = Recent(min(limit, _IN_MEMORY))
        self._counter = self.folder / "bytes"
        self._counted = False
        self._waiting: SimpleQueue[tuple[str, bytes]] = SimpleQueue()
        self._writer: threading.Thread | None = None
        self._starting = threading.Lock()

    def get(self, key: str) -> BinaryIO | None:
        """The result, as an open file, or ``None``."""
        recent = self._recent.get(key)
        if recent is not None:
            return io.BytesIO(recent)
        try:
            file = self._path(key).open("rb")
        except FileNotFoundError:
            return None
        with contextlib.suppress(OSError):  # a disk that became read-only still has results
            os.utime(file.fileno())
        return file

    def put(self, key: str, body: BinaryIO, size: int) -> None:
        """Keep a result, read from where ``body`` stands, if it is not too large.

        An error of the disk is logged: the answer does not depend on the cache.
        """
        if size > self.largest:
            return
        room = _room(size)
        try:
            self._prepare()
            with self._locked() as counter:
                used = self._used(counter)
                if used + room > self.limit:
                    used = self._sweep(room)
                self._write(key, body)
                _write_count(counter, used + room)
        except OSError as error:
            _log.warning("a result was not kept: %s", error)

    def put_later(self, key: str, data: bytes, seconds: float) -> None:
        """Keep a result of a query that took so long, without the client waiting for the disk.

        What is quickly answered again is kept in memory only. When the disk is slower than the
        questions are, some results are not written.
        """
        self._recent.put(key, data)
        slow = seconds >= _SLOW or len(data) > self._recent.largest
        if slow and self._waiting.qsize() < _MOST_WAITING:
            self._waiting.put((key, data))
            self._start_writer()

    def _start_writer(self) -> None:
        # Not before it is needed: gunicorn forks after the application is made.
        with self._starting:
            if self._writer is None or not self._writer.is_alive():
                self._writer = threading.Thread(target=self._write_all, daemon=True)
                self._writer.start()

    def _write_all(self) -> None:
        while True:
            key, data = self._waiting.get()
            self.put(key, io.BytesIO(data), len(data))

    def used(self) -> int:
        """Bytes that the entries take on disk, counted now."""
        return sum(room for _, room, _ in self._entries())

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / key[2:]

    def _prepare(self) -> None:
        if self.folder.is_dir():
            return
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for other in self._parent.iterdir():
            if other != self.folder:
                shutil.rmtree(other, ignore_errors=True)

    def _write(self, key: str, body: BinaryIO) -> None:
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_name(f"{path.name}.{token_hex(4)}")
        try:
            with fresh.open("xb") as file:
                shutil.copyfileobj(body, file, 1 << 20)
            fresh.replace(path)
        except BaseException:
            fresh.unlink(missing_ok=True)
            raise

    @contextlib.contextmanager
    def _locked(self) -> Iterator[int]:
        descriptor = os.open(self._counter, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _used(self, counter: int) -> int:
        """Bytes in use. Each process counts once, in case another one ended in between."""
        text = os.pread(counter, 32, 0)
        if self._counted and text.isdigit():
            return int(text)
        self._counted = True
        return self.used()

    def _sweep(self, room: int) -> int:
        """Remove the entries that were not used for longest; the bytes that stay."""
        entries = sorted(self._entries())
        used = sum(size for _, size, _ in entries)
        for _, size, path in entries:
            if used + room <= self.limit * 3 // 4:
                break
            path.unlink(missing_ok=True)
            used -= size
        return used

    def _entries(self) -> Iterator[tuple[int, int, Path]]:
        """Time of last use, bytes on disk and path of each entry, unfinished ones too."""
        for folder in self.folder.glob("??"):
            for path in folder.iterdir():
                with contextlib.suppress(FileNotFoundError):
                    status = path.stat()
                    yield status.st_mtime_ns, _room(status.st_size), path


def _room(size: int) -> int:
    return max(1, -(-size // _BLOCK)) * _BLOCK


def _write_count(counter: int, count: int) -> None:
    os.ftruncate(counter, 0)
    os.pwrite(counter, str(count).encode(), 0)


@cache
def _boot() -> str:
    """The name of this run of the machine."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return "always"
