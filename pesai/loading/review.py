"""Proposals that a person has gone through: what may be written into the column ``review``.

A row of proposals is no fact until somebody says how the two are related. The words are those of a
person who fills in a spreadsheet, in English or French; case and blanks around them do not count.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pesai.loading.issues import Place
from pesai.loading.near import nearest
from pesai.loading.sink import Sink
from pesai.loading.table import Row

__all__ = ["COLUMN", "GUARD", "reviewed"]

COLUMN = "review"
GUARD = "'"
"""Stands before a text that a spreadsheet program would take for a formula."""

_MARKS = {
    "exact": "exactMatch", "exacte": "exactMatch",
    "close": "closeMatch", "proche": "closeMatch",
    "broad": "broadMatch", "large": "broadMatch",
    "narrow": "narrowMatch", "étroite": "narrowMatch", "etroite": "narrowMatch",
    "related": "relatedMatch", "associée": "relatedMatch", "associee": "relatedMatch",
}  # fmt: skip
_NO = frozenset(("no", "non"))
_EXPECTED = (
    "exact, close, broad, narrow, related or no (exacte, proche, large, étroite, associée, non)"
)
_BY_A_PERSON = "semapv:ManualMappingCuration"


def reviewed(rows: Iterable[Row], file: str, sink: Sink) -> Iterator[Row]:
    """The rows that a person has marked, as mappings that a person has made.

    How many were not marked, and how many were turned down, is told at the end.
    """
    blank = turned_down = 0
    for row in rows:
        mark = row[COLUMN].strip().casefold()
        if not mark and not row.fault:
            blank += 1
        elif mark in _NO:
            turned_down += 1
        elif mark in _MARKS or row.fault:
            yield _decided(row, _MARKS.get(mark, ""))
        else:
            _unknown(row, mark, sink)
    for count, why in ((blank, "have no mark in 'review'"), (turned_down, "are marked 'no'")):
        if count:
            sink.report("note", f"{count} rows {why} and are left out", place=Place(file))


def _decided(row: Row, kind: str) -> Row:
    cells = {name: _unguarded(text) for name, text in row.cells.items()}
    cells["predicate_id"] = f"skos:{kind}"
    cells["mapping_justification"] = _BY_A_PERSON
    return replace(row, cells=cells)


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith(GUARD) and text[1:2] in {"=", "+", "-", "@"} else text


def _unknown(row: Row, mark: str, sink: Sink) -> None:
    near = nearest(mark, (*_MARKS, *_NO))
    with sink.row(row.place):
        sink.report(
            "error", "is no mark", place=row.at(COLUMN), value=row[COLUMN],
            expected=f"did you mean '{near}'?" if near else _EXPECTED,
        )  # fmt: skip
