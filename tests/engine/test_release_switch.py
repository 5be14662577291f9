"""Queries while releases change: each answer is of one release, whole, and never of an older one
than was served when it was asked."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from pesai.engine.embedded.local import LocalEngine
from pesai.engine.embedded.pool import Pool
from pesai.engine.protocol import Query
from pesai.namespaces import Base
from pesai.releases.layout import Home
from pesai.releases.locate import locator
from pesai.releases.manifest import GraphEntry
from pesai.releases.publisher import Change, publish
from tests.conftest import until
from tests.engine.conftest import LIMITS

BASE = Base("http://example.org/")
ROWS = 2_000
RELEASES = 6
VERSIONS = Query("SELECT ?v (COUNT(?s) AS ?n) { ?s <urn:version> ?v } GROUP BY ?v")


def publish_version(home: Home, version: int) -> None:
    entry = GraphEntry(
        iri=BASE.graph("rdf", "versions").value,
        kind="rdf",
        name="versions",
        audience="public",
        checksum="",
        triples=0,
        loaded=datetime(2026, 1, 1, tzinfo=UTC),
    )
    lines = tuple(sorted(f'<urn:s{i}> <urn:version> "{version}" .' for i in range(ROWS)))
    made = publish(home, BASE, Change(put=[(entry, lines)]), who="test", why=f"version {version}")
    assert made is not None
    assert int(made.id) == version


def test_answers_while_a_publisher_is_at_work(tmp_path: Path) -> None:
    home = Home(tmp_path / "var")
    publish_version(home, 1)
    engine = LocalEngine(Pool(2, LIMITS, patience=30), locator(home), {})
    served = 1
    over = threading.Event()
    seen: set[int] = set()

    def ask() -> int:
        count = 0
        while not over.is_set():
            least = served
            result = engine.query(VERSIONS, LIMITS)
            with result.body as body:
                rows = json.load(body)["results"]["bindings"]
            assert len(rows) == 1, "an answer of two releases"
            assert int(rows[0]["n"]["value"]) == ROWS, "part of a release"
            version = int(rows[0]["v"]["value"])
            assert version == int(result.release)
            assert version >= least, "an older release than the one that was served"
            seen.add(version)
            count += 1
        return count

    try:
        with ThreadPoolExecutor(4) as threads:
            asked = [threads.submit(ask) for _ in range(4)]

            def seen_or_over() -> bool:
                return served in seen or any(one.done() for one in asked)

            try:
                for version in range(1, RELEASES + 1):
                    if version > 1:
                        publish_version(home, version)
                    served = version
                    until(seen_or_over, f"an answer of release {version}")
            finally:
                over.set()
            assert sum(future.result() for future in asked) >= RELEASES
        assert seen == set(range(1, RELEASES + 1))
        first = engine.query(Query(VERSIONS.text, release="1"), LIMITS)
        with first.body as body:
            assert b'"value":"1"' in body.read()
        assert first.release == "000001"
    finally:
        engine.close()
