"""Whole numbers in addresses: pages of lists, and how many of something."""

from flask import request

from pesai.errors import WrongUse

__all__ = ["asked_number", "asked_page"]

_DIGITS = 9
"""Longer texts are no numbers here; Python itself refuses to read some thousand digits."""


def asked_number(name: str, usual: int, most: int) -> int:
    """The number that the request gives under a name; the usual one when it gives none.

    Raises:
        WrongUse: it is no whole number from 1 to ``most``.
    """
    found = _read(request.args.get(name, "").strip() or str(usual), most)
    if found is None:
        raise WrongUse("'{name}' is a number from 1 to {most}.", name=name, most=most)
    return found


def asked_page(most: int) -> int:
    """The page of a list that the request asks for.

    Raises:
        WrongUse: it is no number of a page.
    """
    text = request.args.get("page", "").strip() or "1"
    found = _read(text, most)
    if found is None:
        raise WrongUse("'{page}' is not the number of a page. Pages begin at 1.", page=text[:20])
    return found


def _read(text: str, most: int) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS):
        return None
    return int(text) if 1 <= int(text) <= most else None
