"""Many occurrences of one trouble, told in one line: how often, and where first."""

from dataclasses import dataclass, field

from pesai.loading.issues import Place, Severity
from pesai.loading.sink import Sink

__all__ = ["Tally"]

_SHOWN = 5


@dataclass
class _Trap:
    severity: Severity
    column: str
    expected: str
    value: str
    times: int = 0
    rows: list[int] = field(default_factory=list)


class Tally:
    """Counts troubles of one file, and reports each kind of them once.

    Publications of millions of cells repeat a trouble thousands of times. One line with the count
    and the first places says more than thousands of lines.
    """

    def __init__(self, sink: Sink, file: str, sheet: str = "") -> None:
        self.file = file
        self._sink = sink
        self._place = Place(file, sheet)
        self._traps: dict[tuple[str, str], _Trap] = {}

    def add(
        self,
        severity: Severity,
        message: str,
        row: int = 0,
        *,
        column: str = "",
        value: str = "",
        expected: str = "",
        times: int = 1,
    ) -> None:
        """One occurrence, or several. The first one's value and hint are those that are shown."""
        trap = self._traps.setdefault((message, column), _Trap(severity, column, expected, value))
        trap.times += times
        if row and len(trap.rows) < _SHOWN:
            trap.rows.append(row)

    def skip(
        self, message: str, row: int, *, column: str = "", value: str = "", expected: str = ""
    ) -> None:
        """An error that costs a row."""
        self.add("error", message, row, column=column, value=value, expected=expected)
        self._sink.rows_skipped += 1

    def report(self) -> None:
        """Tell the sink what was counted, and begin anew."""
        for (message, column), trap in self._traps.items():
            place = Place(self._place.file, self._place.sheet, trap.rows[0] if trap.rows else 0)
            self._sink.report(
                trap.severity,
                message + _counted(trap),
                place=place.at(column) if column else place,
                value=trap.value,
                expected=trap.expected,
            )
        self._traps.clear()


def _counted(trap: _Trap) -> str:
    if trap.times == 1:
        return ""
    listed = ", ".join(map(str, trap.rows)) + (", …" if trap.times > len(trap.rows) else "")
    return f": {trap.times} times" + (f", in rows {listed}" if trap.rows else "")
