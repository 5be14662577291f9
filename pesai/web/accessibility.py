"""``/accessibility``: the accessibility statement, in French and English."""

from flask import Blueprint, render_template

__all__ = ["blueprint"]

blueprint = Blueprint("accessibility", __name__)


@blueprint.route("/accessibility")
def page() -> str:
    """What was tested, how, and what is known to fall short."""
    return render_template("accessibility/accessibility.html")
