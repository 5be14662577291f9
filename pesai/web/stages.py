"""How far initiatives have come: which of several stages counts for all of them together."""

from collections.abc import Iterable

from pesai.web.facets import Held
from pesai.web.rows import Term

__all__ = ["ORDER", "furthest", "place"]

ORDER = ("production", "pilot", "planned", "idea", "suspended", "ended")
"""Stages by their notation, the furthest first: what is under way before what is not any more."""


def place(stage: str) -> int:
    """The place of a stage in the order; behind all others when it is not ours."""
    return ORDER.index(stage) if stage in ORDER else len(ORDER)


def furthest(held: Held, initiatives: Iterable[str]) -> Term | None:
    """The furthest stage that is documented of some initiatives; ``None`` when none is."""
    wanted = frozenset(initiatives)
    known = [name for name, having in held.values["stage"].items() if having & wanted]
    return held.terms["stage"][min(known, key=lambda one: (place(one), one))] if known else None
