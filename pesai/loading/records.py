"""Large tables, read fast: rows as tuples of the columns that are asked for.

A classification brings tables of more than a hundred thousand rows. ``pesai.loading.table`` makes
a dictionary and a place of each row, which is right for data that people type and too slow here.
"""

import csv
import gc
import io
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import repeat
from operator import itemgetter
from threading import Lock
from typing import Any, NamedTuple

from pesai.loading.grid import Grid, GridRow
from pesai.loading.header import read_header
from pesai.loading.issues import Place
from pesai.loading.sink import Sink
from pesai.loading.tally import Tally

__all__ = [
    "Records",
    "Rows",
    "bulk",
    "decoded",
    "is_spreadsheet_error",
    "read_records",
    "read_rows",
    "records_of",
]

MAX_CELL = 16 << 20
"""Characters of one cell: ESCO lists thousands of concepts in one, beyond the library's 131,072."""

_LIMITING = Lock()
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r")) + b"\x7f"
_ODD = re.compile(r"[\x80-\x9f\ud800-\udfff\ufffe\uffff]")
_BAD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_LEFTOVER = re.compile(r"#(?:REF!|VALUE!|NAME\?|NUM!|NULL!|N/A|DIV/0!)")


class Rows(NamedTuple):
    """Rows as they stand, and whether a cell holds something that no cell should."""

    cells: list[list[str]]
    suspect: bool = True


@contextmanager
def bulk() -> Iterator[None]:
    """Work that makes millions of objects and no cycles: the collector rests meanwhile."""
    rests = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if rests:
            gc.enable()


class Records:
    """The good rows of a table, by column.

    Attributes:
        file: what reports call the file.
        numbers: the number of each row; the header is row 1.
    """

    def __init__(
        self,
        file: str,
        columns: dict[str, int | None],
        numbers: Sequence[int],
        rows: list[list[str]],
    ) -> None:
        self.file = file
        self.numbers = numbers
        self._columns = columns
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def has(self, column: str) -> bool:
        """Whether the file has an optional column."""
        return self._columns.get(column) is not None

    def pick(self, *columns: str) -> Iterator[tuple[Any, ...]]:
        """``(row number, value, value, …)``: text as it stands, empty where there is no column."""
        return zip(self.numbers, *(self.column(name) for name in columns), strict=False)

    def column(self, name: str) -> Iterator[str]:
        """All values of one column, in the order of the rows."""
        index = self._columns.get(name)
        return repeat("", len(self._rows)) if index is None else map(itemgetter(index), self._rows)

    def cell(self, index: int, name: str) -> str:
        """One cell, of the row at an index."""
        place = self._columns.get(name)
        return "" if place is None else self._rows[index][place]

    def differing(self, one: int, other: int) -> list[str]:
        """The names of the columns in which two rows differ."""
        return [n for n in self._columns if self.cell(one, n) != self.cell(other, n)]


def decoded(file: str, content: bytes, sink: Sink, fallback: str = "") -> str | None:
    """The text of a file in UTF-8, with or without a byte-order mark.

    Args:
        file: what reports call it.
        content: its bytes.
        sink: told what is wrong.
        fallback: the encoding that a publisher is known to use by mistake; told, and used.

    Returns:
        Nothing when it is in another encoding.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        sink.lose("is UTF-16", Place(file), expected="a CSV file in UTF-8")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        start = max(content.rfind(b"\n", 0, wrong.start) + 1, wrong.start - 20)
        place = Place(file, row=content.count(b"\n", 0, wrong.start) + 1)
        shown = content[start : wrong.start + 20].decode(fallback or "cp1252", "replace").strip()
    if not fallback:
        sink.lose(
            "is not UTF-8 from this line on", place, value=shown,
            expected="save the file as UTF-8; Windows-1252 gives the text shown",
        )  # fmt: skip
        return None
    sink.report("warning", f"is not UTF-8 but {fallback}, and is read so", place=place, value=shown)
    return content.decode(fallback)


def read_rows(
    file: str, content: bytes, sink: Sink, *, fallback: str = "", delimiter: str = ","
) -> Rows:
    """All rows of a delimited file as they stand, header and all; none when nothing can be read.

    Args:
        file: what reports call it.
        content: its bytes.
        sink: told what is wrong.
        fallback: as in ``decoded``.
        delimiter: what stands between cells.
    """
    text = decoded(file, content, sink, fallback)
    if text is None:
        return Rows([], suspect=False)
    _report_line_ends(file, text, sink)
    rows, wrong = _parsed(text, delimiter)
    if wrong:
        sink.lose(
            f"cannot be read from this row on: {wrong}", Place(file, row=len(rows) + 1),
            expected="each quotation mark closed, and those that belong to a text doubled",
        )  # fmt: skip
    return Rows(rows, suspect=_is_suspect(text))


def read_records(
    file: str,
    content: bytes,
    sink: Sink,
    needed: Sequence[str],
    optional: Sequence[str] = (),
    *,
    fallback: str = "",
    delimiter: str = ",",
) -> Records | None:
    """The rows of a delimited file whose first row names the columns.

    Rows with more or fewer cells than the header, and those with characters that XML cannot carry
    or a spreadsheet's error in a cell, are told and left out. (Publications hold others, U+0080 to
    U+009F, where quotation marks went astray: told, and kept.)

    Args:
        file: what reports call it.
        content: its bytes.
        sink: told what is wrong.
        needed: columns that must be there.
        optional: columns that may be there; any other is told and not read.
        fallback: as in ``decoded``.
        delimiter: what stands between cells.

    Returns:
        Nothing when no row can be read.
    """
    before = sink.errors
    rows = read_rows(file, content, sink, fallback=fallback, delimiter=delimiter)
    if not rows.cells and sink.errors > before:
        return None
    return records_of(file, rows, sink, needed, optional)


def records_of(
    file: str,
    rows: Rows,
    sink: Sink,
    needed: Sequence[str],
    optional: Sequence[str] = (),
    *,
    sheet: str = "",
    first: int = 1,
) -> Records | None:
    """The same from rows that were read already (of a spreadsheet, say).

    Args:
        file: what reports call the file.
        rows: the header and what is below it.
        sink: told what is wrong.
        needed: columns that must be there.
        optional: columns that may be there.
        sheet: the sheet, in a spreadsheet.
        first: the number of the header's row.
    """
    grid = Grid(file, sheet, rows=[GridRow(first, rows.cells[0])] if rows.cells else [])
    header = read_header(grid, needed, optional, sink)
    if header is None:
        return None
    tally = Tally(sink, file, sheet)
    numbers, kept = _good(rows, header.width, first, tally)
    tally.report()
    sink.rows_read += len(kept)
    if not kept:
        sink.lose("holds no rows below its header", Place(file, sheet))
        return None
    return Records(file, header.columns, numbers, kept)


def is_spreadsheet_error(cell: str) -> bool:
    """Whether a cell holds what a spreadsheet shows in place of a value, as ``#N/A``."""
    return _LEFTOVER.fullmatch(cell.strip()) is not None


def _is_suspect(text: str) -> bool:
    """Whether some cell needs a closer look; asked once of a whole file."""
    content = text.encode(errors="surrogatepass")
    if len(content.translate(None, _CONTROLS)) < len(content):
        return True
    if not text.isascii() and _ODD.search(text):
        return True
    return "#" in text and _LEFTOVER.search(text) is not None


def _parsed(text: str, delimiter: str) -> tuple[list[list[str]], str]:
    """The rows up to the first that breaks the rules of CSV, and how it does."""
    rows: list[list[str]] = []
    # The limit on cells belongs to the whole process: it is given back at once.
    with _LIMITING, bulk():
        before = csv.field_size_limit(MAX_CELL)
        try:
            rows.extend(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
        except csv.Error as wrong:
            return rows, str(wrong)
        finally:
            csv.field_size_limit(before)
    return rows, ""


def _good(
    rows: Rows, width: int, first: int, tally: Tally
) -> tuple[Sequence[int], list[list[str]]]:
    body = rows.cells[1:]
    if not rows.suspect and set(map(len, body)) == {width}:
        return range(first + 1, first + 1 + len(body)), body
    numbers, kept = [], []
    for number, cells in enumerate(body, first + 1):
        row = _fitted(cells, width)
        if not any(row):
            tally.add("note", "is blank and left out", number)
        elif len(row) != width:
            tally.skip(
                f"has not {width} cells as the header", number,
                value=f"{len(row)} cells", expected="no merged cells and no extra ones",
            )  # fmt: skip
        elif not rows.suspect or _is_clean(row, number, tally):
            numbers.append(number)
            kept.append(row)
    return numbers, kept


def _fitted(cells: list[str], width: int) -> list[str]:
    """Without empty cells beyond the header, which spreadsheet programs leave behind."""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells


def _is_clean(row: list[str], number: int, tally: Tally) -> bool:
    for cell in row:
        if found := _BAD.search(cell):
            message = f"holds the control character U+{ord(found.group()):04X}"
            tally.skip(message, number, value=cell, expected="text without it")
            return False
        if is_spreadsheet_error(cell):
            message = "is an error of a spreadsheet, not a value"
            tally.skip(message, number, value=cell, expected="the value itself")
            return False
        if found := _ODD.search(cell):
            tally.add(
                "warning", "holds characters of a text that was taken for another encoding", number,
                value=cell[max(0, found.start() - 30) : found.end() + 30],
                expected="kept as published",
            )  # fmt: skip
    return True


def _report_line_ends(file: str, text: str, sink: Sink) -> None:
    r"""Some rows end with ``\r\n`` and others with ``\n``: a sign of files that were put together.

    Line feeds inside quoted cells are no ends of rows; what is quoted is taken out first.
    """
    windows = text.count("\r\n")
    if not windows or text.count("\n") == windows:
        return
    bare = re.sub(r'"[^"]*"', "", text)
    windows = bare.count("\r\n")
    other = bare.count("\n") - windows
    if windows and other:
        message = f"line ends are mixed: {windows} of Windows, {other} of Unix"
        sink.report("note", message, place=Place(file), expected="one kind; read all the same")
