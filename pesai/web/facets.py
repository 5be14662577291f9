"""By what things can be chosen, and how many there are of each: facets over one store.

A facet is a pattern of SPARQL from ``?it`` to its values. One query brings all values of all things
of a collection in a reader's store, and counts are sets from then on; the query behind each count
is made of the same patterns, with what was chosen bound as terms.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from urllib.parse import urlencode

from flask_babel import LazyString
from pyoxigraph import Literal, NamedNode

from pesai.namespaces import XSD
from pesai.web import state
from pesai.web.readers import current_reader
from pesai.web.rows import Term, ask_text, text_of

__all__ = ["NONE", "Collection", "Facet", "Held", "Selection", "held"]

NONE = "none"
"""The value that stands for 'not documented'."""

_MARK, _CLASS = "# CHOICE", "# CLASS"


@dataclass(frozen=True)
class Facet:
    """One way to choose.

    Attributes:
        name: in addresses, and of the variable in queries.
        label: in the reader's language.
        pattern: from ``?it`` to the variable; prefixes are those of the queries that have a place
            for it.
        start: what the IRIs of its values begin with, so that addresses need the rest only.
        open: whether its values are shown at once.
        by: values by how many there are of them (``count``) or the latest first (``latest``).
        most: values that are links; the others are in a list to choose from.
        words: what its values are called when they are texts of ours and no things, in order.
    """

    name: str
    label: LazyString
    pattern: str
    start: str = ""
    open: bool = False
    by: str = "count"
    most: int = 14
    words: Mapping[str, LazyString] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Collection:
    """Things of one sort that can be chosen by facets.

    Attributes:
        path: of the page that lists them.
        name: stem of its queries, ``{name}-rows.rq``, and of its downloads.
        variable: that stands for one of them in queries.
        pattern: what makes ``?it`` one of them.
        facets: by name, in the order of pages and addresses.
    """

    path: str
    name: str
    variable: str
    pattern: str
    facets: Mapping[str, Facet]

    def text(self, query: str) -> str:
        """A query about any collection, in the words of this one."""
        found = text_of(query).replace(_CLASS, self.pattern)
        return self.named(found)

    def named(self, text: str) -> str:
        """A text with this collection's variable for ``?it``."""
        return re.sub(r"\?it\b", f"?{self.variable}", text)


@dataclass(frozen=True)
class Selection:
    """What was chosen: for some facets, names of values; several of one facet mean 'or'."""

    collection: Collection
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def pairs(self) -> list[tuple[str, str]]:
        """As parameters of an address, in the one order."""
        return [
            (name, value)
            for name in self.collection.facets
            for value in sorted(self.chosen.get(name, ()))
        ]

    def address(self, below: str = "", **others: str) -> str:
        """The one address of the choice.

        Args:
            below: what follows the path of the collection.
            others: parameters that choose nothing, in order.
        """
        pairs = [*self.pairs(), *((name, value) for name, value in others.items() if value)]
        path = self.collection.path + below
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def count_address(self) -> str:
        """The address of the query that counts the choice."""
        return self.address("/count")

    def having(self, facet: str, *values: str) -> "Selection":
        """The same, with these values of one facet and no others."""
        kept = {name: found for name, found in self.chosen.items() if name != facet}
        more = {facet: frozenset(values)} if values else {}
        return Selection(self.collection, kept | more)

    def turned(self, facet: str, value: str) -> "Selection":
        """The same, with one value more; without it when it was chosen."""
        return self.having(facet, *(self.chosen.get(facet, frozenset()) ^ {value}))


class Held:
    """The things of a collection in one store, and their values.

    Attributes:
        collection: that they are of.
        things: IRIs.
        values: IRIs of things by facet and name of a value.
        terms: by facet and name of a value.
    """

    def __init__(
        self,
        collection: Collection,
        things: Iterable[str],
        rows: Iterable[tuple[str, str, Term]],
        base: str,
    ) -> None:
        self.collection, self.base = collection, base
        self.things = frozenset(things)
        self.terms: dict[str, dict[str, Term]] = {name: {} for name in collection.facets}
        found: dict[str, dict[str, set[str]]] = {n: defaultdict(set) for n in collection.facets}
        for thing, facet, term in rows:
            found[facet][self._name(collection.facets[facet], term)].add(thing)
        self.values = {
            name: {value: frozenset(iris) for value, iris in values.items()}
            for name, values in found.items()
        }

    def _name(self, facet: Facet, term: Term) -> str:
        """What a value is called in addresses: its IRI without what all begin with."""
        start = self.start(facet)
        rest = term.value.removeprefix(start) if start else term.value
        free = rest and rest != NONE and self.terms[facet.name].get(rest, term) == term
        name = rest if free else term.value
        self.terms[facet.name][name] = term
        return name

    def start(self, facet: Facet) -> str:
        """What the IRIs of a facet's values begin with, on this node."""
        return facet.start.replace("{base}", self.base)

    def term(self, facet: Facet, name: str) -> Term | None:
        """The term that a name in an address stands for; it may be one that nothing has."""
        known = self.terms[facet.name].get(name)
        if known is not None or not name:
            return known
        if facet.words:
            return Literal(name) if name in facet.words else None
        if not facet.start:
            return Literal(name, datatype=XSD.gYear) if name.isdecimal() else None
        try:
            return NamedNode(name if ":" in name else self.start(facet) + name)
        except ValueError:
            return None

    def chosen(self, selection: Selection, *, but: str = "") -> frozenset[str]:
        """The things of a selection, one facet left out of it."""
        found = self.things
        for facet, values in selection.chosen.items():
            if facet != but:
                found &= frozenset().union(*(self._with(facet, value) for value in values))
        return found

    def counts(self, selection: Selection, facet: str) -> dict[str, int]:
        """How many things have each value, as the other facets are chosen.

        Values that none has are left out, save those that are chosen.
        """
        there = self.chosen(selection, but=facet)
        kept = selection.chosen.get(facet, frozenset())
        names = dict.fromkeys([*self.values[facet], *sorted(kept), NONE])
        counts = {name: len(there & self._with(facet, name)) for name in names}
        return {name: count for name, count in counts.items() if count or name in kept}

    def _with(self, facet: str, value: str) -> frozenset[str]:
        if value == NONE:
            return self._without[facet]
        return self.values[facet].get(value, frozenset())

    @cached_property
    def _without(self) -> dict[str, frozenset[str]]:
        """The things of which a facet is not documented."""
        return {
            name: self.things.difference(*values.values()) for name, values in self.values.items()
        }

    def text(self, query: str, selection: Selection) -> str:
        """``queries/{query}.rq`` for the things of a selection only."""
        choices = "\n  ".join(self._choices(selection))
        return self.collection.text(query).replace(_MARK, choices)

    def _choices(self, selection: Selection) -> Iterator[str]:
        named = self.collection.named
        for name, facet in self.collection.facets.items():
            values = sorted(selection.chosen.get(name, ()))
            if not values:
                continue
            terms = [str(t) for v in values if v != NONE and (t := self.term(facet, v)) is not None]
            # Terms are written by pyoxigraph: none can end the block that it stands in.
            pattern = named(facet.pattern)
            has = f"{{ VALUES ?{name} {{ {' '.join(terms)} }} {pattern} }}"
            lacks = f"{{ {named(self.collection.pattern)} MINUS {{ {pattern} }} }}"
            either = [*([has] if terms else []), *([lacks] if NONE in values else [])]
            yield f"{{ SELECT DISTINCT {named('?it')} {{ {' UNION '.join(either)} }} }}"


def held(collection: Collection) -> Held:
    """The things of a collection that this request's reader may know of."""
    return _held(state.checksum(), str(current_reader()), state.base().iri, collection)


@lru_cache(maxsize=32)
def _held(_checksum: str, _reader: str, base: str, collection: Collection) -> Held:
    rows = ask_text(_table(collection))
    valued = [(row["it"].value, row["facet"].value, row["value"]) for row in rows if "facet" in row]
    return Held(collection, {row["it"].value for row in rows}, valued, base)


def _table(collection: Collection) -> str:
    """The query for all values of all things of a collection."""
    parts = [
        f'{{ {facet.pattern} BIND("{name}" AS ?facet) BIND(?{name} AS ?value) }}'
        for name, facet in collection.facets.items()
    ]
    text = text_of("collection-facets").replace(_CLASS, collection.pattern)
    return text.replace(_MARK, "\n    UNION ".join(parts))
