"""Fair use: what one client may have evaluated in a minute, so that nobody keeps all to himself.

The cost of a query is the time of its evaluation, and never less than a little, so that a flood of
small ones costs too. A client has an account that holds a minute's worth and fills up steadily; one
that is empty waits. Queries that fail are counted beside it. What the service asks itself, for its
pages, is not counted, nor are answers that were kept.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from threading import Lock

from pesai.engine.protocol import Budget, Busy, Engine, Limits, OverBudget, Query, Result, TooSlow
from pesai.errors import Problem

__all__ = ["Ledger", "MeteredEngine"]

MINUTE = 60.0
LEAST_COST = 0.1
"""Seconds that each query costs at least."""

CONCURRENT, ERRORS = 5, 30
"""Queries that one client has under way at most, and that may fail in a minute."""

_CLIENTS = 10_000


@dataclass
class _Account:
    """What one client has left; both fill up with time."""

    seconds: float
    errors: float
    at: float
    running: int = 0


@dataclass
class Ledger:
    """The accounts of all clients of an engine.

    Attributes:
        seconds: of evaluation that a client has in a minute.
        clock: seconds that only go up.
    """

    seconds: float
    clock: Callable[[], float] = time.monotonic
    _accounts: "OrderedDict[str, _Account]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def budget(self, client: str) -> Budget:
        """What a client has left now."""
        with self._lock:
            return self._told(self._account(client))

    @contextmanager
    def turn(self, client: str) -> Iterator[None]:
        """Let a client have one query under way.

        Raises:
            OverBudget: he has to wait.
        """
        with self._lock:
            account = self._account(client)
            self._admit(account)
            account.running += 1
        try:
            yield
        finally:
            with self._lock:
                account.running -= 1

    def charge(self, client: str, cost: float, *, failed: bool = False) -> Budget:
        """Take the cost of a query, in seconds, from a client's account; what is left there."""
        with self._lock:
            account = self._account(client)
            account.seconds -= max(cost, LEAST_COST)
            account.errors -= failed
            return self._told(account)

    def _account(self, client: str) -> _Account:
        """The account of a client as it is now; the one that was idle for longest makes room."""
        now = self.clock()
        account = self._accounts.pop(client, None) or _Account(self.seconds, ERRORS, now)
        passed = (now - account.at) / MINUTE
        account.seconds = min(self.seconds, account.seconds + passed * self.seconds)
        account.errors = min(ERRORS, account.errors + passed * ERRORS)
        account.at = now
        self._accounts[client] = account
        if len(self._accounts) > _CLIENTS:
            self._accounts.popitem(last=False)
        return account

    def _admit(self, account: _Account) -> None:
        if account.running >= CONCURRENT:
            raise OverBudget(
                "You have {most} queries under way, which is the most at a time. Try again when "
                "one is answered.",
                most=CONCURRENT,
                retry_after=1,
            )
        if account.seconds <= 0:
            raise OverBudget(
                "You have used your share: {seconds:g} seconds of evaluation a minute. Try again "
                "in {retry_after} seconds; or download the release and ask it on your own machine.",
                seconds=self.seconds,
                retry_after=self._wait(account),
            )
        if account.errors < 1:
            raise OverBudget(
                "Too many of your queries failed; at most {most} a minute may. Try again in "
                "{retry_after} seconds.",
                most=ERRORS,
                retry_after=ceil((1 - account.errors) * MINUTE / ERRORS),
            )

    def _wait(self, account: _Account) -> int:
        """Seconds until there is something in an account again."""
        return max(1, ceil(-account.seconds / self.seconds * MINUTE))

    def _told(self, account: _Account) -> Budget:
        missing = self.seconds - account.seconds
        return Budget(
            limit=self.seconds,
            seconds=max(0.0, round(account.seconds, 1)),
            errors=max(0, int(account.errors)),
            concurrent=CONCURRENT - account.running,
            full_in=ceil(missing / self.seconds * MINUTE),
        )


def cost_of(problem: Problem, limit: float) -> float | None:
    """What work that failed costs, in seconds; ``None`` when it is not the client's failure.

    Args:
        problem: how it failed.
        limit: the seconds that it had.
    """
    if isinstance(problem, Busy):
        return None
    return limit if isinstance(problem, TooSlow) else 0


class MeteredEngine:
    """An engine whose clients have accounts.

    Args:
        engine: answers.
        ledger: the accounts.
    """

    def __init__(self, engine: Engine, ledger: Ledger) -> None:
        self.engine, self.ledger = engine, ledger

    def query(self, query: Query, limits: Limits) -> Result:
        """Answer one query, wholly, and take its cost from the account of its client.

        Raises:
            OverBudget: the client has to wait.
            Problem: as the engine within.
        """
        client = query.client
        if not client or query.curated:
            return self.engine.query(query, limits)
        with self.ledger.turn(client):
            try:
                result = self.engine.query(query, limits)
            except Problem as problem:
                cost = cost_of(problem, limits.seconds)
                if cost is not None:
                    self.ledger.charge(client, cost, failed=True)
                raise
        result.left = self.ledger.charge(client, result.seconds)
        return result

    def budget(self, client: str) -> Budget | None:
        """What a client has left."""
        return self.ledger.budget(client)

    def admit(self, client: str) -> None:
        """Ask whether a client may have work done that is not the engine's."""
        with self.ledger.turn(client):
            pass

    def charge(self, client: str, cost: float, *, failed: bool = False) -> Budget | None:
        """Have a client bear the cost of work that was done elsewhere."""
        return self.ledger.charge(client, cost, failed=failed)

    def close(self) -> None:
        """Close the engine within."""
        self.engine.close()
