"""How well the alignment bench proposes, beside plain FTS5 over the same labels.

Needs ``PESAI_TAXONOMIES``: the published files are not part of the project.
"""

import atexit
import csv
import io
import os
import random
import shutil
import sqlite3
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from benchmarks.classifications import BASE, sources
from benchmarks.environment import Comparison, Series, calibration
from pesai.access.audiences import THE_PUBLIC
from pesai.alignment.bench import Bench
from pesai.alignment.ranking import Ranker
from pesai.alignment.schema import Role
from pesai.alignment.scheme import concepts
from pesai.alignment.text import fold
from pesai.releases.bundled import bundled
from pesai.releases.intake import Load, load
from pesai.releases.layout import Home

__all__ = ["BENCHMARKS"]

SEED = 4212
MOST = int(os.environ.get("PESAI_BENCH_ROWS", "1500"))
"""Rows of each list, drawn at random; 0 for all."""
PLACES = (1, 5, 10)
NONE = ("LABEL NOT PRESENT", "UNDERSPECIFIED")
Pair = tuple[str, str]
"""A text, and the concept that people found for it: its IRI, or its preferred label."""
Propose = Callable[[str], list[str]]


@cache
def home() -> Home:
    """ESCO and ROME with the bundled data, and no table between the two."""
    folder = Path(tempfile.mkdtemp(prefix="pesai-bench-"))
    atexit.register(shutil.rmtree, folder)
    of = sources()
    every = [Load(source) for source in (*bundled(), of["esco"], of["rome"])]
    load(Home(folder), BASE, every, who="benchmark", why="alignment")
    return Home(folder)


def titles() -> list[Comparison]:
    """ROME's French titles to ESCO occupations: with ROME loaded, and as any list of titles."""
    bench = Bench.at(home(), THE_PUBLIC, "esco:occupation", "fr")
    pairs = _drawn(list(_titles()))
    ranker = Ranker(concepts(bench.index, bench.scheme, "fr"))
    return [
        _comparison("ROME titles to ESCO, ROME loaded", bench, pairs, _proposing(bench)),
        _comparison(
            "ROME titles to ESCO, as any list", bench, pairs,
            lambda text: [one.concept.iri for one in ranker.rank(text, 10)],
        ),
    ]  # fmt: skip


def sentences() -> list[Comparison]:
    """Sentences of job advertisements, and the spans in them, to the ESCO skills they speak of."""
    bench = Bench.at(home(), THE_PUBLIC, "esco:skill", "en")
    iris = {one.name: one.iri for one in concepts(bench.index, bench.scheme, "en")}
    rows = [row for row in _sentences() if row["label"] not in NONE]
    found = []
    for name, columns in (("sentences", ("sentence",)), ("spans", ("sub_span", "span"))):
        pairs = {(next(filter(None, map(row.get, columns))), iris[row["label"]]) for row in rows}
        drawn = _drawn(sorted(pairs))
        found.append(_comparison(f"job-ad {name} to ESCO", bench, drawn, _proposing(bench)))
    return found


def _proposing(bench: Bench) -> Propose:
    return lambda text: [one.concept.iri for one in bench.propose(text, 10)]


def _comparison(name: str, bench: Bench, pairs: list[Pair], propose: Propose) -> Comparison:
    plain, plain_recall = _measured("plain FTS5", _plain(bench), pairs)
    own, own_recall = _measured("bench", propose, pairs)
    gain = own_recall[5] - plain_recall[5]
    told = [
        f"{one.name}: " + ", ".join(f"{share:.1f} % at {place}" for place, share in recall.items())
        for one, recall in ((own, own_recall), (plain, plain_recall))
    ]
    return Comparison(
        name,
        [plain, own],
        figure=f"{gain:+.1f} points of recall at 5",
        goal="at least 10 points above plain FTS5",
        reached=gain >= 10,
        notes=f"{len(pairs)} rows; {'; '.join(told)}",
    )


def _measured(name: str, propose: Propose, pairs: list[Pair]) -> tuple[Series, dict[int, float]]:
    taken, hits = Series(name, calibration=[calibration()]), dict.fromkeys(PLACES, 0)
    propose(pairs[0][0])
    for text, right in pairs:
        started = time.perf_counter()
        found = propose(text)
        taken.seconds.append(time.perf_counter() - started)
        for place in PLACES:
            hits[place] += right in found[:place]
    taken.calibration.append(calibration())
    return taken, {place: 100 * count / len(pairs) for place, count in hits.items()}


def _plain(bench: Bench) -> Propose:
    """The baseline: each label a row of FTS5, any of the words, ranked by its BM25."""
    table = sqlite3.connect(":memory:")
    table.execute(
        "CREATE VIRTUAL TABLE label USING fts5 "
        "(text, iri UNINDEXED, tokenize = 'unicode61 remove_diacritics 2')"
    )
    table.executemany(
        "INSERT INTO label VALUES (?, ?)",
        (
            (text, one.iri)
            for one in concepts(bench.index, bench.scheme, bench.language)
            for text, role in one.labels
            if role is not Role.CODE
        ),
    )

    def propose(text: str) -> list[str]:
        asked = " OR ".join(f'"{word}"' for word in fold(text).split())
        query = "SELECT iri FROM label WHERE label MATCH ? ORDER BY bm25(label) LIMIT 100"
        rows = table.execute(query, (asked,)).fetchall() if asked else []
        return list(dict.fromkeys(iri for (iri,) in rows))[:10]

    return propose


def _drawn(pairs: list[Pair]) -> list[Pair]:
    return random.Random(SEED).sample(pairs, MOST) if 0 < MOST < len(pairs) else pairs


def _titles() -> Iterator[Pair]:
    """The table that France publishes for EURES, which the bench does not see."""
    [(_, text)] = _texts("crosswalks.tar.gz", "mapping_esco_rome.csv")
    rows = list(csv.reader(io.StringIO(text)))
    start = next(n for n, row in enumerate(rows) if row[:1] == ["classification 1 ID"])
    for esco, _label, _code, title, _relation in rows[start + 1 :]:
        yield title, esco


def _sentences() -> Iterator[dict[str, str]]:
    for _, text in _texts("skill-extraction-tech.tar.gz", ".csv"):
        yield from csv.DictReader(io.StringIO(text))


def _texts(archive: str, ending: str) -> Iterator[tuple[str, str]]:
    with tarfile.open(Path(os.environ["PESAI_TAXONOMIES"]) / archive) as packed:
        for member in packed:
            content = packed.extractfile(member) if member.name.endswith(ending) else None
            if content is not None:
                yield member.name, content.read().decode("utf-8-sig")


BENCHMARKS = {"alignment-titles": titles, "alignment-sentences": sentences}
