"""Writing so that a crash or a power cut leaves the old or the new, never a half."""

import os
from collections.abc import Collection
from pathlib import Path

__all__ = ["append_line", "inodes", "replace_file", "sync", "sync_tree"]

FRESH = ".new"
"""Ending of a file that is not finished; what a crash leaves has it too."""


def sync(path: Path) -> None:
    """Have the kernel write one file or folder to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def inodes(folder: Path) -> set[int]:
    """The inodes of all files below a folder."""
    return {path.stat().st_ino for path in folder.rglob("*") if path.is_file()}


def sync_tree(folder: Path, safe: Collection[int] = ()) -> None:
    """Have the kernel write a folder, apart from files (by inode) that are known to be safe."""
    done = set(safe)
    for path in [*folder.rglob("*"), folder]:
        inode = path.stat().st_ino
        if inode not in done:
            done.add(inode)
            sync(path)


def replace_file(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write a small file in one step; ``mode`` is its mode before the umask, from the start."""
    fresh = path.with_name(f"{path.name}{FRESH}")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as handle:
        handle.write(content)
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(path)
    sync(path.parent)


def append_line(path: Path, line: str) -> None:
    """Add a line to a log and have it on disk. A half line of an earlier crash is ended first."""
    existed = path.exists()
    with path.open("a+b") as handle:
        if handle.tell() > 0:
            handle.seek(-1, os.SEEK_END)
            if handle.read(1) != b"\n":
                handle.write(b"\n")
        handle.write(line.encode() + b"\n")
        handle.flush()
        os.fsync(handle.fileno())
    if not existed:
        sync(path.parent)
