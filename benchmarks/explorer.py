"""Pages of the explorer with the bundled data and ESCO loaded: server time of each, warm.

Needs ``PESAI_TAXONOMIES``: the published files are not part of the project.
"""

import atexit
import http.client
import shutil
import statistics
import tempfile
from functools import cache
from pathlib import Path

from benchmarks.classifications import BASE, sources
from benchmarks.environment import Comparison, Series, calibration
from benchmarks.service import serving
from pesai.releases.bundled import bundled
from pesai.releases.intake import Load, load
from pesai.releases.layout import Home

__all__ = ["BENCHMARKS"]

GOAL = 0.150
"""Seconds at the 95th percentile."""
ROUNDS = 12
PAGES = {
    "home": ["/"],
    "initiatives": [
        "/initiatives", "/initiatives?page=3", "/initiatives?theme=ethics",
        "/initiatives?theme=ai-solutions&results=evaluated", "/initiatives?region=m49-150",
        "/initiatives?stage=production&kind=tool", "/initiatives?theme=ethics&view=table",
    ],
    "organisations": ["/organisations", "/organisations?kind=pes", "/organisations?page=2"],
    "findings": ["/findings", "/findings?theme=ethics", "/surveys"],
    "results": ["/results", "/results?effect=yes", "/results?role=observed"],
    "themes": ["/themes", "/code/theme/ethics", "/code/theme/ai-solutions"],
    "sheets": [
        "/page/initiative/fr-la-bonne-boite", "/page/initiative/at-ams-amas",
        "/page/initiative/no-nav-frida", "/page/organisation/france-travail",
        "/page/organisation/vdab", "/page/measurement/at-ams-amas-o1",
    ],
}  # fmt: skip


@cache
def home() -> Path:
    """A home with the bundled data and ESCO, made once a run."""
    folder = Path(tempfile.mkdtemp(prefix="pesai-bench-"))
    atexit.register(shutil.rmtree, folder)
    every = [Load(source) for source in (*bundled(), sources()["esco"])]
    load(Home(folder / "var"), BASE, every, who="benchmark", why="explorer")
    return folder / "var"


def pages() -> list[Comparison]:
    """Every kind of page in French and English, each often; the first visits warm the caches."""
    with serving(home()) as (connection, _started):
        for paths in PAGES.values():
            for path in paths * 4:
                _ask(connection, path, "fr")
        return [_measured(connection, name, paths) for name, paths in PAGES.items()]


def _measured(connection: http.client.HTTPConnection, name: str, paths: list[str]) -> Comparison:
    found = Series("server")
    for number in range(ROUNDS):
        found.calibration.append(calibration())
        language = ("fr", "en")[number % 2]
        found.seconds += [_ask(connection, path, language) for path in paths]
    high = statistics.quantiles(found.seconds, n=20)[-1]
    return Comparison(
        f"explorer: {name}",
        [found],
        figure=f"95th percentile {high * 1000:.0f} ms",
        goal=f"server time at the 95th percentile under {GOAL * 1000:.0f} ms",
        reached=high < GOAL,
    )


def _ask(connection: http.client.HTTPConnection, path: str, language: str) -> float:
    """Seconds that the server says a page took."""
    connection.request("GET", path, headers={"Accept": "text/html", "Accept-Language": language})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path} answers {answer.status}")
    told = answer.headers["Server-Timing"].rpartition("total;dur=")[2]
    return float(told) / 1000


BENCHMARKS = {"explorer-pages": pages}
