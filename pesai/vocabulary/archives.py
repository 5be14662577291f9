"""Tables inside the archives in which classifications are published, read without unpacking."""

import csv
import io
import re
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from pesai.errors import InputProblem

__all__ = ["Rows", "table", "text"]

Rows = list[dict[str, str]]


def text(folder: Path, member: str, version: str = "") -> str:
    """The text of the first file, in the archives of a folder, whose path ends with ``member``.

    Archives are taken by name, so that the answer is the same on every machine. UTF-8, with or
    without a byte-order mark.

    Args:
        folder: where the archives are, as their publishers hand them out.
        member: name of the file, or the end of its path.
        version: how the version begins that stands in the archive's name (``1.1.1``, ``1.0``);
            any archive will do when empty.

    Raises:
        InputProblem: no archive of the folder holds such a file.
    """
    for content in _members(folder, member, version):
        return content.decode("utf-8-sig")
    raise InputProblem(
        "no archive in {folder} {named}holds {member}: get the classification from its publisher",
        folder=str(folder),
        named=f"whose name tells of version {version} " if version else "",
        member=member,
    )


def table(folder: Path, member: str, version: str = "") -> Rows:
    """The rows of a comma-separated table with a header line, found as ``text`` finds it."""
    return list(csv.DictReader(io.StringIO(text(folder, member, version), newline="")))


def _members(folder: Path, member: str, version: str) -> Iterator[bytes]:
    told = re.compile(rf"(?<![\d.]){re.escape(version)}")
    for archive in sorted(folder.iterdir()):
        if version and not told.search(archive.name):
            continue
        if archive.suffix == ".zip":
            yield from _from_zip(archive, member)
        elif archive.name.endswith(".tar.gz"):
            yield from _from_tar(archive, member)


def _from_zip(archive: Path, member: str) -> Iterator[bytes]:
    with zipfile.ZipFile(archive) as opened:
        for name in sorted(opened.namelist()):
            if f"/{name}".endswith(f"/{member}"):
                yield opened.read(name)


def _from_tar(archive: Path, member: str) -> Iterator[bytes]:
    with tarfile.open(archive, "r:gz") as opened:
        for info in sorted(opened.getmembers(), key=lambda info: info.name):
            content = opened.extractfile(info) if f"/{info.name}".endswith(f"/{member}") else None
            if content is not None:
                yield content.read()
