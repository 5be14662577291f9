"""The amount of a measurement in the reader's writing, from its number and the code of its unit.

The sources' words are kept beside it: they are in English, and say more (about, of whom).
"""

from collections.abc import Mapping

from babel import Locale
from babel.numbers import NumberFormatError, parse_decimal
from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from pesai.web.i18n import language
from pesai.web.records import Record

__all__ = ["amount"]

_SIGNS: Mapping[str, LazyString] = {
    "percent": lazy_gettext("%(number)s%%"),
    "eur": lazy_gettext("€%(number)s"),
    "usd": lazy_gettext("US$%(number)s"),
    "gbp": lazy_gettext("£%(number)s"),
    "aud": lazy_gettext("A$%(number)s"),
    "czk": lazy_gettext("CZK %(number)s"),
    "sek": lazy_gettext("SEK %(number)s"),
    "count-per-day": lazy_gettext("%(number)s a day"),
    "count-per-month": lazy_gettext("%(number)s a month"),
    "count-per-year": lazy_gettext("%(number)s a year"),
}
"""Units that are written with the number as a sign, or as what it is counted by."""
_NUMBERS = frozenset({"count", "none", "ratio", "score"})
"""Units that add nothing to the number: the words say what was counted."""


def amount(record: Record) -> str:
    """The number with its unit; empty when the measurement has no number."""
    number, lower, upper = (record.one(name) for name in ("number", "lower", "upper"))
    if lower and upper:
        text = str(gettext("%(lower)s to %(upper)s", lower=lower.text, upper=upper.text))
        return _with_unit(record, text, upper.text)
    if lower:
        return str(gettext("at least %(number)s", number=_with_unit(record, lower.text)))
    if upper:
        return str(gettext("at most %(number)s", number=_with_unit(record, upper.text)))
    return _with_unit(record, number.text) if number else ""


def _with_unit(record: Record, number: str, counted: str = "") -> str:
    """A number with its unit.

    Args:
        record: has the unit.
        number: as it is written in the reader's language, or a span of two.
        counted: the number that decides between singular and plural, if it is another.
    """
    name = record.code("unit")
    if name in _SIGNS:
        return str(_SIGNS[name]) % {"number": number}
    if text := _plural(name, number, counted or number):
        return text
    unit = record.one("unit")
    return number if name in _NUMBERS or unit is None else f"{number} {unit.text}"


def _plural(unit: str, number: str, counted: str) -> str:
    """The number with a unit that has a plural."""
    many = 1 if _is_singular(counted) else 2
    match unit:
        case "person":
            return str(ngettext("%(number)s person", "%(number)s people", many, number=number))
        case "minute":
            return str(ngettext("%(number)s minute", "%(number)s minutes", many, number=number))
        case "day":
            return str(ngettext("%(number)s day", "%(number)s days", many, number=number))
        case "month":
            return str(ngettext("%(number)s month", "%(number)s months", many, number=number))
        case _:
            return ""


def _is_singular(number: str) -> bool:
    """Whether the unit of a number is in the singular: French has it for 0 and 1,5, too (CLDR)."""
    try:
        value = parse_decimal(number, locale=language())
    except NumberFormatError:
        return False
    return str(Locale.parse(language()).plural_form(value)) == "one"
