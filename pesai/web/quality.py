"""``/quality``: what is documented and what is not, what is old, and what does not fit together."""

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, make_response, render_template
from flask_babel import LazyString, gettext, lazy_gettext
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.namespaces import DCTERMS, PAI, XSD
from pesai.web import state
from pesai.web.collections import INITIATIVES
from pesai.web.facets import NONE, Held, Selection, held
from pesai.web.kept import kept
from pesai.web.overview import listed, shown_all
from pesai.web.readers import current_reader
from pesai.web.rows import Row, Term, ask, filled, text_of
from pesai.web.sorting import natural
from pesai.web.takeaway import Takeaway, behind
from pesai.web.values import Shown

__all__ = ["blueprint"]

blueprint = Blueprint("quality", __name__)

OLD = 3
"""A stage that was confirmed so many years before the year of the data, or earlier, is old."""
EXAMPLES = 8
"""Things that are shown of what a check found."""

_FIELDS: tuple[tuple[NamedNode, LazyString, str], ...] = (
    (PAI.hasMaturity, lazy_gettext("stage"), "stage"),
    (PAI.statusAsOf, lazy_gettext("year of what is known"), ""),
    (DCTERMS.temporal, lazy_gettext("period"), ""),
    (PAI.hasTaskType, lazy_gettext("task"), "task"),
    (PAI.technique, lazy_gettext("technique"), ""),
    (PAI.aiEvidence, lazy_gettext("evidence of AI"), "evidence"),
    (PAI.hasTargetUser, lazy_gettext("target users"), "users"),
    (PAI.dataUsed, lazy_gettext("data used"), ""),
    (PAI.taxonomyNamed, lazy_gettext("classification"), ""),
    (PAI.hasPartner, lazy_gettext("partners"), ""),
    (PAI.confidence, lazy_gettext("confidence"), "confidence"),
)
"""Main fields of an initiative: its property, what it is called, its facet if it is one."""

_CHECKS: tuple[tuple[str, LazyString], ...] = (
    ("quality-start-after-as-of",
     lazy_gettext("Begins after the year in which its stage was confirmed")),
    ("quality-planned-in-the-past",
     lazy_gettext("Planned, though its start year was over when this was confirmed")),
    ("quality-ended-without-year", lazy_gettext("Ended, without the year of the end")),
    ("quality-succeeded-in-production",
     lazy_gettext("In production, like the one that succeeds it")),
    ("quality-part-of-ended", lazy_gettext("In production, as part of something that ended")),
    ("quality-effect-without-design",
     lazy_gettext("Called an effect, without a design that can measure one")),
    ("quality-same-name", lazy_gettext("Same name as another initiative of the organisation")),
)  # fmt: skip
"""What does not fit together, or should be looked at: the query, and what it finds."""


@dataclass(frozen=True)
class Field:
    """A field: of how many initiatives it is documented, and of how many it is not."""

    name: str
    documented: int
    missing: int
    href: str
    query: str


@dataclass(frozen=True)
class Line:
    """An organisation: its initiatives, and how many of their main fields are documented."""

    organisation: Shown
    initiatives: int
    documented: int
    possible: int
    href: str

    @property
    def share(self) -> float:
        """Documented fields out of all, 0 to 1."""
        return self.documented / self.possible if self.possible else 0.0


@dataclass(frozen=True)
class Check:
    """What a check found: the number of rows, the first things, and the query."""

    title: str
    count: int
    examples: tuple[Shown, ...]
    query: str


@blueprint.route("/quality")
@kept
def page() -> AnyResponse:
    """The state of the data."""
    known = held(INITIATIVES)
    properties = [one for one, _name, _facet in _FIELDS]
    taken = Takeaway(
        "quality",
        gettext("Data quality"),
        filled("quality-gaps", {"property": properties}),
        filled("quality-missing-graph", {"property": properties}),
    )
    data = taken.response()
    if data is not None:
        return data
    year = state.manifest_of(state.release()).created.year - OLD
    documented = _documented(state.checksum(), str(current_reader()))
    limit = Literal(str(year), datatype=XSD.gYear)
    stale_query = filled("quality-stale", {"limit": [limit]})
    return make_response(
        render_template(
            "quality/quality.html",
            total=len(known.things),
            fields=_fields(known, documented),
            lines=_lines(known, documented),
            main=len(_FIELDS),
            year=year,
            stale=_stale(ask("quality-stale", many={"limit": [limit]})),
            stale_query=behind(stale_query),
            checks=[_check(name, str(title)) for name, title in _CHECKS],
            taken=taken,
        )
    )


@lru_cache(maxsize=8)
def _documented(_checksum: str, _reader: str) -> dict[str, frozenset[str]]:
    """The initiatives of which each property is documented, in one reader's store."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in ask("quality-fields", many={"property": [one for one, _n, _f in _FIELDS]}):
        found[row["property"].value].add(row["initiative"].value)
    return {name: frozenset(iris) for name, iris in found.items()}


def _fields(known: Held, documented: dict[str, frozenset[str]]) -> list[Field]:
    fields = []
    for term, name, facet in _FIELDS:
        count = len(documented.get(term.value, frozenset()))
        href = listed(Selection(INITIATIVES), **{facet: NONE}) if facet else ""
        query = behind(filled("quality-missing", {"property": [term]}))
        fields.append(Field(str(name), count, len(known.things) - count, href, query))
    return fields


def _lines(known: Held, documented: dict[str, frozenset[str]]) -> list[Line]:
    organisations = known.values["organisation"]
    labels = shown_all(known.terms["organisation"].values())
    lines = [
        Line(
            labels[known.terms["organisation"][name].value],
            len(having),
            sum(len(having & found) for found in documented.values()),
            len(having) * len(_FIELDS),
            listed(Selection(INITIATIVES), organisation=name),
        )
        for name, having in organisations.items()
    ]
    return sorted(lines, key=lambda one: natural(one.organisation.text))


def _stale(rows: list[Row]) -> list[tuple[Shown, Shown | None, str]]:
    """Initiatives with their stage and the year of what is known, the oldest first."""
    names = ("initiative", "stage")
    terms: list[Term] = [row[name] for row in rows for name in names if name in row]
    labels = shown_all(terms)
    return [
        (
            labels[row["initiative"].value],
            labels[row["stage"].value] if "stage" in row else None,
            row["year"].value[:4],
        )
        for row in rows
    ]


def _check(name: str, title: str) -> Check:
    rows = ask(name)
    first = [row["thing"] for row in rows[:EXAMPLES]]
    labels = shown_all(first)
    examples = tuple(labels[value] for value in dict.fromkeys(term.value for term in first))
    return Check(title, len(rows), examples, behind(text_of(name)))
