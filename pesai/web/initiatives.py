"""``/initiatives``: initiatives by facets, as a list, a table, and data of exactly that choice."""

from flask import Blueprint
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from pesai.web import faceted
from pesai.web.cards import cards
from pesai.web.collections import AI, INITIATIVES
from pesai.web.facets import Held, Selection

__all__ = ["ai_tools", "blueprint"]

blueprint = Blueprint("initiatives", __name__)


@blueprint.route("/initiatives")
def index() -> AnyResponse:
    """The initiatives that were chosen."""
    page = faceted.Faceted(
        collection=INITIATIVES,
        template="faceted/initiatives.html",
        title=gettext("Initiatives"),
        views={"list": 25, "table": 100},
        items=cards,
        beside=_beside,
    )
    return faceted.answer_page(page)


@blueprint.route("/initiatives/count")
def count() -> AnyResponse:
    """How many were chosen."""
    return faceted.count(INITIATIVES)


def ai_tools(selection: Selection) -> Selection | None:
    """The AI tools among the chosen initiatives; ``None`` when the choice leaves none.

    Rows without evidence of AI never enter a count of AI tools.
    """
    asked = selection.chosen.get("evidence") or AI
    kinds = selection.chosen.get("kind") or {"tool"}
    if not asked & AI or "tool" not in kinds:
        return None
    return selection.having("kind", "tool").having("evidence", *(asked & AI))


def _beside(there: Held, selection: Selection) -> dict[str, object]:
    tools = ai_tools(selection)
    return {
        "tools": len(there.chosen(tools)) if tools else 0,
        "tools_address": tools.address() if tools else "",
        "tools_query": tools.count_address() if tools else "",
    }
