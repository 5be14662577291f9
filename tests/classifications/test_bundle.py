"""Folders, zips and tars are read alike, and bombs are refused before they go off."""

import gzip
import io
import tarfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pesai.errors import InputProblem
from pesai.loading.bundle import MAX_MEMBERS, bundle, spread

TEXTS = {"en/a.csv": b"a\n1\n", "b.csv": b"b\n2\n"}


def folder(path: Path) -> Path:
    for name, content in TEXTS.items():
        file = path / "folder" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (path / "folder" / ".hidden.csv").write_bytes(b"no")
    return path / "folder"


def zip_file(path: Path) -> Path:
    with zipfile.ZipFile(path / "x.zip", "w") as archive:
        archive.writestr("__MACOSX/a.csv", b"no")
        for name, content in TEXTS.items():
            archive.writestr(name, content)
    return path / "x.zip"


def tar_file(path: Path, name: str = "x.tar.gz") -> Path:
    with tarfile.open(path / name, "w:gz" if name.endswith("gz") else "w") as archive:
        for inner, content in TEXTS.items():
            info = tarfile.TarInfo(inner)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        link = tarfile.TarInfo("evil.csv")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return path / name


def plain_tar(path: Path) -> Path:
    return tar_file(path, "x.tar")


@pytest.mark.parametrize("make", [folder, zip_file, tar_file, plain_tar])
def test_every_packing_gives_the_same_files(make: Callable[[Path], Path], tmp_path: Path) -> None:
    with bundle([make(tmp_path)]) as members:
        found = {member.name: member.read() for member in members}
    assert found == {"a.csv": TEXTS["en/a.csv"], "b.csv": TEXTS["b.csv"]}


def test_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    place = folder(tmp_path)
    assert spread([place]) == (place / "b.csv", place / "en" / "a.csv")


def test_a_zip_of_42_kilobytes_that_holds_4_gigabytes_is_refused(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    zeros = b"\0" * (1 << 24)
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(2):
            with archive.open(f"{number}.csv", "w") as handle:
                handle.write(zeros)
    # What the directory claims is enough to refuse it: 4 GiB in all.
    content = bytearray(bomb.read_bytes())
    place = 0
    while (place := content.find(b"PK\x01\x02", place)) >= 0:
        content[place + 24 : place + 28] = (2 << 30).to_bytes(4, "little")
        place += 4
    bomb.write_bytes(content)
    assert bomb.stat().st_size < 42_000
    with pytest.raises(InputProblem, match="too much for an archive"), bundle([bomb]):
        pass


def test_a_zip_that_lies_about_its_size_gives_no_more_than_it_says(tmp_path: Path) -> None:
    liar = tmp_path / "liar.zip"
    with zipfile.ZipFile(liar, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", b"\0" * (1 << 26))
    content = bytearray(liar.read_bytes())
    place = content.find(b"PK\x01\x02")
    content[place + 24 : place + 28] = (100).to_bytes(4, "little")
    liar.write_bytes(content)
    with bundle([liar]) as members, pytest.raises(InputProblem, match="cannot be read"):
        members[0].read()


@pytest.mark.parametrize("name", ["zeros.tar.gz", "zeros.tgz"])
def test_a_gzip_of_zeros_is_refused_when_it_passes_the_limit(name: str, tmp_path: Path) -> None:
    bomb = tmp_path / name
    with gzip.open(bomb, "wb", compresslevel=9) as handle:
        for _ in range(256):
            handle.write(b"\0" * (1 << 20))
    began = time.monotonic()
    with pytest.raises(InputProblem, match="too much for an archive"), bundle([bomb]):
        pass
    assert time.monotonic() - began < 60


def test_too_many_files_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "many.zip", "w") as archive:
        for number in range(MAX_MEMBERS + 1):
            archive.writestr(f"{number}.csv", b"")
    with pytest.raises(InputProblem, match=f"more than {MAX_MEMBERS} files"), bundle([tmp_path]):
        pass


def test_an_archive_in_an_archive_is_named(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.writestr("inner.tar.gz", b"")
    with (
        pytest.raises(InputProblem, match=r"outer.zip holds the archive inner.tar.gz"),
        bundle([tmp_path / "outer.zip"]),
    ):
        pass


@pytest.mark.parametrize("name", ["x.zip", "x.tar.gz", "x.tar"])
def test_a_broken_archive_is_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"PK\x03\x04 this is none")
    with pytest.raises(InputProblem, match="cannot be read"), bundle([tmp_path / name]):
        pass
