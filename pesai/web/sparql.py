"""``/sparql``: SPARQL 1.1 Protocol."""

from flask import Blueprint, Response, current_app, request

from pesai.engine.protocol import Limits, Query
from pesai.errors import Problem

__all__ = ["blueprint"]

blueprint = Blueprint("sparql", __name__)


@blueprint.route("/sparql", methods=["GET", "POST"])
def sparql() -> Response:
    """Answer a query."""
    chosen = current_app.extensions["pesai.settings"]
    limits = Limits(chosen.query_seconds, chosen.query_memory, chosen.result_size)
    try:
        result = current_app.extensions["pesai.engine"].query(
            Query(request.values["query"]), limits
        )
    except Problem as problem:
        return Response(problem.detail, problem.status)
    with result.body:
        response = Response(result.body.read(), mimetype="application/sparql-results+json")
    response.headers["X-Release"] = result.release
    return response
