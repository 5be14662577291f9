"""Rows of terms, read one by one from what the engine wrote.

Pages and spreadsheets are made from the engine's TSV (SPARQL 1.1 Query Results CSV and TSV Formats,
section 4) and N-Triples: both have one row a line, so a large answer never has to be in memory.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import BinaryIO, Literal

from pesai.namespaces import XSD

__all__ = ["Rows", "Table", "Term", "read", "rows_of", "take"]

Kind = Literal["iri", "literal", "blank", "triple"]
_STRING = XSD.string.value
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"


@dataclass(frozen=True, slots=True)
class Term:
    """An RDF term.

    Attributes:
        kind: ``triple`` is a triple term of RDF 1.2, with its whole text as ``value``.
        value: the IRI, the text of the literal, or the label of the blank node.
        language: BCP 47 tag, or empty.
        datatype: IRI of a literal's datatype, or empty for other terms.
    """

    kind: Kind
    value: str
    language: str = ""
    datatype: str = ""


Row = tuple[Term | None, ...]


@dataclass
class Rows:
    """The rows of an answer, in order, to be read once.

    ``variables`` are the names of the columns, without question mark.
    """

    variables: tuple[str, ...]
    rows: Iterator[Row]


@dataclass(frozen=True)
class Table:
    """The first rows of an answer, and how many it has."""

    variables: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    total: int = 0

    @property
    def is_cut(self) -> bool:
        """Whether there are more rows than these."""
        return self.total > len(self.rows)


_TERM = re.compile(
    r"""<(?P<iri>[^>]*)>
      |"(?P<text>[^"\\]*+(?:\\.[^"\\]*+)*+)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^>]*)>)?
      |_:(?P<blank>\S+)
      |(?P<triple><<\(.*\)>>)
      |(?P<bare>[^\s"<]\S*)""",
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_CHARACTERS = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}
_BARE = (
    (re.compile(r"[+-]?\d+"), XSD.integer.value),
    (re.compile(r"[+-]?\d*\.\d+"), XSD.decimal.value),
    (re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+"), XSD.double.value),
    (re.compile(r"true|false"), XSD.boolean.value),
)


def read(text: str) -> Term | None:
    """A term as TSV and N-Triples write it; ``None`` for an empty cell.

    Raises:
        ValueError: it is not a term.

    >>> read('"chat"@fr')
    Term(kind='literal', value='chat', language='fr', datatype='http://www.w3.org/1999/02/22-rdf-syntax-ns#langString')
    """
    if not text:
        return None
    found = _TERM.fullmatch(text)
    if found is None and text.startswith("<<"):
        return Term("triple", text)
    if found is None:
        raise ValueError(f"not an RDF term: {text[:80]!r}")
    return _term(found)


def _term(found: re.Match[str]) -> Term:
    match found.lastgroup:
        case "iri":
            return Term("iri", _plain(found["iri"]))
        case "text" | "language" | "datatype":
            language = found["language"] or ""
            datatype = _LANG_STRING if language else found["datatype"] or _STRING
            return Term("literal", _plain(found["text"]), language, datatype)
        case "blank":
            return Term("blank", found["blank"])
        case "triple":
            return Term("triple", found["triple"])
    for pattern, datatype in _BARE:
        if pattern.fullmatch(found["bare"]):
            return Term("literal", found["bare"], "", datatype)
    raise ValueError(f"not an RDF term: {found['bare'][:80]!r}")


def _plain(text: str) -> str:
    """The text with its escapes resolved."""
    if "\\" not in text:
        return text

    def character(escape: re.Match[str]) -> str:
        code = escape[1]
        if code[0] in "uU" and len(code) > 1:
            return chr(int(code[1:], 16))
        return _CHARACTERS.get(code, code)

    return _ESCAPE.sub(character, text)


def rows_of(body: BinaryIO, source: str) -> Rows:
    """The rows of an answer that the engine wrote as ``tsv`` or ``nt``.

    Triples are rows of three columns. The answer of an ASK is one row with one column.
    """
    lines = (line.decode().rstrip("\n") for line in body)
    if source == "nt":
        return Rows(("subject", "predicate", "object"), _triples(lines))
    head = next(lines, "")
    if head in ("true", "false"):
        return Rows(("answer",), iter([(read(head),)]))
    if not head:
        return Rows((), (() for _ in lines))
    variables = tuple(name.removeprefix("?") for name in head.split("\t"))
    return Rows(variables, (tuple(map(read, line.split("\t"))) for line in lines))


def _triples(lines: Iterable[str]) -> Iterator[Row]:
    for line in lines:
        if line:
            # Subject and predicate hold no space; the object ends before the last " .".
            subject, predicate, rest = line.split(" ", 2)
            yield read(subject), read(predicate), read(rest.removesuffix(" ."))


def take(rows: Rows, most: int) -> Table:
    """The first rows, and the number of all."""
    first = list(islice(rows.rows, most))
    return Table(rows.variables, first, len(first) + sum(1 for _ in rows.rows))
