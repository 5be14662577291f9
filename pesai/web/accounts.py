"""Work that is not the engine's, on the account of who asks: as a query is."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pesai.engine.fairuse import cost_of
from pesai.errors import Problem
from pesai.web import headers, state
from pesai.web.clients import account
from pesai.web.readers import current_principal

__all__ = ["Work", "on_account"]

log = logging.getLogger(__name__)


@dataclass
class Work:
    """How many seconds the work took, told by who does it."""

    seconds: float = 0


@contextmanager
def on_account() -> Iterator[Work]:
    """Have work done on the account of who asks.

    Raises:
        OverBudget: he has to wait.
        Problem: as the work.
    """
    client, work = account(current_principal()), Work()
    state.engine().admit(client)
    try:
        yield work
    except Problem as problem:
        cost = cost_of(problem, state.limits().seconds)
        if cost is not None:
            _charge(client, max(cost, work.seconds), failed=True)
        raise
    _charge(client, work.seconds, failed=False)


def _charge(client: str, cost: float, *, failed: bool) -> None:
    """Note the cost. The work is done, or has failed, whatever becomes of the account."""
    try:
        headers.note_budget(state.engine().charge(client, cost, failed=failed))
    except Problem as problem:
        log.warning("work was not counted: %s", problem)
