"""How load, index and queries grow with the number of concepts: ESCO once, four and sixteen times.

Copies have IRIs of their own and share the ISCO groups above them. Needs ``PESAI_TAXONOMIES``.
``PESAI_BENCH_SCALES`` chooses other sizes; sixteen times takes some twenty minutes and 12 GiB.
"""

import atexit
import http.client
import io
import os
import re
import shutil
import sqlite3
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import quote

from benchmarks.classifications import BASE, sources
from benchmarks.environment import Comparison, Series, calibration
from benchmarks.service import serving
from pesai.alignment.schema import FILE
from pesai.loading.loader import Source
from pesai.releases import audience_build
from pesai.releases.intake import Load, load
from pesai.releases.layout import Home

__all__ = ["BENCHMARKS"]

SCALES = tuple(map(int, os.environ.get("PESAI_BENCH_SCALES", "1,4,16").split(",")))
RUNS = 40
JSON = "application/sparql-results+json"
DESCENDANTS = """PREFIX esco: <http://data.europa.eu/esco/model#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX isco: <http://data.europa.eu/esco/isco/>
SELECT ?occupation ?skill {{ ?occupation a esco:Occupation ; skos:broaderTransitive isco:{} ;
  esco:relatedEssentialSkill ?skill . FILTER({} > 0) }}"""
"""All descendants of a group with their essential skills; the number makes each one another."""
GROUPS = ("C2511", "C251", "C25", "C2")
_IRI = re.compile(rb"(data\.europa\.eu/esco/(?:occupation|skill)/)(?=[0-9a-f])")
_numbers = count(1)


def descendants() -> list[Comparison]:
    """All descendants of a group with their essential skills, with ESCO, on a warm server."""
    with _home(1) as (home, _load, _derived):
        return [
            Comparison(
                f"descendants of {name} with their essential skills",
                [one],
                figure=f"{one.median * 1000:.1f} ms for {one.rows:,} rows",
                goal="under 100 ms",
                reached=one.median < 0.1,
            )
            for name, one in _queries(home).items()
        ]


def growth() -> list[Comparison]:
    """Load, derived steps and queries at each size."""
    found = []
    for scale in SCALES:
        with _home(scale) as (home, loaded, derived):
            each = ", ".join(f"{k} {v.median * 1000:.1f} ms" for k, v in _queries(home).items())
            index = (home / "current").resolve() / "public" / FILE
            with sqlite3.connect(index) as held:
                labels = held.execute("SELECT count(*) FROM label").fetchone()[0]
            taken = [Series("files to a release", [loaded], [calibration()]),
                     Series("closures and index", [derived], [calibration()])]  # fmt: skip
            size = index.stat().st_size / 2**20
            notes = f"{labels:,} labels, index of {size:.0f} MiB; descendants: {each}"
            found.append(Comparison(f"ESCO {scale} times", taken, notes=notes))
    return found


class _Counted(Series):
    """A series that knows how many rows an answer had."""

    rows = 0


def _queries(home: Path) -> dict[str, _Counted]:
    found = {}
    with serving(home) as (connection, _):
        for group in GROUPS:
            one = found[group] = _Counted(group)
            for run in range(RUNS + 5):
                started = time.perf_counter()
                body = _ask(connection, DESCENDANTS.format(group, next(_numbers)))
                if run >= 5:
                    one.seconds.append(time.perf_counter() - started)
            one.rows = body.count(b'"skill"') - 1
            one.calibration.append(calibration())
    return found


def _ask(connection: http.client.HTTPConnection, query: str) -> bytes:
    connection.request("GET", f"/sparql?query={quote(query)}", headers={"Accept": JSON})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body
    return body


@contextmanager
def _home(scale: int) -> Iterator[tuple[Path, float, float]]:
    """A home with that many copies, and the seconds without and for the derived steps."""
    folder = Path(tempfile.mkdtemp(prefix="pesai-growth-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    copies = [Load(_copy(folder, number)) for number in range(scale)]
    usual = audience_build.steps
    audience_build.steps = tuple
    try:
        loaded = _timed(folder / "plain", copies)
    finally:
        audience_build.steps = usual
    shutil.rmtree(folder / "plain")
    whole = _timed(folder / "var", copies)
    try:
        yield folder / "var", loaded, whole - loaded
    finally:
        shutil.rmtree(folder)


def _timed(home: Path, loads: list[Load]) -> float:
    started = time.perf_counter()
    outcome = load(Home(home), BASE, loads, who="benchmark", why="growth")
    assert outcome.manifest is not None
    return time.perf_counter() - started


def _copy(folder: Path, number: int) -> Source:
    """ESCO with IRIs of its own; the first is ESCO itself."""
    esco = sources()["esco"]
    if number == 0:
        return esco
    paths = []
    for place, path in enumerate(esco.paths):
        own = folder / str(number) / f"{place}-v1.1.1.zip"
        own.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(own, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
            for name, content in _files(path):
                packed.writestr(name, _IRI.sub(rb"\g<1>%d-" % number, content))
        paths.append(own)
    return Source("esco", f"1.1.1-{number}", tuple(paths))


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    content = path.read_bytes()
    if path.suffix == ".zip":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            yield from ((name, packed.read(name)) for name in packed.namelist())
        return
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        for member in packed:
            held = packed.extractfile(member)
            if held is not None:
                yield Path(member.name).name, held.read()


BENCHMARKS = {"classifications-descendants": descendants, "classifications-growth": growth}
