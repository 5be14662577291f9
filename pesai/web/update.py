"""``/update``: SPARQL 1.1 Update, on graphs that one may write to."""

from dataclasses import asdict

from flask import Blueprint, Response, request

from pesai.errors import WrongUse
from pesai.web import headers, state, submitting
from pesai.web.accounts import on_account
from pesai.web.parameters import read_update

__all__ = ["blueprint"]

blueprint = Blueprint("update", __name__)


@blueprint.route("/update", methods=["POST"])
def update() -> Response:
    """Evaluate an update and publish what it changed, in one release or not at all."""
    submitting.writer()
    given = read_update(request)
    texts = given.all("update")
    if len(texts) != 1 or not texts[0].strip():
        raise WrongUse(
            "Send one update: as a form (update=…), or as application/sparql-update in the body."
        )
    order = {
        "text": texts[0],
        "endpoint": headers.endpoint(),
        "using": given.graphs("using-graph-uri"),
        "using_named": given.graphs("using-named-graph-uri"),
        "limits": asdict(state.limits()),
    }
    with on_account() as work:
        found = submitting.submit("update", "SPARQL Update", **order)
        work.seconds = found["seconds"]
    return submitting.answer(found)
