"""What the service says about itself to programs, from the store of the one who asks."""

from flask import Response, request

from pesai.engine.protocol import Query
from pesai.sparql.description import DescribedGraph, Facts, serialise
from pesai.sparql.description import describe as described
from pesai.sparql.negotiation import negotiate
from pesai.web import headers, state
from pesai.web.answers import select
from pesai.web.fetching import edition
from pesai.web.parameters import MOST_QUERY
from pesai.web.readers import current_reader
from pesai.web.rows import text_of

__all__ = ["describe"]


def describe(format_: str | None = None, *, endpoint: str | None = None) -> Response:
    """The service description, with VoID, in the RDF format that the request asks for.

    Args:
        format_: a format's name, when the address says one.
        endpoint: the address that is described, when it is not ``/sparql``.

    Raises:
        Problem: the format is none of RDF, or the engine could not answer.
    """
    accept = request.headers.get("Accept")
    chosen = negotiate("graph", format_ or request.args.get("format"), accept)
    name = "ttl" if chosen.format.name == "html" else chosen.format.source
    if chosen.format.name == "html":
        chosen = negotiate("graph", "ttl", None)
    body = serialise(described(_facts(endpoint)), name)  # type: ignore[arg-type]  # a graph's source
    response = Response(body, content_type=chosen.content_type)
    response.headers["X-Query-Id"] = headers.query_id()
    response.vary.add("Accept")
    headers.caching(response, current_reader())
    response.set_etag(f"{state.checksum()[:24]}-{state.release().id}-{edition()}-{name}")
    headers.cors(response)
    response.make_conditional(request)
    return response


def _facts(endpoint: str | None) -> Facts:
    settings, folder = state.chosen(), state.release()
    manifest = state.manifest_of(folder)
    (total,) = select(_query("default-graph")).rows[0]
    graphs = []
    for iri, triples in select(_query("named-graphs")).rows:
        if iri is None or triples is None:
            continue
        entry = manifest.graph(iri.value)
        titles = {"en": entry.title_en, "fr": entry.title_fr} if entry else {}
        licence = entry.licence if entry else ""
        graphs.append(DescribedGraph(iri.value, int(triples.value), titles, licence))
    return Facts(
        endpoint=endpoint or headers.endpoint(),
        root=headers.root(),
        base=settings.base_iri,
        union=settings.dataset == "union",
        limits=state.limits(),
        share=settings.client_seconds,
        longest=MOST_QUERY,
        release=state.base().release(folder.id).value,
        modified=manifest.created,
        triples=int(total.value) if total else 0,
        graphs=graphs,
    )


def _query(name: str) -> Query:
    return Query(text_of(name), current_reader(), state.release().id, curated=True)
