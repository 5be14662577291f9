"""Every type of page as a reader gets it, with the bundled data and ESCO, ROME and O*NET loaded.

Warm, and for the first time after a new release.
Needs ``PESAI_TAXONOMIES``: the published files are not part of the project.
"""

import http.client
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.environment import Comparison, Series, calibration
from benchmarks.search import large_home
from benchmarks.service import pesai, serving

__all__ = ["BENCHMARKS"]

TIMES = 20
_CLIENTS = 6
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
    listed = _listed()
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


def after_release() -> list[Comparison]:
    """Each page once, the first time after a small graph came in, of a service that was warm."""
    listed, home = _listed(), large_home()
    first = Series("first requests")
    with serving(home) as (connection, _started):
        address = f"{connection.host}:{connection.port}"
        with ThreadPoolExecutor(_CLIENTS) as clients:  # enough to come to every web process
            list(clients.map(_visit, [address] * _CLIENTS))
        graph = home.parent / "small.ttl"
        graph.write_text(f'<urn:a> <urn:b> "{time.time_ns()}" .', encoding="utf-8")
        pesai(home, "load", "rdf", str(graph), "--name", "small")
        anew = http.client.HTTPConnection(address)
        found = {name: _seconds(anew, path) for name, path in listed}
    first.seconds = list(found.values())
    first.calibration.append(calibration())
    slowest = ", ".join(
        f"{name} {found[name] * 1000:.0f} ms"
        for name in sorted(found, key=lambda name: -found[name])[:6]
    )
    return [
        Comparison(
            f"{len(listed)} types of pages, the first time after a release",
            [first],
            figure=f"p95 {_p95(first) * 1000:.0f} ms; slowest: {slowest}",
            goal=f"p95 under {GOAL * 1000:.0f} ms",
            reached=_p95(first) < GOAL,
        )
    ]


def _listed() -> list[tuple[str, str]]:
    """Names and addresses."""
    lines = _LISTED.read_text(encoding="utf-8").splitlines()
    usual = [line.partition(" ")[::2] for line in lines if line and not line.startswith("#")]
    return [*usual, *_LARGE.items()]


def _visit(address: str) -> None:
    connection = http.client.HTTPConnection(address)
    for _name, path in _listed():
        _seconds(connection, path)


def _seconds(connection: http.client.HTTPConnection, path: str) -> float:
    begun = time.perf_counter()
    connection.request("GET", path, headers=_BROWSER)
    connection.getresponse().read()
    return time.perf_counter() - begun


def _p95(one: Series) -> float:
    return statistics.quantiles(one.seconds, n=20)[18]


BENCHMARKS = {"pages": pages, "pages-after-release": after_release}
