"""Each wall of a worker alone, and what comes through when it is away."""

import http.server
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pesai.engine.embedded.local import LocalEngine
from pesai.engine.embedded.walls import ALL, Wall
from pesai.engine.embedded.workers import Worker
from pesai.engine.protocol import (
    Crashed,
    Limits,
    Query,
    ResultTooLarge,
    StoreRef,
    TooMuchMemory,
    TooSlow,
)
from pesai.errors import Problem
from tests.engine.conftest import read, running

pytestmark = pytest.mark.alone

SLACK = 20
"""Seconds on a busy machine; the bombs take hours."""
CANARY = "SELECT ?o { <urn:n1> <urn:next> ?o }"


@dataclass
class Listener:
    """A real HTTP server on the loopback that counts who came."""

    address: str = ""
    hits: list[str] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    found = Listener()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            found.hits.append(self.path)
            body = b'{"head":{"vars":["secret"]},"results":{"bindings":[]}}'
            self.send_response(200)
            self.send_header("Content-Type", "application/sparql-results+json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_of_server: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    found.address = f"http://127.0.0.1:{server.server_port}/"
    yield found
    server.shutdown()
    server.server_close()
    thread.join()


def without(*names: Wall) -> tuple[Wall, ...]:
    return tuple(wall for wall in ALL if wall not in names)


def has_namespaces(store: StoreRef) -> bool:
    worker = Worker(store, Limits(), ("network",))
    try:
        return bool(worker.up["network"])
    finally:
        worker.kill()
        worker.reap()


class TestNetwork:
    def ask(self, store: StoreRef, raised: tuple[Wall, ...], listener: Listener) -> None:
        for silent in ("", "SILENT"):
            query = f"SELECT * {{ SERVICE {silent} <{listener.address}> {{ ?s ?p ?o }} }}"
            with running(store, size=1, raised=raised) as engine, suppress(Problem):
                read(engine, query)

    @pytest.mark.undefended("1")
    def test_without_walls_the_attack_gets_through(
        self, small: StoreRef, listener: Listener
    ) -> None:
        self.ask(small, without("sockets", "network"), listener)
        assert len(listener.hits) == 2

    @pytest.mark.attack("1")
    @pytest.mark.parametrize("raised", [("sockets",), without("network"), ALL])
    def test_no_sockets(
        self, small: StoreRef, listener: Listener, raised: tuple[Wall, ...]
    ) -> None:
        self.ask(small, raised, listener)
        assert listener.hits == []

    @pytest.mark.attack("1")
    @pytest.mark.parametrize("raised", [("network",), without("sockets")])
    def test_no_network(
        self, small: StoreRef, listener: Listener, raised: tuple[Wall, ...]
    ) -> None:
        if not has_namespaces(small):
            pytest.skip("this kernel gives this user no network namespace")
        self.ask(small, raised, listener)
        assert listener.hits == []

    def test_the_filter_is_in_force_here(self, small: StoreRef) -> None:
        worker = Worker(small, Limits(), ("sockets",))
        lines = Path(f"/proc/{worker.pid}/status").read_text().splitlines()
        worker.kill()
        worker.reap()
        assert worker.up["sockets"] is True
        assert "Seccomp:\t2" in lines
        assert "NoNewPrivs:\t1" in lines


class TestMemory:
    hungry = "SELECT ?a ?b { ?a <urn:next> ?x . ?b <urn:text> ?y } ORDER BY ?y ?a LIMIT 5"
    limits = Limits(seconds=60, memory=128 << 20, result=1 << 20)

    @pytest.mark.attack("4")
    def test_a_query_that_takes_too_much_dies_alone(self, chain: StoreRef) -> None:
        with running(chain, limits=self.limits, raised=("memory",)) as engine:
            asked = threading.Thread(target=lambda: self.refused(engine))
            asked.start()
            while asked.is_alive():
                assert "urn:n2" in read(engine, CANARY, self.limits)
            asked.join()
            assert "urn:n2" in read(engine, CANARY, self.limits)

    def refused(self, engine: LocalEngine) -> None:
        with pytest.raises(TooMuchMemory) as refusal:
            engine.query(Query(self.hungry), self.limits)
        assert refusal.value.values["memory"] == self.limits.memory

    def test_a_request_may_have_less(self, chain: StoreRef) -> None:
        with running(chain, size=1, limits=Limits(60, 2 << 30, 1 << 20)) as engine:
            self.refused(engine)

    @pytest.mark.undefended("4")
    def test_without_the_wall_it_is_the_deadline_that_ends_it(self, chain: StoreRef) -> None:
        short = Limits(seconds=2, memory=128 << 20, result=1 << 20)
        with (
            running(chain, size=1, limits=short, raised=without("memory")) as engine,
            pytest.raises(TooSlow),
        ):
            engine.query(Query(self.hungry), short)


class TestResult:
    large = "SELECT * { ?s ?p ?o }"
    limits = Limits(seconds=60, memory=1 << 30, result=1 << 20)

    @pytest.mark.attack("8")
    @pytest.mark.parametrize("raised", [("count",), ("result",), ALL])
    def test_a_result_over_the_limit_is_given_up(
        self, chain: StoreRef, raised: tuple[Wall, ...]
    ) -> None:
        with running(chain, size=1, limits=self.limits, raised=raised) as engine:
            with pytest.raises(ResultTooLarge):
                engine.query(Query(self.large), self.limits)
            assert "urn:n2" in read(engine, CANARY, self.limits)

    @pytest.mark.undefended("8")
    def test_without_both_walls_it_comes_whole(self, chain: StoreRef) -> None:
        raised = without("count", "result")
        with running(chain, size=1, limits=self.limits, raised=raised) as engine:
            body = read(engine, self.large, self.limits)
        assert len(body) > self.limits.result
        assert body.count('"s":') == 120_000
        assert body.endswith("]}}")


BOMBS = {
    "cross product": "SELECT (COUNT(*) AS ?n) { ?a <urn:next> ?b . ?c <urn:next> ?d }",
    "three ways": "SELECT (COUNT(*) AS ?n) { ?a ?p ?b . ?c ?q ?d . ?e ?r ?f }",
    "path": "SELECT (COUNT(*) AS ?n) { ?a <urn:next>* ?b }",
    "regex": "SELECT (COUNT(*) AS ?n) { ?s <urn:text> ?t . ?u <urn:text> ?v "
    'FILTER(REGEX(CONCAT(?t, ?v), "(((a{1,30}){1,30}){1,30})$")) }',
    "group_concat": "SELECT (GROUP_CONCAT(?t) AS ?all) { ?a <urn:text> ?t . ?b <urn:text> ?u }",
    "order by": "SELECT ?a ?c { ?a <urn:next> ?b . ?c <urn:text> ?d } ORDER BY ?d ?a LIMIT 1",
}


@pytest.mark.attack("3", "5", "6")
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_ends_in_time_and_keeps_nobody_waiting(chain: StoreRef, bomb: str) -> None:
    limits = Limits(seconds=1, memory=4 << 30, result=1 << 20)
    taken: list[float] = []

    def throw(engine: LocalEngine) -> None:
        started = time.monotonic()
        with pytest.raises(TooSlow):
            engine.query(Query(bomb), limits)
        taken.append(time.monotonic() - started)

    with running(chain, size=3, limits=limits) as engine:  # as served: one is kept for pages
        read(engine, CANARY, limits)
        thrown = threading.Thread(target=throw, args=(engine,))
        thrown.start()
        answered = 0
        while thrown.is_alive():
            read(engine, CANARY, limits)
            answered += 1
            time.sleep(0.01)
        thrown.join()
    assert limits.seconds <= taken[0] < limits.seconds + SLACK
    assert answered > 2, "one that waits for the bomb is the only one, or the last but one"


@pytest.mark.undefended("3", "5", "6")
@pytest.mark.parametrize("name", ["cross product", "path", "regex"])
def test_without_the_deadline_a_bomb_runs_on(chain: StoreRef, name: str) -> None:
    """Three times as long as the limit of the test above, and no end in sight."""
    limits = Limits(seconds=3600, memory=4 << 30, result=1 << 20)
    ended = threading.Event()

    def throw(engine: LocalEngine) -> None:
        with suppress(Problem):  # the engine is closed at the end of the test
            engine.query(Query(BOMBS[name]), limits)
        ended.set()

    with running(chain, limits=limits) as engine:
        thrown = threading.Thread(target=throw, args=(engine,))
        thrown.start()
        assert not ended.wait(3)
    thrown.join()


@pytest.mark.attack("7")
def test_nested_braces_kill_one_worker_at_most(small: StoreRef) -> None:
    with running(small) as engine:
        read(engine, "ASK {}")
        before = set(engine.pool.pids())
        for text in ("SELECT * " + "{" * 20_000 + "}" * 20_000, "ASK { FILTER(" + "(" * 20_000):
            with pytest.raises(Crashed, match="nested too deeply"):
                engine.query(Query(text), engine.pool.limits)
            assert "boolean" in read(engine, "ASK {}")
        assert len(before & set(engine.pool.pids())) <= 2


def test_no_core_file_and_no_program(small: StoreRef) -> None:
    worker = Worker(small, Limits(), ())
    limits = Path(f"/proc/{worker.pid}/limits").read_text()
    worker.kill()
    worker.reap()
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
    assert core.split()[4:6] == ["0", "0"]
