"""The service itself: what it promises and refuses, whether it is well, and maps for robots."""

from functools import lru_cache
from importlib.metadata import version

from babel.numbers import format_decimal
from flask import Blueprint, Response, render_template, request
from flask_babel import gettext
from pyoxigraph import Literal

import pesai
from pesai.errors import Problem
from pesai.web import sections, state
from pesai.web.clients import account
from pesai.web.i18n import language
from pesai.web.links import place
from pesai.web.readers import current_principal, current_reader
from pesai.web.rows import ask

__all__ = ["blueprint"]

blueprint = Blueprint("service", __name__)

_NOT_FOR_ROBOTS = ("/sign-in", "/sparql", "/releases/*/sparql", "/q/*/check", "/references")


@blueprint.route("/service")
def service() -> str:
    """Limits, versions, what is refused, and where the engine departs from the standard."""
    return render_template(
        "service/service.html",
        settings=state.chosen(),
        limits=state.limits(),
        left=state.engine().budget(account(current_principal())),
        size=_size,
        versions={"PESAI": pesai.__version__, "pyoxigraph": version("pyoxigraph")},
    )


@blueprint.route("/healthz")
def healthz() -> Response:
    """The web process answers."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.route("/readyz")
def readyz() -> Response:
    """The engine answers from the present release; 503 when it does not."""
    try:
        folder = state.release()
        ask("canary")
    except Problem as problem:
        return Response(f"not ready: {problem.detail}\n", 503, mimetype="text/plain")
    response = Response(f"ready: release {folder.id}\n", mimetype="text/plain")
    response.headers["X-Release"] = folder.id
    return response


@blueprint.route("/robots.txt")
def robots() -> Response:
    """What robots may read: the pages, not the queries that anybody can make up."""
    kept = "".join(f"Disallow: {path}\n" for path in _NOT_FOR_ROBOTS)
    text = f"User-agent: *\n{kept}Sitemap: {_root()}/sitemap.xml\n"
    return Response(text, mimetype="text/plain")


@blueprint.route("/sitemap.xml")
def sitemap() -> Response:
    """Every page (sitemaps.org protocol 0.9: at most 50,000 addresses)."""
    fixed = sections.addresses()
    things = _things(state.checksum(), str(current_reader()), state.base().iri)
    page = render_template("service/sitemap.xml", root=_root(), paths=[*fixed, *things][:50_000])
    return Response(page, mimetype="application/xml")


def _size(count: int) -> str:
    """A number of bytes as people write it (IEC 80000-13)."""
    units = ((gettext("GiB"), 1 << 30), (gettext("MiB"), 1 << 20), (gettext("KiB"), 1 << 10))
    unit, each = next((one for one in units if count >= one[1]), units[-1])
    return f"{format_decimal(round(count / each, 1), locale=language())}\u00a0{unit}"


def _root() -> str:
    public = state.chosen().public_url
    return (str(public) if public else request.host_url).rstrip("/")


@lru_cache(maxsize=4)
def _things(_checksum: str, _reader: str, base: str) -> tuple[str, ...]:
    """The paths of all things in one reader's store, which the checksum stands for."""
    rows = ask("names", start=Literal(f"{base}id/"))
    places = (place(row["thing"].value) for row in rows)
    return tuple(found.href for found in places if found and "#" not in found.href)
