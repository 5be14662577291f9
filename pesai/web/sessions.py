"""Browser sessions: a signed cookie that says which token was shown, never the token.

Flask's own sessions, with the key read when it is first needed. A session ends with its token, when
the browser is closed, or after twelve hours.
"""

import hmac
from datetime import timedelta
from secrets import token_urlsafe
from urllib.parse import parse_qsl

from flask import Flask, Request, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from pesai.access.keys import session_key
from pesai.access.principals import Principal
from pesai.access.tokens import Tokens
from pesai.errors import Refused
from pesai.settings import Settings

__all__ = ["CSRF_FIELD", "begin", "csrf_token", "end", "init_app", "principal"]

CSRF_FIELD = "csrf_token"
_CSRF_HEADER = "X-CSRF-Token"
_HOURS = 12
_SIGN_IN = "signin"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_FORM = "application/x-www-form-urlencoded"
_MOST = 1 << 20

_READING = frozenset({"sparql.sparql", "sparql.past", "reconcile.service"})
"""Endpoints whose POST asks and changes nothing."""


def init_app(app: Flask, chosen: Settings) -> None:
    """Give an application its sessions."""
    secure = chosen.public_url is not None and chosen.public_url.scheme == "https"
    app.config.update(
        # Browsers take a cookie with this prefix over https and for this host alone (RFC 6265bis).
        SESSION_COOKIE_NAME="__Host-pesai" if secure else "pesai",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=_HOURS),
    )
    app.session_interface = _Sessions(chosen)
    if chosen.secret_key_file is not None:  # a wrong file is told at the start, not at a sign-in
        app.secret_key = session_key(chosen.secret_key_file, chosen.home)
    app.before_request(_check_form)
    app.context_processor(lambda: {"csrf_token": csrf_token})


def begin(found: Principal) -> None:
    """Begin a session. What the browser had before is forgotten."""
    session.clear()
    session.update(token=found.id, mark=found.mark, csrf=token_urlsafe(24))


def end() -> None:
    """End the session."""
    session.clear()


def principal(known: Tokens) -> Principal | None:
    """Who signed in with this browser, as long as the token is good."""
    identifier, mark = session.get("token"), session.get("mark")
    if not isinstance(identifier, str) or not isinstance(mark, str):
        return None
    return known.present(identifier, mark)


def csrf_token() -> str:
    """What each form carries, so that no page of another site can send it (OWASP)."""
    if "csrf" not in session:
        session["csrf"] = token_urlsafe(24)
    return str(session["csrf"])


def _check_form() -> None:
    """Refuse what a browser sends with its session and without the token of the form.

    Raises:
        Refused: it may come from a page of another site.
    """
    asks = request.method in _SAFE or request.endpoint in _READING
    by_session = "token" in session and "Authorization" not in request.headers
    if asks or not (by_session or request.blueprint == _SIGN_IN):
        return
    expected = str(session.get("csrf", ""))
    sent = request.headers.get(_CSRF_HEADER) or _of_form()
    if not expected or not hmac.compare_digest(sent.encode(), expected.encode()):
        raise Refused(
            "This form was not sent from a page of this service, or its session has ended. Open "
            "the page again and send the form from there.",
            rule="csrf",
        )


def _of_form() -> str:
    """The token in a form of a usual size; its body can be read again afterwards."""
    if request.mimetype != _FORM or (request.content_length or _MOST + 1) > _MOST:
        return ""
    body = request.get_data(cache=True).decode("ascii", "replace")
    return next((value for name, value in parse_qsl(body) if name == CSRF_FIELD), "")


class _Sessions(SecureCookieSessionInterface):
    """Sessions that cost nothing to those who have none."""

    def __init__(self, chosen: Settings) -> None:
        self._chosen = chosen

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """The session of a request; empty without reading the key when there is no cookie."""
        if self.get_cookie_name(app) not in request.cookies:
            return self.session_class()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """Signs with the key, which is made at first need."""
        if not app.secret_key:
            app.secret_key = session_key(self._chosen.secret_key_file, self._chosen.home / "access")
        return super().get_signing_serializer(app)
