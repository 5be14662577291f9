"""Hierarchies as nested lists of links: branches open and close by address, without script."""

import hashlib
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from flask import request
from pyoxigraph import NamedNode

from pesai.web.i18n import language
from pesai.web.labels import Label, labels_for
from pesai.web.links import concept_page, node
from pesai.web.listing import PER_PAGE, in_order, linked
from pesai.web.rows import ask, number
from pesai.web.values import Shown, shown

__all__ = ["Branch", "Opened", "branches", "paths"]

_MOST_OPEN = 12
"""Branches that may be open at once, beside that of the page itself."""
_LINKS = 500
"""Links of the hierarchy above a concept that are followed."""
_PATHS, _DEEPEST = 5, 30


@dataclass(frozen=True)
class Branch:
    """A concept in the tree.

    Attributes:
        shown: the concept.
        anchor: its place on the page.
        count: concepts directly below it.
        open: whether these are shown.
        toggle: the address of the page with the branch opened, or closed; empty without any below.
        branches: the first of those below, when it is open.
        current: whether the page is about it.
    """

    shown: Shown
    anchor: str
    count: int = 0
    open: bool = False
    toggle: str = ""
    branches: tuple["Branch", ...] = ()
    current: bool = False

    @property
    def more(self) -> int:
        """How many of those below are not shown."""
        return self.count - len(self.branches) if self.open else 0


@dataclass(frozen=True)
class Opened:
    """The branches that an address opens.

    Each is shown open once, at its first place on the page: below all of those that a concept
    stands below, twelve concepts that stand below one another would fill the page for ever.
    """

    path: str
    kept: tuple[tuple[str, str], ...]
    iris: tuple[str, ...]
    shown: set[str] = field(default_factory=set)

    @classmethod
    def of_request(cls) -> "Opened":
        """Those of ``open=``; what is no IRI opens nothing."""
        asked = request.args.getlist("open")[:_MOST_OPEN]
        found = dict.fromkeys(iri for iri in asked if node(iri) is not None)
        kept = [(k, v) for k in ("iri", "page") if (v := request.args.get(k))]
        return cls(request.path, tuple(kept), tuple(found))

    def toggled(self, iri: str, anchor: str) -> str:
        """The address with one more branch open, or one less."""
        others = [one for one in self.iris if one != iri]
        chosen = others if iri in self.iris else [*others, iri][-_MOST_OPEN:]
        query = urlencode([*self.kept, *(("open", one) for one in chosen)])
        return f"{self.path}{'?' if query else ''}{query}#{anchor}"


def branches(
    iris: tuple[str, ...], opened: Opened, above: frozenset[str] = frozenset()
) -> tuple[Branch, ...]:
    """Concepts of one level, those that are open with what is below them.

    Args:
        iris: the concepts.
        opened: which are open.
        above: concepts that are open already on the way: a hierarchy may run in a circle.
    """
    if not iris:
        return ()
    counts = _counts(iris)
    labels = labels_for(iris, language())
    return tuple(_branch(iri, counts.get(iri, 0), labels, opened, above) for iri in iris)


def paths(thing: NamedNode) -> list[tuple[Branch, ...]]:
    """The ways from the top down to what is directly above a concept, at most five."""
    up: dict[str, list[str]] = {}
    for row in ask("ancestors", thing=thing, limit=_LINKS):
        up.setdefault(row["narrow"].value, []).append(row["broad"].value)
    everything = tuple(dict.fromkeys(iri for above in up.values() for iri in above))
    labels = labels_for(everything, language())
    ordered = {iri: in_order(tuple(above), labels) for iri, above in up.items()}
    found = _ways(thing.value, ordered)
    return [tuple(_above(iri, labels) for iri in way) for way in found]


def _branch(
    iri: str, count: int, labels: dict[str, Label], opened: Opened, above: frozenset[str]
) -> Branch:
    term = shown(NamedNode(iri), labels)
    branch = Branch(replace(term, href=concept_page(iri).href, external=False), _anchor(iri), count)
    if not count or iri in above:
        return branch
    toggle = opened.toggled(iri, branch.anchor)
    if iri not in opened.iris or iri in opened.shown:
        return replace(branch, toggle=toggle)
    opened.shown.add(iri)
    below = linked("narrower", NamedNode(iri))
    inside = branches(below[:PER_PAGE], opened, above | {iri})
    return replace(branch, count=len(below), open=True, toggle=toggle, branches=inside)


def _above(iri: str, labels: dict[str, Label]) -> Branch:
    term = shown(NamedNode(iri), labels)
    return Branch(replace(term, href=concept_page(iri).href, external=False), _anchor(iri))


def _ways(start: str, up: dict[str, tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Ways from the top to what is above a concept; a circle is gone round once."""
    found: list[tuple[str, ...]] = []
    waiting: list[tuple[str, ...]] = [(one,) for one in reversed(up.get(start, ()))]
    while waiting and len(found) < _PATHS:
        way = waiting.pop()
        further = [one for one in up.get(way[0], ()) if one not in way and one != start]
        if not further or len(way) == _DEEPEST:
            found.append(way)
        waiting += [(one, *way) for one in reversed(further)]
    return found


def _counts(iris: tuple[str, ...]) -> dict[str, int]:
    rows = ask("narrower-counts", many={"thing": [NamedNode(iri) for iri in iris]})
    return {row["thing"].value: number(row, "count") for row in rows if "thing" in row}


def _anchor(iri: str) -> str:
    return f"c-{hashlib.sha256(iri.encode()).hexdigest()[:10]}"
