"""Lists of things that are linked with one thing: whole, in the reader's order, and by the page."""

from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from pesai.errors import NotFound
from pesai.web import state
from pesai.web.i18n import language
from pesai.web.labels import Label, labels_for
from pesai.web.readers import current_reader
from pesai.web.rows import ask
from pesai.web.sorting import natural

__all__ = ["MOST", "PER_PAGE", "SORTED", "WAYS", "Part", "in_order", "linked", "page_of"]

PER_PAGE = 50
"""Things on one page of a list."""
SORTED = 1000
"""A list of so many is in the order of codes and names; a longer one in that of its IRIs."""
WAYS = {"in": "incoming", "out": "outgoing"}
"""Directions of a link, and the queries that follow them."""
MOST = 50_000
"""Things that a list on a page has at most; queries and downloads have all."""


@dataclass(frozen=True)
class Part:
    """One page of a list: its things, its number, and how many things the list has."""

    iris: tuple[str, ...]
    page: int
    total: int

    @property
    def first(self) -> int:
        """The place of the first of them, from 1."""
        return (self.page - 1) * PER_PAGE + 1

    @property
    def last_page(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // PER_PAGE))


def linked(query: str, thing: NamedNode, by: str = "") -> tuple[str, ...]:
    """The IRIs that ``queries/{query}.rq`` finds, each once, in the order in which one reads them.

    Args:
        query: gives ``?other`` for a ``?thing``, and for a ``?property`` if it has one.
        thing: whose list it is.
        by: the property.
    """
    return _linked(state.checksum(), str(current_reader()), language(), query, thing.value, by)


def page_of(iris: tuple[str, ...], page: int) -> Part:
    """One page of a list.

    Raises:
        NotFound: the list ends before it.
    """
    start = (page - 1) * PER_PAGE
    if page > 1 and start >= len(iris):
        raise NotFound("The list has no page {page}.", page=page)
    return Part(iris[start : start + PER_PAGE], page, len(iris))


def in_order(iris: tuple[str, ...], labels: dict[str, Label]) -> tuple[str, ...]:
    """By code, numbers as numbers, then by name without regard to case and accents."""
    return tuple(sorted(iris, key=lambda iri: _place(labels[iri], iri)))


@lru_cache(maxsize=512)
def _linked(
    _checksum: str, _reader: str, tag: str, query: str, thing: str, by: str
) -> tuple[str, ...]:
    """A list of one reader's store, which the checksum stands for."""
    start = NamedNode(thing)
    if by:
        rows = ask(query, limit=MOST, thing=start, property=NamedNode(by))
    else:
        rows = ask(query, limit=MOST, thing=start)
    iris = tuple(sorted({row["other"].value for row in rows}))
    return in_order(iris, labels_for(iris, tag)) if len(iris) <= SORTED else iris


def _place(label: Label, iri: str) -> tuple[object, ...]:
    return (not label.code, natural(label.code), natural(label.text), iri)
