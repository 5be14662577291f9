"""Answers for spreadsheets: XLSX, and CSV that a spreadsheet program cannot take for formulas."""

import csv
import io
import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from pesai.engine.protocol import ResultTooLarge
from pesai.namespaces import XSD
from pesai.sparql.terms import Row, Rows, Term

if TYPE_CHECKING:
    from _typeshed import SizedBuffer, StrPath
    from openpyxl.cell import Cell
    from openpyxl.workbook.child import _WorkbookChild
    from openpyxl.worksheet.dimensions import ColumnDimension, DimensionHolder

__all__ = ["MOST_CELLS", "MOST_ROWS", "write_csv", "write_xlsx"]

MOST_ROWS = 1_048_575
"""Rows of a sheet below its header, by the format."""

MOST_CELLS = 500_000
"""Cells that we write: some ten seconds of work. Larger answers are there as CSV."""

LONGEST = 32_767
"""Characters of a cell, by the format."""

_FORMULA = re.compile(r"[=+\-@\t\r\n]|[\s\x00-\x20]+[=+\-@]")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)"
)
_NUMBERS = {
    XSD[name].value
    for name in (
        "integer", "decimal", "double", "float", "nonNegativeInteger", "positiveInteger", "gYear",
    )
}  # fmt: skip
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_PLAIN_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_PLAIN_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_EPOCH = (1980, 1, 1, 0, 0, 0)


class _Sheet(Protocol):
    """What is used of a sheet that is written once, row by row."""

    column_dimensions: "DimensionHolder[str, ColumnDimension]"
    freeze_panes: str | None

    def append(self, row: Iterable[object]) -> None:
        """Write a row."""


def write_csv(rows: Rows, target: BinaryIO) -> None:
    """Write rows as CSV for spreadsheet programs.

    As SPARQL 1.1 CSV, but with a byte order mark, so that accents are read right, and with an
    apostrophe before texts that a spreadsheet program would run as formulas. Numbers stay.
    """
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(rows.variables)
    writer.writerows([_harmless(term) for term in row] for row in rows.rows)
    text.flush()
    text.detach()


def _harmless(term: Term | None) -> str:
    if term is None:
        return ""
    value = f"_:{term.value}" if term.kind == "blank" else term.value
    if term.datatype in _NUMBERS and _PLAIN_NUMBER.fullmatch(value):
        return value
    return f"'{value}" if _FORMULA.match(value) else value


def write_xlsx(
    rows: Rows,
    target: BinaryIO,
    *,
    titles: tuple[str, str],
    notes: Sequence[tuple[str, str]],
    made: datetime,
) -> None:
    """Write rows as a workbook: the rows, and a second sheet that says what they are.

    Numbers, dates and truth values are typed where the cell holds all of them exactly; all else
    is text. Nothing is a formula or a link. The same input gives the same bytes.

    Args:
        rows: the answer.
        target: where to; it must be possible to seek in it.
        titles: names of the two sheets.
        notes: names and texts of the second sheet.
        made: the date of the data, which the workbook carries.

    Raises:
        ResultTooLarge: there are more rows, cells or characters than a sheet holds. Nothing is cut.
    """
    book = Workbook(write_only=True)
    book.properties.creator = "PESAI"
    book.properties.created = made.replace(tzinfo=None)
    sheet = book.create_sheet(_sheet_name(titles[0]))
    try:
        _fill(sheet, rows)
    except BaseException:
        sheet.close()  # openpyxl writes rows to a file of its own, which is to go
        sheet._writer.cleanup()  # noqa: SLF001
        raise
    _explain(book.create_sheet(_sheet_name(titles[1])), notes)
    with _Archive(target, "w", ZIP_DEFLATED, allowZip64=True) as archive:
        archive.made = made
        ExcelWriter(book, archive).write_data()
    book.close()


def _fill(sheet: "_Sheet", rows: Rows) -> None:
    width = max(1, len(rows.variables))
    for column in range(1, width + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 28
    sheet.freeze_panes = "A2"
    sheet.append([_text(sheet, name, bold=True) for name in rows.variables])
    most = min(MOST_ROWS, MOST_CELLS // width)
    for number, row in enumerate(rows.rows, 1):
        if number > most:
            raise ResultTooLarge(
                "A sheet takes {most} rows of {width} columns here, and this answer has more. Ask "
                "for fewer rows, or take it as CSV.",
                most=most,
                width=width,
            )
        sheet.append(list(_cells(sheet, row)))


def _cells(sheet: "_Sheet", row: Row) -> Iterable[object]:
    for term in row:
        typed = _typed(term) if term is not None else None
        yield _text(sheet, _shown(term)) if typed is None and term is not None else typed


def _shown(term: Term) -> str:
    return f"_:{term.value}" if term.kind == "blank" else term.value


def _typed(term: Term) -> bool | int | float | date | datetime | None:
    """The value of a cell that holds all of the term, or ``None`` when only text does."""
    value, datatype = term.value, term.datatype
    if datatype == XSD.boolean.value and value in ("true", "false"):
        return value == "true"
    if datatype in _NUMBERS and _PLAIN_NUMBER.fullmatch(value):
        return _number(value)
    try:
        if datatype == XSD.date.value and _PLAIN_DATE.fullmatch(value) and value >= "1901":
            return date.fromisoformat(value)
        if datatype == XSD.dateTime.value and _PLAIN_TIME.fullmatch(value) and value >= "1901":
            return datetime.fromisoformat(value)
    except ValueError:
        return None
    return None


def _number(value: str) -> int | float | None:
    """The number, if it has at most the 15 digits that spreadsheet programs keep."""
    digits = re.sub(r"[eE].*|[-.]", "", value).lstrip("0")
    if len(digits) > 15:
        return None
    number = float(value)
    if number in (float("inf"), float("-inf")):
        return None
    return int(number) if re.fullmatch(r"-?\d+", value) else number


def _text(sheet: "_Sheet", text: str, *, bold: bool = False, wrap: bool = False) -> "Cell":
    """A cell that is text, whatever it begins with."""
    if len(text) > LONGEST:
        raise ResultTooLarge(
            "A cell takes {most} characters, and a text in this answer has {length}. Take it as "
            "CSV or JSON.",
            most=LONGEST,
            length=len(text),
        )
    cell = WriteOnlyCell(cast("_WorkbookChild", sheet))
    cell.value = _CONTROL.sub(lambda c: f"_x{ord(c[0]):04X}_", text)
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    if wrap:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _explain(sheet: "_Sheet", notes: Sequence[tuple[str, str]]) -> None:
    sheet.column_dimensions["A"].width = 26
    sheet.column_dimensions["B"].width = 100
    for name, text in notes:
        shown = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        sheet.append([_text(sheet, name, bold=True), _text(sheet, shown, wrap=True)])


def _sheet_name(title: str) -> str:
    return re.sub(r"[\\/*?:\[\]]", " ", title)[:31].strip("' ") or "PESAI"


class _Archive(ZipFile):
    """A ZIP file without the time of its making, so that the same input gives the same bytes."""

    made: datetime

    def writestr(
        self,
        zinfo_or_arcname: str | ZipInfo,
        data: "SizedBuffer | str",
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        """Write an entry from memory; ``modified`` is the date of the data."""
        name = zinfo_or_arcname
        name = name.filename if isinstance(name, ZipInfo) else name
        if name == "docProps/core.xml":
            text = data if isinstance(data, str) else bytes(data).decode()
            when = self.made.strftime("%Y-%m-%dT%H:%M:%SZ")
            data = re.sub(r"(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{when}", text)
        super().writestr(_entry(name), data, compress_type, compresslevel)

    def write(
        self,
        filename: "StrPath",
        arcname: "StrPath | None" = None,
        compress_type: int | None = None,  # noqa: ARG002 - the signature of ZipFile
        compresslevel: int | None = None,  # noqa: ARG002
    ) -> None:
        """Write an entry from a file."""
        name = str(arcname or filename)
        with Path(filename).open("rb") as source, self.open(_entry(name), "w") as entry:
            shutil.copyfileobj(source, entry)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_DEFLATED
    return entry
