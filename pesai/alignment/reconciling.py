"""Reconciliation: from a name in somebody's table to the things that may be meant, with scores."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from pesai.alignment.index import Filters, Index, Label
from pesai.alignment.schema import Role
from pesai.alignment.searching import corrected
from pesai.alignment.text import fold, forms, likeness, plain, words

__all__ = ["CERTAIN", "Candidate", "Property", "Wanted", "candidates"]

LONGEST = 1000
"""Characters of a name that are looked at: a cell may hold more."""
CERTAIN = 95.0
"""A label that is the name, of whatever role, scores at least this; nothing else does."""
POOL = 150
"""Labels that each way of finding brings in."""
WORDS = 8
"""Words of a name that are looked for."""

_EXACT = {Role.PREFERRED: 100.0, Role.CODE: 100.0, Role.ALTERNATIVE: 97.0, Role.HIDDEN: 96.0}
_ONE_GENDER = 0.5
"""Less for a label that is only one side of the name, or the other way round."""
_ALIKE = 90.0
_BEHIND = {Role.PREFERRED: 0.0, Role.CODE: 0.0, Role.ALTERNATIVE: 1.0, Role.HIDDEN: 2.0}
_CONTRADICTED = 30.0


@dataclass(frozen=True, slots=True)
class Property:
    """Something else that is known of what is meant.

    Attributes:
        codes: folded codes, of which the thing should have one.
        places: IRIs of countries, of which the thing should have one.
        groupings: numbers of classes and schemes, of which the thing should be in one.
    """

    codes: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    groupings: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name to find the thing for.

    Attributes:
        name: as it stands in the table.
        filters: types that the thing must have.
        properties: what else is known of it.
        limit: how many candidates are wanted.
    """

    name: str
    filters: Filters = field(default_factory=Filters)
    properties: tuple[Property, ...] = ()
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that may be meant.

    Attributes:
        label: the text by which it was found.
        score: 0 to 100.
        likeness: of name and text, 0 to 1.
        agrees: how many of the properties agree, less those that contradict.
        match: it can be taken without a look: no other thing has exactly this name.
    """

    label: Label
    score: float
    likeness: float
    agrees: int
    match: bool = False


def candidates(index: Index, wanted: Wanted) -> list[Candidate]:
    """The things that may be meant, the likeliest first.

    Raises:
        TooSlow: the index did not answer in time.
    """
    name = plain(wanted.name[:LONGEST])
    asked = tuple(form for form in forms(name) if form) or _codes(wanted)
    if not asked:
        return []
    labels = _found(index, asked, wanted)
    codes = _codes_of(index, labels, wanted)
    best: dict[int, Candidate] = {}
    for label in labels:
        one = _weighed(label, asked, wanted.properties, codes.get(label.thing, frozenset()))
        known = best.get(label.thing)
        if known is None or one.score > known.score:
            best[label.thing] = one
    ordered = sorted(best.values(), key=lambda one: (-one.score, one.label.number))
    certain = [one for one in ordered if one.score >= CERTAIN]
    if len(certain) == 1:
        only = certain[0]
        matched = Candidate(only.label, only.score, only.likeness, only.agrees, match=True)
        ordered[ordered.index(only)] = matched
    return ordered[: wanted.limit]


def _found(index: Index, asked: Sequence[str], wanted: Wanted) -> list[Label]:
    """Labels that are the name; that have its words; and when that is little, most of them."""
    filters = wanted.filters
    numbers = {n for form in asked for n in index.exact(form, POOL)}
    for form in asked:
        numbers.update(index.matching(words(form)[:WORDS], filters, POOL))
    if len(_passing(index, numbers, filters)) < wanted.limit:
        numbers |= _loosely(index, words(asked[-1])[:WORDS], filters)
    labels = _passing(index, numbers, filters)
    named = [label for label in labels if label.role is not Role.TEXT]
    return named or labels


def _loosely(index: Index, wanted: Sequence[str], filters: Filters) -> set[int]:
    """Labels with the words as they may be spelt, with all but one of them, with two of them."""
    found: set[int] = set()
    better = corrected(index, wanted)
    if better is not None:
        found.update(index.matching(better, filters, POOL))
    taken = better or wanted
    sizes = {size for size in (len(taken) - 1, 2 if len(taken) > 3 else 1) if size > 0}
    for size in sorted(sizes, reverse=True):
        for some in combinations(taken, size):
            found.update(index.matching(some, filters, POOL // 3))
        if len(found) >= POOL // 3:
            break
    return found


def _passing(index: Index, numbers: Iterable[int], filters: Filters) -> list[Label]:
    labels = index.labels(sorted(numbers))
    return [x for x in labels if all(x.groupings & set(group) for group in filters.any_of)]


def _codes(wanted: Wanted) -> tuple[str, ...]:
    """Codes that are asked for where no name is."""
    return tuple(sorted({code for known in wanted.properties for code in known.codes}))


def _codes_of(index: Index, labels: Iterable[Label], wanted: Wanted) -> dict[int, frozenset[str]]:
    """The folded codes of the things found, when codes were asked for."""
    if not _codes(wanted):
        return {}
    held = index.codes(sorted({label.thing for label in labels}))
    return {n: frozenset(fold(text) for text, _language in texts) for n, texts in held.items()}


def _weighed(
    label: Label, asked: Sequence[str], properties: Iterable[Property], codes: frozenset[str]
) -> Candidate:
    """A label as a candidate: name first, then what else is known."""
    if label.role is Role.TEXT:
        alike, score = 0.0, 10.0
    else:
        own = forms(label.text)
        alike = max(likeness(form, one) for form in own for one in asked)
        score = _ALIKE * alike - _BEHIND[label.role]
        if alike >= 1.0:
            score = _EXACT[label.role] - (0 if own[0] == asked[0] else _ONE_GENDER)
    said = [_says(label, known, codes) for known in properties]
    score -= _CONTRADICTED * said.count(-1)
    if score < CERTAIN:
        score = min(CERTAIN - 1, score + 4 * said.count(1))
    return Candidate(label, round(max(0.0, score), 2), round(alike, 4), sum(said))


def _says(label: Label, known: Property, codes: frozenset[str]) -> int:
    """1 when a property agrees, -1 when it contradicts, 0 when the graph does not say."""
    for given, held in (
        (known.codes, codes), (known.places, label.places), (known.groupings, label.groupings)
    ):  # fmt: skip
        if given and held:
            return 1 if given & held else -1
    return 0
