"""ESCO from its files to a published release, against the engine's own bulk load of the same.

Needs ``PESAI_TAXONOMIES``: the published files are not part of the project.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import RdfFormat, Store

from benchmarks.environment import Comparison, Series, series
from pesai.loading.canonical import Lines
from pesai.loading.discovery import loader
from pesai.loading.loader import Context, Source
from pesai.loading.sink import Sink
from pesai.namespaces import Base
from pesai.releases import audience_build
from pesai.releases.intake import Load, load
from pesai.releases.layout import Home

__all__ = ["BENCHMARKS", "sources"]

BASE = Base("https://w3id.org/pes-ai/")
RUNS = 3
ESCO = (
    "ESCO dataset - v1.1.1 - classification - en - csv.zip",
    "ESCO dataset - v1.1.1 - classification -  - csv.zip",
    "esco-1.1.1-fr.tar.gz",
)


def sources() -> dict[str, Source]:
    """The published files, as sources by name."""
    named = os.environ.get("PESAI_TAXONOMIES", "")
    folder = Path(named)
    if not named or not folder.is_dir():
        raise SystemExit("PESAI_TAXONOMIES names no folder with the published classifications")
    return {
        "esco": Source("esco", "1.1.1", tuple(folder / name for name in ESCO)),
        "rome": Source("rome", "4.60", (folder / "rome-4.60.tar.gz",)),
        "onet": Source("onet", "29.2", (folder / "onet-29.2-subset.tar.gz",)),
    }


def _lines(source: Source) -> Lines:
    sink = Sink()
    loader(source.kind).load(source, Context(BASE), sink)
    return sink.lines()


def _timed(work: Callable[[Path], None]) -> Callable[[], float]:
    """Seconds of a piece of work in a folder of its own; making and removing it apart."""

    def once() -> float:
        folder = Path(tempfile.mkdtemp(prefix="pesai-benchmark-"))
        try:
            started = time.perf_counter()
            work(folder)
            return time.perf_counter() - started
        finally:
            shutil.rmtree(folder)

    return once


def _bulk(sources: list[Source]) -> Callable[[], float]:
    """One N-Quads stream that holds the named and the default copy, loaded by the engine."""
    graphs = [(BASE.graph(source.kind, source.name), _lines(source)) for source in sources]
    named = "".join(f"{line[:-1]}{graph} .\n" for graph, lines in graphs for line in lines)
    default = sorted({line for _, lines in graphs for line in lines})
    stream = (named + "\n".join(default) + "\n").encode()

    def work(folder: Path) -> None:
        store = Store(str(folder / "store"))
        store.bulk_load(stream, RdfFormat.N_QUADS)
        store.flush()

    return _timed(work)


def _published(sources: list[Source]) -> Callable[[], float]:
    """From the files to a release, derived steps (closures, index) apart."""

    def work(folder: Path) -> None:
        audience_build.steps = lambda: ()
        loads = [Load(source) for source in sources]
        outcome = load(Home(folder / "var"), BASE, loads, who="benchmark", why="speed")
        assert outcome.manifest is not None

    return _timed(work)


def _in_turn(first: Callable[[], float], second: Callable[[], float]) -> tuple[Series, Series]:
    """Measured in turn, so that a slow minute is a slow minute for both."""
    bulk, release = Series("bulk load by the engine"), Series("from files to a release")
    for _ in range(RUNS):
        for found, once in ((bulk, first), (release, second)):
            one = series("", once, 1)
            found.seconds += one.seconds
            found.calibration += one.calibration
    return bulk, release


def _against_bulk(name: str, sources: list[Source]) -> Comparison:
    bulk, release = _in_turn(_bulk(sources), _published(sources))
    ratio = release.median / bulk.median
    return Comparison(
        name,
        [bulk, release],
        figure=f"{ratio:.2f} times",
        goal="at most 1.5 times the engine's own bulk load",
        reached=ratio <= 1.5,
    )


def reading() -> list[Comparison]:
    """Files to canonical lines, without publishing."""
    comparisons = []
    for name, source in sources().items():

        def once(source: Source = source) -> None:
            _lines(source)

        comparisons.append(Comparison(f"reading {name}", [series("files to lines", once, RUNS)]))
    return comparisons


def esco() -> list[Comparison]:
    """ESCO 1.1.1 in English and French."""
    return [_against_bulk("ESCO 1.1.1 en+fr", [sources()["esco"]])]


def together() -> list[Comparison]:
    """ESCO, ROME and O*NET together."""
    return [_against_bulk("ESCO, ROME and O*NET", list(sources().values()))]


BENCHMARKS = {
    "classifications-reading": reading,
    "classifications-esco": esco,
    "classifications-together": together,
}
