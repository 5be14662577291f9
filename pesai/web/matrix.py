"""``/matrix``: organisations by themes, with the number of initiatives and the furthest stage."""

from dataclasses import dataclass

from flask import Blueprint
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from pesai.namespaces import CODE
from pesai.web.facets import Held, Selection
from pesai.web.kept import kept
from pesai.web.overview import countries_of, listed, overview, shown_all
from pesai.web.rows import ask
from pesai.web.sorting import natural
from pesai.web.stages import furthest
from pesai.web.values import Shown

__all__ = ["blueprint"]

blueprint = Blueprint("matrix", __name__)

FILTERS = ("region", "kind", "stage", "users")
"""Facets by which the matrix can be narrowed."""


@dataclass(frozen=True)
class Cell:
    """How many initiatives, the furthest stage of them, and where they are listed."""

    count: int
    stage: Shown | None
    href: str


@dataclass(frozen=True)
class Line:
    """An organisation: where it is, one cell for each theme, and all themes together."""

    organisation: Shown
    countries: str
    cells: tuple[Cell | None, ...]
    total: Cell


@dataclass(frozen=True)
class Matrix:
    """The whole table; ``themes`` holds for each column its theme, count and address."""

    themes: tuple[tuple[Shown, Cell], ...]
    lines: tuple[Line, ...]
    total: Cell


@blueprint.route("/matrix")
@kept
def page() -> AnyResponse:
    """The matrix, narrowed as the address says."""
    return overview(
        "matrix",
        gettext("Organisations and themes"),
        FILTERS,
        lambda known, selection: {"matrix": _matrix(known, selection)},
    )


def _matrix(known: Held, selection: Selection) -> Matrix:
    there = known.chosen(selection)
    themes = _themes(known, there)
    organisations = {
        name: having & there
        for name, having in known.values["organisation"].items()
        if having & there
    }
    countries = {
        name: countries_of(known.terms["organisation"][name].value) for name in organisations
    }
    terms = [known.terms["organisation"][name] for name in organisations]
    terms += [known.terms["theme"][name] for name in themes]
    terms += [*known.terms["stage"].values()]
    terms += [one for found in countries.values() for one in found]
    labels = shown_all(terms)

    def cell(initiatives: frozenset[str], address: str) -> Cell:
        stage = furthest(known, initiatives)
        return Cell(len(initiatives), labels[stage.value] if stage else None, address)

    lines = []
    for name, having in organisations.items():
        cells = [
            cell(found, listed(selection, organisation=name, theme=theme))
            if (found := having & known.values["theme"][theme])
            else None
            for theme in themes
        ]
        where = ", ".join(labels[one.value].text for one in countries[name])
        lines.append(
            Line(
                labels[known.terms["organisation"][name].value], where, tuple(cells),
                cell(having, listed(selection, organisation=name)),
            )
        )  # fmt: skip
    columns = [
        (labels[known.terms["theme"][name].value],
         cell(there & known.values["theme"][name], listed(selection, theme=name)))
        for name in themes
    ]  # fmt: skip
    return Matrix(
        tuple(columns),
        tuple(
            sorted(lines, key=lambda one: (natural(one.countries), natural(one.organisation.text)))
        ),
        cell(there, listed(selection)),
    )


def _themes(known: Held, there: frozenset[str]) -> list[str]:
    """The themes that some of the initiatives have, in the order of the code list."""
    rows = ask("codes-in-order", scheme=CODE.theme)
    order = {row["code"].value: number for number, row in enumerate(rows)}
    found = [name for name, having in known.values["theme"].items() if having & there]
    return sorted(found, key=lambda name: (order.get(known.terms["theme"][name].value, 99), name))
