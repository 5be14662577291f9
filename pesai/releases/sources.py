"""Every accepted source is kept, by its content, so that the graph can be made again from them."""

import hashlib
import shutil
from collections.abc import Iterable
from pathlib import Path

from pesai.releases.manifest import SourceFile

__all__ = ["keep", "restore"]


def keep(folder: Path, paths: Iterable[Path]) -> tuple[SourceFile, ...]:
    """Keep copies of files; what is there already is not written again."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = []
    for path in sorted(paths, key=lambda path: path.name):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        target = folder / digest
        if not target.exists():
            fresh = folder / f".{digest}.new"
            shutil.copyfile(path, fresh)
            fresh.replace(target)
        kept.append(SourceFile(name=path.name, sha256=digest))
    return tuple(kept)


def restore(folder: Path, files: Iterable[SourceFile], target: Path) -> tuple[Path, ...]:
    """Lay kept files into ``target`` under the names they came with."""
    made = []
    for file in files:
        path = target / file.name
        shutil.copyfile(folder / file.sha256, path)
        made.append(path)
    return tuple(made)
