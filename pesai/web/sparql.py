"""``/sparql``: SPARQL 1.1 Protocol, the form for people, and the service's description.

``/releases/{id}/sparql`` is the same at an older release.
"""

from urllib.parse import urlencode

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from pesai.engine.protocol import Query
from pesai.errors import WrongUse
from pesai.web import headers, state
from pesai.web.answers import answer
from pesai.web.form import empty_form, examples, form_of_request, formats
from pesai.web.parameters import Parameters, read
from pesai.web.problems import wants_html
from pesai.web.readers import current_reader
from pesai.web.selfdescription import describe

__all__ = ["blueprint"]

blueprint = Blueprint("sparql", __name__)

_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
_LONGEST_ADDRESS = 4000


@blueprint.route("/sparql", methods=_METHODS, provide_automatic_options=False)
def sparql() -> AnyResponse:
    """Answer a query, or show the form, or describe the service."""
    return _serve(None)


@blueprint.route("/releases/<identifier>/sparql", methods=_METHODS, provide_automatic_options=False)
def past(identifier: str) -> AnyResponse:
    """The same, of the graph as it was at a release."""
    if request.method != "OPTIONS":
        state.travel(state.home().release(identifier))
    return _serve(identifier)


def _serve(release: str | None) -> AnyResponse:
    if request.method == "OPTIONS":
        return headers.preflight(*_METHODS)
    given = read(request)
    _refuse_update(given)
    queries = given.all("query")
    if len(queries) > 1:
        raise WrongUse("There are {count} queries. Send one at a time.", count=len(queries))
    if not queries or not queries[0].strip():
        return _without_query(given, release)
    if request.method == "POST" and given.first("via") == "form":
        address = _short_address(given)
        if address is not None:
            return redirect(address, 303)
    return answer(
        Query(
            queries[0],
            current_reader(),
            state.release().id if release else None,
            default_graphs=given.graphs("default-graph-uri"),
            named_graphs=given.graphs("named-graph-uri"),
            base=headers.endpoint(),
        ),
        download=given.first("download") not in ("", "0"),
    )


@blueprint.route("/.well-known/void", methods=["GET", "HEAD"])
def void() -> Response:
    """The description of the dataset, at the place where programs look for it (VoID, 7.2)."""
    return describe()


def _refuse_update(given: Parameters) -> None:
    if given.all("update"):
        raise WrongUse(
            "This is an update, and this address answers queries. Updates go to {address} by POST, "
            "signed in.",
            address="/update",
        )


def _without_query(given: Parameters, release: str | None) -> Response:
    """The form for people. For programs the description, when nothing was asked at all."""
    if wants_html() and request.method != "POST":
        return _form(given)
    said = [name for name, _ in given.pairs if name not in ("format", "lang", "download")]
    if request.method == "POST" or said:
        raise WrongUse("The parameter 'query' is missing, or empty.")
    endpoint = f"{headers.root()}{request.path}" if release else None
    return describe(given.first("format") or None, endpoint=endpoint)


def _form(given: Parameters) -> Response:
    form = form_of_request()
    if form is None or not form.text.strip():
        form = empty_form(given.first("example") or None)
    page = render_template("sparql/form.html", form=form, formats=formats(), examples=examples())
    response = Response(page, mimetype="text/html")
    response.headers["Cache-Control"] = "private, no-cache"
    return headers.cors(response)


def _short_address(given: Parameters) -> str | None:
    """The address that asks what the form asked, to keep and to share; none when too long."""
    kept = [(name, given.first(name)) for name in ("query", "format", "lang")]
    for name in ("default-graph-uri", "named-graph-uri"):
        kept += [(name, iri) for iri in given.graphs(name)]
    address = f"{request.path}?{urlencode([(k, v) for k, v in kept if v])}"
    return address if len(address) <= _LONGEST_ADDRESS else None
