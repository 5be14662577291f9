"""``/results``: figures that sources report, which of them are effects, and what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint
from flask_babel import gettext
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.web import faceted
from pesai.web.collections import FIGURES, INITIATIVES
from pesai.web.facets import Held, Selection, held
from pesai.web.labels import last_part
from pesai.web.records import FIGURE, Record, records
from pesai.web.rows import ask, number, text_of
from pesai.web.takeaway import behind
from pesai.web.values import Shown, show

__all__ = ["Comparable", "Missing", "blueprint"]

blueprint = Blueprint("results", __name__)


@dataclass(frozen=True)
class Comparable:
    """Observed figures of one indicator in one unit, of more than one initiative."""

    indicator: Shown
    unit: Shown
    count: int
    initiatives: int
    href: str


@dataclass(frozen=True)
class Missing:
    """Something that figures lack: how many, where they are, and the query behind it."""

    text: str
    count: int
    href: str
    query: str


@blueprint.route("/results")
def index() -> AnyResponse:
    """The figures that were chosen."""
    page = faceted.Faceted(
        collection=FIGURES,
        template="faceted/figures.html",
        title=gettext("Results"),
        views={"table": 40},
        items=_items,
        beside=_beside,
    )
    return faceted.answer_page(page)


@blueprint.route("/results/count")
def count() -> AnyResponse:
    """How many were chosen."""
    return faceted.count(FIGURES)


def _items(iris: Sequence[str]) -> list[Record]:
    return records(iris, FIGURE, evidence=True)


def _beside(there: Held, selection: Selection) -> dict[str, object]:
    """The first page of all figures also tells effects, comparable groups, and what is missing."""
    effects = Selection(FIGURES, {"effect": frozenset({"yes"})})
    if selection.chosen:
        return {"overview": False, "effects": [], "comparable": [], "missing": []}
    return {
        "overview": True,
        "effects": records(sorted(there.chosen(effects)), FIGURE, evidence=True),
        "effects_query": effects.count_address(),
        "comparable": _comparable(),
        "comparable_query": behind(text_of("figures-comparable")),
        "missing": _missing(there),
    }


def _comparable() -> list[Comparable]:
    rows = ask("figures-comparable")
    terms = [row[name] for row in rows for name in ("indicator", "unit")]
    names = show(terms)
    return [
        Comparable(
            names[2 * place],
            names[2 * place + 1],
            number(row, "figures"),
            number(row, "initiatives"),
            Selection(FIGURES, {
                "role": frozenset({"observed"}),
                "indicator": frozenset({last_part(row["indicator"].value)}),
                "unit": frozenset({last_part(row["unit"].value)}),
            }).address(),
        )
        for place, row in enumerate(rows)
        if isinstance(row["indicator"], NamedNode)
    ]  # fmt: skip


def _missing(there: Held) -> list[Missing]:
    initiatives = held(INITIATIVES)
    silent = Selection(INITIATIVES, {"results": frozenset({"none"})})
    running = silent.having("stage", "production")
    lost = Selection(FIGURES, {"verdict": frozenset({"not-found"})})
    second = Selection(FIGURES, {"verdict": frozenset({"second-hand"})})
    told = [
        (gettext("initiatives without any reported figure"), initiatives, silent),
        (gettext("of these, in production"), initiatives, running),
        (gettext("figures that could not be found again in a source"), there, lost),
        (gettext("figures that were read only in a text that quotes them"), there, second),
    ]
    return [
        Missing(text, len(where.chosen(one)), one.address(), one.count_address())
        for text, where, one in told
    ]
