"""Things: ``/id/…`` leads to ``/page/…`` for people and to ``/data/…`` for programs."""

from collections import defaultdict
from collections.abc import Iterator
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound, WrongUse
from pesai.web import nearest, sections, state
from pesai.web.answers import answer
from pesai.web.documents import HTML, RDF, known, wanted
from pesai.web.links import node
from pesai.web.listing import MOST, WAYS, Part, linked, page_of
from pesai.web.numbers import asked_page
from pesai.web.problems import wants_html
from pesai.web.rows import Row, ask, prepared, text_of, written
from pesai.web.sheets import sheet_of
from pesai.web.takeaway import TABLES, behind, thing_answer
from pesai.web.things import Thing, look_up
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
    ending = known(ending, [*RDF, *TABLES])
    found = _known(kind, slug)
    if found is None:
        raise NotFound("The graph knows nothing named {kind}/{slug}.", kind=kind, slug=slug)
    return thing_answer(found, ending, f"{kind}-{slug}")


@blueprint.route("/genid/<graph>/<label>")
def genid(graph: str, label: str) -> AnyResponse:
    """What was a blank node in its source."""
    iri = node(f"{state.base().iri}genid/{graph}/{label}")
    ending = wanted()
    if iri is None or not ask("known", thing=iri):
        raise NotFound("There is no former blank node {graph}/{label}.", graph=graph, label=label)
    if ending != HTML:
        return thing_answer(iri, ending, label)
    found = look_up(iri)
    if found is None:
        raise NotFound("There is no former blank node {graph}/{label}.", graph=graph, label=label)
    links = [(f"{request.path}?format={end}", name, media) for end, (media, name) in RDF.items()]
    return render_thing(found, links)


@blueprint.route("/references")
def incoming() -> AnyResponse:
    """The things that are linked with one thing by one property: a page, or all as a table."""
    subject, by = _node("iri"), _node("by")
    way = request.args.get("way", "in")
    if way not in WAYS:
        raise WrongUse("'{way}' is no direction: 'in' or 'out'.", way=way[:20])
    part = page_of(linked(WAYS[way], subject, by.value), asked_page(MOST))
    if not part.total:
        raise NotFound(
            "Nothing is linked with {iri} by {relation}.", iri=subject.value, relation=by.value
        )
    if not wants_html():
        query = prepared(text_of(f"{WAYS[way]}-table"), thing=subject, property=by)
        return answer(query, name="references")
    return _references(subject, by, way, part)


def _references(subject: NamedNode, by: NamedNode, way: str, part: Part) -> AnyResponse:
    shown = show([subject, by, *map(NamedNode, part.iris)])

    def address(page: int | None = None, kind: str | None = None) -> str:
        given = {"iri": subject.value, "by": by.value, "way": way if way == "out" else None,
                 "page": page, "format": kind, "download": "1" if kind else None}  # fmt: skip
        kept = {name: value for name, value in given.items() if value is not None}
        return f"{url_for('things.incoming')}?{urlencode(kept)}"

    page = render_template(
        "things/incoming.html",
        thing=shown[0],
        property=shown[1],
        outgoing=way == "out",
        subjects=shown[2:],
        part=part,
        query=behind(written(WAYS[way], thing=subject, property=by)),
        previous=address(part.page - 1) if part.page > 1 else None,
        following=address(part.page + 1) if part.page < part.last_page else None,
        downloads=[(address(kind=kind), kind.upper()) for kind in ("csv", "xlsx", "json")],
    )
    return make_response(page)


def render_thing(
    found: Thing,
    links: list[tuple[str, str, str]],
    trail: list[tuple[str, str]] | None = None,
) -> AnyResponse:
    """The page about a thing; ``links`` are the address, name and media type of its data."""
    sheet = sheet_of(found)
    return make_response(
        render_template(
            sheet.template if sheet else "things/thing.html",
            **(sheet.prepare(found) if sheet else {}),
            thing=found,
            downloads=links,
            plain_downloads=[(address, name) for address, name, _media in links],
            trail=sections.within(sheet.menu) if sheet else trail,
        )
    )


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
    return [
        (f"/data/{path}.{ending}", name, media) for ending, (media, name) in (RDF | TABLES).items()
    ]


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
    return make_response(
        render_template(
            "things/source.html",
            name=name,
            rows=sorted(by_row.items()),
            graph=shown[-1] if graphs else None,
        )
    )


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
    return found
