"""The remote engine, against a real service of ours and against servers that misbehave."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from pesai.access.audiences import Reader
from pesai.engine.protocol import (
    BadParameter,
    Busy,
    EvaluationFailed,
    FormatMismatch,
    GraphFormat,
    Limits,
    Query,
    ResultTooLarge,
    SolutionsFormat,
    SyntaxProblem,
    TooSlow,
)
from pesai.engine.remote import RemoteEngine
from pesai.errors import Failed, NotFound, Refused

pytestmark = pytest.mark.alone

LIMITS = Limits(seconds=60, result=4 << 20)
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def read(engine: RemoteEngine, query: Query, limits: Limits = LIMITS) -> str:
    result = engine.query(query, limits)
    with result.body as body:
        data = body.read()
    assert len(data) == result.size
    return data.decode()


@pytest.fixture(scope="module")
def remote(service: str) -> RemoteEngine:
    """Our own service as the server of somebody else."""
    return RemoteEngine(f"{service}/sparql")


@pytest.mark.parametrize("name", ["json", "xml", "csv", "tsv"])
def test_solutions(remote: RemoteEngine, name: SolutionsFormat) -> None:
    result = remote.query(Query(COUNT, solutions=name), LIMITS)
    with result.body as body:
        assert b"n" in body.read()
    assert (result.kind, result.format, result.release) == ("solutions", name, "000001")
    assert len(result.checksum) == 64


@pytest.mark.parametrize("name", ["ttl", "nt", "jsonld", "rdf", "trig", "nq"])
def test_graphs(remote: RemoteEngine, name: GraphFormat) -> None:
    result = remote.query(Query("DESCRIBE <urn:none>", graph=name), LIMITS)
    result.body.close()
    assert (result.kind, result.format) == ("graph", name)


def test_a_parameter_and_a_base(remote: RemoteEngine) -> None:
    query = Query("ASK { FILTER(?x = <rel>) }", bindings={"x": "<http://example.org/rel>"})
    assert "false" in read(remote, Query(query.text, bindings={"x": "<urn:x>"}, base="urn:y:"))
    named = Query(query.text, bindings=query.bindings, base="http://example.org/")
    assert "true" in read(remote, named)


def test_faults_of_the_query_are_told_without_asking() -> None:
    with socket.socket() as deaf:  # it has the port, but does not listen
        deaf.bind(("127.0.0.1", 0))
        _faults_are_told(RemoteEngine(f"http://127.0.0.1:{deaf.getsockname()[1]}/sparql"))


def _faults_are_told(nowhere: RemoteEngine) -> None:
    with pytest.raises(SyntaxProblem, match=r"Line 1, column 13: found “}”"):
        nowhere.query(Query("ASK { ?s ?p }"), LIMITS)
    for update in (
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "DROP ALL",
        "PREFIX a: <b> CLEAR ALL",
    ):
        with pytest.raises(SyntaxProblem):
            nowhere.query(Query(update), LIMITS)
    with pytest.raises(BadParameter):
        nowhere.query(Query("ASK { ?x ?p ?o }", bindings={"x": "no"}), LIMITS)
    with pytest.raises(FormatMismatch):
        nowhere.query(Query("DESCRIBE <urn:a>", graph=None), LIMITS)
    with pytest.raises(NotFound):
        nowhere.query(Query("ASK {}", release="000001"), LIMITS)
    with pytest.raises(Failed, match="refused"):
        nowhere.query(Query("ASK {}"), LIMITS)


def test_a_query_that_takes_too_long_is_cut_off(remote: RemoteEngine) -> None:
    bomb = Query("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }")
    started = time.monotonic()
    with pytest.raises(TooSlow) as late:
        remote.query(bomb, Limits(seconds=0.5))
    assert time.monotonic() - started < 15, "the server gives it 20"
    assert late.value.values["seconds"] == 0.5


def test_a_result_over_the_limit_is_given_up(remote: RemoteEngine) -> None:
    large = Query("SELECT * { ?s ?p ?o } LIMIT 1000")
    with pytest.raises(ResultTooLarge):
        remote.query(large, Limits(seconds=10, result=10_000))


def _request(sock: socket.socket) -> bytes:
    """A whole request, head and body."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += sock.recv(65_536)
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(int(line[15:]) for line in head.split(b"\r\n") if line[:15] == b"Content-Length:")
    while len(body) < length:
        body += sock.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def answering(*parts: bytes, pause: float = 0) -> Iterator[tuple[str, list[bytes]]]:
    """A server that sends some bytes to whoever comes, and what it was sent."""
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                sock, _ = server.accept()
                with sock, suppress(OSError):
                    heard.append(_request(sock))
                    for part in parts:
                        sock.sendall(part)
                        time.sleep(pause)

    thread = threading.Thread(target=serve)
    thread.start()
    with closing(server):
        yield f"http://127.0.0.1:{server.getsockname()[1]}/{{audience}}/sparql", heard
        server.shutdown(socket.SHUT_RDWR)
    thread.join(60)


def head(status: str, length: int) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("400 Bad Request", EvaluationFailed),
        ("403 Forbidden", Refused),
        ("404 Not Found", Failed),
        ("406 Not Acceptable", FormatMismatch),
        ("429 Too Many Requests", Busy),
        ("500 Internal Server Error", Failed),
        ("503 Service Unavailable", Busy),
        ("504 Gateway Timeout", TooSlow),
    ],
)
def test_statuses(status: str, kind: type[Exception]) -> None:
    with answering(head(status, 6), b"secret") as (address, _):
        with pytest.raises(kind) as told:
            RemoteEngine(address).query(Query("ASK {}"), LIMITS)
        assert "secret" not in str(told.value)


def test_an_answer_that_breaks_off_is_none() -> None:
    with (
        answering(head("200 OK", 100), b'{"boolean":') as (address, _),
        pytest.raises(Failed, match=r"broke off|IncompleteRead"),
    ):
        RemoteEngine(address).query(Query("ASK {}"), LIMITS)


def test_an_answer_that_trickles_is_cut_off() -> None:
    with (
        answering(head("200 OK", 100), *[b"x"] * 20, pause=0.1) as (address, _),
        pytest.raises(TooSlow),
    ):
        RemoteEngine(address).query(Query("ASK {}"), Limits(seconds=0.5))


def test_each_reader_has_an_address_and_the_dataset_is_sent(tmp_path: Path) -> None:
    with answering(head("200 OK", 2), b"{}") as (address, heard):
        query = Query(
            "ASK {}", reader=Reader("owner", "fictional-pes"), default_graphs=("urn:g:1", "urn:g:2")
        )
        assert read(RemoteEngine(address), query) == "{}"
    assert heard[0].startswith(b"POST /owner-fictional-pes/sparql HTTP/1.1")
    assert heard[0].count(b"default-graph-uri=urn%3Ag%3A") == 2
