"""The first row of a table: which column stands where, and what is wrong with it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pesai.loading.grid import Grid
from pesai.loading.issues import Place
from pesai.loading.near import nearest
from pesai.loading.sink import Sink

__all__ = ["Header", "letter", "read_header"]

_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


@dataclass(frozen=True)
class Header:
    """Where the columns stand.

    Attributes:
        columns: index of each asked-for column; nothing for an optional one that is not there.
        letters: their letters, in a spreadsheet.
        width: how many cells a row has.
    """

    columns: dict[str, int | None]
    letters: dict[str, str]
    width: int


def letter(index: int) -> str:
    """The name of a column in a spreadsheet, counted from 0.

    >>> letter(1), letter(27)
    ('B', 'AB')
    """
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def read_header(
    grid: Grid, columns: Sequence[str], optional: Sequence[str], sink: Sink
) -> Header | None:
    """The columns of a table, or nothing when a wanted one is missing, misspelt or there twice."""
    names = _names(grid)
    place = grid.place(grid.rows[0].number if grid.rows else 1)
    if not names:
        sink.lose("is empty", grid.place(0), expected="a header and rows")
        return None
    before = sink.errors
    _report_delimiter(names, columns, place, sink)
    if sink.errors == before:
        _report_twice(names, {*columns, *optional}, place, sink)
        _report_unknown(names, columns, optional, place, sink)
        _report_unnamed(grid, names, sink)
    if sink.errors > before:
        sink.lost.add(grid.file)
        return None
    wanted = {n: names.index(n) if n in names else None for n in (*columns, *optional)}
    letters = {n: letter(i) for n, i in wanted.items() if i is not None} if grid.lettered else {}
    return Header(wanted, letters, len(names))


def _names(grid: Grid) -> list[str]:
    names = [name.strip() for name in grid.rows[0].cells] if grid.rows else []
    return names if any(names) else []


def _report_delimiter(names: list[str], columns: Sequence[str], place: Place, sink: Sink) -> None:
    for mark, called in _DELIMITERS.items():
        parts = {part.strip(' "') for part in mark.join(names).split(mark)}
        if len(parts) > len(names) and len(parts & set(columns)) > len(set(names) & set(columns)):
            message = f"the columns are separated by {called}"
            sink.report("error", message, place=place, value=names[0], expected="commas")
            return


def _report_twice(names: list[str], wanted: set[str], place: Place, sink: Sink) -> None:
    for name, times in Counter(names).items():
        if times > 1 and name in wanted:
            where = " and ".join(letter(i) for i, other in enumerate(names) if other == name)
            sink.report(
                "error",
                f"the column stands {times} times",
                place=place.at(name),
                expected=f"once; it is in {where}",
            )


def _report_unknown(
    names: list[str], columns: Sequence[str], optional: Sequence[str], place: Place, sink: Sink
) -> None:
    missing = [name for name in (*columns, *optional) if name not in names]
    for name in dict.fromkeys(names):
        if name in columns or name in optional:
            continue
        meant = nearest(name, missing)
        if meant:
            missing.remove(meant)
            sink.report(
                "error", "there is no such column", place=place, value=name,
                expected=f"did you mean '{meant}'?",
            )  # fmt: skip
        elif name:
            sink.report("warning", "this column is not known and not read", place=place, value=name)
    for name in missing:
        if name in columns:
            sink.report("error", "the column is missing", place=place.at(name))


def _report_unnamed(grid: Grid, names: list[str], sink: Sink) -> None:
    """Cells below an empty name: a remark at the side of the table, most often."""
    unnamed = [index for index, name in enumerate(names) if not name]
    for row in grid.rows[1:]:
        for index in unnamed:
            if index < len(row.cells) and row.cells[index].strip():
                sink.report(
                    "warning", f"column {letter(index)} has no name and is not read",
                    place=grid.place(row.number), value=row.cells[index].strip(),
                )  # fmt: skip
                return
