"""``/editor``: the query editor YASGUI, for those who want its help; ``/sparql`` does without.

Without the files that ``make assets`` brings, the page has the plain form.
"""

from dataclasses import replace

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from pesai.web import shell
from pesai.web.form import empty_form, formats
from pesai.web.parameters import MOST_QUERY

__all__ = ["blueprint"]

blueprint = Blueprint("editor", __name__)


@blueprint.route("/editor")
def page() -> AnyResponse:
    """The editor, with the query of ``query=`` in it."""
    scripts = shell.vendored("editor", ".js")
    form = empty_form()
    asked = request.args.get("query", "")[:MOST_QUERY]
    response = make_response(
        render_template(
            "sparql/editor.html",
            scripts=scripts,
            sheets=shell.vendored("editor", ".css"),
            form=replace(form, text=asked or form.text),
            formats=formats(),
            examples=[],
        )
    )
    return shell.with_styles_in_line(response) if scripts else response
