"""One service for the whole suite: a plain node that holds the data of all query tests."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox

from pesai.namespaces import Base
from pesai.releases.layout import Home
from pesai.releases.manifest import GraphEntry
from pesai.releases.publisher import Change, publish
from tests.conformance.comparing import graph_of, suffix_of
from tests.conformance.running import Runner
from tests.conformance.suite import Suite, Test
from tests.conftest import pesai, serving
from tests.web.conftest import Client

__all__ = ["running"]

_PLAIN = Base("https://w3id.org/pes-ai/", plain=True)


@contextmanager
def running(suite: Suite, home: Path) -> Iterator[Runner]:
    """Runs tests against a service over a new home.

    The data of all query tests are published at once, each file as the graph that its tests call
    it: a test chooses its own by the dataset of the protocol.
    """
    change = Change(put=list(_graphs(suite, suite.tests("query", "results", "protocol"))))
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
