"""Terms that come again and again: each IRI is checked and made once."""

import re

from pyoxigraph import NamedNode

__all__ = ["Terms"]

_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20]+")
_ISCO = "http://data.europa.eu/esco/isco/C"


class Terms:
    """Named nodes by their IRI."""

    def __init__(self) -> None:
        self._made: dict[str, NamedNode | None] = {}
        self._written: dict[str, str] = {}

    def iri(self, text: str) -> NamedNode | None:
        """The node of an IRI, blanks around it apart; nothing when it is no IRI of the web."""
        try:
            return self._made[text]
        except KeyError:
            plain = text.strip()
            made = self._made[text] = NamedNode(plain) if _IRI.fullmatch(plain) else None
            return made

    def written(self, text: str) -> str:
        """The IRI as it stands in N-Triples (``<…>``); empty when it is none."""
        try:
            return self._written[text]
        except KeyError:
            node = self.iri(text)
            written = self._written[text] = str(node) if node is not None else ""
            return written

    def at(self, beginning: str, name: str) -> NamedNode:
        """The node of an IRI that is put together from a known beginning and a checked name."""
        text = beginning + name
        made = self._made.get(text)
        if made is None:
            made = self._made[text] = NamedNode(text)
        return made

    def isco(self, code: str) -> NamedNode:
        """The ISCO-08 group of a code, in the IRIs that ESCO gives to them."""
        return self.at(_ISCO, code)
