"""``/organisations``: organisations by facets, with what each carries and has stated."""

from collections.abc import Sequence

from flask import Blueprint
from flask_babel import gettext
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.namespaces import PAI
from pesai.web import faceted
from pesai.web.collections import ORGANISATIONS
from pesai.web.records import records
from pesai.web.rows import ask, number

__all__ = ["blueprint"]

blueprint = Blueprint("organisations", __name__)

_FIELDS = {
    "kind": PAI.organisationKind, "country": PAI.inCountry, "acronym": PAI.acronym,
    "original": PAI.originalName,
}  # fmt: skip


@blueprint.route("/organisations")
def index() -> AnyResponse:
    """The organisations that were chosen."""
    page = faceted.Faceted(
        collection=ORGANISATIONS,
        template="faceted/organisations.html",
        title=gettext("Organisations"),
        views={"table": 60},
        items=_items,
    )
    return faceted.answer_page(page)


@blueprint.route("/organisations/count")
def count() -> AnyResponse:
    """How many were chosen."""
    return faceted.count(ORGANISATIONS)


def _items(iris: Sequence[str]) -> list[dict[str, object]]:
    things = [NamedNode(iri) for iri in iris]
    counts = {
        (row["thing"].value, row["what"].value): number(row, "count")
        for row in (ask("organisation-counts", many={"thing": things}) if things else [])
    }
    return [
        {
            "record": one,
            "slug": one.shown.iri.rpartition("/")[2],
            "carried": counts.get((one.shown.iri, "carried"), 0),
            "positions": counts.get((one.shown.iri, "positions"), 0),
        }
        for one in records(iris, _FIELDS)
    ]
