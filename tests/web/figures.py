"""Which figures of a page lead nowhere: numbers in tables and headings."""

import re
from html.parser import HTMLParser

__all__ = ["bare"]

_NUMBER = re.compile(r"^[\s(+−]*\d{1,3}([,\u202f\u00a0]?\d{3})*\)?\s*$")
_COUNT = re.compile(r"\(\s*\d")
_ENDS = ("h1", "h2")


def bare(text: str) -> list[str]:
    """Figures without a link, in parts of a page that have no link to a query either.

    A part goes from one heading of the first two levels to the next. A figure is a whole number
    alone in a cell, or one in brackets in a heading. A page that can be taken along has the query
    behind all of it (``macros.html``, ``takeaway``).
    """
    return _Page(text).found


class _Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[str] = []
        self.part: list[str] = []
        self.told = self.whole = False
        self.feed(text)
        self._end_part()
        if self.whole:
            self.found = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = (dict(attrs).get("class") or "").split()
        if tag in _ENDS:
            self._end_part()
        self.told |= tag == "a" and "behind" in classes
        self.whole |= "takeaway" in classes
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass  # an element without an end

    def handle_data(self, data: str) -> None:
        if "a" in self.open or "time" in self.open:
            return
        headed = {"h1", "h2", "h3"} & set(self.open) and _COUNT.search(data)
        if headed or ("td" in self.open and _NUMBER.match(data)):
            self.part.append(data.strip())

    def _end_part(self) -> None:
        if not self.told:
            self.found += self.part
        self.part, self.told = [], False
