"""``/findings`` by survey and area, each with the passage it rests on, and ``/surveys``."""

from collections.abc import Sequence

from flask import Blueprint, make_response, render_template
from flask_babel import gettext
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.namespaces import DCTERMS, PAI, PROV, RDF
from pesai.web import faceted
from pesai.web.collections import FINDINGS
from pesai.web.facets import Held, Selection, held
from pesai.web.labels import last_part
from pesai.web.records import FINDING, Record, records
from pesai.web.rows import ask, text_of
from pesai.web.takeaway import Takeaway
from pesai.web.values import show

__all__ = ["blueprint"]

blueprint = Blueprint("findings", __name__)

_STUDY = {"date": DCTERMS.date, "by": PROV.wasAssociatedWith, "type": RDF.type}


@blueprint.route("/findings")
def index() -> AnyResponse:
    """The findings that were chosen."""
    page = faceted.Faceted(
        collection=FINDINGS,
        template="faceted/findings.html",
        title=gettext("Findings of surveys and reports"),
        views={"list": 40},
        items=_items,
        by_iri=True,
    )
    return faceted.answer_page(page)


@blueprint.route("/findings/count")
def count() -> AnyResponse:
    """How many were chosen."""
    return faceted.count(FINDINGS)


@blueprint.route("/surveys")
def surveys() -> AnyResponse:
    """Every survey and report from which findings were taken."""
    taken = Takeaway(
        "surveys", gettext("Surveys and reports"), text_of("studies-rows"), text_of("studies-graph")
    )
    data = taken.response()
    if data is not None:
        return data
    there = held(FINDINGS)
    iris = [row["study"].value for row in ask("studies-rows")]
    studies = [_study(there, one) for one in records(iris, _STUDY)]
    return make_response(render_template("surveys.html", studies=studies, taken=taken))


def _items(iris: Sequence[str]) -> list[Record]:
    return records(iris, FINDING, evidence=True)


def _study(there: Held, record: Record) -> dict[str, object]:
    """A study, whether services answered it, and how many of its findings are on each theme."""
    name = last_part(record.shown.iri)
    here = Selection(FINDINGS, {"study": frozenset({name})})
    counts = there.counts(here, "theme")
    known = [(slug, there.terms["theme"].get(slug)) for slug in counts]
    terms = [(slug, term) for slug, term in known if isinstance(term, NamedNode)]
    names = show([term for _slug, term in terms])
    return {
        "record": record,
        "is_wave": any(one.iri == PAI.SurveyWave.value for one in record.all("type")),
        "count": len(there.chosen(here)),
        "address": here.address(),
        "query": here.count_address(),
        "themes": [
            (shown, counts[slug], here.having("theme", slug).address())
            for (slug, _term), shown in zip(terms, names, strict=True)
        ],
    }
