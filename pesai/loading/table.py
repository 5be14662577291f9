"""Tables: rows of a CSV file with their places."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pesai.loading.issues import Place
from pesai.loading.sink import Sink

__all__ = ["Row", "read_table"]


@dataclass(frozen=True)
class Row:
    """One row: its cells by column, without blanks around them."""

    place: Place
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def several(self, column: str) -> list[str]:
        """The values of a cell that holds several, joined by ``;``."""
        return [part.strip() for part in self.cells[column].split(";") if part.strip()]


def read_table(path: Path, columns: Sequence[str], sink: Sink) -> Iterator[Row]:
    """The rows of a UTF-8, comma-separated file with a header line."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        missing = [name for name in columns if name not in (reader.fieldnames or ())]
        if missing:
            sink.report(
                "error", f"the column {missing[0]} is missing", place=Place(path.name, row=1)
            )
            return
        for cells in reader:
            place = Place(path.name, row=reader.line_num)
            yield Row(place, {name: (cells[name] or "").strip() for name in columns})
