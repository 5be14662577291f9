"""From a text to the concepts of one scheme that may be meant, with the reason for each.

A name that is the text comes first. What merely resembles it is weighed by rare words: each feature
counts by how few concepts have it (inverse document frequency), once against each name of a concept
and once against all that it is called. No model is needed, and each score can be told in words.
"""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from heapq import nlargest

from pesai.alignment.features import Vector, features, length
from pesai.alignment.schema import Role
from pesai.alignment.text import forms, plain

__all__ = ["Concept", "Proposal", "Ranker", "Reason"]

_EXACT = {Role.PREFERRED: 1.0, Role.CODE: 1.0, Role.ALTERNATIVE: 0.97, Role.HIDDEN: 0.96}
_LEXICAL = 0.9
"""The most that likeness alone may score."""
_SHORT = 1.3
"""Above 1, names that say more go behind: a text seldom holds all of a long one by accident."""
_USUAL = 6.0
"""What a name of two or three words says; names of that length keep their score."""
_WHOLE, _ABOVE = 0.5, 0.7
"""What counts beside one name: all that a concept is called, and the names of what stands above
the text in another classification."""


class Reason(StrEnum):
    """Why a concept is proposed."""

    EXACT = "exact"
    ALTERNATIVE = "alternative label"
    CROSSWALK = "crosswalk"
    LEXICAL = "lexical"


@dataclass(frozen=True)
class Concept:
    """What may be proposed.

    Attributes:
        iri: the concept.
        name: its preferred label in the language that is asked in.
        labels: all its labels in that language, with what each is to it.
    """

    iri: str
    name: str
    labels: Sequence[tuple[str, Role]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A concept for a text.

    Attributes:
        concept: the concept.
        score: 0 to 1; 1 when the text is its name.
        reason: why.
        label: the label that is, or most resembles, the text.
        through: for a crosswalk, the concept that is so called and mapped.
    """

    concept: Concept
    score: float
    reason: Reason
    label: str
    through: str = ""


class _Weighed:
    """Texts by their features: which of them hold a feature, and how much of each it is."""

    def __init__(self, rarity: Mapping[str, float]) -> None:
        self._rarity = rarity
        self._held: dict[str, tuple[array[int], array[float]]] = defaultdict(
            lambda: (array("L"), array("f"))
        )

    def add(self, number: int, vector: Vector, power: float = 1.0) -> None:
        weighed = {name: value * self._rarity[name] for name, value in vector.items()}
        norm = length(weighed) or 1.0
        share = (_USUAL / norm) ** (power - 1) / norm
        for name, value in weighed.items():
            numbers, shares = self._held[name]
            numbers.append(number)
            shares.append(value * share)

    def scores(self, vector: Vector) -> dict[int, float]:
        """How much of a text's features each has."""
        found: dict[int, float] = defaultdict(float)
        for name, value in vector.items():
            if name in self._held:
                for number, share in zip(*self._held[name], strict=True):
                    found[number] += value * share
        return found


class Ranker:
    """Proposes concepts of one scheme. Made once, asked for each row.

    Args:
        concepts: the scheme.
    """

    def __init__(self, concepts: Iterable[Concept]) -> None:
        self.concepts = tuple(concepts)
        named = [[(text, features(form)) for text, role in one.labels if role is not Role.CODE
                  for form in _spelt(text)] for one in self.concepts]  # fmt: skip
        whole = [{name: value for _, each in one for name, value in each.items()} for one in named]
        self._rarity = _rarity(whole)
        self._unknown = math.log(1 + len(self.concepts)) / 2
        self._labels, self._wholes = _Weighed(self._rarity), _Weighed(self._rarity)
        self._of: list[tuple[int, str]] = []
        self._exact: dict[str, list[tuple[int, str, Role]]] = defaultdict(list)
        for number, (concept, labels) in enumerate(zip(self.concepts, named, strict=True)):
            for text, role in concept.labels:
                for form in forms(plain(text)):
                    self._exact[form].append((number, text, role))
            for text, vector in labels:
                self._labels.add(len(self._of), vector, _SHORT)
                self._of.append((number, text))
            self._wholes.add(number, whole[number])

    def rank(self, text: str, limit: int = 5, above: Sequence[str] = ()) -> list[Proposal]:
        """The concepts that may be meant, the likeliest first.

        Args:
            text: as it stands in somebody's table: a title, or a sentence.
            limit: how many are wanted.
            above: names of what stands above the text in another classification.
        """
        best = self._alike(text)
        for name in above:
            for number, (score, label) in self._alike(name).items():
                own, before = best.get(number, (0.0, label))
                best[number] = (own + _ABOVE * score, before)
        # The most that the parts can sum up to, so that no score passes that of an exact name.
        most = (1 + _WHOLE) * (1 + _ABOVE * len(above))
        proposals = {
            number: Proposal(
                self.concepts[number], _LEXICAL * min(1.0, score / most), Reason.LEXICAL, label
            )
            for number, (score, label) in nlargest(
                limit + 10, best.items(), key=lambda each: each[1][0]
            )
        }
        proposals |= self._named(text)
        ordered = sorted(proposals.values(), key=lambda one: (-one.score, one.concept.iri))
        return [replace(one, score=round(one.score, 3)) for one in ordered[:limit]]

    def _named(self, text: str) -> dict[int, Proposal]:
        """Concepts of which one name is the text."""
        found: dict[int, Proposal] = {}
        for form in forms(plain(text)):
            for number, label, role in self._exact.get(form, ()):
                reason = Reason.EXACT if role in {Role.PREFERRED, Role.CODE} else Reason.ALTERNATIVE
                one = Proposal(self.concepts[number], _EXACT[role], reason, label)
                if number not in found or found[number].score < one.score:
                    found[number] = one
        return found

    def _alike(self, text: str) -> dict[int, tuple[float, str]]:
        """By concept: how alike it is to a text, and by which label most."""
        best: dict[int, tuple[float, str]] = {}
        spelt = _spelt(text)
        for form in spelt:
            for number, score in self._labels.scores(self._vector(form)).items():
                concept, label = self._of[number]
                if concept not in best or best[concept][0] < score:
                    best[concept] = (score, label)
        for concept, score in self._wholes.scores(self._vector(" ".join(spelt))).items():
            own, label = best.get(concept, (0.0, self.concepts[concept].name))
            best[concept] = (own + _WHOLE * score, label)
        return best

    def _vector(self, text: str) -> Vector:
        """A text weighed; a word that no concept has counts for how little of it is understood."""
        weighed = {
            name: value * self._rarity.get(name, self._unknown)
            for name, value in features(text).items()
        }
        norm = length(weighed) or 1.0
        return {name: value / norm for name, value in weighed.items() if name in self._rarity}


def _rarity(vectors: Iterable[Vector]) -> dict[str, float]:
    """How telling each feature is: the fewer concepts have it, the more (as in BM25)."""
    vectors = list(vectors)
    counts = Counter(name for vector in vectors for name in vector)
    total = len(vectors)
    return {n: math.log(1 + (total - count + 0.5) / (count + 0.5)) for n, count in counts.items()}


def _spelt(text: str) -> tuple[str, ...]:
    """The text in each gender by itself, where it names both."""
    found = forms(plain(text))
    return found[1:] or found
