"""``/concept?iri=`` and ``/scheme?iri=``: concepts and schemes of any classification.

Our own codes and those that stand behind our base have their own addresses (``/code/…``) and the
same pages; these lead there.
"""

from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.alignment.index import Filters
from pesai.alignment.searching import Question, search
from pesai.errors import NotFound, WrongUse
from pesai.namespaces import SKOS
from pesai.web import indexed
from pesai.web.concept import concept
from pesai.web.documents import HTML, RDF, graph_answer, wanted
from pesai.web.i18n import language
from pesai.web.labels import last_part
from pesai.web.links import Place, is_ours, node, place
from pesai.web.listing import MOST
from pesai.web.lookup import render_thing
from pesai.web.numbers import asked_page
from pesai.web.problems import wants_html
from pesai.web.rows import ask, prepared, text_of
from pesai.web.scheme import every, scheme
from pesai.web.sheets import has_sheet
from pesai.web.things import look_up
from pesai.web.values import Shown, show

__all__ = ["blueprint", "resource"]

blueprint = Blueprint("concepts", __name__)

_EXAMPLE = "http://data.europa.eu/esco/isco/C2511"
_NEAREST = 6
Links = list[tuple[str, str, str]]
"""Address, name and media type of the data of a page."""


@blueprint.route("/concept")
def concept_page() -> AnyResponse:
    """One concept, or whatever else the graph knows by that IRI."""
    return _answer("/concept")


@blueprint.route("/scheme")
def scheme_or_all() -> AnyResponse:
    """One concept scheme; without an IRI, all of them."""
    if "iri" in request.args:
        return _answer("/scheme")
    return make_response(render_template("concepts/schemes.html", schemes=every()))


def resource(
    iri: NamedNode, links: Links, trail: list[tuple[str, str]] | None = None
) -> AnyResponse | None:
    """The page about a concept, a scheme or another thing; ``None`` when the graph has none.

    Args:
        iri: what the page is about.
        links: where its data are.
        trail: address and text of the pages above it.
    """
    classes = {row["class"] for row in ask("classes-of", thing=iri, limit=100)}
    if SKOS.ConceptScheme in classes:
        return _scheme_page(iri, links)
    if SKOS.Concept in classes and not has_sheet(iri):
        found = concept(iri, asked_page(MOST))
        return _page("concepts/concept.html", links, concept=found, original=_original(iri))
    if ask("members", thing=iri, limit=1):
        return _scheme_page(iri, links)
    thing = look_up(iri)
    return render_thing(thing, links, trail) if thing is not None else None


def _scheme_page(iri: NamedNode, links: Links) -> AnyResponse:
    whole = url_for("things.incoming", iri=iri.value, by=SKOS.inScheme.value)
    lists = [(f"{whole}&format={end}&download=1", end.upper()) for end in ("csv", "xlsx")]
    return _page("concepts/scheme.html", links, scheme=scheme(iri, asked_page(MOST)), lists=lists)


def _page(template: str, links: Links, **given: object) -> AnyResponse:
    return make_response(
        render_template(
            template,
            downloads=links,
            plain_downloads=[(address, name) for address, name, _media in links],
            address=_other_page,
            **given,
        )
    )


def _other_page(number: int) -> str:
    """The address of another page of the same list."""
    kept = [(k, v) for k, v in request.args.items(multi=True) if k not in {"page", "open"}]
    return f"{request.path}?{urlencode([*kept, ('page', number)])}"


def _original(iri: NamedNode) -> Place | None:
    """Where the publisher of an IRI tells of it."""
    where = place(iri.value)
    return where if where is not None and where.external else None


def _answer(path: str) -> AnyResponse:
    """The page or the data of the IRI that the request names."""
    iri = _iri()
    if is_ours(iri.value):
        return _elsewhere(iri.value)
    ending = wanted()
    if not ask("known", thing=iri):
        return _missing(iri.value)
    if ending != HTML:
        return graph_answer(prepared(text_of("describe"), thing=iri), ending)
    address = f"{path}?{urlencode({'iri': iri.value})}"
    links = [(f"{address}&format={end}", name, media) for end, (media, name) in RDF.items()]
    return resource(iri, links) or _missing(iri.value)


def _iri() -> NamedNode:
    """The IRI of the request.

    Raises:
        WrongUse: there is none, or it is no IRI.
    """
    text = request.args.get("iri", "").strip()
    found = node(text) if text else None
    if found is None:
        raise WrongUse(
            "'{value}' is not an IRI. Give the whole identifier, as in ?iri={example}, or search "
            "by name at /search.",
            value=text[:200],
            example=_EXAMPLE,
        )
    return found


def _elsewhere(iri: str) -> AnyResponse:
    """To the address that the IRI has here, with what else was asked."""
    rest = [(k, v) for k, v in request.args.items(multi=True) if k != "iri"]
    where = place(iri)
    target = f"{where.href if where else '/'}{'?' if rest else ''}{urlencode(rest)}"
    return redirect(target, 303)


def _missing(iri: str) -> AnyResponse:
    """404, with what is called nearly so. What is there for others only is not there."""
    if not wants_html():
        raise NotFound("The graph knows nothing with the identifier {iri}.", iri=iri[:200])
    page = render_template("things/missing.html", iri=iri[:300], near=_near(iri))
    return make_response(page, 404)


def _near(iri: str) -> list[Shown]:
    """Things whose names are like the last part of an IRI."""
    try:
        found = search(indexed.index(), Question(last_part(iri), language(), Filters()))
    except indexed.NoIndex:
        return []
    iris = dict.fromkeys(hit.label.iri for hit in found.hits)
    return show(map(NamedNode, list(iris)[:_NEAREST]))
