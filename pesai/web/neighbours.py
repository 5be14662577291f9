"""``/neighbours?iri=``: one thing and what it is joined to, as a list, and drawn where wanted.

The list is whole by itself. A script that is there when ``make assets`` brought it draws what the
list says (``static/drawing.js``).
"""

from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint, make_response, render_template, request
from flask_babel import gettext
from pyoxigraph import Literal
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound, WrongUse
from pesai.web import shell
from pesai.web.links import node
from pesai.web.overview import shown_all
from pesai.web.rows import Row, Term, ask
from pesai.web.sorting import natural
from pesai.web.values import Shown

__all__ = ["blueprint"]

blueprint = Blueprint("neighbours", __name__)

MOST = 60
"""Neighbours that are listed and drawn."""


@dataclass(frozen=True)
class Relation:
    """A relation of the thing to some neighbours; ``inward`` when they point at the thing."""

    property: Shown
    inward: bool
    neighbours: tuple[Shown, ...]


@blueprint.route("/neighbours")
def page() -> AnyResponse:
    """A thing and its neighbours."""
    iri = request.args.get("iri", "")
    thing = node(iri)
    if thing is None:
        raise WrongUse("'{iri}' is not an IRI. Give one in iri=, as pages of things do.",
                       iri=iri[:200])  # fmt: skip
    rows = ask("neighbours", thing=thing, limit=MOST + 1)
    if not rows:
        raise NotFound("The graph knows nothing that is joined to {iri}.", iri=iri[:200])
    terms: list[Term] = [thing]
    terms += [row[name] for row in rows[:MOST] for name in ("property", "neighbour")]
    labels = shown_all(terms)
    scripts = shell.vendored("drawing", ".js")
    response = make_response(
        render_template(
            "things/neighbours.html",
            thing=labels[thing.value],
            relations=_relations(rows[:MOST], labels),
            more=len(rows) > MOST,
            most=MOST,
            scripts=scripts,
            title=gettext("Neighbours"),
        )
    )
    return shell.with_styles_in_line(response) if scripts else response


def _relations(rows: list[Row], labels: dict[str, Shown]) -> list[Relation]:
    def key(row: Row) -> tuple[bool, str]:
        inward = row["inward"]
        return isinstance(inward, Literal) and inward.value == "true", row["property"].value

    found = []
    for (inward, name), group in groupby(rows, key):
        listed = sorted(
            (labels[row["neighbour"].value] for row in group), key=lambda s: natural(s.text)
        )
        found.append(Relation(labels[name], inward, tuple(listed)))
    return found
