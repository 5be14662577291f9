"""What one client may have kept for good: a share of the room for citations, a day.

The room of a release is bounded and nothing in it is given up, so nobody may fill it alone. The
count is that of one web process; where clients have no accounts (``PESAI_CLIENT_SECONDS=0``), there
is none.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from threading import Lock
from typing import cast

from flask import Flask, current_app

from pesai.engine.protocol import OverBudget
from pesai.releases.citations import ROOM

__all__ = ["SHARE", "Allowance", "init_app", "take"]

SHARE, DAY = ROOM // 64, 86_400.0
"""Bytes that a client may add in so many seconds: some 200 citations of usual size."""

_CLIENTS = 10_000


class Allowance:
    """What each client has left; it fills up steadily.

    Args:
        clock: seconds that only go up.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = Lock()

    def take(self, client: str, size: int) -> float:
        """Take so many bytes, if they are there.

        Returns:
            Seconds to wait until they are; 0 when they were taken.
        """
        now = self._clock()
        with self._lock:
            left, at = self._left.pop(client, (SHARE, now))
            left = min(SHARE, left + (now - at) / DAY * SHARE)
            missing = size - left
            self._left[client] = (left if missing > 0 else left - size, now)
            if len(self._left) > _CLIENTS:
                self._left.popitem(last=False)
        return max(0.0, missing / SHARE * DAY)


def init_app(app: Flask) -> None:
    """Give an application its count."""
    app.extensions["pesai.allowance"] = Allowance()


def take(client: str, size: int) -> None:
    """Let a client add something for good, or not.

    Raises:
        OverBudget: he has to wait.
    """
    wait = cast("Allowance", current_app.extensions["pesai.allowance"]).take(client, size)
    if wait:
        raise OverBudget(
            "You have made as many citations as one may for now. Try again in {retry_after} "
            "seconds; or cite the release and the query as they are.",
            retry_after=ceil(wait),
        )
