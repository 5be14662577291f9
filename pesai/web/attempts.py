"""Wrong tokens from one address are counted, and after some the next has to wait.

The count is that of one web process. It need not be more: a token has 256 random bits, and the
limit keeps guessing from filling logs and from keeping the service at work.
"""

import time
from collections import OrderedDict
from threading import Lock
from typing import cast

from flask import Flask, current_app

from pesai.errors import Problem
from pesai.web.clients import address

__all__ = ["Attempts", "TooManyAttempts", "check", "failed", "init_app"]

MOST, WINDOW = 10, 300.0
"""Wrong tokens from one address, in so many seconds."""

_ADDRESSES = 10_000


class TooManyAttempts(Problem):
    """Too many wrong tokens came from one address."""

    code, title, status, exit_code = "attempts", "Too many wrong tokens", 429, 3


class Attempts:
    """When wrong tokens came, by address; the addresses of longest ago are forgotten first."""

    def __init__(self) -> None:
        self._times: OrderedDict[str, list[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, who: str) -> float:
        """Seconds until another token from there is looked at; 0 for now."""
        now = time.monotonic()
        with self._lock:
            recent = [at for at in self._times.get(who, ()) if at > now - WINDOW]
            return recent[-MOST] + WINDOW - now if len(recent) >= MOST else 0.0

    def failed(self, who: str) -> None:
        """Note that a wrong token came from there."""
        now = time.monotonic()
        with self._lock:
            recent = [at for at in self._times.pop(who, ()) if at > now - WINDOW]
            self._times[who] = [*recent[-MOST:], now]
            if len(self._times) > _ADDRESSES:
                self._times.popitem(last=False)


def init_app(app: Flask) -> None:
    """Give an application its count."""
    app.extensions["pesai.attempts"] = Attempts()


def check() -> None:
    """Let the address of this request send another wrong token, or not.

    Raises:
        TooManyAttempts: it has to wait.
    """
    wait = _attempts().wait(address())
    if wait:
        raise TooManyAttempts(
            "Too many wrong tokens came from your address. Try again in {retry_after} seconds.",
            retry_after=int(wait) + 1,
        )


def failed() -> None:
    """Note that the address of this request sent a wrong token."""
    _attempts().failed(address())


def _attempts() -> Attempts:
    return cast("Attempts", current_app.extensions["pesai.attempts"])
