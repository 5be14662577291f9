"""Problems as answers: ``application/problem+json`` (RFC 9457), or a page with the same facts."""

import json
import logging

from flask import Blueprint, Flask, Response, g, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from pesai.engine import protocol
from pesai.errors import Failed, NotFound, Problem, WrongUse, listed
from pesai.settings import DEFAULT_BASE
from pesai.sparql.negotiation import prefers_html
from pesai.web import headers, state
from pesai.web.clients import account
from pesai.web.i18n import language
from pesai.web.readers import current_principal

__all__ = [
    "AddressTooLong",
    "TooLarge",
    "UnknownMediaType",
    "WrongMethod",
    "blueprint",
    "detail",
    "init_app",
    "type_of",
    "wants_html",
]

blueprint = Blueprint("problems", __name__)
_log = logging.getLogger(__name__)
_MEMBERS = frozenset({"type", "title", "status", "detail", "instance"})


class WrongMethod(Problem):
    """The address is there, the method is not."""

    code, title, status, exit_code = "method", "This method is not for this address", 405, 2


class TooLarge(Problem):
    """What was sent is larger than what is read."""

    code, title, status, exit_code = "too-large", "What was sent is too large", 413, 2


class AddressTooLong(Problem):
    """The address is longer than what is read."""

    code, title, status, exit_code = "address-too-long", "The address is too long", 414, 2


class UnknownMediaType(Problem):
    """What was sent is of a type that is not read here."""

    code, title, status, exit_code = "media-type", "This type of content is not read here", 415, 2


class ShuttingDown(Problem):
    """Some other condition that the web server tells."""

    code, title, status = "unavailable", "The service is not available", 503


def init_app(app: Flask) -> None:
    """Answer every error of an application as a problem."""
    app.register_error_handler(Problem, _answer)
    app.register_error_handler(HTTPException, _http)
    app.register_blueprint(blueprint)


def type_of(problem: Problem | type[Problem]) -> str:
    """The IRI of the kind of problem, the same on every node."""
    return f"{DEFAULT_BASE}problems/{problem.code}"


def detail(problem: Problem) -> str:
    """The sentence of a problem in the reader's language."""
    sentence: str = gettext(problem.template)
    if not problem.values:
        return sentence
    values = dict(problem.values)
    if expected := values.get("expected"):
        parts = expected if isinstance(expected, list) else [expected]
        values["expected"] = listed([gettext(part) for part in parts], gettext("or"))
    return sentence.format(**values)


def wants_html() -> bool:
    """Whether the one who asks would rather read a page than data."""
    asked = g.get("asked_format") or request.args.get("format")
    return asked == "html" if asked else prefers_html(request.headers.get("Accept"))


@blueprint.route("/problems")
@blueprint.route("/problems/<code>")
def kinds(code: str | None = None) -> str | Response:
    """What the kinds of problems mean, or one of them."""
    known = {kind.code: kind for kind in _kinds(Problem)}
    if code is not None and code not in known:
        raise NotFound("There is no kind of problem called '{code}'.", code=code)
    chosen = [known[code]] if code else sorted(known.values(), key=lambda k: (k.status, k.code))
    if wants_html():
        return render_template("sparql/problems.html", kinds=chosen, type_of=type_of)
    listed = [{"type": type_of(k), "title": gettext(k.title), "status": k.status} for k in chosen]
    return headers.cors(_json(listed[0] if code else listed, "application/json"))


def _kinds(kind: type[Problem]) -> list[type[Problem]]:
    """All classes of problems that have a code of their own."""
    found = [kind] if "code" in vars(kind) else []
    return found + [one for child in kind.__subclasses__() for one in _kinds(child)]


def _answer(problem: Problem) -> Response:
    """The answer that tells of a problem."""
    if isinstance(problem, protocol.Crashed | Failed):
        _log.warning("query %s: %s", headers.query_id(), problem.detail)
    if isinstance(problem, protocol.OverBudget):
        headers.note_budget(state.engine().budget(account(current_principal())))
    response = _page(problem) if wants_html() else _json(_document(problem))
    response.status_code = problem.status
    response.headers["X-Query-Id"] = headers.query_id()
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = language()
    response.vary.update(("Accept", "Accept-Language", "Cookie"))
    if problem.status == 401:
        told = ', error="invalid_token"' if problem.code == "invalid-token" else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="PESAI"{told}'
    if "retry_after" in problem.values:
        response.headers["Retry-After"] = str(problem.values["retry_after"])
    return headers.cors(response)


def _document(problem: Problem) -> dict[str, object]:
    """The members of RFC 9457, section 3, and the values of the problem as extension members."""
    return {
        "type": type_of(problem),
        "title": gettext(problem.title),
        "status": problem.status,
        "detail": detail(problem),
        "instance": f"urn:uuid:{headers.query_id()}",
        **{k: _plain(v) for k, v in problem.values.items() if k not in _MEMBERS},
    }


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float | str | list) else str(value)


def _json(document: object, media: str = "application/problem+json") -> Response:
    return Response(json.dumps(document, ensure_ascii=False, indent=1) + "\n", mimetype=media)


def _page(problem: Problem) -> Response:
    from pesai.web.form import form_of_request, marked_lines

    form = form_of_request()
    page = render_template(
        "sparql/problem.html",
        problem=problem,
        detail=detail(problem),
        kind=type_of(problem),
        query_id=headers.query_id(),
        form=form,
        lines=marked_lines(form.text, problem) if form else [],
    )
    return Response(page, mimetype="text/html")


def _http(error: HTTPException) -> Response:
    """An error that Flask or Werkzeug raised, in our words."""
    response = _answer(_translated(error))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _translated(error: HTTPException) -> Problem:
    path, method = request.path[:200], request.method
    known = {
        404: NotFound("There is no page at {path}.", path=path),
        405: WrongMethod("{method} is not for {path}.", method=method, path=path),
        413: TooLarge("What was sent is larger than what is read here."),
        414: AddressTooLong("The address is too long. Send the query by POST."),
        415: UnknownMediaType("This type of content is not read here."),
        503: ShuttingDown("The service is not available now. Try again later."),
    }
    code = error.code or 500
    if code in known:
        return known[code]
    if code < 500:
        return WrongUse("The request cannot be read.")
    return Failed("Something went wrong on our side. It was noted as {id}.", id=headers.query_id())
