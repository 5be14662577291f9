"""SSSOM tables (Simple Standard for Sharing Ontological Mappings, version 1.1): head and rows.

The head is YAML in lines that begin with ``#``. Of YAML, SSSOM needs names with a value, one level
of names below a name (``curie_map``), and lists; just that is read.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path
from textwrap import dedent

from pyoxigraph import NamedNode

from pesai.loading.grid import Grid, read_text, rows
from pesai.loading.issues import Place
from pesai.loading.sheets import SPREADSHEETS, read_sheet
from pesai.loading.sink import Sink
from pesai.namespaces import OWL, RDF, RDFS, SKOS, SSSOM, XSD

__all__ = ["Head", "MappingTable", "read_sssom"]

_ENTRY = re.compile(r"([A-Za-z_][\w.-]*):(?:\s+(.*))?")
_ITEM = re.compile(r"-\s+(.*)")
_EMPTY_CELLS = re.compile(r'(?:[\t,;](?:"")?)+$')
_BUILT_IN = {
    "owl": OWL.iri,
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": SKOS.iri,
    "sssom": SSSOM.iri,
    "xsd": XSD.iri,
}
"""Prefixes that need no line in the head."""


@dataclass
class Head:
    """What a table says of itself as a whole."""

    values: dict[str, str] = field(default_factory=dict)
    prefixes: dict[str, str] = field(default_factory=lambda: dict(_BUILT_IN))

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def iri(self, name: str) -> NamedNode | None:
        """The IRI of an entity reference: a CURIE with a known prefix, or an IRI itself."""
        prefix, _, local = name.partition(":")
        if prefix in self.prefixes and not local.startswith("//"):
            name = self.prefixes[prefix] + local
        elif not local.startswith("//") and prefix not in {"urn", "tag"}:
            return None
        try:
            return NamedNode(name)
        except ValueError:
            return None


@dataclass
class MappingTable:
    """A table: its head, and its rows, whose numbers are lines of the file."""

    head: Head
    grid: Grid

    def has(self, column: str) -> bool:
        """Whether the table has a column of that name."""
        first = self.grid.rows[0].cells if self.grid.rows else []
        return column in (cell.strip() for cell in first)


def read_sssom(path: Path, sink: Sink) -> MappingTable | None:
    """Head and rows of SSSOM/TSV (or CSV, or a spreadsheet), or nothing when it is another thing.

    Spreadsheet programs that save such a file quote the lines of the head and fill them up with
    empty cells, and in some countries separate cells by semicolons: that is understood.
    """
    if path.suffix.lower() in SPREADSHEETS:
        return _from_sheet(path, sink)
    text = read_text(path, sink, "a table in SSSOM/TSV")
    if text is None:
        return None
    lines = text.splitlines(keepends=True)
    first = next((i for i, line in enumerate(lines) if not _plain(line)), len(lines))
    head = _head(_marked(lines[:first]), path.name, sink)
    body = "".join(lines[first:])
    header = body.partition("\n")[0]
    delimiter = max("\t,;", key=header.count)
    return MappingTable(head, Grid(path.name, rows=list(rows(body, delimiter, first))))


def _from_sheet(path: Path, sink: Sink) -> MappingTable | None:
    """A table saved as a spreadsheet: the lines of its head are cells of the first column."""
    grid = read_sheet(path, sink)
    if grid is None:
        return None
    firsts = [row.cells[0] if row.cells else "" for row in grid.rows]
    length = next((i for i, cell in enumerate(firsts) if not _plain(cell)), len(firsts))
    grid.rows = grid.rows[length:]
    return MappingTable(_head(_marked(firsts[:length]), path.name, sink), grid)


def _marked(lines: list[str]) -> list[str]:
    """The lines of the head without the marks before them."""
    return dedent("\n".join(_plain(line)[1:] for line in lines)).splitlines()


def _plain(line: str) -> str:
    """A line of the head as it was before a spreadsheet program saved it; nothing if it is none."""
    line = _EMPTY_CELLS.sub("", line.rstrip("\r\n"))
    if line.startswith('"#') and line.endswith('"'):
        line = line[1:-1].replace('""', '"')
    return line if line.startswith("#") else ""


def _head(lines: list[str], file: str, sink: Sink) -> Head:
    head = Head()
    above = ""
    for number, line in enumerate(lines, 1):
        inner = line.strip()
        if not inner or inner.startswith("#") or inner in {"---", "..."}:
            continue
        entry, item = _ENTRY.fullmatch(inner), _ITEM.fullmatch(inner)
        if item and above:
            head.values[above] = "|".join(filter(None, (head[above], _scalar(item[1]))))
        elif entry and line[0] == " " and above:
            if above == "curie_map":
                head.prefixes[entry[1]] = _scalar(entry[2])
        elif entry and line[0] != " ":
            above = "" if entry[2] else entry[1]
            head.values[entry[1]] = _scalar(entry[2])
        else:
            sink.report(
                "error", "this line of the head cannot be read", place=Place(file, row=number),
                value=inner, expected="name: value",
            )  # fmt: skip
    return head


def _scalar(text: str | None) -> str:
    """The value of a plain or quoted YAML scalar."""
    value = (text or "").strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        return value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    return re.sub(r"\s+#.*", "", value)
