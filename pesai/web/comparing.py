"""Two to six organisations side by side: what is documented of each, in common and apart.

Nothing here says that an organisation does not do something: what no source tells is 'not
documented', and whoever is not documented is neither ahead nor behind.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import LazyString, gettext, lazy_gettext
from pyoxigraph import NamedNode

from pesai.namespaces import PAI
from pesai.web.collections import INITIATIVES
from pesai.web.facets import Held
from pesai.web.overview import countries_of, shown_all
from pesai.web.rows import Row, Term, ask
from pesai.web.sorting import natural
from pesai.web.stages import furthest, place
from pesai.web.values import Shown

__all__ = [
    "Comparison",
    "Coverage",
    "Having",
    "Level",
    "Meeting",
    "Part",
    "Party",
    "Shared",
    "compared",
    "term_of",
]

SIDE_BY_SIDE = ("theme", "task", "users", "taxonomy")
"""Facets whose values are set side by side."""
FIELDS = (
    ("stage", lazy_gettext("stage"), "stage"),
    ("statusAsOf", lazy_gettext("year of what is known"), ""),
    ("year", lazy_gettext("start year"), "year"),
    ("evidence", lazy_gettext("evidence of AI"), "evidence"),
    ("technique", lazy_gettext("technique"), ""),
    ("dataUsed", lazy_gettext("data used"), ""),
    ("taxonomyNamed", lazy_gettext("classification"), ""),
    ("hasPartner", lazy_gettext("partners"), ""),
    ("users", lazy_gettext("target users"), "users"),
    ("measures", lazy_gettext("figures on results"), "results"),
)
"""What may be documented of an initiative: its name, what it is called, its facet if it is one."""

_OTHERS = {
    "partner": (PAI.hasPartner.value, lazy_gettext("Partners")),
    "technique": (PAI.technique.value, lazy_gettext("Techniques, in the words of the sources")),
    "planned": (PAI.plansTaxonomy.value, lazy_gettext("Classifications planned")),
}
_TITLES = {
    "theme": lazy_gettext("Themes"),
    "task": lazy_gettext("Tasks"),
    "users": lazy_gettext("Target users"),
    "taxonomy": lazy_gettext("Classifications and standards used"),
}


@dataclass(frozen=True)
class Party:
    """One of the organisations, with its initiatives on what is compared."""

    name: str
    shown: Shown
    countries: str
    initiatives: frozenset[str]
    tools: int
    measured: int


@dataclass(frozen=True)
class Having:
    """How many initiatives of one organisation have a value; ``stage``: the furthest of them."""

    count: int
    stage: Shown | None = None
    as_of: str = ""


@dataclass(frozen=True)
class Shared:
    """A value, what each organisation has of it in their order, and who has it."""

    value: Shown
    name: str
    having: tuple[Having, ...]

    @property
    def holders(self) -> int:
        """How many of the organisations it is documented of."""
        return sum(1 for one in self.having if one.count)


@dataclass(frozen=True)
class Part:
    """One kind of thing compared: shared by all, by some, and by one only."""

    name: str
    title: LazyString
    by_all: tuple[Shared, ...]
    by_some: tuple[Shared, ...]
    by_one: tuple[tuple[Party, tuple[Shared, ...]], ...]


@dataclass(frozen=True)
class Level:
    """A theme or task: the stage that each has reached, and who is ahead of whom."""

    value: Shown
    name: str
    having: tuple[Having, ...]
    ahead: tuple[Party, ...]
    behind: tuple[Party, ...]
    unknown: tuple[Party, ...]


@dataclass(frozen=True)
class Coverage:
    """A field: of how many of each organisation's initiatives it is documented."""

    name: str
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Meeting:
    """An exchange or agreement that joins two of them, as it is known.

    Attributes:
        what: where it is told.
        kind: in words; more than two organisations make no bilateral exchange.
        between: those of the compared organisations that took part.
        themes: what it was about.
        year: as far as it is known.
    """

    what: Shown
    kind: str
    between: tuple[Shown, ...]
    themes: tuple[Shown, ...]
    year: str


@dataclass(frozen=True)
class Comparison:
    """Everything that the page tells; positions are by organisation, in their order."""

    parties: tuple[Party, ...]
    parts: tuple[Part, ...]
    themes: tuple[Level, ...]
    tasks: tuple[Level, ...]
    coverage: tuple[Coverage, ...]
    positions: tuple[tuple[tuple[Shown, Shown, str, Shown | None], ...], ...]
    meetings: tuple[Meeting, ...]


class _Facts:
    """Initiatives by value, for what is no facet; and the year of what is known of each."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self.values: dict[str, dict[Term, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.documented: dict[str, set[str]] = defaultdict(set)
        self.as_of: dict[str, str] = {}
        for row in rows:
            initiative, name = row["initiative"].value, row["property"].value
            self.values[name][row["value"]].add(initiative)
            self.documented[name.rpartition("#")[2]].add(initiative)
            if name == PAI.statusAsOf.value:
                self.as_of[initiative] = row["value"].value[:4]


def compared(known: Held, names: tuple[str, ...], theme: str) -> Comparison:
    """Compare organisations.

    Args:
        known: the initiatives that the reader may know of.
        names: of two to six organisations, as in addresses.
        theme: name of a theme, or empty for all.
    """
    terms = [term_of(known, name) for name in names]
    facts = _Facts(ask("compare-facts", many={"organisation": terms}))
    positions = ask("compare-positions", many={"organisation": terms})
    meetings = ask("compare-meetings", many={"organisation": terms})
    shown = shown_all(_needed(known, names, facts, positions, meetings))
    parties = tuple(_party(known, name, theme, shown) for name in names)
    return Comparison(
        parties,
        tuple(_parts(known, parties, facts, shown)),
        _levels(known, parties, "theme", facts, shown),
        _levels(known, parties, "task", facts, shown),
        tuple(_coverage(known, parties, facts)),
        tuple(_positions(term, positions, theme, known, shown) for term in terms),
        _meetings(meetings, frozenset(terms), shown),
    )


def term_of(known: Held, name: str) -> NamedNode:
    """The organisation of that name, whether or not it has initiatives."""
    return NamedNode(known.start(INITIATIVES.facets["organisation"]) + name)


def _needed(
    known: Held, names: Iterable[str], facts: _Facts, *rows: Iterable[Row]
) -> Iterable[Term]:
    """Everything that may need a label."""
    for name in names:
        yield (organisation := term_of(known, name))
        yield from countries_of(organisation.value)
    for facet in (*SIDE_BY_SIDE, "stage"):
        yield from known.terms[facet].values()
    for values in facts.values.values():
        yield from values
    for row in (row for listed in rows for row in listed):
        yield from (term for term in row.values() if isinstance(term, NamedNode))


def _party(known: Held, name: str, theme: str, shown: Mapping[str, Shown]) -> Party:
    having = known.values["organisation"].get(name, frozenset())
    if theme:
        having &= known.values["theme"].get(theme, frozenset())
    countries = [shown[one.value].text for one in countries_of(term_of(known, name).value)]
    no_ai = known.values["evidence"].get("rules", frozenset()) | known.values["evidence"].get(
        "none-stated", frozenset()
    )
    stated = frozenset().union(*known.values["evidence"].values()) - no_ai
    tools = known.values["kind"].get("tool", frozenset()) & stated
    return Party(
        name,
        shown[term_of(known, name).value],
        ", ".join(sorted(countries)[:3]),
        having,
        len(having & tools),
        len(having & known.values["results"].get("figures", frozenset())),
    )


def _parts(
    known: Held, parties: tuple[Party, ...], facts: _Facts, shown: Mapping[str, Shown]
) -> Iterable[Part]:
    for facet in SIDE_BY_SIDE:
        values = [
            (known.terms[facet][name], name, having) for name, having in known.values[facet].items()
        ]
        yield _part(facet, _TITLES[facet], values, parties, shown)
    for name, (predicate, title) in _OTHERS.items():
        found = [(term, "", frozenset(having)) for term, having in facts.values[predicate].items()]
        yield _part(name, title, found, parties, shown)


def _part(
    name: str,
    title: LazyString,
    values: Iterable[tuple[Term, str, frozenset[str]]],
    parties: tuple[Party, ...],
    shown: Mapping[str, Shown],
) -> Part:
    listed = [
        Shared(shown[term.value], value, tuple(Having(len(p.initiatives & found)) for p in parties))
        for term, value, found in values
    ]
    listed.sort(key=lambda one: (-one.holders, natural(one.value.text)))
    alone = [
        (party, tuple(o for o in listed if o.holders == 1 and o.having[place_].count))
        for place_, party in enumerate(parties)
    ]
    return Part(
        name,
        title,
        tuple(one for one in listed if one.holders == len(parties)),
        tuple(one for one in listed if 1 < one.holders < len(parties)),
        tuple((party, found) for party, found in alone if found),
    )


def _levels(
    known: Held, parties: tuple[Party, ...], facet: str, facts: _Facts, shown: Mapping[str, Shown]
) -> tuple[Level, ...]:
    """Values that two or more have initiatives on, with the stage that each has reached."""
    levels = []
    for name, found in known.values[facet].items():
        having = tuple(_having(known, party.initiatives & found, facts, shown) for party in parties)
        if sum(1 for one in having if one.count) < 2:
            continue
        places = {
            number: place(one.stage.iri.rpartition("/")[2])
            for number, one in enumerate(having)
            if one.stage
        }
        first, last = min(places.values(), default=0), max(places.values(), default=0)
        differ = first != last
        levels.append(
            Level(
                shown[known.terms[facet][name].value],
                name,
                having,
                tuple(parties[n] for n, at in places.items() if differ and at == first),
                tuple(parties[n] for n, at in places.items() if differ and at != first),
                tuple(p for n, p in enumerate(parties) if n not in places),
            )
        )
    return tuple(sorted(levels, key=lambda one: natural(one.value.text)))


def _having(
    known: Held, initiatives: frozenset[str], facts: _Facts, shown: Mapping[str, Shown]
) -> Having:
    stage = furthest(known, initiatives)
    if stage is None:
        return Having(len(initiatives))
    reached = initiatives & known.values["stage"][_name(known, stage)]
    years = [facts.as_of[one] for one in reached if one in facts.as_of]
    return Having(len(initiatives), shown[stage.value], max(years, default=""))


def _name(known: Held, stage: Term) -> str:
    return next(name for name, term in known.terms["stage"].items() if term == stage)


def _coverage(known: Held, parties: tuple[Party, ...], facts: _Facts) -> Iterable[Coverage]:
    for field, label, facet in FIELDS:
        documented = facts.documented[field].union(*(known.values[facet].values() if facet else ()))
        yield Coverage(str(label), tuple(len(p.initiatives & documented) for p in parties))


def _positions(
    organisation: Term,
    rows: Iterable[Row],
    theme: str,
    known: Held,
    shown: Mapping[str, Shown],
) -> tuple[tuple[Shown, Shown, str, Shown | None], ...]:
    """Position, its kind, its year and theme."""
    wanted = known.terms["theme"].get(theme)
    return tuple(
        (
            shown[row["position"].value],
            shown[row["kind"].value],
            row["date"].value[:4] if "date" in row else "",
            shown[row["theme"].value] if "theme" in row else None,
        )
        for row in rows
        if row["organisation"] == organisation and (not theme or row.get("theme") == wanted)
    )


def _meetings(
    rows: Iterable[Row], compared: frozenset[NamedNode], shown: Mapping[str, Shown]
) -> tuple[Meeting, ...]:
    by_meeting: dict[str, list[Row]] = {}
    for row in rows:
        by_meeting.setdefault(row["meeting"].value, []).append(row)
    return tuple(
        _meeting(iri, listed, compared, shown)
        for iri, listed in by_meeting.items()
        if any(row["other"] in compared for row in listed)
    )


def _meeting(
    iri: str, rows: list[Row], compared: frozenset[NamedNode], shown: Mapping[str, Shown]
) -> Meeting:
    there = {row[role] for row in rows for role in ("organisation", "other")}
    kind = shown[rows[0]["kind"].value].text
    if len(there) > 2 and rows[0]["kind"] == PAI.BilateralExchange:
        kind = gettext("exchange of %(count)s organisations", count=len(there))
    names = sorted(one.value for one in there if one in compared)
    themes = sorted({row["theme"].value for row in rows if "theme" in row})
    year = rows[0]["date"].value[:4] if "date" in rows[0] else ""
    return Meeting(
        shown[iri], kind, tuple(map(shown.__getitem__, names)),
        tuple(map(shown.__getitem__, themes)), year,
    )  # fmt: skip
