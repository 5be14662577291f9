"""The files of O*NET: their names and columns."""

import re
from collections.abc import Iterable
from pathlib import PurePath

from loaders._tables import Layout
from pesai.loading.bundle import Member

__all__ = ["NEEDED", "TABLES", "files", "version_of"]

_VERSION = re.compile(r"(?:o\*?net|db)\D{0,3}(\d{2})[._](\d)", re.IGNORECASE)
_PLAIN = re.compile(r"(\d{2})[._](\d)")
_CODE = "O*NET-SOC Code"


TABLES = {
    "Occupation Data": Layout((_CODE, "Title", "Description"), (), "it holds the occupations"),
    "Alternate Titles": Layout(
        (_CODE, "Alternate Title"), ("Title", "Short Title", "Source(s)"), "it holds other titles"
    ),
    "Sample of Reported Titles": Layout(
        (_CODE, "Reported Job Title"), ("Title", "Shown in My Next Move"), "it holds more titles"
    ),
    "Related Occupations": Layout(
        (_CODE, "Related O*NET-SOC Code"),
        ("Title", "Related Title", "Relatedness Tier", "Index"),
        "it says which occupations are near to which",
    ),
    "Task Statements": Layout(
        (_CODE, "Task ID", "Task"),
        ("Title", "Task Type", "Incumbents Responding", "Date", "Domain Source"),
        "it holds the tasks",
    ),
    "Technology Skills": Layout(
        (_CODE, "Example", "Commodity Code", "Commodity Title"),
        ("Title", "Hot Technology", "In Demand"),
        "it holds the technologies",
    ),
}
NEEDED = ("Occupation Data", "Related Occupations", "Task Statements", "Technology Skills")
"""Without one of these the graph lacks something that people will look for."""


def files(members: Iterable[Member]) -> tuple[dict[str, Member], list[Member]]:
    """The tables by name, and the other files."""
    found: dict[str, Member] = {}
    others = []
    for member in members:
        path = PurePath(member.name)
        if path.stem in TABLES and path.suffix.lower() in {".xlsx", ".txt"}:
            found.setdefault(path.stem, member)
        elif not path.stem.lower().startswith("read"):
            others.append(member)
    return found, others


def version_of(text: str) -> str:
    """The version that a name or the read-me file speaks of.

    >>> version_of("onet-29.2-subset.tar.gz"), version_of("db_29_2_excel"), version_of("29.2")
    ('29.2', '29.2', '29.2')
    """
    found = _VERSION.search(text) or _PLAIN.fullmatch(text)
    return f"{found[1]}.{found[2]}" if found else ""
