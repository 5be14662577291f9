"""``/releases``: what was published when, what changed, and whole downloads.

A manifest names graphs of every audience. Pages show what the reader's own store holds, and of
what is gone only what the reader may still read in the release before.
"""

import os
from collections.abc import Iterator
from itertools import islice

from flask import Blueprint, Response, make_response, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound
from pesai.releases.layout import ReleaseFolder
from pesai.sparql.published import catalogue, dataset, schema_org
from pesai.web import headers, state
from pesai.web.described import answer_in, published
from pesai.web.differences import closed, graph_changes, graphs_of, release_before, triple_changes
from pesai.web.documents import HTML, RDF, wanted
from pesai.web.dumps import trig
from pesai.web.feeds import atom, plain
from pesai.web.graphs import Named, named
from pesai.web.i18n import language
from pesai.web.readers import current_reader
from pesai.web.rows import text_of
from pesai.web.takeaway import behind

__all__ = ["blueprint"]

blueprint = Blueprint("releases", __name__)

_FEED = 50
"""Releases in the feed."""


@blueprint.route("/releases")
def index() -> str | Response:
    """All releases, the newest first, closed ones with the reason; for programs a catalogue."""
    ending = wanted()
    if ending != HTML:
        found = [published(folder) for folder in _newest() if not closed(folder)]
        address = f"{headers.root()}{request.path}"
        return answer_in(ending, catalogue(address, headers.endpoint(), found))
    listed = [
        (folder, state.manifest_of(folder).created, graph_changes(folder), closed(folder))
        for folder in _newest()
    ]
    return render_template("releases/index.html", releases=listed)


@blueprint.route("/feeds/releases.atom")
def feed() -> Response:
    """The releases that the reader may read, the newest first (Atom, RFC 4287)."""
    listed = [folder for folder in islice(_newest(), _FEED) if not closed(folder)]
    entries = [
        (folder, state.manifest_of(folder), changes, _titles(folder), release_before(folder))
        for folder in listed
        if not (changes := graph_changes(folder)).none
    ]
    page = render_template(
        "releases/feed.xml",
        entries=entries,
        root=headers.root(),
        iri=state.base().release,
        plain=plain,
    )
    return atom(page)


@blueprint.route("/releases/<identifier>")
def show(identifier: str) -> AnyResponse:
    """One release."""
    folder = _open(identifier)
    facts = published(folder)
    ending = wanted()
    if ending != HTML:
        described = answer_in(ending, dataset(facts))
        described.headers["X-Release"] = folder.id
        return described
    entry = state.entry_of(folder)
    current = folder.id == state.release().id
    graphs = list(_named(folder))
    triples = triple_changes(folder)
    response = make_response(
        render_template(
            "releases/release.html",
            shown=folder,
            manifest=state.manifest_of(folder),
            entry=entry,
            graphs=graphs,
            titles=_titles(folder),
            facts=facts,
            schema=schema_org(facts, language()),
            changes=graph_changes(folder),
            triples=triples,
            current=current,
            size_query=behind(text_of("store-size"), folder.id),
            graphs_query=behind(text_of("named-graphs"), folder.id),
            graphs_before_query=behind(text_of("named-graphs"), triples.since) if triples else "",
            downloads=[
                (url_for("releases.dump", identifier=folder.id, ending=ending), name)
                for ending, name in (("nq", "N-Quads (gzip)"), ("trig", "TriG (gzip)"))
            ],
            descriptions=[(f"{request.path}?format={one}", name) for one, (_, name) in RDF.items()],
        )
    )
    response.headers["X-Release"] = folder.id
    return response


@blueprint.route("/releases/<identifier>/dump.<any(nq, trig):ending>.gz")
def dump(identifier: str, ending: str) -> Response:
    """Every named graph of a release that the reader may read, in one file."""
    folder = _open(identifier)
    quads = folder.folder(current_reader()) / "data.nq.gz"
    if not quads.is_file():
        raise NotFound("Release {id} has no download.", id=folder.id)
    checksum = folder.checksum(current_reader())
    file = quads.open("rb") if ending == "nq" else trig(quads, checksum)
    response = send_file(
        file,
        mimetype="application/gzip",
        as_attachment=True,
        download_name=f"pesai-{folder.id}.{ending}.gz",
        etag=f"{checksum}-{ending}",
        last_modified=state.manifest_of(folder).created,
    )
    if response.status_code == 200:
        response.content_length = os.fstat(file.fileno()).st_size
    response.headers["X-Release"] = folder.id
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def _open(identifier: str) -> ReleaseFolder:
    """A release that the reader may read.

    Raises:
        NotFound: there is none of that number.
        Gone: it was withdrawn, or closed to this reader.
    """
    folder = state.home().release(identifier)
    state.closures().check(current_reader(), folder)
    return folder


def _newest() -> Iterator[ReleaseFolder]:
    return reversed(state.home().all_releases())


def _titles(folder: ReleaseFolder) -> dict[str, str]:
    """Titles of the graphs of a release, and of those that it took out, by IRI."""
    before = release_before(folder)
    old = {graph.iri: graph.title for graph, _checksum in _named(before)} if before else {}
    return old | {graph.iri: graph.title for graph, _checksum in _named(folder)}


def _named(folder: ReleaseFolder) -> Iterator[tuple[Named, str]]:
    """The graphs of a release with their checksums."""
    yield from (
        (named(iri, folder), checksum) for iri, checksum in sorted(graphs_of(folder).items())
    )
