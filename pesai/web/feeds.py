"""A feed as an answer: one way for all of them."""

from flask import Response, request

from pesai.web import headers
from pesai.web.i18n import language
from pesai.web.readers import current_reader

__all__ = ["atom"]


def atom(text: str) -> Response:
    """An Atom feed (RFC 4287) in the reader's language; one that did not change is a 304."""
    response = Response(text, mimetype="application/atom+xml")
    response.headers["Content-Language"] = language()
    response.vary.update(("Accept-Language", "Cookie"))
    headers.caching(response, current_reader())
    response.add_etag()
    response.make_conditional(request)
    return response
