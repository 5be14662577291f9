"""``/compare``: two to six organisations side by side, on one theme or on all."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, make_response, render_template, request, url_for
from flask_babel import gettext
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound
from pesai.web import nearest
from pesai.web.acronyms import with_acronyms
from pesai.web.collections import INITIATIVES
from pesai.web.comparing import Comparison, compared, term_of
from pesai.web.facets import Held, Selection, held
from pesai.web.i18n import language
from pesai.web.kept import kept
from pesai.web.labels import labels_for
from pesai.web.overview import listed, read, shown_all, spoken
from pesai.web.rows import Term, ask, filled
from pesai.web.sorting import natural
from pesai.web.takeaway import Takeaway
from pesai.web.values import Shown

__all__ = ["blueprint"]

blueprint = Blueprint("compare", __name__)

LEAST, MOST = 2, 6
"""Organisations that are compared at once."""
OFFERED = 3
"""Lists to choose an organisation from, when fewer are chosen."""


@dataclass(frozen=True)
class Choice:
    """An organisation to choose."""

    name: str
    label: str


@dataclass(frozen=True)
class Chosen:
    """What the address asks for."""

    names: tuple[str, ...]
    theme: str

    def fits(self) -> bool:
        """Whether these can be compared."""
        return LEAST <= len(self.names) <= MOST


@blueprint.route("/compare")
@kept
def page() -> AnyResponse:
    """The comparison; a form to choose organisations when none, or too few or many, are given."""
    known = held(INITIATIVES)
    choices = _choices(known)
    chosen = _read(known, choices)
    taken = _taken(known, chosen) if chosen.fits() else None
    data = taken.response() if taken else None
    if data is not None:
        return data
    found = compared(known, chosen.names, chosen.theme) if chosen.fits() else None
    return make_response(_html(known, chosen, choices, found, taken))


def _read(known: Held, choices: dict[str, list[Choice]]) -> Chosen:
    """What was chosen, each organisation once.

    Raises:
        NotFound: an organisation or theme is not there; the message names the nearest.
    """
    start = known.start(INITIATIVES.facets["organisation"])
    given = [name.removeprefix(start).strip() for name in request.args.getlist("org")]
    names = tuple(dict.fromkeys(name for name in given if name))
    there = tuple(choice.name for listed_ in choices.values() for choice in listed_)
    for name in names:
        if name not in there:
            raise NotFound(
                "There is nothing to compare of an organisation '{name}'. The nearest: {near}.",
                name=name[:60],
                near=nearest.told(
                    {one: NamedNode(start + one) for one in nearest.names(name, there)}
                ),
            )
    themes = read(known, ("theme",)).chosen.get("theme", frozenset())
    return Chosen(names, min(themes, default=""))


def _choices(known: Held) -> dict[str, list[Choice]]:
    """Organisations to choose from by country, both by name; those of no country are last."""
    start = known.start(INITIATIVES.facets["organisation"])
    rows = [row for row in ask("compare-choices") if row["organisation"].value.startswith(start)]
    labels = labels_for(
        [row[name].value for row in rows for name in ("organisation", "country") if name in row],
        language(),
    )
    iris = {row["organisation"].value for row in rows}
    called = with_acronyms({iri: labels[iri].text for iri in iris})
    found: dict[str, dict[str, Choice]] = {}
    for row in rows:
        iri = row["organisation"].value
        country = labels[row["country"].value].text if "country" in row else ""
        name = iri.removeprefix(start)
        found.setdefault(country, {})[name] = Choice(name, called[iri])
    return {
        country: sorted(found[country].values(), key=lambda one: natural(one.label))
        for country in sorted(found, key=lambda one: (not one, natural(one)))
    }


def _taken(known: Held, chosen: Chosen) -> Takeaway:
    terms: list[Term] = [term_of(known, name) for name in chosen.names]
    themes: Iterable[Term] = known.terms["theme"].values()
    themes = [known.terms["theme"][chosen.theme]] if chosen.theme else list(themes)
    many = {"organisation": terms, "theme": themes}
    return Takeaway(
        "-".join(("compare", *chosen.names))[:80],
        gettext("Comparison"),
        spoken(filled("compare-rows", many)),
        filled("compare-graph", many),
    )


def _html(
    known: Held,
    chosen: Chosen,
    choices: dict[str, list[Choice]],
    found: Comparison | None,
    taken: Takeaway | None,
) -> str:
    return render_template(
        "compare/compare.html",
        chosen=chosen,
        choices=choices,
        fields=range(min(MOST, max(OFFERED, len(chosen.names) + 1))),
        least=LEAST,
        most=MOST,
        themes=_themes(known),
        found=found,
        taken=taken,
        listed=lambda organisation, **more: _listed(chosen, organisation, **more),
        action=url_for("compare.page"),
    )


def _themes(known: Held) -> list[tuple[str, Shown]]:
    order = [row["code"].value for row in ask("codes-in-order", scheme=_scheme(known))]
    shown = shown_all(known.terms["theme"].values())
    named = [(name, shown[term.value]) for name, term in known.terms["theme"].items()]
    places = {iri: place for place, iri in enumerate(order)}
    return sorted(
        named, key=lambda pair: (places.get(pair[1].iri, len(order)), natural(pair[1].text))
    )


def _scheme(known: Held) -> NamedNode:
    return NamedNode(known.start(INITIATIVES.facets["theme"]).rstrip("/"))


def _listed(chosen: Chosen, organisation: str, **more: str) -> str:
    """The list of initiatives behind a cell; empty where a list cannot be chosen so.

    Lists join several themes by 'or': those on the chosen theme and another as well are none.
    """
    if chosen.theme and more.get("theme", chosen.theme) != chosen.theme:
        return ""
    selection = Selection(INITIATIVES, {"organisation": frozenset((organisation,))})
    if chosen.theme:
        selection = selection.having("theme", chosen.theme)
    return listed(selection, **{name: value for name, value in more.items() if value})
