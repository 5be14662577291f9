"""Graph Store and Update over the real service: who may write what, and what becomes of it."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from pesai.releases.layout import Home
from tests.access.conftest import FORM, TURTLE, World, fill
from tests.conftest import RunPesai
from tests.web.conftest import graph

Serve = Callable[..., AbstractContextManager[str]]
OWN, NOTES = graph("pes-qm.own"), graph("pes-qm.notes")


MANY = " ".join(map(str, range(1000)))
SLOW = (
    f"INSERT {{ GRAPH <{NOTES}> {{ <urn:s> <urn:p> ?a }} }} WHERE {{ VALUES ?a {{ {MANY} }} "  # noqa: S608
    f"VALUES ?b {{ {MANY} }} VALUES ?c {{ {MANY} }} FILTER(?a + ?b = -?c - 1) }}"
)
LARGE = (
    f"INSERT {{ GRAPH <{NOTES}> {{ <urn:s> <urn:p> ?n }} }} WHERE {{ VALUES ?a {{ {MANY} }} "  # noqa: S608
    f"VALUES ?b {{ {MANY} }} BIND(CONCAT(STR(?a), '-', STR(?b), '{'x' * 500}') AS ?n) }}"
)


def test_a_graph_is_made_read_replaced_and_added_to(world: World) -> None:
    made = world.qm.put("pes-qm.a", '<urn:s> <urn:p> "1", [] .')
    assert made.status == 201
    assert made.headers["location"].endswith("/graph/rdf/pes-qm.a")
    assert made.headers["x-release"] == world.release()
    assert made.json["changed"] == [graph("pes-qm.a")]
    (genid,) = [line for line in world.qm.lines(graph("pes-qm.a")) if "genid" in line]
    assert "/genid/rdf-pes-qm.a/c14n0>" in genid
    assert world.qm.put("pes-qm.a", '<urn:s> <urn:p> "2" .').status == 204
    assert world.qm.lines(graph("pes-qm.a")) == {'<urn:s> <urn:p> "2" .'}
    added = world.qm.post("pes-qm.a", '<urn:s> <urn:p> "3", [] .')
    assert added.status == 200
    lines = world.qm.lines(graph("pes-qm.a"))
    assert {'<urn:s> <urn:p> "2" .', '<urn:s> <urn:p> "3" .'} < lines
    assert len(lines) == 3
    again = world.qm.post("pes-qm.a", '<urn:s> <urn:p> "3" .')
    assert again.json["changed"] == []
    # For its maker's own audience: nobody else knows of it.
    for other in (world.qn, world.partner, world.editor):
        assert other.send("GET", "/graph/rdf/pes-qm.a", Accept=TURTLE).status == 404
    assert "pes-qm.a" not in world.client.send("GET", "/graphs", Accept="text/html").text


def test_a_write_that_changes_no_triple_makes_no_release(world: World) -> None:
    path = "/graph/rdf/pes-qm.same"
    world.qm.put("pes-qm.same", '<urn:s> <urn:p> "1", "2" .')
    release, tag = world.release(), world.qm.send("HEAD", path, Accept=TURTLE).headers["etag"]
    other_words = world.qm.put("pes-qm.same", '<urn:s> <urn:p> "2" ; <urn:p> "1" . # again')
    assert (other_words.status, other_words.headers["x-release"]) == (204, release)
    added = world.qm.post("pes-qm.same", '<urn:s> <urn:p> "1" .')
    assert (added.status, added.json["changed"], added.json["release"]) == (200, [], release)
    text = f"INSERT DATA {{ GRAPH <{graph('pes-qm.same')}> {{ <urn:s> <urn:p> '1' }} }}"
    assert world.qm.update(text).json["release"] == release
    assert world.qm.send("HEAD", path, Accept=TURTLE).headers["etag"] == tag
    assert world.release() == release
    wider = world.qm_publishes.send(
        "PUT", f"{path}?audience=partners", b'<urn:s> <urn:p> "1", "2" .', Content_Type=TURTLE
    )
    assert (wider.status, wider.headers["x-release"] > release) == (204, True), "readers changed"


def test_new_blank_nodes_never_meet_old_ones(world: World) -> None:
    world.qm.put("pes-qm.b", "<urn:s> <urn:p> [ <urn:q> 1 ] .")
    world.qm.post("pes-qm.b", "<urn:s> <urn:p> [ <urn:q> 1 ] .")
    world.qm.update(
        f"INSERT DATA {{ GRAPH <{graph('pes-qm.b')}> {{ <urn:s> <urn:p> [ <urn:q> 1 ] }} }}"
    )
    assert sum("<urn:q>" in line for line in world.qm.lines(graph("pes-qm.b"))) == 3


def test_a_graph_without_triples_stays_a_graph(world: World) -> None:
    world.qm.put("pes-qm.empty", "<urn:s> <urn:p> 1 .")
    assert world.qm.put("pes-qm.empty", "").status == 204
    assert world.qm.lines(graph("pes-qm.empty")) == set()
    head = world.qm.send("HEAD", "/graph/rdf/pes-qm.empty", Accept=TURTLE)
    assert (head.status, head.body) == (200, b"")
    assert world.qm_all.update(f"DROP GRAPH <{graph('pes-qm.empty')}>").status == 200
    assert world.qm.send("GET", "/graph/rdf/pes-qm.empty", Accept=TURTLE).status == 404


def test_a_document_that_is_not_right_changes_nothing_and_tells_where(world: World) -> None:
    before = world.checksums()
    reply = world.qm.put("pes-qm.own", "<urn:s> <urn:p> .\n")
    assert reply.status == 400
    assert reply.json["line"] == 1
    assert reply.json["column"] > 0
    wrong = world.qm.send("PUT", "/graph/rdf/pes-qm.own", b"<urn:s> <urn:p> 1 .",
                          Content_Type="application/rdf+xml")  # fmt: skip
    assert wrong.status == 400
    for media in ("text/plain", "application/n-quads", None):
        other = world.qm.send("PUT", "/graph/rdf/pes-qm.own", b"x", Content_Type=media)
        assert other.status == 415
    bomb = b'<!DOCTYPE r [<!ENTITY a "a">]><r>&a;</r>'
    doctype = world.qm.send(
        "PUT", "/graph/rdf/pes-qm.own", bomb, Content_Type="application/rdf+xml"
    )
    assert doctype.status == 400
    large = world.qm.put("pes-qm.own", f'<urn:s> <urn:p> "{"x" * 20_000}" .')
    assert large.status == 413
    assert world.checksums() == before


def test_the_data_contract_holds_for_writes(world: World) -> None:
    pai = "https://w3id.org/pes-ai/def#"
    reply = world.qm.put("pes-qm.contract", f"<urn:i> a <{pai}Initiative> .")
    assert reply.status == 400
    assert reply.json["type"].endswith("/unfit")
    assert any("<urn:i>" in problem for problem in reply.json["problems"])
    assert world.qm.send("GET", "/graph/rdf/pes-qm.contract", Accept=TURTLE).status == 404


def test_several_documents_come_as_a_form(world: World) -> None:
    parts = "".join(
        f'--X\r\nContent-Disposition: form-data; name="f{n}"; filename="{n}.ttl"\r\n'
        f"Content-Type: text/turtle\r\n\r\n<urn:s> <urn:p> {n} .\r\n"
        for n in (1, 2)
    )
    body = f"{parts}--X--\r\n".encode()
    media = "multipart/form-data; boundary=X"
    reply = world.qm.send("POST", "/graph/rdf/pes-qm.form", body, Content_Type=media)
    assert reply.status == 201
    assert len(world.qm.lines(graph("pes-qm.form"))) == 2


def test_post_to_the_store_makes_a_graph_with_a_name(world: World) -> None:
    reply = world.qm.send("POST", "/graphs", b"<urn:s> <urn:p> 1 .", Content_Type=TURTLE)
    assert reply.status == 201
    path = reply.headers["location"].removeprefix(world.client.address)
    assert path.startswith("/graph/rdf/pes-qm.")
    assert world.qm.send("GET", path, Accept=TURTLE).status == 200


def test_the_default_graph_is_read_and_not_written(world: World) -> None:
    before = world.checksums()
    everything = world.qm.send("GET", "/graphs?default", Accept="application/n-triples")
    assert '<urn:a> <urn:p> "of-qm" .' in everything.text
    public = world.client.send("GET", "/graphs?default", Accept="application/n-triples")
    assert "of-qm" not in public.text
    for method in ("PUT", "POST", "DELETE"):
        reply = world.qm_all.send(method, "/graphs?default", b"", Content_Type=TURTLE)
        assert reply.status == 409
    for text in (
        "INSERT DATA { <urn:s> <urn:p> 1 }",
        "DELETE DATA { <urn:nothing> <urn:p> 1 }",
        "DELETE WHERE { ?s ?p ?o }",
        "CLEAR DEFAULT",
        f"COPY <{OWN}> TO DEFAULT",
    ):
        assert world.qm_all.update(text).status == 409, text
    assert world.checksums() == before


def test_a_validator_changes_with_its_graph_alone(world: World) -> None:
    world.qm.put("pes-qm.tag", "<urn:s> <urn:p> 1 .")
    first = world.qm.send("GET", "/graph/rdf/pes-qm.tag", Accept=TURTLE).headers["etag"]
    world.qm.put("pes-qm.other", "<urn:s> <urn:p> 2 .")
    again = world.qm.send("GET", "/graph/rdf/pes-qm.tag", Accept=TURTLE, If_None_Match=first)
    assert again.status == 304
    weak = f"W/{first}"
    assert world.qm.put("pes-qm.tag", "<urn:s> <urn:p> 3 .", If_Match=weak).status == 412
    assert world.qm.put("pes-qm.tag", "<urn:s> <urn:p> 3 .", If_None_Match=weak).status == 412
    for not_ours in ('""', '"*"', 'W/""'):
        assert world.qm.put("pes-qm.tag", "<urn:s> <urn:p> 3 .", If_Match=not_ours).status == 412
    assert world.qm.put("pes-qm.tag", "<urn:s> <urn:p> 3 .", If_Match=first).status == 204
    lost = world.qm.put("pes-qm.tag", "<urn:s> <urn:p> 4 .", If_Match=first)
    assert lost.status == 412
    assert lost.json["type"].endswith("/changed")
    assert world.qm.lines(graph("pes-qm.tag")) == {
        '<urn:s> <urn:p> "3"^^<http://www.w3.org/2001/XMLSchema#integer> .'
    }
    assert world.qm.put("pes-qm.tag", "", If_None_Match="*").status == 412
    assert world.qm.put("pes-qm.no", "", If_Match="*").status == 412
    assert world.qm_all.send("DELETE", "/graph/rdf/pes-qm.tag", If_Match=first).status == 412


def test_requests_that_cannot_be_meant(world: World) -> None:
    update = urlencode({"update": f"CLEAR GRAPH <{NOTES}>"}).encode()
    send = world.qm.send
    assert send("GET", "/update").status == 405
    assert send("POST", "/update", b"", Content_Type=FORM).status == 400
    assert send("POST", "/update", b"query=ASK%7B%7D", Content_Type=FORM).status == 400
    assert send("POST", "/update", update + b"&" + update, Content_Type=FORM).status == 400
    assert send("POST", "/update", update, Content_Type="text/plain").status == 415
    assert send("POST", "/update?" + update.decode(), b"", Content_Type=FORM).status == 400
    assert world.qm.update("ASK {}").status == 400
    broken = world.qm.update(f"INSERT DATA {{\n GRAPH <{NOTES}> {{ <urn:s> <urn:p> }} }}")
    assert (broken.status, broken.json["line"]) == (400, 2)
    direct = send("POST", "/update", f"INSERT DATA {{ GRAPH <{NOTES}> {{ }} }}".encode(),
                  Content_Type="application/sparql-update")  # fmt: skip
    assert direct.status == 200
    large = send("POST", "/update", b"update=" + b"x" * (1 << 20), Content_Type=FORM)
    assert large.status == 413
    for named in ("graph=relative", "graph=urn:a&graph=urn:b", "default&graph=urn:a"):
        assert send("PUT", f"/graphs?{named}", b"", Content_Type=TURTLE).status == 400
    long_reason = f"/graph/rdf/pes-qm.x?why={'x' * 501}"
    assert send("PUT", long_reason, b"", Content_Type=TURTLE).status == 400


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_who_only_reads_writes_nothing(world: World, method: str) -> None:
    before = world.checksums()
    for path in ("/graph/rdf/pes-qm.own", f"/graphs?graph={quote(OWN, safe='')}"):
        assert world.client.send(method, path, b"", Content_Type=TURTLE).status == 401
        assert world.reader.send(method, path, b"", Content_Type=TURTLE).status == 403
    assert world.checksums() == before


def test_a_write_says_who_when_and_why(world: World, run_pesai: RunPesai) -> None:
    path = "/graph/rdf/pes-qm.why?why=" + quote("figures of March")
    world.qm.send("PUT", path, b"<urn:s> <urn:p> 1 .", Content_Type=TURTLE)
    manifest = Home(world.home).release().manifest()
    assert manifest.why == "figures of March"
    assert manifest.who.startswith("Unit of owner:pes-qm (")
    assert world.qm.auth.rpartition("_")[2] not in manifest.model_dump_json()


def test_writes_at_once_are_one_after_the_other(world: World) -> None:
    world.qm.put("pes-qm.many", "")

    def add(number: int) -> int:
        for _ in range(100):
            reply = world.qm.post("pes-qm.many", f"<urn:s> <urn:p> {number} .")
            if reply.status != 503:
                return reply.status
            assert int(reply.headers["retry-after"]) > 0
            time.sleep(0.5)
        return 503

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(add, range(8))) == {200}
    assert len(world.qm.lines(graph("pes-qm.many"))) == 8


def test_a_busy_publisher_is_503(world: World) -> None:
    from pesai.releases.lock import publisher_lock

    with publisher_lock(Home(world.home)):
        reply = world.qm.put("pes-qm.busy", "")
    assert reply.status == 503
    assert int(reply.headers["retry-after"]) > 0


def test_an_update_ends_at_its_limits(tmp_path: Path, serve: Serve) -> None:
    fill(tmp_path)
    with serve(tmp_path, PESAI_SIGNED_IN_SECONDS="2", PESAI_QUERY_MEMORY="100MB") as address:
        world = World(tmp_path, address)
        before = world.checksums()
        assert world.qm.update(SLOW).status == 504
        assert world.qm.update(LARGE).status in (504, 507)
        assert world.checksums() == before
        assert world.qm.put("pes-qm.after", "").status == 201


def test_a_writer_that_is_killed_leaves_the_served_release(tmp_path: Path, serve: Serve) -> None:
    fill(tmp_path)
    with serve(tmp_path) as address:
        world = World(tmp_path, address)
        before, release = world.checksums(), world.release()
        with ThreadPoolExecutor(1) as threads:
            reply = threads.submit(world.qm.update, SLOW)
            os.kill(_writer_of(tmp_path), signal.SIGKILL)
            assert reply.result().status == 500
        assert (world.release(), world.checksums()) == (release, before)
        assert world.qm.put("pes-qm.after", "<urn:s> <urn:p> 1 .").status == 201
        assert not list((tmp_path / "releases").glob(".building-*"))


def _writer_of(home: Path) -> int:
    """The process id of the writer that holds the lock of a home."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        holder = (home / "publisher.lock").read_text()
        if Path(f"/proc/{holder}").exists() and (home / "releases" / ".building-update").exists():
            return int(holder)
        time.sleep(0.05)
    raise AssertionError("no writer came")


def test_rebuild_gives_what_was_written(tmp_path: Path, serve: Serve, run_pesai: RunPesai) -> None:
    fill(tmp_path)
    with serve(tmp_path) as address:
        world = World(tmp_path, address)
        world.qm.put("pes-qm.a", "<urn:s> <urn:p> [ <urn:q> 01 ] .")
        world.qm.post("pes-qm.a", "<urn:s> <urn:p> [ <urn:q> 2 ] .")
        world.qm.update(f"INSERT DATA {{ GRAPH <{graph('pes-qm.c')}> {{ <urn:s> <urn:p> [] }} }}")
        world.qm.put("pes-qm.empty", "")
    before = {g.iri: g.checksum for g in Home(tmp_path).release().manifest().graphs}
    done = run_pesai(tmp_path, "rebuild")
    assert done.returncode == 0, done.stderr
    after = {g.iri: g.checksum for g in Home(tmp_path).release().manifest().graphs}
    assert after == before
    assert run_pesai(tmp_path, "releases", "verify").returncode == 0
