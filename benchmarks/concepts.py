"""Concept pages with ESCO, ROME and O*NET loaded: the first time, and on a warm server.

Needs ``PESAI_TAXONOMIES``: the published files are not part of the project.
"""

import http.client
import time
from urllib.parse import quote

from benchmarks.environment import Comparison, Series, calibration
from benchmarks.search import large_home
from benchmarks.service import serving

__all__ = ["BENCHMARKS"]

RUNS = 20
WARMING = 6
"""Requests before the first one counts: each worker keeps labels and lists of its own."""
ESCO = "http://data.europa.eu/esco"
OCCUPATION = "/occupation/258e46f9-0075-4a2e-adae-1ff0477e0f30"
PAGES = {
    "data scientist": f"/concept?iri={quote(ESCO + OCCUPATION)}",
    "ISCO group 2": f"/concept?iri={quote(f'{ESCO}/isco/C2')}&open={quote(f'{ESCO}/isco/C25')}",
    "ISCO group 2511": f"/concept?iri={quote(f'{ESCO}/isco/C2511')}",
    "ROME job card M1405": "/code/rome/M1405",
    "O*NET 15-2051.00": "/code/onet/15-2051.00",
    "scheme of ESCO occupations": f"/scheme?iri={quote(f'{ESCO}/concept-scheme/occupations')}",
    "17,810 skills of ROME": "/code/rome-skill",
}


def pages() -> list[Comparison]:
    """Each page, the first request by itself and then the warm ones."""
    found = []
    with serving(large_home()) as (connection, _started):
        for name, path in PAGES.items():
            first, warm = Series("first"), Series("warm")
            first.calibration.append(calibration())
            first.seconds.append(_seconds(connection, path))
            for _ in range(WARMING):
                _seconds(connection, path)
            for _ in range(RUNS):
                warm.calibration.append(calibration())
                warm.seconds.append(_seconds(connection, path))
            median = sorted(warm.seconds)[RUNS // 2]
            found.append(
                Comparison(
                    f"concept page, {name}",
                    [first, warm],
                    figure=f"{median * 1000:.0f} ms warm",
                    goal="under 100 ms",
                    reached=median < 0.1,
                )
            )
    return found


def _seconds(connection: http.client.HTTPConnection, path: str) -> float:
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Accept": "text/html"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    return time.perf_counter() - begun


BENCHMARKS = {"concept-pages": pages}
