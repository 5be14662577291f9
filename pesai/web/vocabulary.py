"""The ontology, its versions and modules, code lists, shapes, context and alignments.

Their IRIs begin with ``https://w3id.org/pes-ai/`` on every node; each server answers for them under
its own address. Documents come from the files that ship with the program, codes from the graph,
which knows what refers to them.
"""

import difflib
import json
from functools import cache

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound
from pesai.settings import DEFAULT_BASE
from pesai.vocabulary.alignments import read
from pesai.vocabulary.catalogue import Document, document, documents
from pesai.vocabulary.context import context
from pesai.vocabulary.formats import serialise
from pesai.vocabulary.merge import version
from pesai.web.concepts import resource
from pesai.web.documents import HTML, RDF, known, wanted
from pesai.web.i18n import language
from pesai.web.links import node
from pesai.web.ontology import view
from pesai.web.rows import ask
from pesai.web.sorting import natural
from pesai.web.takeaway import TABLES, thing_answer
from pesai.web.values import show

__all__ = ["blueprint"]

blueprint = Blueprint("vocabulary", __name__)

_TABLE = {"tsv": ("text/tab-separated-values", "SSSOM (TSV)")}


@blueprint.route("/def")
@blueprint.route("/def.<ending>")
def ontology(ending: str | None = None) -> AnyResponse:
    """The ontology. Tools get RDF/XML without imports, which OWL libraries read."""
    return _document("def", ending, default="rdf")


@blueprint.route("/def/<path:name>")
def part(name: str) -> AnyResponse:
    """A module, a version, or a module of a version."""
    found, ending = _split(f"def/{name}")
    if found not in documents():
        raise NotFound(
            "There is no version or module '{name}' of the ontology. There are the version "
            "{version} and the modules {modules}.",
            name=name[:100],
            version=version(),
            modules=", ".join(_names("def/", depth=1)),
        )
    return _document(found, ending, default="rdf")


@blueprint.route("/code")
@blueprint.route("/code.<ending>")
def codes(ending: str | None = None) -> AnyResponse:
    """All code lists."""
    chosen = known(ending, [*RDF, HTML]) if ending else wanted()
    name = f"def/{version()}/codes"
    if chosen != HTML:
        return _written(name, chosen)
    lists = [one for one in documents().values() if one.name.startswith("code/")]
    lists.sort(key=lambda one: natural(_title(one)))
    return make_response(
        render_template(
            "vocabulary/codes.html",
            lists=[(f"/{one.name}", _title(one), view(one.name, language())) for one in lists],
            downloads=_links("/code"),
        )
    )


@blueprint.route("/code/<scheme>")
def scheme(scheme: str) -> AnyResponse:
    """One code list."""
    name, ending = _split(f"code/{scheme}")
    if name in documents():
        return _document(name, ending)
    return _code(name, ending, "")


@blueprint.route("/code/<scheme>/<slug>")
def code(scheme: str, slug: str) -> AnyResponse:
    """One code, with what refers to it."""
    stem, dot, ending = slug.rpartition(".")
    if dot and ending in {*RDF, *TABLES, HTML}:
        return _code(f"code/{scheme}/{stem}", ending, scheme)
    return _code(f"code/{scheme}/{slug}", None, scheme)


@blueprint.route("/shapes")
@blueprint.route("/shapes.<ending>")
def shapes(ending: str | None = None) -> AnyResponse:
    """The data contract, in SHACL."""
    chosen = known(ending, [*RDF, HTML]) if ending else wanted()
    if chosen != HTML:
        return _written("shapes", chosen)
    text = _bytes("shapes", "ttl").decode()
    page = render_template("vocabulary/shapes.html", text=text, downloads=_links("/shapes"))
    return make_response(page)


@blueprint.route("/context.jsonld")
def jsonld_context() -> AnyResponse:
    """The JSON-LD context of our terms."""
    return _response(_context(), "application/ld+json")


@blueprint.route("/alignments")
def alignments() -> str:
    """All alignments."""
    tables = [read(one.source) for one in _of_kind("alignment") if one.source]
    return render_template("vocabulary/alignments.html", tables=tables)


@blueprint.route("/alignments/<name>")
def alignment(name: str) -> AnyResponse:
    """One alignment: a page, the SSSOM table, or the SKOS links as RDF."""
    offered = _TABLE | RDF
    stem = name.removesuffix(".sssom.tsv")
    found, ending = (f"alignments/{stem}", "tsv") if stem != name else _split(f"alignments/{name}")
    one = _existing(found)
    chosen = known(ending, [*offered, HTML]) if ending else wanted(offered, default="tsv")
    if chosen == "tsv" and one.source:
        return _response(one.source.read_bytes(), "text/tab-separated-values")
    if chosen != HTML or not one.source:
        return _written(found, chosen)
    table = read(one.source)
    iris = [iri for row in table.mappings for iri in (row.subject, row.predicate, row.object)]
    shown = show(NamedNode(iri) for iri in iris)
    rows = list(zip(shown[::3], shown[1::3], shown[2::3], table.mappings, strict=True))
    page = render_template(
        "vocabulary/alignment.html",
        table=table,
        rows=rows,
        downloads=_links(f"/{found}", offered),
    )
    return make_response(page)


@blueprint.route("/imports/<name>")
def extract(name: str) -> AnyResponse:
    """An extract of another vocabulary that ships with ours."""
    found, ending = _split(f"imports/{name}")
    _existing(found)
    return _document(found, ending)


def _document(name: str, ending: str | None, default: str | None = None) -> AnyResponse:
    """A document as a page, or in one of the RDF formats."""
    chosen = known(ending, [*RDF, HTML]) if ending else wanted(default=default)
    if chosen != HTML:
        return _written(name, chosen)
    return make_response(
        render_template(
            "vocabulary/document.html",
            document=_existing(name),
            view=view(name, language()),
            downloads=_links(f"/{name}"),
            modules=[(f"/def/{part}", part) for part in _names("def/", depth=1)],
            version=version(),
        )
    )


def _code(path: str, ending: str | None, scheme: str) -> AnyResponse:
    """A code of a list, or a list that the graph knows."""
    iri = node(DEFAULT_BASE + path)
    offered = RDF | TABLES
    chosen = known(ending, [*offered, HTML]) if ending else wanted(offered)
    if iri is not None and chosen != HTML and ask("known", thing=iri):
        return thing_answer(iri, chosen, path.rpartition("/")[2])
    links = [(f"/{path}.{end}", name, media) for end, (media, name) in offered.items()]
    found = resource(iri, links, _trail(path)) if iri is not None and chosen == HTML else None
    if found is not None:
        return found
    name = path.removeprefix("code/")
    raise NotFound(
        "There is no code '{name}'. The nearest: {near}.",
        name=name[:100],
        near=_near(name.rpartition("/")[2], scheme),
    )


def _near(name: str, scheme: str) -> str:
    """The nearest codes of a list, or the nearest lists."""
    return ", ".join(difflib.get_close_matches(name, _slugs(scheme), 5, 0.4)) or "–"


def _trail(path: str) -> list[tuple[str, str]]:
    """The pages above a code."""
    name = "/".join(path.split("/")[:2])
    above = [("/code", str(gettext("Code lists")))]
    if name in documents() and name != path:
        above.append((f"/{name}", _title(documents()[name])))
    return above


def _written(name: str, ending: str) -> AnyResponse:
    return _response(_bytes(name, ending), RDF[ending][0])


@cache
def _bytes(name: str, ending: str) -> bytes:
    """A document in a format; documents ship with the program and do not change."""
    return serialise(document(name).graph(), ending)


@cache
def _context() -> bytes:
    return (json.dumps(context(), ensure_ascii=False, indent=1) + "\n").encode()


def _response(content: bytes, media: str) -> AnyResponse:
    response = Response(content, content_type=f"{media}; charset=utf-8")
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.vary.add("Accept")
    response.add_etag()
    return response.make_conditional(request)


def _split(name: str) -> tuple[str, str | None]:
    """A name with a suffix that is a format, taken apart."""
    stem, dot, ending = name.rpartition(".")
    if name not in documents() and dot and ending in {*RDF, HTML, *_TABLE}:
        return stem, ending
    return name, None


def _existing(name: str) -> Document:
    if name not in documents():
        place = name.rpartition("/")[0]
        raise NotFound(
            "There is nothing at '{name}'. There are: {known}.",
            name=name[:100],
            known=", ".join(_names(f"{place}/")) or "–",
        )
    return documents()[name]


def _names(start: str, depth: int = 1) -> list[str]:
    """Names of documents below a place."""
    below = [name.removeprefix(start) for name in documents() if name.startswith(start)]
    return [name for name in below if name.count("/") < depth and name != version()]


def _of_kind(kind: str) -> list[Document]:
    return [one for one in documents().values() if one.kind == kind]


def _slugs(scheme: str) -> tuple[str, ...]:
    name = f"code/{scheme}"
    if name not in documents():
        return tuple(_names("code/"))
    start = f"{DEFAULT_BASE}{name}/"
    subjects = {str(subject) for subject in documents()[name].graph().subjects()}
    return tuple(sorted(iri.removeprefix(start) for iri in subjects if iri.startswith(start)))


def _title(one: Document) -> str:
    return one.titles.get(language()) or next(iter(one.titles.values()), one.name)


def _links(path: str, offered: dict[str, tuple[str, str]] | None = None) -> list[tuple[str, str]]:
    chosen = offered or RDF
    return [(f"{path}?format={ending}", name) for ending, (_media, name) in chosen.items()]
