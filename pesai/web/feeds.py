"""A feed as an answer: one way for all of them."""

import re

from flask import Response, request

from pesai.web import headers
from pesai.web.i18n import language
from pesai.web.readers import current_reader

__all__ = ["atom", "plain"]

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """The text without characters that XML cannot have."""
    return _NOT_XML.sub("", text)


def atom(text: str) -> Response:
    """An Atom feed (RFC 4287) in the reader's language; one that did not change is a 304."""
    response = Response(text, mimetype="application/atom+xml")
    response.headers["Content-Language"] = language()
    response.vary.update(("Accept-Language", "Cookie"))
    headers.caching(response, current_reader())
    response.add_etag()
    response.make_conditional(request)
    return response
