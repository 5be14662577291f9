"""Initiatives in lists: what one line of a list tells of each, wherever the list stands."""

from collections.abc import Iterable
from dataclasses import dataclass

from pesai.namespaces import DCTERMS, PAI
from pesai.web.collections import INITIATIVES
from pesai.web.facets import held
from pesai.web.records import Record, records

__all__ = ["Card", "cards"]

_FIELDS = {
    "summary": DCTERMS.description, "carriers": PAI.undertakenBy, "country": PAI.inCountry,
    "region": PAI.inRegion, "themes": PAI.hasTheme, "tasks": PAI.hasTaskType,
    "stage": PAI.hasMaturity, "as_of": PAI.statusAsOf, "evidence": PAI.aiEvidence,
    "kind": PAI.initiativeKind,
}  # fmt: skip
_SUMMARY = 280
"""Characters of a summary in a list; the whole is on the sheet."""


@dataclass(frozen=True)
class Card:
    """One initiative of a list: what is asked of it, and whether it was evaluated."""

    record: Record
    evaluated: bool


def cards(iris: Iterable[str]) -> list[Card]:
    """The initiatives as they stand in lists, in the order given.

    Raises:
        Problem: the engine could not answer.
    """
    evaluated = held(INITIATIVES).values["results"].get("evaluated", frozenset())
    found = records(iris, _FIELDS, longest=_SUMMARY)
    return [Card(one, one.shown.iri in evaluated) for one in found]
