"""Making releases: a small change in a large home.

The large home is generated: half a million triples over a public, a partners' and an owner's
graph, and one graph of 1,000 triples that is replaced.
"""

import tempfile
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from benchmarks.environment import Comparison, series
from pesai.loading.canonical import Lines
from pesai.namespaces import Base
from pesai.releases.layout import Home
from pesai.releases.manifest import GraphEntry
from pesai.releases.publisher import Change, publish

__all__ = ["BENCHMARKS"]

BASE = Base("https://example.org/")
LARGE = (("public", 300_000), ("partners", 150_000), ("owners:xa", 49_000))
SMALL = 1_000


def replacement() -> list[Comparison]:
    """A graph of 1,000 triples is replaced in a home with half a million."""
    with tempfile.TemporaryDirectory(prefix="pesai-bench-") as folder:
        home = large_home(Path(folder))
        numbers = count(1)
        taken = series("a new release", lambda: replace_small(home, next(numbers)))
    return [
        Comparison(
            "1,000 of 500,000 triples replaced",
            [taken],
            figure=f"{taken.median:.2f} s",
            goal="under 1 s",
            reached=taken.median < 1,
        )
    ]


def large_home(folder: Path) -> Home:
    """A home with half a million triples for three readers, and the small graph."""
    home, change = Home(folder), Change()
    for number, (audience, size) in enumerate(LARGE):
        change.put.append((_entry(f"large-{number}", audience), _lines(f"l{number}", size, "text")))
    change.put.append((_entry("small", "public"), _lines("small", SMALL, "0")))
    publish(home, BASE, change, who="benchmark", why="large home")
    return home


def replace_small(home: Home, number: int) -> None:
    """Replace every triple of the small graph."""
    held = _lines("small", SMALL, str(number))
    change = Change(put=[(_entry("small", "public"), held)])
    publish(home, BASE, change, who="benchmark", why="replacement")


def _lines(name: str, size: int, text: str) -> Lines:
    subjects = (f"<https://example.org/id/{name}/{n // 5:06d}>" for n in range(size))
    return tuple(
        sorted(
            f'{subject} <https://example.org/p{n % 5}> "{text} number {n} of {name}"@en .'
            for n, subject in enumerate(subjects)
        )
    )


def _entry(name: str, audience: str) -> GraphEntry:
    return GraphEntry(
        iri=BASE.graph("rdf", name).value,
        kind="rdf",
        name=name,
        audience=audience,
        checksum="",
        triples=0,
        loaded=datetime.now(UTC).replace(microsecond=0),
    )


BENCHMARKS = {"replacement": replacement}
