"""Which format an answer gets: what ``format=`` names, otherwise what ``Accept`` prefers."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pesai.engine.protocol import FormatMismatch
from pesai.errors import WrongUse
from pesai.sparql.formats import FORMATS, Format, Kind, by_name, of_kind

__all__ = ["Chosen", "accepted", "negotiate", "prefers_html"]

_LONGEST = 2000
"""Characters of an ``Accept`` header that are read: more is no list of wishes."""

_QUOTED = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_RANGE = re.compile(r'[^\s,;/"=]++/[^\s,;/"=]++')
_QUALITY = re.compile(r"0(?:\.\d{0,3})?|1(?:\.0{0,3})?")


@dataclass(frozen=True)
class Chosen:
    """A format, and the media type under which the client knows it."""

    format: Format
    media: str

    @property
    def content_type(self) -> str:
        """The value of ``Content-Type``."""
        return self.media + self.format.parameters


@lru_cache(maxsize=256)
def accepted(header: str) -> dict[str, float]:
    """Media ranges of an ``Accept`` header with their qualities (RFC 9110, 12.5.1).

    Parameters other than ``q`` are ignored; so is what is not a media range.

    >>> accepted("text/html, application/*;q=0.5, nonsense")
    {'text/html': 1.0, 'application/*': 0.5}
    """
    found: dict[str, float] = {}
    for part in _QUOTED.sub("", header[:_LONGEST]).split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if _RANGE.fullmatch(name):
            found.setdefault(name.lower(), _stated(parameters))
    return found


def _stated(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q" and _QUALITY.fullmatch(value.strip()):
            return float(value)
    return 1.0


@lru_cache(maxsize=256)
def negotiate(kind: Kind, asked: str | None, accept: str | None) -> Chosen:
    """The format of an answer.

    Args:
        kind: what the answer is.
        asked: the value of ``format=``, which has the last word.
        accept: the ``Accept`` header.

    Raises:
        WrongUse: ``format=`` names no format that we know.
        FormatMismatch: the format does not fit the kind, or nothing accepted does; the message
            lists what there is.
    """
    if asked:
        return _named(kind, asked)
    offers = [Chosen(one, media) for one in of_kind(kind) for media in one.media]
    best = _best(offers, accept)
    if best is None:
        raise FormatMismatch(
            "None of the media types in the Accept header is one that this answer has. It has: "
            "{formats}.",
            formats=", ".join(one.media[0] for one in of_kind(kind)),
        )
    return best


def _best(offers: Sequence[Chosen], accept: str | None) -> Chosen | None:
    """The offer that is preferred: the first of equals, ``None`` when none will do."""
    ranges = accepted(accept) if accept else {}
    if not ranges:
        return offers[0]
    best = max(offers, key=lambda offer: _of(offer, ranges))
    return best if _of(best, ranges) > 0 else None


def _of(offer: Chosen, ranges: dict[str, float]) -> float:
    """The quality of an offer. Whoever says ``text/*`` means none of the other names of a type."""
    if offer.media == offer.format.media[0]:
        return _quality(offer.media, ranges)
    return ranges.get(offer.media, 0.0)


def prefers_html(accept: str | None) -> bool:
    """Whether a client would rather have a page than data: a browser, that is."""
    ranges = accepted(accept) if accept else {}
    data = max((_quality(m, ranges) for m in ("application/json", "text/turtle")), default=0.0)
    return _quality("text/html", ranges) > data


def _quality(media: str, ranges: dict[str, float]) -> float:
    """The quality of a media type: that of the most specific range that covers it."""
    for name in (media, media.partition("/")[0] + "/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0


def _named(kind: Kind, asked: str) -> Chosen:
    found = by_name(asked, kind)
    if found is not None:
        wanted = asked.strip().lower().replace(" ", "+")
        return Chosen(found, wanted if wanted in found.media else found.media[0])
    names = ", ".join(one.name for one in of_kind(kind))
    if any(by_name(asked, other) for other in ("table", "graph")):
        raise FormatMismatch(
            "An answer of this kind cannot be written as {format}. It can be: {formats}.",
            format=asked,
            formats=names,
        )
    known = list(dict.fromkeys(one.name for one in FORMATS))
    raise WrongUse(
        "There is no format '{format}'. The formats are: {formats}.",
        format=asked[:40],
        formats=", ".join(known),
    )
