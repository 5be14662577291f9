"""Search and reconciliation with ESCO, ROME and O*NET loaded: as somebody types, letter by letter.

Needs ``PESAI_TAXONOMIES``: the published files are not part of the project.
"""

import atexit
import http.client
import json
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.classifications import BASE
from benchmarks.classifications import sources as classifications
from benchmarks.environment import Comparison, Series, calibration
from benchmarks.service import serving
from pesai.alignment.schema import FILE
from pesai.releases.bundled import bundled
from pesai.releases.intake import Load, load
from pesai.releases.layout import Home

__all__ = ["BENCHMARKS"]

SEED = 4212
TITLES = 120
Asked = Callable[[str], tuple[float, float]]
"""Server and whole seconds of one question."""


@cache
def large_home() -> Path:
    """A home with the bundled data and the classifications, made once a run."""
    folder = Path(tempfile.mkdtemp(prefix="pesai-bench-"))
    atexit.register(shutil.rmtree, folder)
    every = [Load(source) for source in (*bundled(), *classifications().values())]
    load(Home(folder / "var"), BASE, every, who="benchmark", why="search")
    return folder / "var"


def letters() -> list[Comparison]:
    """Labels of all kinds, typed letter by letter; and with a letter left out."""
    labels = _labels(TITLES)
    whole = [label.lower() for label in labels]
    typed = [text[:size] for text in whole for size in range(1, len(text) + 1)]
    found: dict[str, tuple[Series, Series]] = defaultdict(
        lambda: (Series("server"), Series("whole request"))
    )
    with serving(large_home()) as (connection, _started):
        ask = _asking(connection)
        for text in typed[:200]:
            ask(text)
        for name, texts in (
            ("one and two letters", [t for t in typed if len(t) < 3]),
            ("from the third letter on", [t for t in typed if len(t) >= 3]),
            ("misspelt", [_slip(text) for text in whole if len(text) > 6]),
        ):
            for text in texts:
                server, request = ask(text)
                for series, seconds in zip(found[name], (server, request), strict=True):
                    series.seconds.append(seconds)
            for series in found[name]:
                series.calibration.append(calibration())
    return [_comparison(name, *series) for name, series in found.items()]


def batches() -> list[Comparison]:
    """Names of ROME and ESCO in batches of 50, as OpenRefine sends them."""
    labels, taken = _labels(500), Series("batch of 50")
    with serving(large_home()) as (connection, _started):
        for start in range(0, len(labels), 50):
            queries = {str(i): {"query": text} for i, text in enumerate(labels[start : start + 50])}
            body = urlencode({"queries": json.dumps(queries)})
            taken.calibration.append(calibration())
            begun = time.perf_counter()
            connection.request("POST", "/reconcile", body,
                               {"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
            answer = connection.getresponse()
            answer.read()
            taken.seconds.append(time.perf_counter() - begun)
            assert answer.status == 200
    return [
        Comparison(
            "reconciliation of 50 names",
            [taken],
            figure=f"{max(taken.seconds):.2f} s at most",
            goal="under 1 s",
            reached=max(taken.seconds) < 1,
        )
    ]


def _comparison(name: str, server: Series, request: Series) -> Comparison:
    p95 = [statistics.quantiles(one.seconds, n=20)[18] * 1000 for one in (server, request)]
    goal = name == "from the third letter on"
    return Comparison(
        f"search, {name}",
        [server, request],
        figure=f"p95 {p95[0]:.1f} ms server, {p95[1]:.1f} ms whole, of {len(server.seconds)}",
        goal="server p95 under 15 ms" if goal else "",
        reached=p95[0] < 15 if goal else None,
        notes=_size(),
    )


def _asking(connection: http.client.HTTPConnection) -> Asked:
    def ask(text: str) -> tuple[float, float]:
        begun = time.perf_counter()
        connection.request("GET", f"/search?{urlencode({'q': text, 'format': 'json'})}")
        answer = connection.getresponse()
        answer.read()
        whole = time.perf_counter() - begun
        assert answer.status == 200
        timing = answer.headers["Server-Timing"]
        return float(timing.rpartition("dur=")[2]) / 1000, whole

    return ask


def _labels(count: int) -> list[str]:
    """Labels drawn from the index itself, in the share of each kind; texts and codes apart."""
    with sqlite3.connect(_index()) as held:
        rows = held.execute("SELECT text FROM label WHERE role IN (0, 2) ORDER BY id").fetchall()
    short = sorted({text for (text,) in rows if 3 < len(text) <= 40})
    return random.Random(SEED).sample(short, count)


def _slip(text: str) -> str:
    place = len(text) // 2
    return text[:place] + text[place + 1 :]


def _size() -> str:
    with sqlite3.connect(_index()) as held:
        labels = held.execute("SELECT count(*) FROM label WHERE role IN (0, 2, 3)").fetchone()[0]
    return f"{labels:,} labels, index of {_index().stat().st_size / 2**20:.0f} MiB"


def _index() -> Path:
    return (large_home() / "current").resolve() / "public" / FILE


BENCHMARKS = {"search-letters": letters, "reconciliation-batches": batches}
