"""Tokens of SPARQL 1.1 Query (section 19.8), in time linear in the text.

Only for explaining errors, binding parameters and manners: what a query means is the engine's to
say. A text that this lexer reads otherwise than the engine gets a worse message, nothing else.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["BadToken", "Token", "place", "tokens"]

_ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[\w:]|{_ESCAPED})(?:(?:[\w:.·-]|{_ESCAPED})*(?:[\w:·-]|{_ESCAPED}))?"
# A length bounds what is read again and again when no colon follows.
_PREFIX = r"[^\W\d_](?:[\w.·-]{0,99}[\w·-])?"
_IN_TEXT = r"\\[tbnrf\\\"']|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_KINDS = {
    "space": r"[ \t\r\n]+|\#[^\r\n]*",
    "IRIREF": r"<[^<>\"{}|^`\\\x00-\x20]*>",
    "PNAME": rf"(?:{_PREFIX})?:{_LOCAL}",
    "PNAME_NS": rf"(?:{_PREFIX})?:",
    "BLANK_NODE": r"_:\w(?:[\w.·-]*[\w·-])?",
    "VAR": r"[?$]\w+",
    "STRING": "|".join(
        (
            rf"'''(?:'{{0,2}}(?:[^'\\]|{_IN_TEXT}))*'''",
            rf"\"\"\"(?:\"{{0,2}}(?:[^\"\\]|{_IN_TEXT}))*\"\"\"",
            rf"'(?!'')(?:[^'\\\r\n]|{_IN_TEXT})*'",
            rf"\"(?!\"\")(?:[^\"\\\r\n]|{_IN_TEXT})*\"",
        )
    ),
    "LANGTAG": r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?",
    "SIGNED": r"[+-](?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?",
    "NUMBER": r"(?:\d+\.\d+|\d+\.(?=[eE])|\.\d+|\d+)(?:[eE][+-]?\d+)?",
    "INTEGER": r"\d+",
    "NIL": r"\([ \t\r\n]*\)",
    "ANON": r"\[[ \t\r\n]*\]",
    "word": r"[A-Za-z][A-Za-z0-9_]*",
    "sign": r"\^\^|\|\||&&|!=|<=|>=|[{}()\[\];,.*/+|^?!=<>~-]",
}
_TOKEN = re.compile("|".join(f"(?P<{k}>{v})" for k, v in _KINDS.items()), re.DOTALL)


@dataclass(frozen=True, slots=True)
class Token:
    """One token. ``symbol`` is its kind; for key words and signs, what is written (upper case)."""

    symbol: str
    text: str
    start: int


class BadToken(Exception):
    """From here on nothing can be read (an unclosed string, a space in an IRI)."""

    def __init__(self, start: int) -> None:
        super().__init__(start)
        self.start = start


def tokens(text: str) -> Iterator[Token]:
    """The tokens of a text, without white space and comments.

    Raises:
        BadToken: when a place is reached that begins no token.
    """
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise BadToken(at)
        kind = match.lastgroup or ""
        if kind != "space":
            yield Token(_symbol(kind, match.group()), match.group(), at)
        at = match.end()


def _symbol(kind: str, text: str) -> str:
    if kind == "word":
        return "a" if text == "a" else text.upper()
    if kind == "NUMBER" and text.isdigit():
        return "INTEGER"
    return text if kind == "sign" else kind


def place(text: str, offset: int) -> tuple[int, int]:
    """Line and column of an offset, both counted from 1, as editors do."""
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")
