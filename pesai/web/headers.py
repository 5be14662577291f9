"""Headers that every answer about data has, in one place."""

import re
from random import getrandbits
from typing import cast
from uuid import UUID

from flask import Response, g, request

from pesai.access.audiences import THE_PUBLIC, Reader
from pesai.engine.protocol import Budget
from pesai.web import state

__all__ = [
    "attachment",
    "budget",
    "caching",
    "cors",
    "endpoint",
    "note_budget",
    "preflight",
    "query_id",
    "root",
]

_EXPOSED = (
    "Content-Disposition, ETag, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, "
    "X-Query-Id, X-Release"
)
_ALLOWED = "Accept, Accept-Language, Content-Type, If-None-Match"
_DAY = "86400"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def cors(response: Response) -> Response:
    """Let scripts of any site read the answer, as anybody may.

    The star is never turned into the origin that asked, and credentials are never allowed: what
    only a signed-in reader may see is not for scripts of other sites (Fetch standard, section 3.3).
    """
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    return response


def preflight(*methods: str) -> Response:
    """The answer to OPTIONS: what may be asked here, by scripts of other sites too."""
    response = Response(status=204)
    response.headers["Allow"] = ", ".join(methods)
    response.headers["Access-Control-Allow-Methods"] = ", ".join(methods)
    response.headers["Access-Control-Allow-Headers"] = _ALLOWED
    response.headers["Access-Control-Max-Age"] = _DAY
    return cors(response)


def note_budget(left: Budget | None) -> None:
    """Remember what the client has left, for the headers of this answer."""
    if left is not None:
        g.budget = left


def budget(response: Response) -> Response:
    """Say what the client has left (draft-ietf-httpapi-ratelimit-headers), when it was counted."""
    left = cast("Budget | None", g.get("budget"))
    if left is not None:
        response.headers["RateLimit-Policy"] = f'"evaluation";q={left.limit:g};w=60'
        response.headers["RateLimit"] = f'"evaluation";r={int(left.seconds)};t={left.full_in}'
    return response


def query_id() -> str:
    """The name of this request in answers, problems and logs."""
    if "query_id" not in g:
        # A name, not a secret: no need to ask the kernel for randomness at each request.
        g.query_id = UUID(int=getrandbits(128), version=4).hex
    return str(g.query_id)


def caching(response: Response, reader: Reader, *, volatile: bool = False) -> None:
    """Say who may keep the answer. It is always asked again, and then costs a 304."""
    if volatile:
        response.headers["Cache-Control"] = "no-store"
    elif reader == THE_PUBLIC and response.mimetype != "text/html":
        response.headers["Cache-Control"] = "public, no-cache"
    else:
        response.headers["Cache-Control"] = "private, no-cache"


def attachment(stem: str, suffix: str) -> str:
    """The value of ``Content-Disposition`` that saves the answer in a file.

    >>> attachment('a/b"é', ".csv")
    'attachment; filename="a-b.csv"'
    """
    name = _UNSAFE.sub("-", stem).strip("-.")[:80] or "result"
    return f'attachment; filename="{name}{suffix}"'


def root() -> str:
    """The address of this service as its users see it, without a slash at its end."""
    public = state.chosen().public_url
    return str(public).rstrip("/") if public else f"{request.scheme}://{request.host}"


def endpoint() -> str:
    """The address of ``/sparql`` as its users see it; also the base of relative IRIs."""
    return f"{root()}/sparql"
