"""By what initiatives can be chosen, and how many there are of each: facets over one store.

A facet is a pattern of SPARQL from ``?initiative`` to its values. One query brings all values of
all initiatives of a reader's store, and counts are sets from then on; the query behind each count
is made of the same patterns, with what was chosen bound as terms.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import MappingProxyType

from flask_babel import LazyString, lazy_gettext
from pyoxigraph import Literal, NamedNode

from pesai.namespaces import CODE, EU_COUNTRY, XSD
from pesai.web import state
from pesai.web.readers import current_reader
from pesai.web.rows import Term, ask_text, text_of

__all__ = ["FACETS", "NONE", "Facet", "Held", "Selection", "held"]

NONE = "none"
"""The value that stands for 'not documented'."""

_MARK = "# CHOICE"


@dataclass(frozen=True)
class Facet:
    """One way to choose.

    Attributes:
        name: in addresses, and of the variable in queries.
        label: in the reader's language.
        pattern: from ``?initiative`` to the variable; prefixes are those of the queries that have
            a place for it.
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


_RESULTS = """{ ?measurement pai:measures ?initiative ; pai:withDesign ?design .
      VALUES ?design { design:randomised design:quasi-experiment design:before-after }
      BIND("evaluated" AS ?results) }
    UNION { ?measurement pai:measures ?initiative ; pai:isEffect true . BIND("effect" AS ?results) }
    UNION { ?measurement pai:measures ?initiative . BIND("figures" AS ?results) }"""

FACETS: Mapping[str, Facet] = MappingProxyType(
    {
        facet.name: facet
        for facet in (
            Facet("theme", lazy_gettext("Theme"),
                  "?initiative pai:hasTheme/skos:broader* ?theme", f"{CODE.iri}theme/", open=True),
            Facet("results", lazy_gettext("Results"), _RESULTS, open=True, words={
                "evaluated": lazy_gettext("evaluated"),
                "effect": lazy_gettext("with a measured effect"),
                "figures": lazy_gettext("with any reported figure"),
            }),
            Facet("stage", lazy_gettext("Stage"), "?initiative pai:hasMaturity ?stage",
                  f"{CODE.iri}maturity/", open=True),
            Facet("task", lazy_gettext("Task"), "?initiative pai:hasTaskType ?task",
                  f"{CODE.iri}task-type/"),
            Facet("country", lazy_gettext("Country"), "?initiative pai:inCountry ?country",
                  EU_COUNTRY.iri, most=6),
            Facet("region", lazy_gettext("Region of the world"),
                  "?initiative (pai:inCountry/pai:inRegion|pai:inRegion)/skos:broader* ?region . "
                  "FILTER(?region != code:region\\/m49-001)", f"{CODE.iri}region/", most=7),
            Facet("organisation", lazy_gettext("Organisation"),
                  "?initiative pai:undertakenBy ?organisation", "{base}id/organisation/", most=6),
            Facet("kind", lazy_gettext("Kind"), "?initiative pai:initiativeKind ?kind",
                  f"{CODE.iri}initiative-kind/"),
            Facet("evidence", lazy_gettext("Evidence of AI"),
                  "?initiative pai:aiEvidence ?evidence", f"{CODE.iri}ai-evidence/"),
            Facet("users", lazy_gettext("Target users"), "?initiative pai:hasTargetUser ?users",
                  f"{CODE.iri}population/"),
            Facet("taxonomy", lazy_gettext("Classification used"),
                  "?initiative pai:usesTaxonomy ?taxonomy", f"{CODE.iri}taxonomy/", most=6),
            Facet("year", lazy_gettext("Year of the start"),
                  "?initiative dcterms:temporal/dcat:startDate ?year", by="latest", most=6),
            Facet("confidence", lazy_gettext("Confidence"),
                  "?initiative pai:confidence ?confidence", f"{CODE.iri}confidence/"),
        )
    }
)  # fmt: skip
"""By name, in the order of pages and addresses."""


@dataclass(frozen=True)
class Selection:
    """What was chosen: for some facets, names of values; several of one facet mean 'or'."""

    chosen: Mapping[str, frozenset[str]]

    def pairs(self) -> list[tuple[str, str]]:
        """As parameters of an address, in the one order."""
        return [(name, value) for name in FACETS for value in sorted(self.chosen.get(name, ()))]

    def having(self, facet: str, *values: str) -> "Selection":
        """The same, with these values of one facet and no others."""
        kept = {name: found for name, found in self.chosen.items() if name != facet}
        return Selection(kept | {facet: frozenset(values)} if values else kept)

    def turned(self, facet: str, value: str) -> "Selection":
        """The same, with one value more; without it when it was chosen."""
        return self.having(facet, *(self.chosen.get(facet, frozenset()) ^ {value}))


class Held:
    """The initiatives of one store and their values.

    Attributes:
        initiatives: IRIs.
        values: IRIs of initiatives by facet and name of a value.
        terms: by facet and name of a value.
    """

    def __init__(
        self, initiatives: Iterable[str], rows: Iterable[tuple[str, str, Term]], base: str
    ) -> None:
        self.initiatives = frozenset(initiatives)
        self.base = base
        self.terms: dict[str, dict[str, Term]] = {name: {} for name in FACETS}
        found: dict[str, dict[str, set[str]]] = {name: defaultdict(set) for name in FACETS}
        for initiative, facet, term in rows:
            found[facet][self._name(FACETS[facet], term)].add(initiative)
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
        """The initiatives of a selection, one facet left out of it."""
        found = self.initiatives
        for facet, values in selection.chosen.items():
            if facet != but:
                found &= frozenset().union(*(self._with(facet, value) for value in values))
        return found

    def counts(self, selection: Selection, facet: str) -> dict[str, int]:
        """How many initiatives have each value, as the other facets are chosen.

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
        """The initiatives of which a facet is not documented."""
        return {
            name: self.initiatives.difference(*values.values())
            for name, values in self.values.items()
        }

    def text(self, query: str, selection: Selection) -> str:
        """``queries/{query}.rq`` for the initiatives of a selection only."""
        return text_of(query).replace(_MARK, "\n  ".join(self._choices(selection)))

    def _choices(self, selection: Selection) -> Iterator[str]:
        for name, facet in FACETS.items():
            values = sorted(selection.chosen.get(name, ()))
            if not values:
                continue
            terms = [str(t) for v in values if v != NONE and (t := self.term(facet, v)) is not None]
            # Terms are written by pyoxigraph: none can end the block that it stands in.
            has = f"{{ VALUES ?{name} {{ {' '.join(terms)} }} {facet.pattern} }}"
            lacks = f"{{ ?initiative a pai:Initiative MINUS {{ {facet.pattern} }} }}"
            either = [*([has] if terms else []), *([lacks] if NONE in values else [])]
            yield f"{{ SELECT DISTINCT ?initiative {{ {' UNION '.join(either)} }} }}"


def held() -> Held:
    """The initiatives that this request's reader may know of."""
    return _held(state.checksum(), str(current_reader()), state.base().iri)


@lru_cache(maxsize=8)
def _held(_checksum: str, _reader: str, base: str) -> Held:
    rows = ask_text(_table())
    initiatives = {row["initiative"].value for row in rows}
    valued = [
        (row["initiative"].value, row["facet"].value, row["value"])
        for row in rows
        if "facet" in row
    ]
    return Held(initiatives, valued, base)


def _table() -> str:
    """The query for all values of all initiatives."""
    parts = [
        f'{{ {facet.pattern} BIND("{name}" AS ?facet) BIND(?{name} AS ?value) }}'
        for name, facet in FACETS.items()
    ]
    return text_of("initiatives-facets").replace(_MARK, "\n    UNION ".join(parts))
