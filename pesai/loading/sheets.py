"""Spreadsheets: xlsx through openpyxl, xls and ods through calamine, in a bounded process.

openpyxl is slower but shows what calamine hides: cells that hold an error (``#REF!``).
"""

import datetime as dt
import json
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

from pesai.loading.bounded import Limits, TooMuch, call
from pesai.loading.grid import Grid, GridRow
from pesai.loading.issues import Place
from pesai.loading.sink import Sink

__all__ = ["SPREADSHEETS", "read_sheet"]

SPREADSHEETS = frozenset((".xlsx", ".xlsm", ".xls", ".ods"))
_MOST_CELLS = 20_000_000
_LIMITS = Limits(seconds=120, memory=2 << 30)


def read_sheet(path: Path, sink: Sink, sheet: str = "") -> Grid | None:
    """The rows of one sheet, the first one that is not hidden unless it is named.

    Merged cells are reported: only the first one holds the value.
    """
    order = json.dumps({"suffix": path.suffix.lower(), "sheet": sheet}).encode()
    place = Place(path.name)
    try:
        answer = call("pesai.loading.sheets:read", order + b"\n" + path.read_bytes(), _LIMITS)
    except TooMuch as reason:
        sink.lose(f"cannot be read as a spreadsheet: {reason}", place)
        return None
    found = json.loads(answer)
    if "error" in found:
        sink.lose(found["error"], place, expected=found.get("expected", ""))
        return None
    grid = Grid(path.name, found["sheet"], lettered=True)
    grid.rows = [GridRow(number, cells) for number, cells in enumerate(found["rows"], 1)]
    for merged in found["merged"]:
        message = "cells are merged; only the first one holds the value"
        sink.report("warning", message, place=grid.place(0), value=merged)
    if found["others"]:
        message = "other sheets are not read: " + ", ".join(found["others"])
        sink.report("note", message, place=grid.place(0))
    return grid


def read(payload: bytes) -> bytes:
    """One sheet of a spreadsheet as JSON. Runs in the child process."""
    head, _, content = payload.partition(b"\n")
    order = json.loads(head)
    reader = _openpyxl if order["suffix"] in {".xlsx", ".xlsm"} else _calamine
    try:
        answer = reader(content, order["sheet"])
    except MemoryError:
        raise
    except Exception as wrong:  # noqa: BLE001 - whatever a broken file brings about in a library
        answer = {"error": f"is not a spreadsheet that can be read: {wrong}"}
    return json.dumps(answer).encode()


def _openpyxl(content: bytes, name: str) -> dict[str, Any]:
    from openpyxl import load_workbook
    from openpyxl.worksheet.worksheet import Worksheet

    book = load_workbook(BytesIO(content), data_only=True)
    shown = [s for s in book.worksheets if s.sheet_state == "visible"]
    chosen = next((s for s in book.worksheets if s.title == name), None) if name else shown[0]
    if not isinstance(chosen, Worksheet):
        return _no_sheet(name, book.sheetnames)
    if chosen.max_row * chosen.max_column > _MOST_CELLS:
        return {"error": "claims too many cells", "expected": f"at most {_MOST_CELLS:,}"}
    rows = [[_text(value) for value in row] for row in chosen.iter_rows(values_only=True)]
    merged = [str(area) for area in chosen.merged_cells.ranges]
    others = [s.title for s in shown if s is not chosen]
    return {"sheet": chosen.title, "rows": rows, "merged": sorted(merged), "others": others}


def _calamine(content: bytes, name: str) -> dict[str, Any]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(BytesIO(content))
    chosen = name or book.sheet_names[0]
    if chosen not in book.sheet_names:
        return _no_sheet(name, book.sheet_names)
    rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    texts = [[_text(value) for value in row] for row in rows]
    others = [] if name else [s for s in book.sheet_names if s != chosen]
    return {"sheet": chosen, "rows": texts, "merged": [], "others": others}


def _no_sheet(name: str, names: list[str]) -> dict[str, Any]:
    return {"error": f"has no sheet '{name}'", "expected": "one of " + ", ".join(names)}


def _text(value: object) -> str:
    """The text of a cell, as a person would write it in a CSV file.

    >>> _text(2024.0), _text(0.1), _text(True), _text(None)
    ('2024', '0.1', 'true', '')
    """
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float():
            text = format(Decimal(repr(value)), "f")
            return text.removesuffix(".0")
        case dt.datetime() if value.time() == dt.time():
            return value.date().isoformat()
        case dt.date() | dt.datetime() | dt.time():
            return value.isoformat()
        case _:
            return str(value)
