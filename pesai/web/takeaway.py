"""What a page shows, to take along: the same rows as CSV and XLSX, the same things as RDF."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Response, request
from pyoxigraph import NamedNode

from pesai.engine.protocol import Query
from pesai.web.answers import answer
from pesai.web.documents import HTML, RDF, wanted
from pesai.web.results import Download
from pesai.web.rows import prepared, text_of

__all__ = ["TABLES", "Takeaway", "behind", "media_type", "thing_answer"]

TABLES: dict[str, tuple[str, str]] = {
    "csv": ("text/csv", "CSV"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel (XLSX)"),
    "json": ("application/sparql-results+json", "JSON"),
}
"""Formats of rows by ending: media type and name."""

_OWN = frozenset({"format", "download", "lang", "page", "view"})
"""Parameters of a page's address that do not choose what it is about."""


@dataclass(frozen=True)
class Takeaway:
    """The rows and the graph of one page.

    Attributes:
        name: stem of file names.
        title: of the workbook, in the reader's language.
        rows: text of the SELECT that the page was made of.
        graph: text of the CONSTRUCT of the same things.
    """

    name: str
    title: str
    rows: str
    graph: str

    def response(self) -> Response | None:
        """The page as data, when the request wants data and not the page.

        Raises:
            Problem: the format is unknown, or the engine could not answer.
        """
        ending = wanted(RDF | TABLES)
        if ending == HTML:
            return None
        query: Query = prepared(self.graph if ending in RDF else self.rows)
        return answer(query, format=ending, name=self.name, title=self.title)

    @property
    def query(self) -> str:
        """The address that shows and asks the query of the page."""
        return behind(self.rows)

    def links(self) -> list[Download]:
        """Every format of this page, tables first; files of tables are saved."""
        return [
            Download(ending, name, f"{request.path}?{urlencode([*_given(), *_format(ending)])}")
            for ending, (_media, name) in (TABLES | RDF).items()
        ]


def thing_answer(thing: NamedNode, ending: str, name: str) -> Response:
    """What the graph says of one thing: as a graph, or its statements as rows.

    Raises:
        Problem: the engine could not answer.
    """
    query = prepared(text_of("describe" if ending in RDF else "statements"), thing=thing)
    return answer(query, format=ending, download=ending in TABLES, name=name)


def media_type(ending: str) -> str:
    """The media type of a format of a page."""
    return (TABLES | RDF)[ending][0]


def behind(text: str, release: str = "") -> str:
    """The address that shows a query and asks it: of the present data, or of a release."""
    endpoint = f"/releases/{release}/sparql" if release else "/sparql"
    return f"{endpoint}?{urlencode({'query': text})}"


def _given() -> list[tuple[str, str]]:
    return [(key, value) for key, value in request.args.items(multi=True) if key not in _OWN]


def _format(ending: str) -> list[tuple[str, str]]:
    return [("format", ending), *([("download", "1")] if ending in TABLES else [])]
