"""Accounts of clients: what they hold, how they fill up, and who bears what."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from pesai.engine.fairuse import CONCURRENT, ERRORS, LEAST_COST, Ledger, MeteredEngine
from pesai.engine.protocol import Budget, Busy, Limits, OverBudget, Query, Result, TooSlow
from tests.engine.conftest import LIMITS


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def ask(ledger: Ledger, client: str, cost: float, *, failed: bool = False) -> Budget:
    with ledger.turn(client):
        return ledger.charge(client, cost, failed=failed)


def test_an_account_empties_and_fills_up(clock: Clock) -> None:
    ledger = Ledger(60, clock)
    assert ask(ledger, "a", 40).seconds == 20
    assert ask(ledger, "a", 30).seconds == 0
    with pytest.raises(OverBudget) as over:
        ask(ledger, "a", 1)
    assert over.value.values["retry_after"] == 10
    assert ledger.budget("b").seconds == 60
    clock.now = 10.1
    assert ask(ledger, "a", 1).full_in == 61
    clock.now = 1000
    assert ledger.budget("a") == Budget(60, 60, ERRORS, CONCURRENT, 0)


def test_small_queries_cost_too(clock: Clock) -> None:
    ledger = Ledger(60, clock)
    for _ in range(int(60 / LEAST_COST)):
        ask(ledger, "a", 0.001)
    with pytest.raises(OverBudget):
        ask(ledger, "a", 0.001)


def test_failures_are_counted(clock: Clock) -> None:
    ledger = Ledger(600, clock)
    for _ in range(ERRORS):
        ask(ledger, "a", 0, failed=True)
    with pytest.raises(OverBudget, match="failed"):
        ask(ledger, "a", 0)
    clock.now = 3
    ask(ledger, "a", 0)


def test_queries_under_way_are_counted(clock: Clock) -> None:
    ledger = Ledger(60, clock)
    turns = [ledger.turn("a") for _ in range(CONCURRENT)]
    for turn in turns:
        turn.__enter__()
    with pytest.raises(OverBudget, match="under way"):
        ask(ledger, "a", 1)
    ask(ledger, "b", 1)
    turns[0].__exit__(None, None, None)
    ask(ledger, "a", 1)


def test_a_flood_of_addresses_takes_no_more_memory(clock: Clock) -> None:
    ledger = Ledger(60, clock)
    ask(ledger, "first", 50)
    for number in range(10_000):
        ledger.budget(str(number))
    assert len(ledger._accounts) == 10_000
    assert ledger.budget("first").seconds == 60


class Slow:
    """An engine that answers when it is told to, or not at all."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.go = error, Event()

    def query(self, query: Query, limits: Limits) -> Result:  # noqa: ARG002
        self.go.wait(10)
        raise self.error or Busy("busy", retry_after=1)

    def budget(self, client: str) -> None:  # noqa: ARG002
        return None

    def admit(self, client: str) -> None:
        pass

    def charge(self, client: str, cost: float, *, failed: bool = False) -> None:
        pass

    def close(self) -> None:
        pass


def test_one_that_was_stopped_bears_the_whole_time(clock: Clock) -> None:
    engine = MeteredEngine(Slow(TooSlow("{seconds}", seconds=20)), Ledger(60, clock))
    engine.engine.go.set()  # type: ignore[attr-defined]
    with pytest.raises(TooSlow):
        engine.query(Query("ASK {}", client="a"), Limits(seconds=20))
    assert engine.budget("a") == Budget(60, 40, ERRORS - 1, CONCURRENT, 20)


def test_one_that_was_turned_away_bears_nothing_and_pages_are_not_counted(clock: Clock) -> None:
    slow = Slow()
    engine = MeteredEngine(slow, Ledger(60, clock))
    with ThreadPoolExecutor(20) as threads:
        pages = [threads.submit(engine.query, Query("ASK {}", client="a", curated=True), LIMITS)
                 for _ in range(CONCURRENT + 1)]  # fmt: skip
        slow.go.set()
        assert all(isinstance(page.exception(), Busy) for page in pages)
    with pytest.raises(Busy):
        engine.query(Query("ASK {}", client="a"), LIMITS)
    assert engine.budget("a") == Budget(60, 60, ERRORS, CONCURRENT, 0)
