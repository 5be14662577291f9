"""``/``: one search box, three doors, how much there is and as of when."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from flask import Blueprint, current_app, make_response, render_template, url_for
from flask_babel import LazyString, gettext, lazy_gettext
from pyoxigraph import Literal
from werkzeug.wrappers import Response as AnyResponse

from pesai.sparql.published import schema_org
from pesai.web import sections, state
from pesai.web.collections import AI
from pesai.web.described import published
from pesai.web.i18n import language
from pesai.web.readers import current_reader
from pesai.web.rows import ask, number, text_of
from pesai.web.takeaway import Takeaway, behind

__all__ = ["Figure", "blueprint"]

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True)
class Figure:
    """A number of the home page, what it counts, where to look, and the query behind it."""

    count: int
    name: str
    href: str
    query: str


_TOOLS = "?kind=tool&" + urlencode([("evidence", code) for code in sorted(AI)])
_FIGURES = (
    ("count-initiatives", lazy_gettext("initiatives"), "initiatives.index", ""),
    ("count-countries", lazy_gettext("countries with an initiative"), "initiatives.index", ""),
    ("count-organisations", lazy_gettext("organisations"), "organisations.index", ""),
    ("count-ai-tools", lazy_gettext("tools that use AI, as their sources say"),
     "initiatives.index", _TOOLS),
    ("count-evaluated", lazy_gettext("evaluated initiatives"), "initiatives.index",
     "?results=evaluated"),
    ("count-effects", lazy_gettext("measured effects"), "results.index", "?effect=yes"),
    ("count-findings", lazy_gettext("findings of surveys and reports"), "findings.index", ""),
    ("count-stating", lazy_gettext("organisations that seek or offer an exchange"),
     "organisations.index", "?position=interest&position=need&position=offer"),
)  # fmt: skip
"""Name of the query, what it counts, and the page that shows it: endpoint and what follows."""


@blueprint.route("/")
def home() -> AnyResponse:
    """The home page; each figure comes with the query behind it."""
    if state.release_or_none() is None:
        return make_response(_page([], None))
    names = [(query, name) for query, name, _endpoint, _given in _FIGURES]
    taken = Takeaway("pesai", gettext("PESAI in figures"), _rows(names), _graph(names))
    data = taken.response()
    return data if data is not None else make_response(_page(_figures(), taken))


def _page(figures: list[Figure], taken: Takeaway | None) -> str:
    doors = [(one, sections.links(one)) for one in sections.sections()]
    here = state.release_or_none()
    schema = schema_org(published(here), language()) if here else None
    return render_template("home.html", figures=figures, doors=doors, taken=taken, schema=schema)


def _figures() -> list[Figure]:
    counts = _counts(state.checksum(), str(current_reader()))
    return [
        Figure(count, str(name), _address(endpoint, given), behind(text_of(query)))
        for count, (query, name, endpoint, given) in zip(counts, _FIGURES, strict=True)
    ]


def _address(endpoint: str, given: str) -> str:
    return url_for(endpoint) + given if endpoint in current_app.view_functions else ""


@lru_cache(maxsize=8)
def _counts(_checksum: str, _reader: str) -> tuple[int, ...]:
    """The figures of one reader's store, which the checksum stands for."""
    return tuple(number(ask(query)[0], "count") for query, *_rest in _FIGURES)


def _rows(names: Iterable[tuple[str, LazyString]]) -> str:
    """All figures as the rows of one query: the union of the queries of each."""
    prefixes, pattern = _union(names)
    return f"{prefixes}\nSELECT ?figure ?count WHERE {{\n{pattern}\n}}\n"


def _graph(names: Iterable[tuple[str, LazyString]]) -> str:
    """All figures as a graph."""
    prefixes, pattern = _union(names)
    made = "[] dcterms:title ?figure ; rdf:value ?count"
    own = "PREFIX dcterms: <http://purl.org/dc/terms/>\n"
    own += "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
    kept = [line for line in prefixes.splitlines() if line not in own.splitlines()]
    return own + "\n".join(kept) + f"\nCONSTRUCT {{ {made} }} WHERE {{\n{pattern}\n}}\n"


def _union(names: Iterable[tuple[str, LazyString]]) -> tuple[str, str]:
    prefixes: dict[str, None] = {}
    parts = []
    for query, name in names:
        text = re.sub(r"^#.*\n", "", text_of(query), flags=re.MULTILINE)
        declared = [line for line in text.splitlines() if line.startswith("PREFIX")]
        prefixes |= dict.fromkeys(declared)
        rest = text[text.index("SELECT") :].strip()
        said = Literal(str(name), language=language())
        parts.append(f"  {{ {{ {rest} }} BIND({said} AS ?figure) }}")
    return "\n".join(prefixes), "\n  UNION\n".join(parts)
