"""The form for queries, and what it is filled with."""

from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from flask import g, request, url_for
from flask_babel import gettext

from pesai.errors import Problem
from pesai.sparql.catalogue import Catalogue, StoredQuery
from pesai.sparql.formats import Format, of_kind
from pesai.web import state
from pesai.web.i18n import language

__all__ = ["Examples", "Form", "Line", "examples", "form_of_request", "formats", "marked_lines"]

_START = """PREFIX pai: <https://w3id.org/pes-ai/def#>
PREFIX dcterms: <http://purl.org/dc/terms/>

SELECT ?initiative ?title
WHERE {
  ?initiative a pai:Initiative ; dcterms:title ?title .
  FILTER (LANG(?title) = "%s")
}
ORDER BY ?title
LIMIT 100
"""
_AROUND = 2


@dataclass(frozen=True)
class Form:
    """What the fields hold; graphs are one IRI a line.

    ``address`` is the path that the form is sent to, and ``release`` the number of the release that
    answers there, where it is not the present one.
    """

    text: str
    default_graphs: str = ""
    named_graphs: str = ""
    format: str = ""
    address: str = "/sparql"
    release: str = ""


class Examples(NamedTuple):
    """Stored queries of one area: its title, and name and title of each."""

    title: str
    queries: list[tuple[str, str]]


class Line(NamedTuple):
    """A line of a query as an error shows it."""

    number: int
    text: str
    column: int


def form_of_request() -> Form | None:
    """The form as it was sent with this request, or ``None`` when it was not for queries."""
    if request.blueprint != "sparql":
        return None
    parameters: list[tuple[str, str]] = g.get("parameters", [])

    def lines(name: str) -> str:
        return "\n".join(value for key, value in parameters if key == name)

    text = next((value for key, value in parameters if key == "query"), "")
    return _here(
        Form(text, lines("default-graph-uri"), lines("named-graph-uri"), g.get("asked_format", ""))
    )


def empty_form(example: str | None = None) -> Form:
    """The form with a stored query, or with one to start from.

    Raises:
        UnknownQuery: there is no stored query of that name.
    """
    if example:
        return _here(Form(_catalogue().find(example).text))
    return _here(Form(_START % language()))


def _here(form: Form) -> Form:
    """The form for the address of this request."""
    release = (request.view_args or {}).get("identifier")
    address = url_for(f"sparql.{'past' if release else 'sparql'}", identifier=release)
    return replace(form, address=address, release=state.release().id if release else "")


def examples() -> list[Examples]:
    """The stored queries by area, in the reader's language."""
    spoken = language()
    return [
        Examples(area.titles[spoken], [(query.path, _title(query)) for query in area.queries])
        for area in _catalogue().areas()
        if area.queries
    ]


def formats() -> list[tuple[str, list[Format]]]:
    """The formats to choose from, for rows and for triples."""
    rows = [one for one in of_kind("table") if one.name != "html"]
    triples = [one for one in of_kind("graph") if one.name != "html"]
    return [
        (gettext("Rows (SELECT, ASK)"), rows),
        (gettext("Triples (CONSTRUCT, DESCRIBE)"), triples),
    ]


def marked_lines(text: str, problem: Problem) -> list[Line]:
    """The line of a query that a problem is about and those around it.

    ``column`` counts from 1 in the line that is meant and is 0 in the others.
    """
    number, column = problem.values.get("line"), problem.values.get("column")
    if not isinstance(number, int) or not isinstance(column, int):
        return []
    lines = text.splitlines() or [""]
    number = min(number, len(lines))
    first = max(1, number - _AROUND)
    shown = enumerate(lines[first - 1 : number + _AROUND], first)
    return [Line(n, line[:500], column if n == number else 0) for n, line in shown]


@cache
def _catalogue() -> Catalogue:
    return Catalogue.read()


def _title(query: StoredQuery) -> str:
    return query.titles[language()]
