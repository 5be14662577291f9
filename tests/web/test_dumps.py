"""Downloads of a release: the stored N-Quads as they are, and TriG with the same quads."""

import gzip
from pathlib import Path

from pyoxigraph import RdfFormat, parse

from tests.web.conftest import Client


def test_the_dump_is_the_stored_file(sparql: Client, bundled_home: Path) -> None:
    stored = (bundled_home / "current" / "public" / "data.nq.gz").read_bytes()
    reply = sparql.send("GET", "/releases/000001/dump.nq.gz")
    assert reply.body == stored
    assert "pesai-000001.nq.gz" in reply.headers["content-disposition"]
    assert reply.headers["x-release"] == "000001"
    etag = reply.headers["etag"]
    assert sparql.send("GET", "/releases/000001/dump.nq.gz", If_None_Match=etag).status == 304


def test_trig_holds_the_same_quads(sparql: Client) -> None:
    quads = gzip.decompress(sparql.send("GET", "/releases/000001/dump.nq.gz").body)
    trig = gzip.decompress(sparql.send("GET", "/releases/000001/dump.trig.gz").body)
    expected = set(parse(quads, RdfFormat.N_QUADS))
    assert len(expected) > 10_000
    assert set(parse(trig, RdfFormat.TRIG)) == expected


def test_trig_is_kept_and_says_its_length(sparql: Client) -> None:
    first, second = (sparql.send("GET", "/releases/000001/dump.trig.gz") for _ in range(2))
    assert first.body == second.body
    assert first.headers["etag"] == second.headers["etag"]
    assert first.headers["content-length"] == str(len(first.body))
    again = {"If_None_Match": first.headers["etag"]}
    assert sparql.send("GET", "/releases/000001/dump.trig.gz", **again).status == 304
