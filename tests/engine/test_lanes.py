"""What strangers ask freely never takes the last worker from what the service itself asks."""

import threading
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest

from pesai.engine.embedded.local import LocalEngine
from pesai.engine.protocol import Busy, Crashed, Limits, Query, StoreRef, TooSlow
from pesai.errors import Problem
from tests.conftest import Serve
from tests.engine.conftest import LIMITS, read, running

pytestmark = pytest.mark.alone

BOMB = "SELECT (COUNT(*) AS ?n) { ?a <urn:next> ?b . ?c <urn:next> ?d . ?e <urn:next> ?f }"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CURATED = Query("ASK {}", curated=True)


def ready(engine: LocalEngine) -> None:
    """Wait until all places hold an idle worker."""
    deadline = time.monotonic() + 10
    while len(engine.pool.pids()) < engine.pool.size and time.monotonic() < deadline:
        time.sleep(0.01)


def seconds(engine: LocalEngine, query: Query) -> float:
    started = time.monotonic()
    assert '"boolean":true' in read(engine, query)
    return time.monotonic() - started


def stopped(engine: LocalEngine, limit: float) -> type[Problem] | None:
    try:
        engine.query(Query(BOMB), Limits(limit))
    except Problem as problem:
        return type(problem)
    return None


@pytest.mark.parametrize("size", [2, 3])
def test_as_many_bombs_as_workers_leave_one_to_the_service(chain: StoreRef, size: int) -> None:
    with running(chain, size=size, patience=0.5) as engine, ThreadPoolExecutor(size) as threads:
        ready(engine)
        bombs = [threads.submit(stopped, engine, 3) for _ in range(size)]
        time.sleep(0.2)
        for _ in range(5):
            assert seconds(engine, CURATED) < 1
        started = time.monotonic()
        with pytest.raises(Busy) as refusal:
            engine.query(Query("ASK {}"), LIMITS)
        assert 0.4 < time.monotonic() - started < 1
        assert refusal.value.values["size"] == size - 1
        assert engine.pool.pids(), "one is idle all the time"
        ends = sorted(str(bomb.result()) for bomb in bombs)
        assert ends == sorted([str(TooSlow)] * (size - 1) + [str(Busy)])


def test_a_free_query_that_waits_is_answered_when_the_bomb_is_over(chain: StoreRef) -> None:
    with running(chain) as engine, ThreadPoolExecutor(1) as threads:
        ready(engine)
        bomb = threads.submit(stopped, engine, 1)
        time.sleep(0.2)
        assert 0.5 < seconds(engine, Query("ASK {}")) < 3
        assert bomb.result() is TooSlow


def test_a_full_queue_of_free_queries_does_not_turn_the_service_away(chain: StoreRef) -> None:
    """Two curated ones for the place that is left: the second waits, though the queue is full."""
    with running(chain, queue=1) as engine, ThreadPoolExecutor(8) as threads:
        ready(engine)
        for _ in range(2):
            threads.submit(stopped, engine, 2)
        time.sleep(0.2)
        slow = Query(BOMB, curated=True)
        curated = threads.submit(lambda: engine.query(slow, Limits(0.4)))
        time.sleep(0.1)
        assert 0.1 < seconds(engine, CURATED) < 1.5
        assert isinstance(curated.exception(), TooSlow)


def test_queries_that_kill_their_workers_do_not_reach_the_last_place(chain: StoreRef) -> None:
    nested = Query(f"ASK {'{' * 60_000}{'}' * 60_000}")
    with running(chain) as engine, ThreadPoolExecutor(8) as threads:
        ready(engine)
        over = threading.Event()

        def kill() -> int:
            count = 0
            while not over.is_set():
                with suppress(Busy):
                    try:
                        engine.query(nested, LIMITS)
                    except Crashed:
                        count += 1
            return count

        killers = [threads.submit(kill) for _ in range(8)]
        try:
            for _ in range(30):
                assert seconds(engine, CURATED) < 0.5
                assert engine.pool.pids()
                time.sleep(0.03)
        finally:
            over.set()
        assert sum(killer.result() for killer in killers) > 3


def test_curated_queries_may_take_all_places(chain: StoreRef) -> None:
    with running(chain) as engine, ThreadPoolExecutor(2) as threads:
        ready(engine)
        slow = Query(BOMB, curated=True)
        asked = [threads.submit(lambda: engine.query(slow, Limits(0.8))) for _ in range(2)]
        time.sleep(0.3)
        assert not engine.pool.pids()
        assert all(isinstance(one.exception(), TooSlow) for one in asked)
        assert seconds(engine, Query("ASK {}")) < 1


def test_a_pool_of_one_place_has_no_lanes(chain: StoreRef) -> None:
    with running(chain, size=1) as engine:
        for query in (Query("ASK {}"), CURATED, Query("ASK {}")):
            assert seconds(engine, query) < 2


def test_the_count_is_right_after_workers_that_cannot_start(
    chain: StoreRef, tmp_path: Path
) -> None:
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "CURRENT").write_text("nonsense")
    broken = StoreRef(tmp_path / "store", "000002", "broken")
    with running(chain) as engine:
        good = engine.locate
        for _ in range(4):
            engine.locate = lambda _reader, _release: broken
            with pytest.raises(Crashed):
                engine.query(Query("ASK {}"), LIMITS)
            engine.locate = good
            assert seconds(engine, Query("ASK {}")) < 2


def get(address: str, accept: str = "text/html") -> tuple[int, float]:
    started = time.monotonic()
    try:
        asked = urllib.request.Request(address, headers={"Accept": accept})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            answer.read()
            return answer.status, time.monotonic() - started
    except urllib.error.HTTPError as error:
        with error:
            return error.code, time.monotonic() - started


@pytest.mark.attack("3", "29")
def test_the_service_answers_while_strangers_ask_cross_products(
    bundled_home: Path, serve: Serve
) -> None:
    with (
        serve(bundled_home, PESAI_QUERY_SECONDS="6", PESAI_WORKERS="2") as address,
        ThreadPoolExecutor(2) as threads,
    ):
        bombs = [
            threads.submit(get, f"{address}/sparql?query={quote(f'{CROSS} # {n}')}", "*/*")
            for n in range(2)
        ]
        time.sleep(0.5)
        status, took = get(f"{address}/readyz")
        assert (status, took < 1) == (200, True), took
        for path in ("/", "/graphs", "/queries"):
            status, took = get(f"{address}{path}")
            assert (status, took < 3) == (200, True), (path, took)
        assert not wait(bombs, 0).done, "both were under way all the time"
        assert [bomb.result()[0] for bomb in bombs] == [504, 504]
