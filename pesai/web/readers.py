"""Who reads: the one place that decides whose store answers a request.

A program sends its token with each request, a person signs in once (``pesai.web.sessions``). All
that is made for a request follows from ``current_reader``: the store that is opened, the keys of
the cache, the graphs that a page names.
"""

from typing import cast

from flask import Flask, Response, current_app, g, request

from pesai.access.audiences import THE_PUBLIC, Reader
from pesai.access.principals import InvalidToken, Principal
from pesai.access.tokens import Tokens
from pesai.web import attempts, sessions

__all__ = [
    "check_token",
    "current_principal",
    "current_reader",
    "init_app",
    "tokens",
]


def init_app(app: Flask, known: Tokens) -> None:
    """Have an application decide about each request before anything else looks at it."""
    app.extensions["pesai.tokens"] = known
    app.before_request(_decide)
    app.after_request(_keep_to_oneself)


def tokens() -> Tokens:
    """The tokens of this node."""
    return cast("Tokens", current_app.extensions["pesai.tokens"])


def current_principal() -> Principal | None:
    """Who asks; nobody when it is the public."""
    return cast("Principal | None", g.get("principal"))


def current_reader() -> Reader:
    """The reader of this request."""
    principal = current_principal()
    return principal.reader if principal else THE_PUBLIC


def check_token(token: str) -> Principal:
    """The holder of a token that was sent or typed.

    Wrong tokens from one address are limited, a right one never is: nobody guesses 256 bits, and
    whoever shares an address with one who tries is not kept out by him.

    Raises:
        InvalidToken: nobody.
        pesai.web.attempts.TooManyAttempts: too many wrong ones came from this address.
    """
    principal = tokens().holder(token)
    if principal is None:
        attempts.check()
        attempts.failed()
        raise InvalidToken(
            "The token is not accepted: it is not whole, was revoked, or is past its last day. "
            "Ask those who run this service for a new one."
        )
    return principal


def _decide() -> None:
    """Find who asks. A program whose token is not good is told so, and is not the public."""
    g.principal = None
    header = request.headers.get("Authorization")
    if header is None:
        g.principal = sessions.principal(tokens())
        return
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer":
        raise InvalidToken(
            "The scheme of the header Authorization is not known here. Write 'Authorization: "
            "Bearer TOKEN', with a token of 'pesai token create'."
        )
    g.principal = check_token(token.strip())


def _keep_to_oneself(response: Response) -> Response:
    """What a signed-in reader gets is kept by nobody, and is not for scripts of other sites."""
    if request.endpoint == "static":
        return response
    response.vary.update(("Authorization", "Cookie"))
    if current_principal() is not None:
        response.headers["Cache-Control"] = "private, no-store"
        for name in [name for name, _ in response.headers if name.startswith("Access-Control-")]:
            del response.headers[name]
    return response
