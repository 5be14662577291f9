"""How tables of mappings are laid out: lines about the table, a header, rows.

The EURES tables have 15 to 17 lines of metadata before their header, whose names differ from
country to country; those of O*NET and of the Bureau of Labor Statistics have a title or none.
"""

import re
from dataclasses import dataclass, field

from pesai.loading.records import Rows

__all__ = ["COLUMNS", "Layout", "layout"]

COLUMNS = {
    "subject": (
        "classification 1 uri", "classification 1 id", "o*net id", "esco/isco code", "isco-08 code",
    ),
    "subject_label": (
        "classification 1 preflabel", "classification 1 prefered label",
        "classification 1 preferred label", "o*net title", "esco/isco title", "isco-08 title en",
    ),
    "object": (
        "classification 2 uri", "classification 2 id", "esco or isco uri", "o*net-soc 2019 code",
        "2010 soc code",
    ),
    "object_label": (
        "classification 2 preflabel", "classification 2 prefered label",
        "classification 2 preferred label", "esco or isco title", "o*net-soc 2019 title",
        "2010 soc title",
    ),
    "predicate": ("mapping relation", "type of match"),
    "note": ("editorial note", "comment 8/17/11"),
    "part": ("part",),
}  # fmt: skip
"""What a column holds, by the names that publishers give to it."""
UNREAD = {
    "classification 1 url", "classification 2 url", "o*net description",
    "esco or isco description",
}  # fmt: skip
"""Columns that say again what others say."""

_USED = re.compile(r"ESCO v(\d+\.\d+(?:\.\d+)?)")
_FIXED = {
    "esco/isco code": {"classification 1 name": "ESCO", "classification 2 name": "O*NET",
                       "classification 2 version": "O*NET-SOC 2019"},
    "isco-08 code": {"classification 1 name": "ISCO", "classification 1 version": "ISCO-08",
                     "classification 2 name": "SOC 2010", "classification 2 version": "2010"},
}  # fmt: skip
"""What tables without metadata say by the names of their columns."""


@dataclass
class Layout:
    """What a table says of itself, and where its columns stand.

    Attributes:
        facts: the metadata, by name in lower case.
        header: the number of the header's row.
        columns: the index of each column that is there.
        unknown: names of columns that nobody knows.
        leftovers: names that a spreadsheet program gave to columns without one.
    """

    facts: dict[str, str] = field(default_factory=dict)
    header: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)

    def about(self, side: int, what: str) -> str:
        """A fact of one of the two classifications: ``name``, ``version``, ``language``."""
        return self.facts.get(f"classification {side} {what}", "")


def layout(rows: Rows) -> Layout | None:
    """The layout of a table, or nothing when no row is the header of a table of mappings."""
    found = Layout()
    for number, cells in enumerate(rows.cells[:60], 1):
        names = [cell.strip().casefold() for cell in cells]
        if _is_header(names):
            found.header = number
            _place(found, names, cells)
            _remarks(found, rows.cells[-5:])
            return found
        _fact(found, cells)
    return None


def _is_header(names: list[str]) -> bool:
    return all(set(COLUMNS[side]) & set(names) for side in ("subject", "object"))


def _fact(found: Layout, cells: list[str]) -> None:
    texts = [cell.strip() for cell in cells]
    for text in texts[2:]:
        if text:
            found.leftovers.append(text)
    if len(texts) > 1 and texts[0]:
        found.facts[texts[0].casefold()] = texts[1]


def _remarks(found: Layout, last: list[list[str]]) -> None:
    """The version of ESCO, where a remark below the rows tells it and nothing else does."""
    for cells in last:
        told = _USED.search(" ".join(cells)) if sum(map(bool, cells)) == 1 else None
        for side in (1, 2):
            if told and found.about(side, "name") == "ESCO" and not found.about(side, "version"):
                found.facts[f"classification {side} version"] = told[1]


def _place(found: Layout, names: list[str], cells: list[str]) -> None:
    known = {name: role for role, spelled in COLUMNS.items() for name in spelled}
    for index, name in enumerate(names):
        role = known.get(name)
        if role is not None and role not in found.columns:
            found.columns[role] = index
        elif name and name not in UNREAD:
            found.unknown.append(cells[index].strip())
    for mark, facts in _FIXED.items():
        if mark in names:
            found.facts = {**facts, **{k: v for k, v in found.facts.items() if v}}
