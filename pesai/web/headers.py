"""Headers that every answer about data has, in one place."""

import re
from random import getrandbits
from uuid import UUID

from flask import Response, g, request

from pesai.access.audiences import THE_PUBLIC, Reader
from pesai.web import state

__all__ = ["attachment", "caching", "cors", "endpoint", "preflight", "query_id", "root"]

_EXPOSED = "Content-Disposition, ETag, Retry-After, Server-Timing, X-Query-Id, X-Release"
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
