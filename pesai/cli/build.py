"""``pesai build``: the graph from the data that come with the program."""

from pesai.cli import report
from pesai.loading.discovery import kinds
from pesai.releases.bundled import bundled
from pesai.releases.intake import Load

__all__ = ["build"]


def build() -> None:
    """Load everything that ships with the program into one release."""
    loads = [Load(source) for source in bundled() if source.kind in kinds()]
    report.run_load(loads, who="pesai build", why="data that come with the program")
