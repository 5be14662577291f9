"""Reading the cells of one row: each is checked against what is right, then given as a term.

Every reader gives nothing for an empty cell, and nothing after it has reported an error: the row is
then skipped as a whole, so that no thing is loaded by halves.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode

from pesai.loading.codes import codes, written
from pesai.loading.countries import country, is_fictional, suggestion
from pesai.loading.hygiene import troubles
from pesai.loading.issues import Severity
from pesai.loading.near import hint
from pesai.loading.sink import Sink
from pesai.loading.table import Row
from pesai.namespaces import CODE, RDF, SKOS, XSD, Base

__all__ = ["Cells"]

_YEAR = re.compile(r"[12]\d{3}")
_DECIMAL = re.compile(r"-?\d+(\.\d+)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_FLAGS = {"true": True, "false": False}
_EARLIEST, _LATEST = 1900, 2100


def _same(text: str) -> str:
    return text


class Cells:
    """The cells of one row. Columns are named as in the header of the table."""

    def __init__(self, row: Row, sink: Sink, base: Base) -> None:
        self.row = row
        self.sink = sink
        self.base = base
        self._told: set[tuple[str, str, str]] = set()
        self._spoilt: set[str] = set()

    def __getitem__(self, column: str) -> str:
        return self.row.cells[column]

    def complain(
        self,
        column: str,
        message: str,
        *,
        value: str = "",
        expected: str = "",
        severity: Severity = "error",
    ) -> None:
        """Report a problem of one cell, once. An error drops the row."""
        told = (column, message, value)
        if told in self._told or column in self._spoilt:
            return
        self._told.add(told)
        place = self.row.at(column)
        self.sink.report(severity, message, place=place, value=value, expected=expected)

    def readable(self) -> bool:
        """Whether the row can be read at all; reports what no cell should hold."""
        if self.row.fault:
            self.sink.report("error", self.row.fault)
            return False
        for column, value in self.row.cells.items():
            for trouble in troubles(value):
                severity, message, expected = trouble
                self.complain(column, message, value=value, expected=expected, severity=severity)
                if severity == "error":  # what else would be said of it is a consequence
                    self._spoilt.add(column)
        return True

    def need(self, *columns: str) -> None:
        """Cells that must not be empty."""
        for column in columns:
            if not self[column]:
                self.complain(column, "must not be empty")

    def several(self, column: str) -> list[str]:
        """The values of a cell that holds several, joined by ``;``."""
        if not self[column]:
            return []
        parts = [part.strip() for part in self[column].split(";")]
        if not all(parts):
            self.complain(
                column, "holds an empty value", value=self[column],
                expected="values joined by one ';'",
            )  # fmt: skip
        return parts

    def text(self, column: str, language: str = "") -> Literal | None:
        """A text, in one language when that is known."""
        return Literal(self[column], language=language or None) if self[column] else None

    def texts(self, column: str, language: str = "") -> list[Literal]:
        """Several texts."""
        return [Literal(part, language=language or None) for part in self.several(column)]

    def language(self, column: str) -> str:
        """A language tag (BCP 47), such as ``fr``."""
        value = self[column]
        if value and not _LANGUAGE.fullmatch(value):
            self.complain(column, "is not a language", value=value, expected="a code such as fr")
            return ""
        return value

    def code(
        self, column: str, scheme: str, spelled: Callable[[str], str] = _same
    ) -> NamedNode | None:
        """A code of one list of the ontology. ``spelled`` turns the table's way of writing it."""
        return self._code(column, self[column], scheme, spelled) if self[column] else None

    def codes(self, column: str, scheme: str) -> list[NamedNode]:
        """Several codes of one list."""
        found = (self._code(column, part, scheme, _same) for part in self.several(column))
        return [code for code in found if code is not None]

    def _code(
        self, column: str, value: str, scheme: str, spelled: Callable[[str], str]
    ) -> NamedNode | None:
        known = codes(scheme)
        found = known.get(spelled(value))
        if found is None and value:
            message = f"is not a code of the list '{scheme}'"
            expected = hint(value, written(scheme)) or f"see {CODE.iri}{scheme}"
            self.complain(column, message, value=value, expected=expected)
        return found

    def country(self, column: str) -> NamedNode | None:
        """A country by its two letters."""
        return self._country(column, self[column]) if self[column] else None

    def countries(self, column: str) -> list[NamedNode]:
        """Several countries."""
        found = (self._country(column, part) for part in self.several(column))
        return [iri for iri in found if iri is not None]

    def _country(self, column: str, value: str) -> NamedNode | None:
        found = country(value, self.base)
        if found is None and value:
            meant = suggestion(value)
            expected = f"did you mean '{meant}'?" if meant else "two letters of ISO 3166-1"
            self.complain(column, "is not a country", value=value, expected=expected)
        if found is not None and is_fictional(value):
            # No table describes it: the concept is made where it is first named.
            self.sink.add(found, RDF.type, SKOS.Concept)
            self.sink.add(found, SKOS.notation, Literal(value))
        return found

    def year(self, column: str) -> Literal | None:
        """A year."""
        value = self[column]
        if not value:
            return None
        if not _YEAR.fullmatch(value) or not _EARLIEST <= int(value) <= _LATEST:
            expected = f"four digits, {_EARLIEST} to {_LATEST}"
            self.complain(column, "is not a year", value=value, expected=expected)
            return None
        return Literal(value, datatype=XSD.gYear)

    def number(self, column: str) -> Literal | None:
        """A decimal number: digits, with ``.`` before the decimals."""
        value = self[column]
        if not value:
            return None
        if not _DECIMAL.fullmatch(value):
            self.complain(column, "is not a number", value=value, expected=_number_meant(value))
            return None
        return Literal(value, datatype=XSD.decimal)

    def flag(self, column: str) -> Literal | None:
        """``true`` or ``false``; a spreadsheet program's capitals are understood."""
        value = self[column]
        if not value:
            return None
        found = _FLAGS.get(value.lower())
        if found is None:
            self.complain(column, "is neither yes nor no", value=value, expected="true or false")
            return None
        return Literal(found)

    def url(self, column: str) -> NamedNode | None:
        """A web address."""
        return self._url(column, self[column]) if self[column] else None

    def urls(self, column: str) -> list[NamedNode]:
        """Several web addresses."""
        found = (self._url(column, part) for part in self.several(column))
        return [iri for iri in found if iri is not None]

    def _url(self, column: str, value: str) -> NamedNode | None:
        wrong = _address_fault(value)
        if wrong:
            expected = "an address that begins with https:// or http://"
            self.complain(column, wrong, value=value, expected=expected)
            return None
        return NamedNode(value)

    def ordered(self, lower: str, upper: str) -> None:
        """Two numbers or years of which the first must not be the larger."""
        first, second = self[lower], self[upper]
        both = _DECIMAL.fullmatch(first) and _DECIMAL.fullmatch(second)
        if both and Decimal(first) > Decimal(second):
            expected = f"at most {second}, the value of {upper}"
            self.complain(lower, "is too large", value=first, expected=expected)

    def same_length(self, first: str, second: str) -> None:
        """Two lists whose values belong together, one by one."""
        here, there = len(self.several(first)), len(self.several(second))
        if here != there:
            message = f"holds {there} values where {first} holds {here}"
            self.complain(second, message, value=self[second], expected="one for each, in order")

    def exactly_one(self, first: str, second: str) -> None:
        """Two cells of which exactly one is filled."""
        if bool(self[first]) == bool(self[second]):
            how = "filled" if self[first] else "empty"
            expected = f"fill exactly one of {first} and {second}"
            self.complain(first, f"is {how}, and so is {second}", expected=expected)


def _number_meant(value: str) -> str:
    plain = re.sub(r"[\s\u00a0\u202f'’]", "", value)
    if _DECIMAL.fullmatch(plain):
        return f"{plain}, without blanks or marks between the digits"
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain):
        whole, dotted = plain.replace(",", ""), plain.replace(",", ".")
        either = f"{whole}, or {dotted} if the comma is the decimal sign"
        return whole if plain.count(",") > 1 else either
    if re.fullmatch(r"-?\d+,\d+", plain):
        return plain.replace(",", ".") + ", with '.' as the decimal sign"
    if plain.endswith("%") and _DECIMAL.fullmatch(plain[:-1].replace(",", ".")):
        return plain[:-1].replace(",", ".") + ", without the unit"
    return "digits, with '.' as the decimal sign"


def _address_fault(value: str) -> str:
    try:
        parts = urlsplit(value)
        host = parts.hostname
        NamedNode(value)
    except ValueError:
        return "is not a web address"
    if parts.scheme not in {"http", "https"} or not host:
        return "is not a web address"
    if parts.username is not None:
        return "holds a name or a password"
    return ""
