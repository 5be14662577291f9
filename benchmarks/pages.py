"""Every type of page as a reader gets it, with the bundled data and ESCO, ROME and O*NET loaded.

Needs ``PESAI_TAXONOMIES``: the published files are not part of the project.
"""

import http.client
import statistics
import time
from pathlib import Path

from benchmarks.environment import Comparison, Series, calibration
from benchmarks.search import large_home
from benchmarks.service import serving

__all__ = ["BENCHMARKS"]

TIMES = 20
GOAL = 0.150
"""Seconds in which 19 of 20 answers of a page should be there."""

_LISTED = Path(__file__).parents[1] / "tests" / "browser" / "pages.txt"
_ESCO = "http://data.europa.eu/esco/isco/C2"
_LARGE = {
    "graph of ESCO": "/graph/esco/1.1.1",
    "graph of closures": "/graph/derived/closure",
    "concept with many below": f"/concept?iri={_ESCO}",
    "neighbours of it": f"/neighbours?iri={_ESCO}",
    "scheme of ROME": "/code/rome-skill",
}
"""Pages that are large with classifications only."""
_BROWSER = {"Accept": "text/html", "Accept-Language": "fr"}


def pages() -> list[Comparison]:
    """Each page of the browser tests, first once to be warm, then in turns with all others."""
    listed = [
        line.split(" ", 1)
        for line in _LISTED.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    listed += [[name, path] for name, path in _LARGE.items()]
    taken = {name: Series(name) for name, _path in listed}
    with serving(large_home()) as (connection, _started):
        for _name, path in listed:
            _seconds(connection, path)
        for _turn in range(TIMES):
            speed = calibration()
            for name, path in listed:
                taken[name].calibration.append(speed)
                taken[name].seconds.append(_seconds(connection, path))
    slowest = sorted(taken.values(), key=_p95, reverse=True)
    every = Series("all pages", [s for one in taken.values() for s in one.seconds])
    every.calibration = slowest[0].calibration
    return [
        Comparison(
            f"{len(taken)} types of pages, whole requests",
            [every, *slowest[:8]],
            figure=f"p95 {_p95(every) * 1000:.0f} ms of all, {_p95(slowest[0]) * 1000:.0f} ms of "
            f"the slowest ({slowest[0].name})",
            goal=f"p95 of all under {GOAL * 1000:.0f} ms",
            reached=_p95(every) < GOAL,
        )
    ]


def _seconds(connection: http.client.HTTPConnection, path: str) -> float:
    begun = time.perf_counter()
    connection.request("GET", path, headers=_BROWSER)
    connection.getresponse().read()
    return time.perf_counter() - begun


def _p95(one: Series) -> float:
    return statistics.quantiles(one.seconds, n=20)[18]


BENCHMARKS = {"pages": pages}
