"""Every accepted source is kept, by its content, so that the graph can be made again from them."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from pesai.durable import sync
from pesai.errors import Failed
from pesai.releases.manifest import SourceFile

__all__ = ["accept", "restore", "stage"]


def stage(folder: Path, paths: Iterable[Path], kept: Path) -> None:
    """Copy files into a release that is being made, by their content.

    Args:
        folder: made when it is not there.
        paths: the files.
        kept: the folder of kept sources; what is there already is not copied.
    """
    folder.mkdir(exist_ok=True)
    for path in paths:
        digest = _sha256(path)
        if not (kept / digest).exists():
            shutil.copyfile(path, folder / digest)


def accept(folder: Path, kept: Path) -> None:
    """Move staged files, which are on disk, to the kept ones; the staging folder goes."""
    kept.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.replace(kept / path.name)
    sync(kept)
    folder.rmdir()


def restore(folder: Path, files: Iterable[SourceFile], target: Path) -> tuple[Path, ...]:
    """Lay kept files into ``target`` under the names they came with.

    Raises:
        Failed: a file is not there any more, or is not what was kept.
    """
    made = []
    for file in files:
        path, kept = target / file.name, folder / file.sha256
        if not kept.is_file() or _sha256(kept) != file.sha256:
            raise Failed(
                "the kept source {name} ({path}) is missing or damaged: bring it back from a "
                "backup, or load the file again with 'pesai load'",
                name=file.name,
                path=kept,
            )
        shutil.copyfile(kept, path)
        made.append(path)
    return tuple(made)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
