"""What two texts may have in common: their words, the beginnings of these, and words side by side.

No list of endings is needed for that, in any language: *abatteuse* and *abatteur*, *managing* and
*management* begin alike.
"""

import math
from collections.abc import Mapping

from pesai.alignment.text import LITTLE, fold, plain

__all__ = ["Vector", "features", "length"]

Vector = Mapping[str, float]
"""Features of a text, with what each counts."""

_STEM = 5
"""Letters that count as the beginning of a word."""
_WORD, _BEGINNING, _PAIR = 1.0, 0.7, 0.5


def features(text: str) -> dict[str, float]:
    """The features of a text, before it is known how rare they are.

    >>> sorted(features("Gestion des stocks"))
    ['gesti-', 'gesti-stock-', 'gestion', 'stock-', 'stocks']
    """
    every = fold(plain(text)).split()
    words = [word for word in every if word not in LITTLE] or every
    found: dict[str, float] = {}
    before = ""
    for word in words:
        beginning = f"{word[:_STEM]}-"
        found[word] = _WORD
        found[beginning] = _BEGINNING
        if before:
            found[before + beginning] = _PAIR
        before = beginning
    return found


def length(vector: Vector) -> float:
    """How much a text says in all (the Euclidean norm)."""
    return math.sqrt(sum(value * value for value in vector.values()))
