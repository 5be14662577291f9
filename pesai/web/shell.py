"""What every answer has: the frame of the page, and headers that keep browsers safe."""

import json
import time
from functools import cache
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from flask import Flask, Response, g, request, url_for

import pesai
from pesai.web import amounts, headers, links, sections, state, takeaway
from pesai.web.credits import everybody
from pesai.web.i18n import language, language_links
from pesai.web.readers import current_principal

__all__ = ["Asset", "init_app", "styles", "vendored", "with_styles_in_line"]

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


class Asset(NamedTuple):
    """A file made by others: its address below ``static/`` and its checksum."""

    file: str
    integrity: str


def init_app(app: Flask) -> None:
    """Give the application its frame."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.tests["endpoint"] = lambda name: name in app.view_functions
    app.jinja_env.filters["site"] = links.site
    app.jinja_env.filters["amount"] = amounts.amount
    app.jinja_env.filters["media_type"] = takeaway.media_type
    app.context_processor(_frame)
    app.before_request(_begin)
    app.after_request(_secure)


@cache
def styles() -> tuple[Asset, ...]:
    """The vendored style sheets of every page that are there; pages work without them."""
    return vendored("", ".css")


@cache
def vendored(only: str, ending: str) -> tuple[Asset, ...]:
    """Files made by others that are there: those of one extra, or of every page (empty name).

    ``vendored.json`` says which files of which npm packages ``tools/vendor.py`` puts there.
    """
    static = Path(__file__).parent / "static"
    entries = json.loads((Path(__file__).parent / "vendored.json").read_text(encoding="utf-8"))
    return tuple(
        Asset(entry["to"], entry["integrity"])
        for entry in entries
        if entry.get("only", "") == only
        and entry["to"].endswith(ending)
        and (static / entry["to"]).is_file()
    )


def with_styles_in_line(response: Response) -> Response:
    """Let the scripts of a page write style rules into it, which libraries for drawing do.

    Scripts stay those of this site, and nothing is loaded from elsewhere.
    """
    policy = f"{_HEADERS['Content-Security-Policy']}; style-src 'self' 'unsafe-inline'"
    response.headers["Content-Security-Policy"] = policy
    return response


def _frame() -> dict[str, object]:
    folder = state.release_or_none()
    within = sections.here()
    return {
        "everybody_credited": everybody,
        "language": language(),
        "language_links": language_links(),
        "menu": sections.menu(),
        "section": within,
        "section_pages": sections.links(within) if within else [],
        "program_version": pesai.__version__,
        "principal": current_principal(),
        "sign_in_address": _sign_in_address(),
        "release": folder,
        "release_date": state.manifest_of(folder).created if folder else None,
        "vendored_styles": styles(),
    }


def _sign_in_address() -> str:
    """Where to sign in, and come back to the present page unless its address is very long."""
    here = quote(request.path) + (f"?{request.query_string.decode('ascii', 'replace')}").rstrip("?")
    back = request.method == "GET" and request.endpoint != "signin.sign_in" and len(here) < 500
    return url_for("signin.sign_in", next=here if back and here != "/" else None)


def _begin() -> None:
    g.begun = time.perf_counter()


def _secure(response: Response) -> Response:
    folder = g.get("release")
    if folder is not None:
        response.headers.setdefault("X-Release", folder.id)
    if "begun" in g:
        told = f"total;dur={(time.perf_counter() - g.begun) * 1000:.2f}"
        response.headers.setdefault("Server-Timing", told)
    own = {name.lower() for name, _ in response.headers}
    response.headers.extend({n: v for n, v in _HEADERS.items() if n.lower() not in own})
    return headers.budget(response)
