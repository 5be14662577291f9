"""Documents that have a page for people and RDF for programs: which one a request gets.

``format=`` goes before ``Accept``. HTML is for those who name it, as browsers do; whoever accepts
anything, or says nothing, is a program and gets data.
"""

from collections.abc import Mapping

from flask import Response, request

from pesai.engine.protocol import FormatMismatch, Query
from pesai.errors import WrongUse
from pesai.web.answers import answer

__all__ = ["HTML", "RDF", "graph_answer", "known", "wanted"]

HTML = "html"
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
    accepted = request.accept_mimetypes
    media = {"application/xhtml+xml": HTML, "text/html": HTML} if page else {}
    media = {offered[ending][0]: ending for ending in offered} | media
    named_types = {kind for kind, _quality in accepted if "*" not in kind}
    best = accepted.best_match([kind for kind in media if kind in named_types])
    if best:
        return media[best]
    fallback = default or endings[0]
    if not accepted or accepted["*/*"] or _part_accepted(media, fallback):
        return fallback
    types = ", ".join(dict.fromkeys(media))
    raise FormatMismatch("This document is there as {types}.", types=types)


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


def graph_answer(query: Query, ending: str) -> Response:
    """The answer to a query for a graph, as a document in one of ``RDF``.

    Raises:
        Problem: the engine could not answer.
    """
    return answer(query, format=ending, download=False)


def _part_accepted(media: Mapping[str, str], ending: str) -> bool:
    """Whether a range such as ``text/*`` covers the format."""
    return any(request.accept_mimetypes[kind] for kind, known in media.items() if known == ending)
