"""Long suites: shortened each time, whole by ``make soak``."""

import os
from collections.abc import Sequence
from typing import TypeVar

__all__ = ["SOAK", "some"]

T = TypeVar("T")

SOAK = bool(os.environ.get("PESAI_SOAK"))


def some(items: Sequence[T], each: int) -> list[T]:
    """One in so many of them, spread evenly; all by ``make soak``."""
    return list(items) if SOAK else list(items[::each])
