"""What no cell should hold, whatever its column."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from pesai.loading.issues import Severity

__all__ = ["Trouble", "troubles"]

# XML, and so RDF/XML and the XML results of SPARQL, cannot carry these at all.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_DIRECTION = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_SPREADSHEET = re.compile(
    r"#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|#{3,}|Err:\d{3}"
)
_FORMULA = re.compile(r"[=@][A-Za-z_.]+\(|[=+\-@].*[|!]|=")


class Trouble(NamedTuple):
    """One thing that is wrong with a cell."""

    severity: Severity
    message: str
    expected: str


def troubles(value: str) -> Iterator[Trouble]:
    """What is wrong with the text of a cell.

    A text that begins like a formula is kept as it is: nothing here computes it, and every output
    that a spreadsheet program could open takes care of it. It is still worth a note.
    """
    if found := _CONTROL.search(value):
        name = f"U+{ord(found.group()):04X}"
        yield Trouble("error", f"holds the control character {name}", "text without it")
    if _DIRECTION.search(value):
        yield Trouble("warning", "holds a hidden mark that turns the direction of the text", "")
    if _SPREADSHEET.fullmatch(value):
        yield Trouble("error", "is an error of a spreadsheet, not a value", "the value itself")
    elif _FORMULA.match(value):
        yield Trouble("note", "begins like a formula and is kept as text", "")
