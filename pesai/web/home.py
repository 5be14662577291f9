"""``/``: what this is, how much there is, and doors to what exists."""

from functools import lru_cache

from flask import Blueprint, render_template
from flask_babel import lazy_gettext

from pesai.web import state
from pesai.web.readers import current_reader
from pesai.web.rows import ask, number, text_of

__all__ = ["blueprint"]

blueprint = Blueprint("home", __name__)

_FIGURES = (
    ("count-initiatives", lazy_gettext("initiatives")),
    ("count-organisations", lazy_gettext("organisations")),
    ("count-countries", lazy_gettext("countries with an initiative")),
    ("count-measurements", lazy_gettext("figures on results")),
)


@blueprint.route("/")
def home() -> str:
    """The home page; each figure comes with the query behind it."""
    figures: list[tuple[int, str, str]] = []
    if state.release_or_none() is not None:
        counts = _counts(state.checksum(), str(current_reader()))
        figures = [
            (count, str(name), text_of(query))
            for count, (query, name) in zip(counts, _FIGURES, strict=True)
        ]
    return render_template("home.html", figures=figures)


@lru_cache(maxsize=8)
def _counts(_checksum: str, _reader: str) -> tuple[int, ...]:
    """The figures of one reader's store, which the checksum stands for."""
    return tuple(number(ask(query)[0], "count") for query, _name in _FIGURES)
