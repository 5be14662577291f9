"""Misspelt words: which words of the index are one or two letters away.

Each word is kept under itself and under what it is without one of its letters. Two words that are
one insertion, deletion, substitution or swap apart share such a key (symmetric deletion), so a few
exact look-ups find them, however many words there are.
"""

from collections.abc import Iterable, Iterator

__all__ = ["LONG", "LONGEST", "SHORT", "best", "distance", "keys", "near"]

SHORT, LONG, LONGEST = 4, 8, 24
"""Words shorter than the first are not corrected; from the second on, two letters may be wrong;
longer ones than the third are not indexed."""


def keys(word: str) -> set[str]:
    """The keys under which a word is kept."""
    return {word, *_shorter(word)}


def near(word: str) -> set[str]:
    """The keys under which the words near to it are kept."""
    found = keys(word)
    if len(word) >= LONG:
        found |= {two for one in _shorter(word) for two in _shorter(one)}
    return found


def distance(one: str, other: str, limit: int) -> int:
    """Letters to insert, delete, replace or swap with a neighbour; ``limit + 1`` when more.

    (Optimal string alignment distance.)

    >>> distance("developeur", "developpeur", 2)
    1
    >>> distance("informatqiue", "informatique", 2)
    1
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and min(last) >= limit:  # a swap may still reach back to that one
            return limit + 1
        before, last = last, row
    return min(last[-1], limit + 1)


def best(word: str, found: Iterable[str], most: int) -> list[str]:
    """The nearest of the words found, nearest first; those too far away are left out."""
    limit = 2 if len(word) >= LONG else 1
    measured = sorted((distance(word, other, limit), other) for other in set(found))
    return [other for far, other in measured if far <= limit][:most]


def _shorter(word: str) -> Iterator[str]:
    return (word[:i] + word[i + 1 :] for i in range(len(word)))
