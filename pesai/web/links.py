"""Where an IRI leads: to a page of ours, to another site, or nowhere.

Only ``http`` and ``https`` addresses ever become links. Addresses of ours are paths on this
server, whatever name the node has outside.
"""

import re
from typing import NamedTuple
from urllib.parse import quote, unquote, urlencode, urlsplit

from pyoxigraph import NamedNode

from pesai.settings import DEFAULT_BASE
from pesai.web import state

__all__ = ["Place", "concept_page", "is_ours", "node", "place", "scheme_page", "site"]

_SHARED = re.compile(r"(def|code|shapes|alignments|imports)(?=[/#]|$)|context\.jsonld$")
_OWN = re.compile(r"(id/[^/]+/.|graph/[^/]+/.|genid/[^/]+/.|releases(/|$))")
_SAFE = "/:@!$&'()*+,;=~%-._#?"


class Place(NamedTuple):
    """A link: its address, and whether it leaves this site."""

    href: str
    external: bool


def is_ours(iri: str) -> bool:
    """Whether this server answers for the IRI."""
    return _local(iri) is not None


def place(iri: str) -> Place | None:
    """Where the IRI leads, or ``None`` when it is shown as text."""
    local = _local(iri)
    if local is not None:
        return Place(local, external=False)
    if not _is_web(iri) or _is_dotted(iri):
        return None
    return Place(quote(iri, safe=_SAFE + "[]"), external=True)


def concept_page(iri: str) -> Place:
    """The page here about a concept, whoever gave it its IRI."""
    local = _local(iri)
    return Place(local or f"/concept?{urlencode({'iri': iri})}", external=False)


def scheme_page(iri: str) -> Place:
    """The page here about a concept scheme, whoever gave it its IRI."""
    local = _local(iri)
    return Place(local or f"/scheme?{urlencode({'iri': iri})}", external=False)


def node(iri: str) -> NamedNode | None:
    """An IRI made from an address that somebody typed; ``None`` when it cannot be one."""
    try:
        return NamedNode(iri)
    except ValueError:
        return None


def site(iri: str) -> str:
    """The site of a web address, as people call it.

    >>> site("https://www.example.org/a/b")
    'example.org'
    """
    try:
        host = urlsplit(iri).hostname or iri
    except ValueError:
        host = iri
    return host.removeprefix("www.")[:80]


def _local(iri: str) -> str | None:
    path = _path(iri)
    if path is None or _is_dotted(path):
        return None
    if path.startswith("id/"):
        path = f"page/{path[3:]}"
    return "/" + quote(path, safe=_SAFE)


def _path(iri: str) -> str | None:
    """The path below the base, when the IRI is one that we answer for."""
    base = state.base().iri
    if iri.startswith(base) and _OWN.match(iri[len(base) :]):
        return iri[len(base) :]
    if iri.startswith(DEFAULT_BASE) and _SHARED.match(iri[len(DEFAULT_BASE) :]):
        return iri[len(DEFAULT_BASE) :]
    return None


def _is_dotted(path: str) -> bool:
    """Whether a browser would take the path for another one."""
    return any(part in {".", ".."} for part in unquote(path).split("/"))


def _is_web(iri: str) -> bool:
    if not iri.startswith(("http://", "https://")) or re.search(r"[\s\x00-\x1f\x7f<>\"]", iri):
        return False
    try:
        return bool(urlsplit(iri).hostname)
    except ValueError:
        return False
