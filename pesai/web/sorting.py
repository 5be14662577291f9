"""The one order of names on pages: as a reader of either language looks them up."""

import re
import unicodedata

__all__ = ["natural"]

_DIGITS = re.compile(r"(\d+)")


def natural(text: str) -> list[tuple[int, str]]:
    """Pieces to compare: those that are numbers by their value.

    >>> natural("2511.10") > natural("2511.4")
    True
    """
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in folded if not unicodedata.combining(c))
    parts = _DIGITS.split(plain)
    return [(int(p[:18]), p) if p.isascii() and p.isdigit() else (-1, p) for p in parts if p]
