"""Large spreadsheets, read fast: the first sheet with all its rows, in a bounded process.

``pesai.loading.sheets`` shows errors in cells, which people make, and takes half a minute for a
publication of sixty thousand rows. This reads a published workbook in a second.
"""

import json
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pesai.loading.bounded import Limits, TooMuch, call
from pesai.loading.issues import Place
from pesai.loading.records import Rows
from pesai.loading.sheets import SPREADSHEETS
from pesai.loading.sink import Sink

__all__ = ["is_workbook", "read_workbook"]

_LIMITS = Limits(seconds=120, memory=2 << 30)


def is_workbook(name: str) -> bool:
    """Whether a file is a spreadsheet, by the end of its name."""
    return any(name.lower().endswith(ending) for ending in SPREADSHEETS)


def read_workbook(file: str, content: bytes, sink: Sink) -> Rows:
    """The rows of the first sheet, header and all; none when it cannot be read."""
    try:
        answer = call("pesai.loading.workbook:read", content, _LIMITS)
    except TooMuch as reason:
        sink.lose(f"cannot be read as a spreadsheet: {reason}", Place(file))
        return Rows([])
    found: dict[str, Any] = json.loads(answer)
    if "error" in found:
        sink.lose(found["error"], Place(file), expected="an xlsx, xls or ods file")
        return Rows([])
    if found["merged"]:
        message = f"{len(found['merged'])} areas of merged cells; the first cell holds the value"
        sink.report("warning", message, place=Place(file, found["sheet"]), value=found["merged"][0])
    return Rows(found["rows"])


def read(content: bytes) -> bytes:
    """The first sheet as JSON. Runs in the child process."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        sheet = book.get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
        merged = [_area(*area) for area in _merged(sheet)]
    except MemoryError:
        raise
    except Exception as wrong:  # noqa: BLE001 - whatever a broken file brings about in a library
        answer: dict[str, Any] = {"error": f"is not a spreadsheet that can be read: {wrong}"}
    else:
        texts = [[_text(value) for value in row] for row in rows]
        answer = {"sheet": sheet.name, "rows": texts, "merged": merged}
    return json.dumps(answer).encode()


def _merged(sheet: Any) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:  # noqa: ANN401
    yield from sheet.merged_cell_ranges or ()


def _area(start: tuple[int, int], end: tuple[int, int]) -> str:
    from pesai.loading.header import letter

    return f"{letter(start[1])}{start[0] + 1}:{letter(end[1])}{end[0] + 1}"


def _text(value: object) -> str:
    """The text of a cell: whole numbers without a point, dates as ISO 8601."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
