"""What is wrong in a source, where, and what would be right."""

from dataclasses import dataclass, replace
from typing import Literal

__all__ = ["Issue", "Place", "Severity"]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a source: file, sheet, row and column.

    Rows are counted as a spreadsheet program counts them: the header is row 1, blank rows count,
    and a cell may hold line breaks. ``letter`` is the name of the column in a spreadsheet (``B``).
    """

    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    letter: str = ""

    def at(self, column: str, letter: str = "") -> "Place":
        """The same row, in one column."""
        return replace(self, column=column, letter=letter)

    def __str__(self) -> str:
        parts = [self.file + (f"[{self.sheet}]" if self.sheet else "")]
        if self.row:
            parts.append(str(self.row))
            if self.column:
                parts.append(self.column + (f" ({self.letter}{self.row})" if self.letter else ""))
        return ":".join(parts)


@dataclass(frozen=True, slots=True, order=True)
class Issue:
    """One problem. ``str()`` is ``file:row:column: severity: message (value; what is right)``."""

    place: Place
    severity: Severity
    message: str
    value: str = ""
    expected: str = ""

    def __str__(self) -> str:
        shown = repr(self.value[:80]) if self.value else ""
        hint = "; ".join(part for part in (shown, self.expected) if part)
        return f"{self.place}: {self.severity}: {self.message}" + (f" ({hint})" if hint else "")
