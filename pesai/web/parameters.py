"""What a request to ``/sparql`` says, read strictly: SPARQL 1.1 Protocol, section 2.1."""

import difflib
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl

from flask import Request, g

from pesai.errors import WrongUse
from pesai.web.problems import TooLarge, UnknownMediaType

__all__ = ["MOST_BODY", "MOST_QUERY", "MOST_UPDATE", "Parameters", "read", "read_update"]

MOST_QUERY = 64 << 10
"""Bytes of a query."""

MOST_UPDATE = 1 << 20
"""Bytes of the body of an update; larger data go to the Graph Store."""

MOST_BODY = 4 * MOST_QUERY
"""Bytes of a body: escapes make a query up to three times as long, and there is a dataset."""

_KNOWN = ("query", "default-graph-uri", "named-graph-uri", "format", "download", "lang", "example",
          "via")  # fmt: skip
_OTHERS = frozenset({"output", "results", "timeout", "debug", "should-sponge", "reasoning"})
"""What common clients send beside the standard; it changes nothing here."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_ABSOLUTE = re.compile(r'[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>"{}|\\^`]*')


class Parameters:
    """The parameters of a request, from its address and its body together."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.pairs = list(pairs)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value of a parameter, in order."""
        return tuple(value for key, value in self.pairs if key == name)

    def first(self, name: str) -> str:
        """The first value of a parameter, or nothing."""
        return next(iter(self.all(name)), "")

    def graphs(self, name: str) -> tuple[str, ...]:
        """The IRIs of a dataset parameter; several may stand in one value, a line each.

        Raises:
            WrongUse: one is not an absolute IRI.
        """
        found = [iri for value in self.all(name) for iri in value.split("\n") if iri.strip()]
        for iri in found:
            if not _ABSOLUTE.fullmatch(iri.strip()):
                raise WrongUse(
                    "'{value}' in {name} is not an absolute IRI.", name=name, value=iri[:200]
                )
        return tuple(iri.strip() for iri in found)

    def check(self) -> None:
        """Refuse what cannot be meant.

        Raises:
            WrongUse: a value holds control characters, or a name is a misspelt one of ours: to pass
                over a dataset parameter would give the answer to another question.
        """
        for name, value in self.pairs:
            lines = name == "query" or (name.endswith("-graph-uri") and self.first("via"))
            if _CONTROL.search(name) or (not lines and _CONTROL.search(value)):
                raise WrongUse("A parameter holds a line break or another control character.")
            if name in _KNOWN or name in _OTHERS:
                continue
            plain = re.sub(r"[^a-z]", "", name.lower())
            known = {one.replace("-", ""): one for one in _KNOWN[:3]}
            near = difflib.get_close_matches(plain, known, 1, 0.8)
            if near:
                raise WrongUse(
                    "There is no parameter '{name}'. '{near}' is meant, perhaps.",
                    name=name[:60],
                    near=known[near[0]],
                )


def read(request: Request) -> Parameters:
    """Read the parameters of a request.

    Raises:
        WrongUse: the request is none of the three of the protocol.
        TooLarge: the body or the query is too large.
        UnknownMediaType: the body is of another type, or not in UTF-8.
    """
    pairs = _pairs(request.query_string)
    g.parameters = pairs
    if request.method == "POST":
        pairs += _body(request)
    found = Parameters(pairs)
    g.asked_format = found.first("format")
    found.check()
    if any(len(text.encode("utf-8", "replace")) > MOST_QUERY for text in found.all("query")):
        raise TooLarge("The query is longer than {most} bytes.", most=MOST_QUERY)
    return found


def read_update(request: Request) -> Parameters:
    """Read the parameters of a request for an update (SPARQL 1.1 Protocol, 2.2).

    Raises:
        WrongUse: the request is none of the two of the protocol.
        TooLarge: the body is too large.
        UnknownMediaType: the body is of another type, or not in UTF-8.
    """
    pairs = _pairs(request.query_string)
    if any(name == "update" for name, _ in pairs):
        raise WrongUse("An update is sent in the body, not in the address.")
    found = Parameters(pairs + _content(request, "update", MOST_UPDATE))
    if found.all("query"):
        raise WrongUse(
            "This is a query, and this address takes updates. Queries go to {address}.",
            address="/sparql",
        )
    return found


def _body(request: Request) -> list[tuple[str, str]]:
    if request.mimetype == "application/sparql-update":
        raise WrongUse(
            "This is an update, and this address answers queries. Updates go to {address} by POST, "
            "signed in.",
            address="/update",
        )
    return _content(request, "query", MOST_BODY)


def _content(request: Request, name: str, most: int) -> list[tuple[str, str]]:
    """What the body says: a form, or the query or update itself, by its name."""
    if (request.content_length or 0) > most:
        raise TooLarge("The body is longer than {most} bytes.", most=most)
    request.max_content_length = most
    media = request.mimetype
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if media not in (f"application/sparql-{name}", "application/x-www-form-urlencoded"):
        raise UnknownMediaType(
            "It is sent as application/x-www-form-urlencoded ({name}=…) or as "
            "application/sparql-{name}, and this is {media}.",
            name=name,
            media=media[:80] or "of no declared type",
        )
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnknownMediaType("It is sent in UTF-8, and this is {charset}.",
                               charset=charset[:40])  # fmt: skip
    data = request.get_data(cache=False)
    if media == "application/x-www-form-urlencoded":
        return _pairs(data)
    try:
        return [(name, data.decode())]
    except UnicodeDecodeError as error:
        raise _not_utf8() from error


def _pairs(data: bytes) -> list[tuple[str, str]]:
    try:
        text = data.decode("ascii")
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    except ValueError as error:
        raise WrongUse("There are more than a thousand parameters.") from error


def _not_utf8() -> WrongUse:
    return WrongUse("The request is not in UTF-8, or not escaped as addresses and forms are.")
