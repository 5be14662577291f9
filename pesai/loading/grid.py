"""Rows of cells as they stand in a file, before anything is known of columns."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pesai.loading.issues import Place
from pesai.loading.sink import Sink

__all__ = ["Grid", "GridRow", "read_csv", "read_text", "rows"]

_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"PK": "a spreadsheet or an archive"}


@dataclass(frozen=True)
class GridRow:
    """One row: its number (the header is 1), its cells, and why it cannot be read, if so.

    ``swallows``: the rows after it are lost in it.
    """

    number: int
    cells: list[str]
    fault: str = ""
    swallows: bool = False


@dataclass
class Grid:
    """All rows of a table; ``lettered`` when its columns have letters, as in a spreadsheet."""

    file: str
    sheet: str = ""
    rows: list[GridRow] = field(default_factory=list)
    lettered: bool = False

    def place(self, row: int) -> Place:
        """The place of one row."""
        return Place(self.file, self.sheet, row)


def read_csv(path: Path, sink: Sink) -> Grid | None:
    """The rows of a UTF-8, comma-separated file (RFC 4180), or nothing when it is another thing."""
    text = read_text(path, sink, "a CSV file in UTF-8")
    return None if text is None else Grid(path.name, rows=list(rows(text)))


def read_text(path: Path, sink: Sink, wanted: str) -> str | None:
    """The text of a UTF-8 file, or nothing, after a report, when it is another thing."""
    content = path.read_bytes()
    place = Place(path.name)
    for mark, name in _MARKS.items():
        if content.startswith(mark):
            sink.lose(f"is {name}", place, expected=wanted)
            return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        _report_encoding(content, wrong.start, place, sink)
        return None


def rows(text: str, delimiter: str = ",", before: int = 0) -> Iterator[GridRow]:
    """The rows of a text; ``before`` rows of the file stand before it."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = before
    while True:
        number += 1
        started = reader.line_num
        try:
            yield GridRow(number, next(reader))
        except StopIteration:
            return
        except csv.Error as wrong:
            lines = reader.line_num - started
            yield GridRow(number, [], _explained(wrong, lines), lines > 1 and _is_open(wrong))


def _is_open(wrong: csv.Error) -> bool:
    """Whether a quotation mark is not closed, so that the text goes on to the end of the file."""
    return any(words in str(wrong) for words in ("unexpected end of data", "field limit"))


def _explained(wrong: csv.Error, lines: int) -> str:
    message = str(wrong)
    if _is_open(wrong):
        after = "row" if lines == 2 else f"{lines - 1} lines"
        rest = f"; the {after} after it cannot be read" if lines > 1 else ""
        return f"a quotation mark opens here and is not closed{rest}"
    if "expected after" in message:
        return "text stands after a closing quotation mark; double the marks that belong to a text"
    return f"this row cannot be read: {message}"


def _report_encoding(content: bytes, start: int, place: Place, sink: Sink) -> None:
    bad = 0
    for part in content.splitlines():
        try:
            part.decode()
        except UnicodeDecodeError:
            bad += 1
    line_start = content.rfind(b"\n", 0, start) + 1
    first = content.count(b"\n", 0, start) + 1
    shown = content[max(line_start, start - 20) : start + 20].decode("cp1252", "replace").strip()
    sink.lose(
        f"is not UTF-8: {bad} lines hold other bytes, the first is line {first}",
        place,
        value=shown,
        expected="save the file as UTF-8; Windows-1252 gives the text shown",
    )
