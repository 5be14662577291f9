"""What every answer has: the frame of the page, and headers that keep browsers safe."""

import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Flask, Response, current_app, request, url_for
from flask_babel import lazy_gettext

import pesai
from pesai.web import state
from pesai.web.i18n import language, language_links

__all__ = ["Style", "init_app", "styles"]

_NAVIGATION = (
    ("home.home", lazy_gettext("Home")),
    ("queries.index", lazy_gettext("Queries")),
    ("sparql.sparql", lazy_gettext("SPARQL")),
    ("vocabulary.ontology", lazy_gettext("Vocabulary")),
    ("graphs.index", lazy_gettext("Graphs")),
    ("releases.index", lazy_gettext("Releases")),
    ("service.service", lazy_gettext("Service")),
)

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class Style(NamedTuple):
    """A style sheet made by others: its address below ``static/`` and its checksum."""

    file: str
    integrity: str


def init_app(app: Flask) -> None:
    """Give the application its frame."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.tests["endpoint"] = lambda name: name in app.view_functions
    app.context_processor(_frame)
    app.after_request(_secure)


@cache
def styles() -> tuple[Style, ...]:
    """The vendored style sheets that are there; pages work without them.

    ``vendored.json`` says which files of which npm packages ``tools/vendor.py`` puts there.
    """
    static = Path(__file__).parent / "static"
    entries = json.loads((Path(__file__).parent / "vendored.json").read_text(encoding="utf-8"))
    return tuple(
        Style(entry["to"], entry["integrity"])
        for entry in entries
        if entry["to"].endswith(".css") and (static / entry["to"]).is_file()
    )


def _frame() -> dict[str, object]:
    folder = state.release_or_none()
    return {
        "language": language(),
        "language_links": language_links(),
        "navigation": _navigation(),
        "program_version": pesai.__version__,
        "release": folder,
        "release_date": state.manifest_of(folder).created if folder else None,
        "vendored_styles": styles(),
    }


def _navigation() -> list[tuple[str, str, bool]]:
    """Address, text and whether it is the present page group, of the page groups that exist."""
    here = (request.endpoint or "").partition(".")[0]
    return [
        (url_for(endpoint), str(text), endpoint.partition(".")[0] == here)
        for endpoint, text in _NAVIGATION
        if endpoint in current_app.view_functions
    ]


def _secure(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    return response
