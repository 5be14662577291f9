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
from tests.conftest import PATIENCE, Serve, until
from tests.engine.conftest import LIMITS, read, running, settled

pytestmark = pytest.mark.alone

BOMB = "SELECT (COUNT(*) AS ?n) { ?a <urn:next> ?b . ?c <urn:next> ?d . ?e <urn:next> ?f }"
CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CURATED = Query("ASK {}", curated=True)


def answered(engine: LocalEngine, query: Query) -> float:
    """When it was answered."""
    assert '"boolean":true' in read(engine, query)
    return time.monotonic()


def stopped(engine: LocalEngine, limit: float) -> type[Problem] | None:
    try:
        engine.query(Query(BOMB), Limits(limit))
    except Problem as problem:
        return type(problem)
    return None


def at_work(engine: LocalEngine, count: int) -> None:
    """Wait until so many workers are lent."""
    until(lambda: len(engine.pool.pids()) == engine.pool.size - count, f"{count} at work")


@pytest.mark.parametrize("size", [2, 3])
def test_as_many_bombs_as_workers_leave_one_to_the_service(chain: StoreRef, size: int) -> None:
    with running(chain, size=size, patience=0.5) as engine, ThreadPoolExecutor(size) as threads:
        settled(engine)
        bombs = [threads.submit(stopped, engine, 5) for _ in range(size)]
        at_work(engine, size - 1)
        for _ in range(5):
            answered(engine, CURATED)
        started = time.monotonic()
        with pytest.raises(Busy) as refusal:
            engine.query(Query("ASK {}"), LIMITS)
        assert time.monotonic() - started > 0.4, "it was patient"
        assert sum(not bomb.done() for bomb in bombs) >= size - 1, "and they are at work still"
        assert refusal.value.values["size"] == size - 1
        assert engine.pool.pids(), "one is idle all the time"
        ends = sorted(str(bomb.result()) for bomb in bombs)
        assert ends == sorted([str(TooSlow)] * (size - 1) + [str(Busy)])


def test_a_free_query_that_waits_is_answered_when_the_bomb_is_over(chain: StoreRef) -> None:
    with running(chain) as engine, ThreadPoolExecutor(1) as threads:
        settled(engine)
        started = time.monotonic()
        bomb = threads.submit(stopped, engine, 1)
        at_work(engine, 1)
        assert answered(engine, Query("ASK {}")) - started > 1
        assert bomb.result() is TooSlow


def test_a_full_queue_of_free_queries_does_not_turn_the_service_away(chain: StoreRef) -> None:
    """Two curated ones for the place that is left: the second waits, though the queue is full."""
    with running(chain, queue=1) as engine, ThreadPoolExecutor(8) as threads:
        settled(engine)
        for _ in range(2):
            threads.submit(stopped, engine, 4)
        at_work(engine, 1)
        until(lambda: engine.pool._waiting[False] == 1, "a full queue")
        started = time.monotonic()
        slow = Query(BOMB, curated=True)
        curated = threads.submit(lambda: engine.query(slow, Limits(1)))
        at_work(engine, 2)
        assert answered(engine, CURATED) - started > 1, "it had to wait, and might"
        assert isinstance(curated.exception(), TooSlow)


def test_queries_that_kill_their_workers_do_not_reach_the_last_place(chain: StoreRef) -> None:
    nested = Query(f"ASK {'{' * 60_000}{'}' * 60_000}")
    with running(chain) as engine, ThreadPoolExecutor(8) as threads:
        settled(engine)
        over = threading.Event()

        crashed: list[Crashed] = []

        def kill() -> None:
            while not over.is_set():
                with suppress(Busy):
                    try:
                        engine.query(nested, LIMITS)
                    except Crashed as problem:
                        crashed.append(problem)

        def others_are_served() -> bool:
            time.sleep(0.03)
            assert engine.pool.pids(), "one is idle all the time"
            answered(engine, CURATED)
            return len(crashed) >= 5

        killers = [threads.submit(kill) for _ in range(8)]
        try:
            for _ in range(30):
                others_are_served()
            until(others_are_served, "five that were killed")
        finally:
            over.set()
        for killer in killers:
            killer.result()


def test_curated_queries_may_take_all_places(chain: StoreRef) -> None:
    with running(chain) as engine, ThreadPoolExecutor(2) as threads:
        settled(engine)
        slow = Query(BOMB, curated=True)
        asked = [threads.submit(lambda: engine.query(slow, Limits(3))) for _ in range(2)]
        at_work(engine, 2)
        assert all(isinstance(one.exception(), TooSlow) for one in asked)
        answered(engine, Query("ASK {}"))


def test_a_pool_of_one_place_has_no_lanes(chain: StoreRef) -> None:
    with running(chain, size=1) as engine:
        for query in (Query("ASK {}"), CURATED, Query("ASK {}")):
            answered(engine, query)


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
            answered(engine, Query("ASK {}"))


def get(address: str, accept: str = "text/html") -> int:
    try:
        asked = urllib.request.Request(address, headers={"Accept": accept})
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


@pytest.mark.attack("3", "29")
def test_the_service_answers_while_strangers_ask_cross_products(
    bundled_home: Path, serve: Serve
) -> None:
    with (
        serve(bundled_home, PESAI_QUERY_SECONDS="12", PESAI_WORKERS="2") as address,
        ThreadPoolExecutor(2) as threads,
    ):
        bombs = [
            threads.submit(get, f"{address}/sparql?query={quote(f'{CROSS} # {n}')}", "*/*")
            for n in range(2)
        ]
        time.sleep(0.5)
        for path in ("/readyz", "/", "/graphs", "/queries"):
            assert get(f"{address}{path}") == 200, path
        assert not wait(bombs, 0).done, "both were under way all the time"
        assert [bomb.result() for bomb in bombs] == [504, 504]
