"""Documents that have a page for people and RDF for programs: which one a request gets.

``format=`` goes before ``Accept``. HTML is for those who name it, as browsers do; whoever accepts
anything, or says nothing, is a program and gets data.
"""

from collections.abc import Mapping

from flask import Response, request

from pesai.engine.protocol import FormatMismatch, Query
from pesai.errors import WrongUse
from pesai.sparql.negotiation import accepted
from pesai.web.answers import answer

__all__ = ["HTML", "RDF", "graph_answer", "known", "wanted"]

HTML = "html"
_HTML = ("text/html", "application/xhtml+xml")
RDF: dict[str, tuple[str, str]] = {
    "ttl": ("text/turtle", "Turtle"),
    "jsonld": ("application/ld+json", "JSON-LD"),
    "nt": ("application/n-triples", "N-Triples"),
    "rdf": ("application/rdf+xml", "RDF/XML"),
}
"""RDF formats of documents by ending: media type and name; the first is the default."""


def wanted(
    offered: Mapping[str, tuple[str, str]] = RDF, *, default: str | None = None, page: bool = True
) -> str:
    """The ending of the format that the request wants: one of ``offered``, or ``html``.

    Args:
        offered: media type and name by ending.
        default: for those who accept anything; the first on offer when not given.
        page: whether there is a page for people.

    Raises:
        WrongUse: ``format=`` names another one.
        FormatMismatch: nothing on offer is accepted.
    """
    endings = [*offered, HTML] if page else [*offered]
    named = request.args.get("format")
    if named is not None:
        return known(named, endings)
    header = request.headers.get("Accept")
    ranges = accepted(header) if header else {}
    fallback = default or endings[0]
    if not ranges:
        return fallback
    media = {offered[ending][0]: ending for ending in offered}
    media |= dict.fromkeys(_HTML, HTML) if page else {}
    best = max(media, key=lambda kind: (*_wish(kind, ranges), media[kind] == fallback))
    if _wish(best, ranges)[0] > 0:
        return media[best]
    types = ", ".join(media)
    raise FormatMismatch("This document is there as {types}.", types=types)


def _wish(media: str, ranges: Mapping[str, float]) -> tuple[float, bool]:
    """How much a media type is wanted, and whether it is named. HTML must be named."""
    if media in ranges:
        return ranges[media], True
    if media in _HTML:
        return 0.0, False
    kind = media.partition("/")[0]
    return ranges.get(f"{kind}/*", ranges.get("*/*", 0.0)), False


def known(ending: str, endings: list[str]) -> str:
    """The ending, when it is on offer.

    Raises:
        WrongUse: it is not; the message lists those that are.
    """
    if ending in endings:
        return ending
    raise WrongUse(
        "The format '{format}' is not known here. There are: {formats}.",
        format=ending[:50],
        formats=", ".join(endings),
    )


def graph_answer(query: Query, ending: str, content: str = "") -> Response:
    """The answer to a query for a graph, as a document in one of ``RDF``.

    Args:
        query: what to ask.
        ending: of the format.
        content: a checksum of all that the answer depends on, where that is less than the store.

    Raises:
        Problem: the engine could not answer.
    """
    return answer(query, format=ending, download=False, content=content)
