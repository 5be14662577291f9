"""Loaders are found by the entry-point group ``pesai.loaders`` alone."""

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points

from pesai.errors import Failed, WrongUse
from pesai.loading.loader import Loader

__all__ = ["GROUP", "kinds", "loader"]

GROUP = "pesai.loaders"


@cache
def kinds() -> tuple[str, ...]:
    """The kinds of source that this installation can load, sorted."""
    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def loader(kind: str) -> Loader:
    """The loader of one kind.

    Raises:
        WrongUse: there is no such kind; the message lists those that are.
        Failed: another package called ``loaders`` shadows ours.
    """
    found = [point for point in entry_points(group=GROUP) if point.name == kind]
    if not found:
        raise WrongUse(
            "there is no kind of source '{kind}'; there are: {kinds}",
            kind=kind,
            kinds=", ".join(kinds()),
        )
    point = found[0]
    if point.module.partition(".")[0] == "loaders":
        _must_be_ours()
    made: Loader = point.load()()
    return made


def _must_be_ours() -> None:
    module = import_module("loaders")
    if getattr(module, "PART_OF", None) != "pesai":
        raise Failed(
            "the folder {path} is called 'loaders' and hides the loaders of PESAI; "
            "start from another folder, or rename it",
            path=str(getattr(module, "__path__", ["?"])[0]),
        )
