"""How long it takes from nothing to the graph, and from a release to the first answer."""

import shutil
import tempfile
from pathlib import Path

from benchmarks.environment import Comparison, series
from benchmarks.service import built_home, pesai, serving

__all__ = ["BENCHMARKS"]


def first_answer() -> list[Comparison]:
    """``pesai serve`` with an existing release, from the start of Python to the first answer."""
    home = built_home()

    def once() -> float:
        with serving(home) as (_, seconds):
            return seconds

    found = series("pesai serve to first answer", once)
    return [
        Comparison(
            "serve to first answer",
            [found],
            figure=f"{found.median:.2f} s",
            goal="under 2 s",
            reached=found.median < 2,
        )
    ]


def build() -> list[Comparison]:
    """``pesai build`` of the bundled data in an empty home, and once more with nothing to do."""
    folder = Path(tempfile.mkdtemp(prefix="pesai-bench-"))

    def once() -> None:
        pesai(folder / "var", "build")

    def afresh() -> None:
        shutil.rmtree(folder / "var", ignore_errors=True)
        once()

    fresh, again = series("pesai build, empty home", afresh), series("pesai build, again", once)
    shutil.rmtree(folder)
    return [
        Comparison(
            "build from an empty home",
            [fresh, again],
            figure=f"{fresh.median:.2f} s",
            goal="under 15 s",
            reached=fresh.median < 15,
        )
    ]


BENCHMARKS = {"first-answer": first_answer, "build": build}
