"""Taking away the stores of old releases."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from pesai.releases.layout import ReleaseFolder
from pesai.releases.lock import Held
from pesai.releases.recovery import clear_debris
from pesai.releases.status import Note, now

__all__ = ["Pruned", "prune"]


@dataclass(frozen=True)
class Pruned:
    """A release whose stores went; ``restorable`` when its N-Quads stayed."""

    id: str
    restorable: bool


def prune(held: Held, *, keep: int, who: str) -> list[Pruned]:
    """Take away the stores of all releases but the newest ``keep`` and the one that is served.

    The manifest of each stays for good. A release that is cited keeps its N-Quads as well
    (``master/`` and the derived graphs), so that its stores can be made again.
    """
    clear_debris(held)
    current = held.home.current()
    releases = held.home.all_releases()
    old = [release for release in releases[: max(len(releases) - keep, 0)] if release != current]
    return [done for release in old if (done := _prune(release, who)) is not None]


def _prune(release: ReleaseFolder, who: str) -> Pruned | None:
    status = release.status()
    fresh = status.pruned is None
    if fresh:
        # First the word, then the deed: whoever asks meanwhile is told, and gets no half store.
        note = Note(time=now(), who=who, why="to save space")
        status = status.model_copy(update={"pruned": note})
        status.write(release.path)
    cited = release.is_cited()
    folders = [path for path in release.path.iterdir() if path.is_dir()]
    for folder in folders:
        if not cited:
            shutil.rmtree(folder)
        elif folder != release.master:
            _strip(folder)
    return Pruned(release.id, restorable=cited) if fresh else None


def _strip(folder: Path) -> None:
    """Leave nothing of a reader's folder but the derived graphs."""
    for path in folder.iterdir():
        if path.name == "derived":
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()
