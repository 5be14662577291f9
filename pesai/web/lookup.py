"""Things: ``/id/…`` leads to ``/page/…`` for people and to ``/data/…`` for programs."""

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound, WrongUse
from pesai.web import nearest, state
from pesai.web.documents import HTML, RDF, graph_answer, known, wanted
from pesai.web.links import is_ours, node
from pesai.web.problems import wants_html
from pesai.web.rows import Row, ask, prepared, text_of
from pesai.web.things import PER_PAGE, Thing, incoming_page, look_up
from pesai.web.values import Shown, show

__all__ = ["blueprint"]

blueprint = Blueprint("things", __name__)


@blueprint.route("/id/<kind>/<path:slug>")
def thing(kind: str, slug: str) -> AnyResponse:
    """A thing is no document: 303 to its page or to its data (Cool URIs for the Semantic Web)."""
    found = _known(kind, slug)
    ending = wanted()
    if found is None:
        return _missing(kind, slug)
    path = found.value.removeprefix(state.base().iri + "id/")
    language = f"?lang={quote(request.args['lang'])}" if "lang" in request.args else ""
    target = f"/page/{path}{language}" if ending == HTML else f"/data/{path}.{ending}"
    answer = redirect(target, 303)
    answer.vary.add("Accept")
    answer.headers["X-Release"] = state.release().id
    return answer


@blueprint.route("/page/<kind>/<path:slug>")
def page(kind: str, slug: str) -> AnyResponse:
    """What the graph says about a thing, for people."""
    for iri in _candidates(kind, slug):
        rows = ask("rows-of", thing=iri) if kind == "source" else []
        if rows:
            return _source(iri, rows)
        found = look_up(iri)
        if found is not None:
            return render_thing(found, _data_links(iri))
    return _missing(kind, slug)


@blueprint.route("/data/<kind>/<path:name>")
def data(kind: str, name: str) -> AnyResponse:
    """What the graph says about a thing, for programs; the format is the suffix."""
    slug, _, ending = name.rpartition(".")
    ending = known(ending, [*RDF])
    found = _known(kind, slug)
    if found is None:
        raise NotFound("The graph knows nothing named {kind}/{slug}.", kind=kind, slug=slug)
    return graph_answer(prepared(text_of("describe"), thing=found), ending)


@blueprint.route("/genid/<graph>/<label>")
def genid(graph: str, label: str) -> AnyResponse:
    """What was a blank node in its source."""
    iri = node(f"{state.base().iri}genid/{graph}/{label}")
    ending = wanted()
    if iri is None or not ask("known", thing=iri):
        raise NotFound("There is no former blank node {graph}/{label}.", graph=graph, label=label)
    if ending != HTML:
        return graph_answer(prepared(text_of("describe"), thing=iri), ending)
    found = look_up(iri)
    if found is None:
        raise NotFound("There is no former blank node {graph}/{label}.", graph=graph, label=label)
    links = [(f"{request.path}?format={end}", name, media) for end, (media, name) in RDF.items()]
    return render_thing(found, links)


@blueprint.route("/references")
def incoming() -> str:
    """Page by page, the things that point at one thing by one property."""
    subject, by = _node("iri"), _node("by")
    number = request.args.get("page", "1")
    if not number.isdecimal() or not 1 <= int(number) <= 1_000_000:
        raise WrongUse("'{page}' is not the number of a page.", page=number[:20])
    page = int(number)
    iris = incoming_page(subject, by, page)
    if not iris:
        raise NotFound("There is no page {page} of what refers to {iri}.", page=page, iri=subject)
    shown = show([subject, by, *map(NamedNode, iris[:PER_PAGE])])

    def address(other: int) -> str:
        return url_for("things.incoming", iri=subject.value, by=by.value, page=other)

    return render_template(
        "things/incoming.html",
        thing=shown[0],
        property=shown[1],
        subjects=shown[2:],
        first=(page - 1) * PER_PAGE + 1,
        page=page,
        previous=address(page - 1) if page > 1 else None,
        following=address(page + 1) if len(iris) > PER_PAGE else None,
    )


def render_thing(
    found: Thing,
    links: list[tuple[str, str, str]],
    trail: list[tuple[str, str]] | None = None,
) -> AnyResponse:
    """The page about a thing; ``links`` are the address, name and media type of its data."""
    response = make_response(
        render_template(
            "things/thing.html",
            thing=found,
            downloads=links,
            plain_downloads=[(address, name) for address, name, _media in links],
            trail=trail,
        )
    )
    response.headers["X-Release"] = state.release().id
    return response


def _candidates(kind: str, slug: str) -> Iterator[NamedNode]:
    """The IRIs that an address may stand for: as our loaders write it, and as others may."""
    start = f"{state.base().iri}id/{kind}/"
    for name in dict.fromkeys((quote(slug, safe=""), slug, quote(slug, safe="/"))):
        found = node(start + name)
        if found is not None:
            yield found


def _known(kind: str, slug: str) -> NamedNode | None:
    for iri in _candidates(kind, slug):
        if ask("known", thing=iri) or (kind == "source" and ask("rows-of", thing=iri)):
            return iri
    return None


def _data_links(iri: NamedNode) -> list[tuple[str, str, str]]:
    path = quote(iri.value.removeprefix(state.base().iri + "id/"), safe="/%")
    return [(f"/data/{path}.{ending}", name, media) for ending, (media, name) in RDF.items()]


def _source(iri: NamedNode, rows: list[Row]) -> AnyResponse:
    """The page of a file whose rows became things."""
    name = iri.value.rpartition("/")[2]
    graphs = [
        graph.iri
        for graph in state.visible(state.release())
        if f"{name}-".startswith(f"{graph.kind}-{graph.name}-")
    ]
    listed = [row["subject"] for row in rows]
    shown = show([*listed, *map(NamedNode, graphs[:1])])
    by_row: dict[int, list[Shown]] = defaultdict(list)
    for row, subject in zip(rows, shown, strict=False):
        number = row["row"].value.rpartition("#row=")[2]
        if number.isdecimal():
            by_row[int(number)].append(subject)
    response = make_response(
        render_template(
            "things/source.html",
            name=name,
            rows=sorted(by_row.items()),
            graph=shown[-1] if graphs else None,
        )
    )
    response.headers["X-Release"] = state.release().id
    return response


def _missing(kind: str, slug: str) -> Response:
    """404, with the nearest names. What is there for others only is not there."""
    if not wants_html():
        raise NotFound("The graph knows nothing named {kind}/{slug}.", kind=kind, slug=slug)
    near = show(map(NamedNode, nearest.things(kind, slug)))
    iri = f"{state.base().iri}id/{kind}/{quote(slug, safe='/')}"[:300]
    page = render_template("things/missing.html", iri=iri, near=near)
    return make_response(page, 404)


def _node(name: str) -> NamedNode:
    """An IRI given as a parameter."""
    value = request.args.get(name, "")
    found = node(value)
    if found is None:
        raise WrongUse("'{value}' is not an IRI.", value=value[:200])
    if name == "iri" and not is_ours(value):
        raise NotFound("This service does not answer for {iri}.", iri=value[:200])
    return found
