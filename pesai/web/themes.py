"""``/themes``: the subjects of the observatory, and how much is known on each."""

from flask import Blueprint, make_response, render_template
from flask_babel import gettext
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.namespaces import SKOS
from pesai.web.codelists import themes
from pesai.web.collections import AI, FINDINGS, INITIATIVES
from pesai.web.facets import Selection
from pesai.web.i18n import language
from pesai.web.labels import last_part
from pesai.web.records import records
from pesai.web.rows import ask_text, filled, number
from pesai.web.takeaway import Takeaway

__all__ = ["blueprint"]

blueprint = Blueprint("themes", __name__)

COUNTS = ("initiatives", "tools", "findings", "interests", "needs", "offers")
"""What the table counts on each theme."""


@blueprint.route("/themes")
def index() -> AnyResponse:
    """All themes with what is known on each."""
    listed = [NamedNode(iri) for iri in themes()]
    rows = filled("themes-rows", {"theme": listed, "language": [Literal(language())]})
    graph = filled("themes-graph", {"theme": listed})
    taken = Takeaway("themes", gettext("Themes"), rows, graph)
    data = taken.response()
    if data is not None:
        return data
    counts = {row["theme"].value: row for row in ask_text(rows)}
    entries = [
        {
            "record": one,
            "initiatives": _of(last_part(one.shown.iri)),
            "tools": _of(last_part(one.shown.iri)).having("kind", "tool").having("evidence", *AI),
            "findings": Selection(FINDINGS, {"theme": frozenset({last_part(one.shown.iri)})}),
            "counts": {name: number(counts[one.shown.iri], name) for name in COUNTS},
        }
        for one in records(themes(), {"definition": SKOS.definition})
    ]
    return make_response(render_template("themes.html", entries=entries, taken=taken))


def _of(name: str) -> Selection:
    return Selection(INITIATIVES, {"theme": frozenset({name})})
