"""What is wrong in a source, where, and what would be right."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Issue", "Place", "Severity"]

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a source: file, sheet, row (the header is row 1) and column."""

    file: str
    sheet: str = ""
    row: int = 0
    column: str = ""

    def __str__(self) -> str:
        parts = [self.file + (f"[{self.sheet}]" if self.sheet else "")]
        if self.row:
            parts.append(str(self.row))
            if self.column:
                parts.append(self.column)
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
