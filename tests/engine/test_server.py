"""The engine over its socket: whole answers, kept connections, one engine after another."""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from pesai.access.audiences import Reader
from pesai.engine.embedded.client import SocketEngine
from pesai.engine.embedded.local import LocalEngine
from pesai.engine.embedded.server import EngineServer
from pesai.engine.embedded.wire import Closed, Header, receive, send
from pesai.engine.protocol import BadParameter, Limits, Query, StoreRef, SyntaxProblem, TooSlow
from pesai.errors import Failed, NotFound
from tests.conftest import PATIENCE, until
from tests.engine.conftest import LIMITS, running


@contextmanager
def listening(path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(64)
        yield listener


@contextmanager
def serving(engine: LocalEngine, listener: socket.socket) -> Iterator[None]:
    server = EngineServer(engine, listener.dup())
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield
    finally:
        server.close()
        thread.join(PATIENCE)
        assert not thread.is_alive()


@pytest.fixture
def client(engine: LocalEngine, tmp_path: Path) -> Iterator[SocketEngine]:
    path = tmp_path / "engine.sock"
    with listening(path) as listener, serving(engine, listener):
        made = SocketEngine(path)
        yield made
        made.close()


def body(engine: SocketEngine, query: Query) -> bytes:
    result = engine.query(query, LIMITS)
    with result.body as file:
        data = file.read()
    assert len(data) == result.size
    return data


def test_small_and_large_answers_are_the_same_as_without_socket(
    client: SocketEngine, engine: LocalEngine
) -> None:
    for joins in (1, 4, 6):
        text = f"SELECT * {{ {' '.join(f'?a{i} ?b{i} ?c{i} .' for i in range(joins))} }}"
        query = Query(text, solutions="csv")
        direct = engine.query(query, LIMITS)
        with direct.body as file:
            expected = file.read()
        assert body(client, query) == expected
        assert expected.count(b"\r\n") == 5**joins + 1


def test_large_answers_leave_no_descriptor(client: SocketEngine) -> None:
    query = Query("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }")
    body(client, query)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(20):
        assert len(body(client, query)) > 1 << 16
    # One may be open just now, on its way; twenty would be a leak.
    assert len(list(Path("/proc/self/fd").iterdir())) < before + 10


def test_everything_of_a_query_reaches_the_engine(client: SocketEngine) -> None:
    query = Query(
        "CONSTRUCT { <rel> ?p ?x } { ?x ?p ?o }",
        graph="nt",
        default_graphs=("http://example.org/g3",),
        bindings={"x": "<urn:b>"},
        base="http://example.org/base/",
    )
    assert body(client, query) == b"<http://example.org/base/rel> <urn:p> <urn:b> .\n"


def test_errors_come_with_their_values(client: SocketEngine) -> None:
    with pytest.raises(SyntaxProblem) as syntax:
        client.query(Query("ASK { ?s ?p }"), LIMITS)
    assert (syntax.value.values["line"], syntax.value.values["column"]) == (1, 13)
    assert "{" not in syntax.value.detail.replace("“{”", "")
    with pytest.raises(BadParameter, match="x must be one IRI"):
        client.query(Query("ASK { ?x ?p ?o }", bindings={"x": "no"}), LIMITS)
    bomb = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(14))
    with pytest.raises(TooSlow) as late:
        client.query(Query(f"SELECT (COUNT(*) AS ?n) {{ {bomb} }}"), Limits(0.3, 1 << 30, 1 << 20))
    assert (late.value.status, late.value.values["seconds"]) == (504, 0.3)


def test_a_store_that_is_not_there(tmp_path: Path, small: StoreRef) -> None:
    def locate(_reader: Reader, release: str | None) -> StoreRef:
        raise NotFound("there is no release '{id}'", id=release)

    path = tmp_path / "engine.sock"
    with running(small, size=1) as engine, listening(path) as listener:
        engine.locate = locate
        with serving(engine, listener):
            client = SocketEngine(path)
            with pytest.raises(NotFound, match="'000007'"):
                client.query(Query("ASK {}", release="000007"), LIMITS)
            client.close()


def test_clients_that_speak_otherwise_or_go_away(client: SocketEngine, tmp_path: Path) -> None:
    for nonsense in (b"", b"\0", b"GET / HTTP/1.1\r\n\r\n" * 40, b"\0\0\0\2\0\0\0\0{}"):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(tmp_path / "engine.sock"))
            sock.sendall(nonsense)
    assert b"true" in body(client, Query("ASK {}"))


def test_a_client_that_leaves_before_the_answer_frees_the_worker(
    client: SocketEngine, tmp_path: Path, engine: LocalEngine
) -> None:
    for _ in range(4):
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(tmp_path / "engine.sock"))
            header: Header = {
                "reader": "public", "release": None, "solutions": "json", "graph": None,
                "default_graphs": [], "named_graphs": [], "bindings": {}, "base": None,
                "limits": {"seconds": 5, "memory": 1 << 30, "result": 1 << 26},
            }  # fmt: skip
            join = " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(7))
            send(sock, header, f"SELECT * {{ {join} }}".encode())
    until(lambda: len(engine.pool.pids()) == 2, "two idle workers")
    assert b"true" in body(client, Query("ASK {}"))


def test_kept_connections_outlive_their_engine(small: StoreRef, tmp_path: Path) -> None:
    path = tmp_path / "engine.sock"
    with listening(path) as listener:
        client = SocketEngine(path)
        with running(small) as engine, serving(engine, listener):
            with ThreadPoolExecutor(4) as threads:
                answers = list(threads.map(lambda _: body(client, Query("ASK {}")), range(8)))
            assert len(answers) == 8
        with ThreadPoolExecutor(4) as threads:
            waiting = [threads.submit(body, client, Query("ASK {}")) for _ in range(4)]
            time.sleep(0.2)
            assert not any(answer.done() for answer in waiting), "they wait for the next engine"
            with running(small) as engine, serving(engine, listener):
                assert [b"true" in answer.result(PATIENCE) for answer in waiting] == [True] * 4
        client.close()


def test_no_engine_at_all(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="pesai serve"):
        SocketEngine(tmp_path / "none.sock").query(Query("ASK {}"), LIMITS)


def test_half_a_frame_is_no_frame() -> None:
    ours, theirs = socket.socketpair()
    with ours:
        with theirs:
            theirs.sendall(b"\0\0\0\x10\0\0\0\xff{")
        with pytest.raises(Closed):
            receive(ours)
