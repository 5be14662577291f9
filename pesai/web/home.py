"""``/``: what this is, and doors to what there is."""

from flask import Blueprint, render_template

__all__ = ["blueprint"]

blueprint = Blueprint("home", __name__)


@blueprint.route("/")
def home() -> str:
    """The home page."""
    return render_template("home.html")
