"""Every accepted source is kept, by its content, so that the graph can be made again from them."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from pesai.errors import Failed
from pesai.releases.durable import FRESH, sync
from pesai.releases.manifest import SourceFile

__all__ = ["keep", "restore"]


def keep(folder: Path, paths: Iterable[Path]) -> tuple[SourceFile, ...]:
    """Keep copies of files, on disk; what is there already is not written again."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for path in sorted(paths, key=lambda path: path.name):
        digest = _sha256(path)
        target = folder / digest
        if not target.exists():
            fresh = folder / f"{digest}{FRESH}"
            shutil.copyfile(path, fresh)
            sync(fresh)
            fresh.replace(target)
        kept.append(SourceFile(name=path.name, sha256=digest))
    sync(folder)
    return tuple(kept)


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
