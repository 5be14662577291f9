"""Removing what a publisher left behind that did not come to its end."""

import shutil

from pesai.durable import FRESH
from pesai.releases.journal import Journal
from pesai.releases.layout import BUILDING, Home
from pesai.releases.lock import Held

__all__ = ["clear_debris", "give_up"]


def clear_debris(held: Held) -> None:
    """Remove what a publisher that died left behind. Called by the next one, under the lock."""
    home = held.home
    unborn = home.about_to_switch()
    if unborn is not None:
        give_up(home, unborn)
    for path in [*home.releases.glob(f"{BUILDING}*"), *home.releases.glob(f"*/{BUILDING}*")]:
        shutil.rmtree(path)
    for folder in (home.sources, home.releases):
        for path in [*folder.glob(f"*{FRESH}"), *folder.glob(f"*/*{FRESH}")]:
            path.unlink()


def give_up(home: Home, release: str) -> None:
    """Undo a release that was not switched to: its folder, its line in the journal, its mark.

    The mark that the release is unborn goes last, for one who dies here too. The folder goes
    first: a full disk has room again then.
    """
    current = home.current()
    if current is not None and current.id == release:
        return
    building = home.releases / f"{BUILDING}{release}"
    if (home.releases / release).exists():
        (home.releases / release).rename(building)
    shutil.rmtree(building, ignore_errors=True)
    Journal(home.sources).forget(release)
    home.drop_switch()
