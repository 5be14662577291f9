"""The page of results: rows as a table for people, and every way to take them along."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from flask import render_template, request
from pyoxigraph import Literal, NamedNode

from pesai.engine.protocol import Query
from pesai.errors import Problem
from pesai.sparql.formats import Format, of_kind
from pesai.sparql.terms import Term
from pesai.web.answers import SHOWN, Answer
from pesai.web.form import examples, form_of_request, formats
from pesai.web.i18n import language
from pesai.web.labels import Label, curie, labels_for
from pesai.web.values import Shown, shown

__all__ = ["Cell", "Download", "Downloads", "cells", "downloads", "result_page"]

_LONGEST_LINK = 6000
"""Characters of an address that servers and browsers surely take; beyond it a form is sent."""


class Cell(NamedTuple):
    """A term in a table: how it is shown, its kind, and its IRI as a short name."""

    shown: Shown
    kind: str
    short: str
    number: bool


class Download(NamedTuple):
    """A format to take the answer in: its name, what it is called, and its address."""

    name: str
    label: str
    href: str


@dataclass(frozen=True)
class Downloads:
    """All formats of an answer; ``fields`` are sent by a form where addresses are too long."""

    links: list[Download]
    fields: list[tuple[str, str]]
    by_form: bool


def result_page(answer: Answer) -> str:
    """The HTML of the answer to a query from the form."""
    rows, labelled = cells(answer)
    return render_template(
        "sparql/result.html",
        answer=answer,
        rows=rows,
        labelled=labelled,
        shown=SHOWN,
        downloads=downloads(answer.query, answer.format),
        cite=[*dataset_fields(answer.query), ("release", answer.release)],
        form=form_of_request(),
        formats=formats(),
        examples=examples(),
    )


def cells(answer: Answer) -> tuple[list[list[Cell | None]], bool]:
    """The rows of an answer with labels in the reader's language.

    Without labels when they cannot be had; the second value says whether they were.
    """
    rows = answer.table.rows
    iris = {term.value for row in rows for term in row if term and term.kind == "iri"}
    labels: dict[str, Label] = {}
    labelled = True
    try:
        labels = labels_for(sorted(iris), language())
    except Problem:  # rows without labels are worth more than none, and the page says so
        labelled = False
    return [[_cell(term, labels) if term else None for term in row] for row in rows], labelled


def _cell(term: Term, labels: dict[str, Label]) -> Cell:
    if term.kind == "iri":
        return Cell(shown(NamedNode(term.value), labels), "iri", curie(term.value), number=False)
    if term.kind != "literal":
        text = f"_:{term.value}" if term.kind == "blank" else term.value
        return Cell(Shown(text), term.kind, "", number=False)
    if term.language:
        literal = Literal(term.value, language=term.language.partition("--")[0])
    else:
        literal = Literal(term.value, datatype=NamedNode(term.datatype))
    is_number = term.datatype.rpartition("#")[2] in {"integer", "decimal", "double", "float"}
    return Cell(shown(literal, labels), "literal", "", number=is_number)


def dataset_fields(query: Query) -> list[tuple[str, str]]:
    """The parameters of the protocol that ask a query."""
    fields = [("query", query.text)]
    fields += [("default-graph-uri", iri) for iri in query.default_graphs]
    fields += [("named-graph-uri", iri) for iri in query.named_graphs]
    return fields


def downloads(query: Query, format_: Format) -> Downloads:
    """The formats that an answer can be taken in."""
    fields = dataset_fields(query)
    links = []
    for one in of_kind(format_.kind):
        if one.name != "html":
            address = urlencode([*fields, ("format", one.name), ("download", "1")])
            links.append(Download(one.name, one.label, f"{request.path}?{address}"))
    too_long = any(len(link.href) > _LONGEST_LINK for link in links)
    return Downloads(links, [*fields, ("download", "1")], too_long)
