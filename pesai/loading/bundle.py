"""Sources of several files: folders, zip and tar archives, or the files themselves, read alike."""

import gzip
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from operator import attrgetter
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

from pesai.errors import InputProblem

__all__ = ["MAX_MEMBERS", "MAX_RATIO", "MAX_UNPACKED", "Member", "bundle", "spread"]

MAX_UNPACKED = 2 << 30
"""Bytes that one archive may hold, unpacked."""
MAX_RATIO = 200
"""How many times its own size an archive may hold; more is a bomb, not a publication."""
MAX_MEMBERS = 10_000
"""Files that one archive may hold."""

_SMALL = 64 << 10
_STEP = 1 << 20
_TARS = (".tar.gz", ".tgz", ".tar")
_NESTED = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
_NOT_DATA = ("__MACOSX", ".DS_Store", "Thumbs.db")
_BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, OSError, RuntimeError)
"""What the libraries raise at a broken, encrypted or unknown kind of archive."""


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True)
class Member:
    """One file of a bundle.

    Attributes:
        name: its name without folders.
        path: its path inside the archive; the name itself for a plain file.
        origin: what reports call it (``archive.zip/name``).
        content: gives its bytes; ``read`` asks for them with errors that a person understands.
    """

    name: str
    path: str
    origin: str
    content: Callable[[], bytes]

    def read(self) -> bytes:
        """The bytes.

        Raises:
            InputProblem: the archive is broken at this place, or encrypted.
        """
        try:
            return self.content()
        except _BROKEN as error:
            raise _broken(self.origin, error) from error

    @property
    def depth(self) -> int:
        """How many folders it lies in."""
        return self.path.count("/")


def spread(paths: Iterable[Path]) -> tuple[Path, ...]:
    """The files that were meant: a folder stands for all files in it, by name; hidden ones apart.

    >>> spread([Path(__file__)]) == (Path(__file__),)
    True
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            files = sorted(child for child in path.rglob("*") if child.is_file())
            found += [file for file in files if not _is_hidden(file.relative_to(path).parts)]
        else:
            found.append(path)
    return tuple(found)


@contextmanager
def bundle(paths: Iterable[Path]) -> Iterator[tuple[Member, ...]]:
    """Every file of a source, in the order of the paths, and by name within an archive.

    Names in archives are never used as paths; members can be read until the block ends.

    Raises:
        InputProblem: an archive is broken, holds another archive, or unpacks to too much.
    """
    with ExitStack() as stack:
        found: list[Member] = []
        for path in spread(paths):
            try:
                found += _members(path, stack)
            except _BROKEN as error:
                raise _broken(path.name, error) from error
        yield tuple(found)


def _members(path: Path, stack: ExitStack) -> list[Member]:
    name = path.name.lower()
    if name.endswith(".zip"):
        return _zip(path, stack)
    if name.endswith(_TARS):
        return _tar(path, stack)
    return [Member(path.name, path.name, path.name, path.read_bytes)]


def _zip(path: Path, stack: ExitStack) -> list[Member]:
    archive = stack.enter_context(zipfile.ZipFile(path))
    infos = [info for info in archive.infolist() if not info.is_dir()]
    # A member is read up to the size that is declared and allowed here, never further.
    _allow(path, len(infos), sum(info.file_size for info in infos))
    return [
        _member(path, info.filename, partial(archive.read, info))
        for info in sorted(infos, key=attrgetter("filename"))
        if not _is_hidden(PurePosixPath(info.filename).parts)
    ]


def _tar(path: Path, stack: ExitStack) -> list[Member]:
    unpacked = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    with path.open("rb") as packed:
        if path.suffix == ".tar":
            _copy(packed, unpacked, path)
        else:
            with gzip.open(packed) as plain:
                _copy(plain, unpacked, path)
    unpacked.seek(0)
    archive = stack.enter_context(tarfile.TarFile.open(fileobj=unpacked, mode="r:"))
    infos = []
    for info in archive:
        if info.isreg() and not info.issparse() and not _is_hidden(PurePosixPath(info.name).parts):
            infos.append(info)
        _allow(path, len(infos), 0)
    return [
        _member(path, info.name, partial(_extract, archive, info))
        for info in sorted(infos, key=attrgetter("name"))
    ]


def _copy(plain: _Readable, target: IO[bytes], path: Path) -> None:
    """Unpack, step by step, so that a bomb is noticed when it passes the limit and not later."""
    size = 0
    while step := plain.read(_STEP):
        size += len(step)
        _allow(path, 0, size)
        target.write(step)


def _extract(archive: tarfile.TarFile, info: tarfile.TarInfo) -> bytes:
    handle = archive.extractfile(info)
    return handle.read() if handle is not None else b""


def _member(path: Path, inner: str, content: Callable[[], bytes]) -> Member:
    inner = inner.replace("\\", "/")
    name = PurePosixPath(inner).name
    if name.lower().endswith(_NESTED):
        raise InputProblem(
            "{file} holds the archive {inner}: unpack that one first, and load it by itself",
            file=path.name,
            inner=name,
        )
    return Member(name, inner, f"{path.name}/{name}", content)


def _is_hidden(parts: tuple[str, ...]) -> bool:
    return any(part in _NOT_DATA or part.startswith(".") for part in parts if part != "..")


def _allow(path: Path, count: int, size: int) -> None:
    limit = min(MAX_UNPACKED, max(path.stat().st_size, _SMALL) * MAX_RATIO)
    if count > MAX_MEMBERS or size > limit:
        raise InputProblem(
            "{file} unpacks to more than {members} files or {limit} bytes, which is too much for "
            "an archive of {own} bytes: it is not what a publisher hands out",
            file=path.name,
            own=path.stat().st_size,
            members=MAX_MEMBERS,
            limit=limit,
        )


def _broken(name: str, error: BaseException) -> InputProblem:
    template = "{file} cannot be read: {reason}; fetch it again"
    return InputProblem(template, file=name, reason=error)
