"""The services for the suite: a plain node with the data of all query tests, one for writes."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from pesai.namespaces import Base
from pesai.releases.layout import Home
from pesai.releases.manifest import GraphEntry
from pesai.releases.publisher import Change, publish
from tests.conformance.comparing import graph_of, suffix_of
from tests.conformance.running import Outcome, Runner
from tests.conformance.suite import Suite, Test
from tests.conftest import pesai, serving
from tests.web.conftest import Client

__all__ = ["run"]

_PLAIN = Base("https://w3id.org/pes-ai/", plain=True)


_NODES = (
    (("query", "results", "federation", "description"), ("query", "results")),
    (("protocol", "update", "graph-store"), ("protocol",)),
)
"""What is run against which node, and whose data it holds at the beginning."""


def run(suite: Suite, folder: Path, tests: Sequence[Test]) -> list[Outcome]:
    """How some tests go, in the order of the suite."""
    outcomes = []
    for number, (subjects, data) in enumerate(_NODES):
        with _running(suite, folder / f"var-{number}", suite.tests(*data)) as runner:
            outcomes += [runner.run(test) for test in tests if test.subject in subjects]
    return outcomes


@contextmanager
def _running(suite: Suite, home: Path, tests: Sequence[Test]) -> Iterator[Runner]:
    """Runs tests against a service over a new home.

    The data are published at once, each file as the graph that its tests call it: a query test
    chooses its own by the dataset of the protocol.
    """
    change = Change(put=list(_graphs(suite, tests)))
    publish(Home(home), _PLAIN, change, who="tests", why="the data of the W3C suite")
    rights = ("--audience", "public", "--may", "load,publish,admin")
    made = pesai(home, "token", "create", "--name", "W3C suite", *rights, PESAI_DATASET="plain")
    token = made.stdout.split()[-1] if made.stdout else ""
    with serving(home, PESAI_DATASET="plain") as address:
        yield Runner(suite, Client(address), token)


def _graphs(suite: Suite, tests: Iterable[Test]) -> Iterator[tuple[GraphEntry, tuple[str, ...]]]:
    wanted = {iri: iri for test in tests for iri in test.before.default}
    wanted |= {iri: file for test in tests for iri, file in test.before.named.items()}
    for iri, file in sorted(wanted.items()):
        store = ox.Store()  # gives literals back as the store of the service does
        store.extend(graph_of(suite.path(file).read_bytes(), suffix_of(file), file))
        entry = GraphEntry(
            iri=iri, kind="rdf", name=iri, audience="public", checksum="", triples=0,
            loaded=datetime(2026, 1, 1, tzinfo=UTC),
        )  # fmt: skip
        yield entry, tuple(sorted({f"{quad.triple} ." for quad in store}))
