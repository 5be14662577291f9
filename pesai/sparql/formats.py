"""The formats of answers: one table of names, media types, file names and labels."""

from dataclasses import dataclass
from typing import Literal

from pesai.engine.protocol import GraphFormat, SolutionsFormat
from pesai.sparql.guard import Form

__all__ = ["FORMATS", "Format", "Kind", "by_name", "kind_of", "of_kind"]

Kind = Literal["table", "graph"]
"""What an answer is: rows (SELECT, ASK) or triples (CONSTRUCT, DESCRIBE)."""


@dataclass(frozen=True)
class Format:
    """A format of answers.

    Attributes:
        name: what ``format=`` says; unique within a kind.
        kind: rows or triples.
        media: media types; the first is its own, the others are asked for by clients.
        suffix: of files, with the dot.
        label: what a person calls it.
        source: the engine's format that it is made from (itself, when the engine writes it).
        parameters: of the ``Content-Type``.
        aliases: further names for ``format=``, as clients send them.
        localised: whether it depends on the reader's language.
    """

    name: str
    kind: Kind
    media: tuple[str, ...]
    suffix: str
    label: str
    source: SolutionsFormat | GraphFormat
    parameters: str = ""
    aliases: tuple[str, ...] = ()
    localised: bool = False

    @property
    def made_by_engine(self) -> bool:
        """Whether the engine's bytes are sent as they are."""
        return self.name == self.source


_UTF8 = "; charset=utf-8"
_HTML = ("text/html", "application/xhtml+xml")

FORMATS: tuple[Format, ...] = (
    Format(
        "json", "table",
        ("application/sparql-results+json", "application/json"),
        ".json", "JSON", "json", aliases=("sparql-results+json",),
    ),
    Format(
        "xml", "table",
        ("application/sparql-results+xml", "application/xml", "text/xml"),
        ".xml", "XML", "xml", aliases=("sparql-results+xml",),
    ),
    Format("csv", "table", ("text/csv",), ".csv", "CSV", "csv", _UTF8 + "; header=present"),
    Format("tsv", "table", ("text/tab-separated-values",), ".tsv", "TSV", "tsv", _UTF8),
    Format(
        "xlsx", "table",
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",),
        ".xlsx", "Excel", "tsv", localised=True,
    ),
    Format("html", "table", _HTML, ".html", "HTML", "tsv", _UTF8, localised=True),
    Format(
        "ttl", "graph", ("text/turtle", "application/x-turtle"), ".ttl", "Turtle", "ttl", _UTF8,
        aliases=("turtle", "n3"),
    ),
    Format(
        "nt", "graph", ("application/n-triples",), ".nt", "N-Triples", "nt",
        aliases=("ntriples", "n-triples"),
    ),
    Format(
        "jsonld", "graph", ("application/ld+json", "application/json"), ".jsonld", "JSON-LD",
        "jsonld", aliases=("json-ld", "json"),
    ),
    Format(
        "rdf", "graph", ("application/rdf+xml", "application/xml", "text/xml"), ".rdf", "RDF/XML",
        "rdf", aliases=("rdfxml", "rdf+xml", "rdf/xml", "xml"),
    ),
    Format("trig", "graph", ("application/trig", "application/x-trig"), ".trig", "TriG", "trig"),
    Format(
        "nq", "graph", ("application/n-quads", "text/x-nquads"), ".nq", "N-Quads", "nq",
        aliases=("nquads", "n-quads"),
    ),
    Format("html", "graph", _HTML, ".html", "HTML", "nt", _UTF8, localised=True),
)  # fmt: skip
"""All formats, those we would rather send first. HTML is last: it is for those who ask for it."""


def of_kind(kind: Kind) -> tuple[Format, ...]:
    """The formats for rows, or those for triples."""
    return tuple(one for one in FORMATS if one.kind == kind)


def kind_of(form: Form | None) -> Kind | None:
    """What a query of that form answers; ``None`` when the form is not known."""
    if form in ("select", "ask"):
        return "table"
    return "graph" if form in ("construct", "describe") else None


def by_name(name: str, kind: Kind) -> Format | None:
    """The format of that kind with that name, alias or media type."""
    wanted = name.strip().lower().replace(" ", "+")  # a plus sign that an address did not escape
    for one in of_kind(kind):
        if wanted == one.name or wanted in one.aliases or wanted in one.media:
            return one
    return None
