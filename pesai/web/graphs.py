"""``/graphs`` and ``/graph/{kind}/{name}``: the named graphs, each from one kind of source."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound
from pesai.releases.layout import ReleaseFolder
from pesai.releases.manifest import GraphEntry
from pesai.web import nearest, state
from pesai.web.documents import HTML, RDF, known, wanted
from pesai.web.graphstore import data, iri_of, is_indirect, read
from pesai.web.i18n import language
from pesai.web.links import Place, place
from pesai.web.rows import ask, number, text_of, written
from pesai.web.takeaway import behind
from pesai.web.values import Shown, show

__all__ = ["Named", "blueprint", "named"]

blueprint = Blueprint("graphs", __name__)


@dataclass(frozen=True)
class Named:
    """A graph as its page tells it; ``entry`` is empty for one that was derived by a step."""

    iri: str
    path: str
    title: str
    entry: GraphEntry | None
    homepage: Place | None
    licence: Place | None


@blueprint.route("/graphs")
def index() -> str | Response:
    """All named graphs that the reader may read; or one of them, or the default graph."""
    if is_indirect():
        return read()
    return render_template(
        "graphs/index.html",
        graphs=[named(iri) for iri in _known()],
        query=behind(text_of("named-graphs")),
    )


@blueprint.route("/graph/<kind>/<path:name>")
def graph(kind: str, name: str) -> AnyResponse:
    """One named graph: what it is and where it comes from, or its triples."""
    stem, dot, suffix = name.rpartition(".")
    iri = iri_of(kind, name)
    ending = wanted() if iri in _known() else ""
    if not ending and dot and suffix in {*RDF, HTML}:
        iri, ending = iri_of(kind, stem), known(suffix, [*RDF, HTML])
    if iri not in _known():
        near = nearest.names(f"{kind}/{name}", tuple(named(known).path[7:] for known in _known()))
        raise NotFound(
            "There is no graph {kind}/{name}. The nearest: {near}.",
            kind=kind[:50],
            name=name[:100],
            near=", ".join(near) or "–",
        )
    if ending != HTML:
        return data(iri, ending)
    return _page(named(iri))


def named(iri: str, folder: ReleaseFolder | None = None) -> Named:
    """What is known of a graph that the reader may read, in the present release or another."""
    entry = _known(folder)[iri]
    where = place(iri)
    title = ""
    if entry is not None:
        title = entry.title_fr if language() == "fr" else entry.title_en
    return Named(
        iri,
        where.href if where else "",
        title or iri.removeprefix(state.base().iri + "graph/"),
        entry,
        place(entry.homepage) if entry else None,
        place(entry.licence) if entry else None,
    )


def _known(folder: ReleaseFolder | None = None) -> dict[str, GraphEntry | None]:
    """The graphs of the reader's store by IRI; the derived ones without an entry."""
    chosen = folder or state.release()
    found: dict[str, GraphEntry | None] = {graph.iri: graph for graph in state.visible(chosen)}
    derived = state.entry_of(chosen).derived
    return found | {iri: None for iri in sorted(derived) if iri not in found}


def _page(shown: Named) -> AnyResponse:
    iri = NamedNode(shown.iri)
    classes = ask("graph-classes", graph=iri)
    sample = ask("graph-sample", graph=iri)
    terms = show([*(row["class"] for row in classes), *(row["thing"] for row in sample)])
    counts: list[tuple[Shown, int]] = [
        (term, number(row, "count")) for term, row in zip(terms, classes, strict=False)
    ]
    links = [(f"{request.path}?format={ending}", name) for ending, (_media, name) in RDF.items()]
    return make_response(
        render_template(
            "graphs/graph.html",
            graph=shown,
            size_query=behind(written("graph-size", graph=iri)),
            classes=counts,
            classes_query=behind(written("graph-classes", graph=iri)),
            sample=terms[len(classes) :],
            downloads=links,
        )
    )
