"""The change report of a classification, for a person."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pesai.cli import console

if TYPE_CHECKING:
    from pesai.alignment.versions import Report

__all__ = ["tell"]


def tell(report: "Report", most: int) -> None:
    """Counts of each kind, then the rows, then the alignments that are touched."""
    for kind, changes in report.changes.items():
        console.say(f"{kind:<8} {len(changes):>7,}")
    console.say(f"{'mappings':<8} {len(report.touched):>7,} to be read again")
    for words in report.unseen:
        console.say(f"not compared: {words}")
    for kind, changes in report.changes.items():
        rows = [
            [one.label, _joined(one.before), _joined(one.after), one.language, one.concept]
            for one in changes
        ]
        _table(kind, ["concept", "before", "after", "language", "IRI"], rows, most)
    _table(
        "mappings to be read again",
        ["alignment", "subject", "predicate", "object", "because"],
        [[one.alignment, one.subject, one.predicate, one.target, f"{one.concept} was {one.change}"]
         for one in report.touched],
        most,
    )  # fmt: skip


def _table(title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], most: int) -> None:
    if not rows:
        return
    shown = rows[:most] if most else rows
    console.say(
        f"\n{title}" + (f" ({len(shown)} of {len(rows):,})" if len(shown) < len(rows) else "")
    )
    console.show_table(columns, shown)


def _joined(values: Sequence[str]) -> str:
    return " | ".join(values)
