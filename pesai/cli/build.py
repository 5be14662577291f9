"""``pesai build``: the graph from the data that come with the program."""

from pesai.cli import console
from pesai.cli.report import run_load

__all__ = ["build"]


def build() -> None:
    """Make a release of the data that come with the program.

    Done again without a change, it makes no new release.

    Example: pesai build
    """
    from pesai.releases.bundled import bundled
    from pesai.releases.intake import Load

    loads = [Load(source) for source in bundled()]
    run_load(loads, who=console.user(), why="pesai build: the data that come with the program")
