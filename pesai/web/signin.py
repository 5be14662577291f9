"""``/sign-in`` and ``/sign-out``: a browser session by token."""

import re

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from pesai.access.principals import NotSignedIn
from pesai.errors import Problem, WrongUse
from pesai.web import sessions
from pesai.web.problems import detail, wants_html
from pesai.web.readers import check_token

__all__ = ["blueprint"]

blueprint = Blueprint("signin", __name__)

_HOME = "/"
_LONGEST = 200
"""Characters of what is typed as a token; a token has 58."""

_LOCAL = re.compile(r"/(?![/\\])[^\x00-\x20\x7f\\]*")
"""A path of this service. Browsers read ``//host`` and ``/\\host`` as another one's."""


@blueprint.route("/sign-in", methods=["GET"])
def sign_in() -> Response:
    """The form."""
    return _form(_next())


@blueprint.route("/sign-in", methods=["POST"])
def begin() -> Response:
    """Begin a session with the token that was typed."""
    target = _next()
    try:
        found = check_token(request.form.get("token", "")[:_LONGEST].strip())
    except Problem as problem:
        if not wants_html():
            raise
        return _form(target, problem)
    sessions.begin(found)
    return redirect(target, 303)


@blueprint.route("/sign-out", methods=["POST"])
def sign_out() -> Response:
    """End the session."""
    sessions.end()
    return redirect(_HOME, 303)


def _form(target: str, problem: Problem | None = None) -> Response:
    message = detail(problem) if problem else ""
    page = render_template("signin.html", target=target, message=message)
    response = Response(page, problem.status if problem else 200, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    if isinstance(problem, NotSignedIn):
        response.headers["WWW-Authenticate"] = 'Bearer realm="PESAI"'
    if problem and "retry_after" in problem.values:
        response.headers["Retry-After"] = str(problem.values["retry_after"])
    return response


def _next() -> str:
    """Where to go after signing in: a page of this service.

    Raises:
        WrongUse: it is elsewhere.
    """
    target = request.values.get("next", _HOME)
    if not _LOCAL.fullmatch(target):
        raise WrongUse(
            "After signing in you stay on this service: 'next' must be one of its paths."
        )
    return target
