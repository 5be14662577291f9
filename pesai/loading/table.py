"""Tables: rows of a CSV file or a spreadsheet, by column and with their places."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pesai.loading.grid import Grid, GridRow, read_csv
from pesai.loading.header import Header, read_header
from pesai.loading.issues import Place
from pesai.loading.sheets import SPREADSHEETS, read_sheet
from pesai.loading.sink import Sink

__all__ = ["Row", "read_table", "rows_of"]


@dataclass(frozen=True)
class Row:
    """One row: its cells by column, without blanks around them.

    Attributes:
        place: file, sheet and number of the row.
        cells: the text of every asked-for column; empty where the file has no such column.
        letters: the letters of the columns in a spreadsheet.
        fault: why the row cannot be read at all, if so.
    """

    place: Place
    cells: dict[str, str]
    letters: dict[str, str] = field(default_factory=dict)
    fault: str = ""

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def at(self, column: str) -> Place:
        """The place of one cell."""
        return self.place.at(column, self.letters.get(column, ""))


def read_table(
    path: Path, columns: Sequence[str], sink: Sink, *, optional: Sequence[str] = (), sheet: str = ""
) -> list[Row]:
    """The rows of a table whose first row names the columns.

    Args:
        path: a CSV file (UTF-8, commas) or a spreadsheet (xlsx, xls, ods).
        columns: those that must be there.
        sink: takes the issues.
        optional: those that may be there.
        sheet: the sheet of a spreadsheet; the first one when empty.

    Returns:
        The rows that are not blank. None when the header is wrong: without it no cell can be read.
    """
    if path.suffix.lower() in SPREADSHEETS:
        grid = read_sheet(path, sink, sheet)
    else:
        grid = read_csv(path, sink)
    return [] if grid is None else rows_of(grid, columns, sink, optional=optional)


def rows_of(
    grid: Grid, columns: Sequence[str], sink: Sink, *, optional: Sequence[str] = ()
) -> list[Row]:
    """The rows of a grid whose first row names the columns, as ``read_table`` gives them."""
    header = read_header(grid, columns, optional, sink)
    if header is None:
        return []
    rows = [_row(grid, header, row) for row in _not_blank(grid, sink)]
    if not rows:
        sink.lose("holds no rows below its header", grid.place(0))
    if any(row.swallows for row in grid.rows):
        sink.lost.add(grid.file)
    return rows


def _not_blank(grid: Grid, sink: Sink) -> list[GridRow]:
    kept = [row for row in grid.rows[1:] if row.fault or any(cell.strip() for cell in row.cells)]
    if kept:
        present = {row.number for row in kept}
        blank = [n for n in range(grid.rows[0].number + 1, kept[-1].number) if n not in present]
        if blank:
            listed = ", ".join(map(str, blank[:10])) + (", …" if len(blank) > 10 else "")
            message = f"{len(blank)} blank rows are left out: {listed}"
            sink.report("note", message, place=grid.place(0))
    return kept


def _row(grid: Grid, header: Header, row: GridRow) -> Row:
    cells = [cell.strip() for cell in row.cells]
    fault = row.fault
    width = len(cells)
    while width > header.width and not cells[width - 1]:
        width -= 1
    if not fault and width != header.width and not (grid.lettered and width < header.width):
        fault = f"has {width} cells where the header has {header.width}"
    values = {
        name: cells[index] if index is not None and index < width else ""
        for name, index in header.columns.items()
    }
    return Row(grid.place(row.number), values, header.letters, fault)
