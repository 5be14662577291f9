"""All that a reader gets is as if nothing else existed: stores, derived graphs, search, dumps.

The reference is a home that was made from what the reader may read, and nothing more. Every file of
the reader's folder is the same in both, so nothing that is worked out from a store can tell.
"""

import gzip
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask import Flask

from pesai.access.audiences import THE_PUBLIC, Reader
from pesai.alignment.schema import FILE
from pesai.releases import intake
from pesai.releases.layout import Home
from tests.access.conftest import bearer, make_token
from tests.attacks.access.world import BASE, READERS, World, publish_world
from tests.attacks.here import service_here

SKOS = "http://www.w3.org/2004/02/skos/core#"
WORLD = World.of(20260101)
NAMED = {
    name: (
        audience,
        (
            *lines,
            f'<urn:only-{name}-0> <{SKOS}prefLabel> "label {name}"@en .',
            f"<urn:only-{name}-0> a <{SKOS}Concept> .",
            f"<urn:only-{name}-0> <{SKOS}broader> <urn:t0> .",
            f"<urn:t0> <{SKOS}broader> <urn:t1> .",
        ),
    )
    for name, (audience, lines) in WORLD.graphs.items()
}
RICH = World(WORLD.seed, NAMED)
"""With what derived steps read: concepts, labels, hierarchies."""

Publish = Callable[..., Path]


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Publish]:
    """Publishes the rich world, or what one reader may read of it; all at the same time of day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(intake, "now", lambda: datetime(2026, 1, 1, tzinfo=UTC))

        def publish(only: Reader | None = None) -> Path:
            folder = tmp_path_factory.mktemp("reduced")
            publish_world(RICH, folder / "var", folder / "sources", only=only)
            return folder / "var"

        yield publish


@pytest.fixture(scope="module")
def whole(make: Publish) -> Path:
    return make()


_TABLES = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name
"""
"""What a full-text table holds lies in tables beside it."""


def held(home: Path, reader: Reader) -> dict[str, object]:
    """Everything that is made for a reader."""
    release = Home(home).release()
    folder = release.folder(reader)
    with closing(sqlite3.connect(folder / FILE)) as index:
        tables = [name for (name,) in index.execute(_TABLES)]
        search = {name: sorted(map(repr, index.execute(f'SELECT * FROM "{name}"')))  # noqa: S608
                  for name in tables}  # fmt: skip
    quads = sorted(map(str, ox.Store.read_only(str(folder / "store"))))
    return {
        "checksum": release.checksum(reader),
        "entry": release.entry(reader),
        "quads": quads,
        "dump": gzip.decompress((folder / "data.nq.gz").read_bytes()),
        "search": search,
        "files": sorted(path.name for path in folder.iterdir()),
    }


@pytest.mark.attack("24", "25", "26", "27")
@pytest.mark.parametrize("reader", READERS[:3], ids=str)
def test_everything_is_as_if_nothing_else_existed(
    make: Publish, whole: Path, reader: Reader
) -> None:
    found, alone = held(whole, reader), held(make(reader), reader)
    assert found.keys() == alone.keys()
    for name, value in found.items():
        assert value == alone[name], name


@pytest.mark.attack("26")
def test_what_is_for_others_makes_no_work(make: Publish, whole: Path) -> None:
    """No file of the store is larger by it: there is nothing for the engine to pass over."""
    sizes = []
    for home in (whole, make(THE_PUBLIC)):
        store = Home(home).release().store(THE_PUBLIC)
        tables = list(store.rglob("*.sst"))
        sizes.append(sorted(path.stat().st_size for path in tables))
    assert sizes[0]
    assert sum(sizes[0]) == pytest.approx(sum(sizes[1]), rel=0.01)


@pytest.mark.undefended("24", "25", "26", "27")
def test_steps_over_everything_would_tell(make: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reader's folder is made from all graphs: what is derived tells of those of others."""
    monkeypatch.setattr(Reader, "may_read", lambda *_: True)
    spoilt, alone = held(make(), THE_PUBLIC), held(make(THE_PUBLIC), THE_PUBLIC)
    assert "label between" in str(spoilt["search"])
    assert "label between" not in str(alone["search"])
    assert spoilt["quads"] != alone["quads"]
    derived = [q for q in str(spoilt["quads"]).split("',") if "graph/derived/" in q]
    assert any("only-qm-0" in quad for quad in derived), "a closed premise has an open conclusion"


MORE = [
    "/search?q=label&format=json", "/search?q=between", "/reconcile/suggest/entity?prefix=label",
    *(f"/concept?iri=urn:only-{name}-0" for name in RICH.graphs),
    *(f"/graph/rdf/{name}" for name in RICH.graphs), "/concept?iri=urn:t1", "/releases/000001",
    "/releases/000001/dump.nq.gz", "/sparql?query=SELECT%20(COUNT(*)%20AS%20?n)%20{?s%20?p%20?o}",
    "/graphs?default&format=nt", "/page/initiative/nobody", "/graphs?graph=https://example.org/x",
]  # fmt: skip
_VARYING = re.compile(
    r"\d\d?:\d\d(:\d\d)?(\.\d+)?( [AP]M)?|(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])|"
    r'(?<=name="csrf_token" value=")[^"]+'
)
"""Times of day, numbers of requests, and tokens of forms."""


JOURNAL = {"/writes", "/feeds/writes.atom"}
"""These leave out who made a release and why where it changed graphs for others, too: a reason may
speak of them. That there was something else is told by it; what it was is not."""


def pages(home: Path, reader: Reader) -> dict[str, list[str]]:
    """What a reader is given at each address, without what is another thing each time."""
    token = bearer(make_token(home, str(reader))) if reader != THE_PUBLIC else None
    found = {}
    apps: list[Flask] = []
    with service_here(home, change=apps.append, base_iri=BASE.iri) as client:
        rules = [r.rule for r in apps[0].url_map.iter_rules() if "GET" in (r.methods or ())]
        for path in sorted({*MORE, *(rule for rule in rules if "<" not in rule)}):
            reply = client.send("GET", path, Accept="text/html", Authorization=token)
            body = gzip.decompress(reply.body) if reply.body[:2] == b"\x1f\x8b" else reply.body
            address = client.address.encode()
            text = body.replace(address, b"").decode("utf-8", "replace")
            found[path] = [str(reply.status), *_VARYING.sub("", text).splitlines()]
    return found


@pytest.mark.attack("24", "25")
@pytest.mark.parametrize("reader", [THE_PUBLIC, Reader("owner", "pes-qm")], ids=str)
def test_every_page_is_as_if_nothing_else_existed(
    make: Publish, whole: Path, reader: Reader
) -> None:
    found, alone = pages(whole, reader), pages(make(reader), reader)
    assert len(found) > 40
    assert {lines[0][0] for lines in found.values()} <= set("234")
    for path, lines in found.items():
        if path in JOURNAL:
            continue
        other = [one for one in zip(lines, alone[path], strict=False) if one[0] != one[1]]
        assert (path, other, len(lines)) == (path, [], len(alone[path]))
