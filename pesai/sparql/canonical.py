"""The canonical rows of an answer, and their SHA-256: what a citation promises.

The order of rows is not promised without ORDER BY, nor that of columns for ``SELECT *``: both are
sorted:

* SELECT: a line with the names of the variables, sorted, each with its question mark; then a line
  for each row, sorted, with its terms in the order of the variables as canonical N-Triples and
  nothing where there is no value. Cells are separated by a tab, which no term holds.
* ASK: ``true`` or ``false``.
* CONSTRUCT, DESCRIBE: the sorted N-Triples, each once, with the blank node labels of RDFC-1.0.

Lines are sorted by code point and each ends with a line feed. The text is UTF-8.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from pyoxigraph import Literal, NamedNode

from pesai.loading.blanks import relabelled
from pesai.sparql.guard import Form
from pesai.sparql.terms import Rows, Term, rows_of

__all__ = ["Canonical", "canonical"]


@dataclass(frozen=True)
class Canonical:
    """Number of rows (or triples) of an answer, and the SHA-256 of its canonical text."""

    rows: int
    sha256: str


def canonical(body: BinaryIO, form: Form) -> Canonical:
    """The canonical form of an answer.

    Args:
        body: as the engine wrote it: TSV of a SELECT or ASK, N-Triples of a graph.
        form: of the query.

    Raises:
        pesai.loading.bounded.TooMuch: the blank nodes of a graph cannot be told apart.
    """
    if form == "ask":
        lines, rows = [body.read().decode().strip()], 1
    elif form == "select":
        lines = _rows(rows_of(body, "tsv"))
        rows = len(lines) - 1
    else:
        lines = sorted(set(relabelled(line for line in _lines(body) if line)))
        rows = len(lines)
    text = "".join(f"{line}\n" for line in lines)
    return Canonical(rows, hashlib.sha256(text.encode()).hexdigest())


def _lines(body: BinaryIO) -> Iterator[str]:
    return (line.decode().rstrip("\n") for line in body)


def _rows(rows: Rows) -> list[str]:
    order = sorted(range(len(rows.variables)), key=lambda place: rows.variables[place])
    head = "\t".join(f"?{rows.variables[place]}" for place in order)
    found = ("\t".join(_written(row[place]) for place in order) for row in rows.rows)
    return [head, *sorted(found)]


def _written(term: Term | None) -> str:
    """A term in N-Triples; the store has rewritten its literals already."""
    if term is None:
        return ""
    match term.kind:
        case "iri":
            return str(NamedNode(term.value))
        case "blank":
            return f"_:{term.value}"
        case "triple":
            return term.value
    if term.language:
        return str(Literal(term.value, language=term.language))
    return str(Literal(term.value, datatype=NamedNode(term.datatype)))
