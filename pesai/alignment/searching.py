"""Search: from a few letters to things, best first."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pesai.alignment.index import Filters, Index, Label
from pesai.alignment.schema import Role
from pesai.alignment.text import fold, forms, words

__all__ = [
    "LONGEST",
    "POOL",
    "Found",
    "Hit",
    "Question",
    "choose",
    "corrected",
    "excerpt",
    "search",
]

LONGEST = 300
"""Characters of a question that are looked at."""
WORDS = 10
"""Words of a question that are looked at."""
POOL = 120
"""Labels that each way of finding brings in; ranking is done among these."""

_BEHIND = {Role.PREFERRED: 0.0, Role.CODE: 0.0, Role.ALTERNATIVE: 2.0, Role.HIDDEN: 4.0}
_FOREIGN = 1.5


@dataclass(frozen=True)
class Question:
    """What is looked for.

    Attributes:
        text: as it was typed.
        reader: the reader's language.
        filters: what results must be.
    """

    text: str
    reader: str
    filters: Filters = field(default_factory=Filters)


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing, with the text by which it was found. ``score`` is 100 for the name itself."""

    label: Label
    score: float


@dataclass(frozen=True)
class Found:
    """Things, best first, each once.

    Attributes:
        hits: the things.
        corrected: the question as it was understood, if it was misspelt.
        partial: whether no thing has all of the words, and these have all but one.
    """

    hits: tuple[Hit, ...]
    corrected: str = ""
    partial: bool = False


def search(index: Index, question: Question) -> Found:
    """Look for things by what they are called.

    Labels that are the question come first, then those that begin with it, then those that have
    all of its words, then texts. When no label has all the words, the question is taken to be
    misspelt.

    Raises:
        TooSlow: the index did not answer in time.
    """
    asked = fold(question.text[:LONGEST])
    wanted = words(asked)[:WORDS]
    if not wanted:
        return Found(())
    hits = _ranked(_pool(index, question, asked, wanted), question, asked)
    if any(hit.label.role is not Role.TEXT for hit in hits):
        return Found(hits)
    again = _second_try(index, question, wanted)
    seen = {hit.label.thing for hit in hits}
    more = tuple(hit for hit in again.hits if hit.label.thing not in seen)
    return Found(
        (*hits, *more), again.corrected if more else "", partial=bool(more) and again.partial
    )


def corrected(index: Index, wanted: Sequence[str]) -> list[str] | None:
    """Words that are there for those that are not: an entry with blanks holds several, best first.

    ``None`` when all are there, or nothing is near.
    """
    better: list[str] = []
    for place, word in enumerate(wanted, 1):
        if len(word) < 3 or not word.isalpha() or index.knows(word, open_end=place == len(wanted)):
            better.append(word)
        elif found := index.near(word, 4):
            better.append(" ".join(found))
        else:
            better += _apart(index, word) or [word]
    return better if better != list(wanted) else None


def _apart(index: Index, word: str) -> list[str]:
    """The two words that were typed without the blank between them."""
    for cut in range(len(word) - 3, 2, -1):
        if index.knows(word[:cut]) and index.knows(word[cut:]):
            return [word[:cut], word[cut:]]
    return []


def excerpt(text: str, asked: str, around: int = 8) -> str:
    """A text from a few words before the first one that was asked for.

    >>> excerpt("one two three four", "Three", around=1)
    '… two three four'
    """
    have, wanted = text.split(), words(fold(asked))
    for place, word in enumerate(have):
        if any(part.startswith(each) for part in fold(word).split() for each in wanted):
            start = max(0, place - around)
            return " ".join([*(["…"] if start else []), *have[start:]])
    return " ".join(have)


def _second_try(index: Index, question: Question, wanted: Sequence[str]) -> Found:
    """Things by the words as they may have been meant, or else by all words but one."""
    better = corrected(index, wanted)
    if better is not None:
        labels = index.labels(sorted(_words(index, question, better)))
        if labels:
            understood = _understood(labels, better)
            return Found(_ranked(labels, question, understood), understood)
    numbers: set[int] = set()
    for left_out in range(len(wanted)) if len(wanted) > 1 else ():
        some = [word for place, word in enumerate(wanted) if place != left_out]
        numbers.update(index.matching(some, question.filters, POOL // 2))
    labels = index.labels(sorted(numbers))
    return Found(_ranked(labels, question, " ".join(wanted)), partial=True)


def _understood(labels: Iterable[Label], better: Sequence[str]) -> str:
    """Of the words that may have been meant, those that most labels have."""
    held = Counter(word for label in labels for word in fold(label.text).split())
    return " ".join(max(entry.split(), key=lambda word: held[word]) for entry in better)


def choose(texts: Iterable[tuple[str, str]], reader: str) -> tuple[str, str]:
    """The text for a reader: in the own language, in French or English, in none, in another."""
    order = {"fr": 1, "en": 1, "": 2, reader: 0}
    return min(
        texts,
        key=lambda each: (order.get(each[1].partition("-")[0], order.get(each[1], 3)), each[1]),
        default=("", ""),
    )


def _pool(index: Index, question: Question, asked: str, wanted: Sequence[str]) -> list[Label]:
    """Candidates: enough of each way of finding, those that count most."""
    numbers = set(index.exact(asked, POOL))
    if len(asked) <= 2:
        for filters in _both(question):
            numbers.update(index.matching((), filters, POOL, head=asked))
        numbers.update(index.matching(wanted, question.filters, POOL))
    else:
        numbers |= _words(index, question, wanted, head=asked)
        numbers |= _words(index, question, wanted)
    return [label for label in index.labels(sorted(numbers)) if _passes(label, question.filters)]


def _words(index: Index, question: Question, wanted: Sequence[str], head: str = "") -> set[int]:
    """Labels with all the words. A last word of one or two letters is only waited for."""
    short = len(wanted[-1]) < 3
    taken = wanted[:-1] if short and len(wanted) > 1 else wanted
    most = 3 * POOL if short else POOL
    found: set[int] = set()
    for filters in _both(question):
        found.update(index.matching(taken, filters, most, head=head, last_is_open=not short))
    return found


def _both(question: Question) -> tuple[Filters, ...]:
    """The reader's language first, then all: it must not drown among the others."""
    if question.filters.language:
        return (question.filters,)
    return Filters(question.filters.any_of, question.reader), question.filters


def _passes(label: Label, filters: Filters) -> bool:
    if filters.language and label.language.partition("-")[0].lower() != filters.language:
        return False
    return all(label.groupings & set(group) for group in filters.any_of)


def _ranked(labels: Iterable[Label], question: Question, asked: str) -> tuple[Hit, ...]:
    """Each thing once, by its best label."""
    best: dict[int, Hit] = {}
    for label in labels:
        hit = Hit(label, _score(label, asked, question.reader))
        known = best.get(label.thing)
        if known is None or (hit.score, -label.number) > (known.score, -known.label.number):
            best[label.thing] = hit
    return tuple(sorted(best.values(), key=lambda hit: (-hit.score, hit.label.number)))


def _score(label: Label, asked: str, reader: str) -> float:
    """How well a label answers, 0 to 100."""
    if label.role is Role.TEXT:
        base = 30.0
    else:
        base = max(_closeness(form, asked) for form in forms(label.text))
        base -= _BEHIND[label.role]
    foreign = label.language and label.language.partition("-")[0] != reader
    return base - (_FOREIGN if foreign else 0) - (label.number >> 24) / 100


def _closeness(form: str, asked: str) -> float:
    """100 for the same; above 80 for a beginning, above 50 for all words, by the share asked."""
    if form == asked:
        return 100.0
    share = min(1.0, len(asked) / max(1, len(form)))
    if form.startswith(asked):
        return 80.0 + 12 * share + (6 if form[len(asked)] == " " else 0)
    wanted, have = words(asked), form.split()
    held = sum(any(word.startswith(each) for word in have) for each in wanted)
    return (25.0 + 25 * share) * held / len(wanted) + 25.0
