"""Why a query is not SPARQL, and where: for people.

The engine's own message names the furthest place that any of its alternatives looked at (a key
word further than the fault, or the end of the query) and everything it would have taken there.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pesai.engine.syntax.grammar import Start, deviation
from pesai.engine.syntax.tokens import BadToken, Token, place, tokens
from pesai.errors import translatable

__all__ = ["Explanation", "explain"]

_ENGINE = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
_LOOKED_AHEAD = 24
"""The engine's place is after the fault by at most the longest key word and some white space."""

_UNREADABLE = translatable(
    "Line {line}, column {column}: {found} cannot be read. Is a quotation mark not closed, or a "
    "sign there that SPARQL does not know?"
)
_BAD_IRI = translatable(
    "Line {line}, column {column}: this is not an IRI. Between < and > there is no space and none "
    "of the signs < > {{ }} | ^ ` and backslash."
)
_UNEXPECTED = translatable("Line {line}, column {column}: found {found}, expected {expected}.")
_TOO_SHORT = translatable("Line {line}, column {column}: the query ends here, expected {expected}.")
_PREFIX = translatable(
    "Line {line}, column {column}: the prefix {found} is not declared. Write "
    "'PREFIX {found} <…>' at the top."
)
_RELATIVE = translatable(
    "Line {line}, column {column}: {found} is not a whole IRI. Write it from its scheme on "
    "(https://…), or declare a BASE."
)
_UNGROUPED = translatable(
    "Line {line}, column {column}: a SELECT with GROUP BY or with an aggregate may name only "
    "variables that are grouped or aggregated."
)
_RULE = translatable(
    "Line {line}, column {column}: a rule of SPARQL beyond its grammar is broken before this "
    "place: a variable that BIND, AS or VALUES sets twice, say, or a blank node used in two groups."
)

_GROUPS: tuple[tuple[str, frozenset[str]], ...] = (
    (translatable("an expression"), frozenset({"BOUND", "VAR", "NOT"})),
    (translatable("a constraint in parentheses"), frozenset({"BOUND"})),
    (translatable("a term or a variable"), frozenset({"VAR", "IRIREF", "STRING", "BLANK_NODE"})),
    (translatable("an IRI or a literal"), frozenset({"IRIREF", "STRING"})),
    (translatable("an IRI or a variable"), frozenset({"IRIREF", "VAR"})),
    (translatable("an IRI"), frozenset({"IRIREF"})),
    (translatable("a variable"), frozenset({"VAR"})),
    (translatable("a whole number"), frozenset({"INTEGER"})),
    (translatable("a prefix"), frozenset({"PNAME_NS"})),
    (translatable("a text in quotes"), frozenset({"STRING"})),
)
_OPERATORS = frozenset(
    ("||", "&&", "=", "!=", "<", ">", "<=", ">=", "+", "-", "*", "/", "?", "|", "^", "!")
)
_KEY_WORDS = frozenset(
    """
    ADD ALL AS ASC ASK BASE BIND BY CLEAR CONSTRUCT COPY CREATE DATA DEFAULT DELETE DESC
    DESCRIBE DISTINCT DROP FILTER FROM GRAPH GROUP HAVING IN INSERT LIMIT MINUS MOVE NAMED
    OFFSET OPTIONAL ORDER PREFIX REDUCED SELECT SEPARATOR SILENT TO UNDEF UNION USING VALUES
    WHERE WITH
    """.split()  # noqa: SIM905 - a list of strings would take fifty lines
)
_SIGNS = (".", ";", ",", "}", ")", "]", "{", "(")


@dataclass(frozen=True)
class Explanation:
    """A sentence with values (``line``, ``column``, ``found``, ``expected``) for its names."""

    template: str
    values: dict[str, object]


def explain(text: str, engine: str, base: str | None = None, start: Start = "Query") -> Explanation:
    """Explain the message that the engine refused a query or an update with.

    Args:
        text: what was refused.
        engine: the engine's message; kept as the value ``engine``.
        base: the base IRI that the text was read with.
        start: what it was meant to be.
    """
    match = _ENGINE.search(engine)
    line, column = (int(match[1]), int(match[2])) if match else (1, 1)
    said = match[3] if match else engine
    found = _by_grammar(text, line, column, start) or _by_rule(text, said, base)
    if found is None:
        template = _UNGROUPED if "unbound" in said else _RULE
        return Explanation(template, {"line": line, "column": column, "engine": said})
    return Explanation(found.template, {**found.values, "engine": said})


def _at(text: str, offset: int, template: str, **values: object) -> Explanation:
    line, column = place(text, offset)
    return Explanation(template, {"line": line, "column": column, **values})


def _by_grammar(text: str, line: int, column: int, start: Start) -> Explanation | None:
    """Where the grammar is left, unless that is where the engine went on (an extension)."""
    try:
        left = deviation(tokens(text), start)
    except BadToken as bad:
        return _at(text, bad.start, _UNREADABLE, found=_quoted(text[bad.start :].splitlines()[0]))
    if left is None:
        return None
    expected = _listed(left.expected)
    if left.found is None:
        return _at(text, len(text.rstrip()), _TOO_SHORT, expected=expected)
    lines = text.splitlines(keepends=True)
    engine = sum(map(len, lines[: line - 1])) + column - 1
    if engine - left.found.start > _LOOKED_AHEAD:
        return None
    if left.found.symbol == "<" and "IRIREF" in left.expected:
        return _at(text, left.found.start, _BAD_IRI)
    return _at(
        text, left.found.start, _UNEXPECTED, found=_quoted(left.found.text), expected=expected
    )


def _by_rule(text: str, said: str, base: str | None) -> Explanation | None:
    """The place of an error beyond the grammar."""
    all_tokens = list(tokens(text))
    if "Prefix not found" in said:
        for token, prefix in _undeclared(all_tokens):
            return _at(text, token.start, _PREFIX, found=prefix)
    if "IRI parsing failed" in said and base is None:
        for token in all_tokens:
            if token.symbol == "BASE":
                break
            if token.symbol == "IRIREF" and not re.match(r"<[A-Za-z][A-Za-z0-9+.-]*:", token.text):
                return _at(text, token.start, _RELATIVE, found=token.text)
    return None


def _undeclared(all_tokens: Iterable[Token]) -> Iterable[tuple[Token, str]]:
    declared: set[str] = set()
    before = ""
    for token in all_tokens:
        prefix = token.text.partition(":")[0] + ":"
        if token.symbol == "PNAME_NS" and before == "PREFIX":
            declared.add(prefix)
        elif token.symbol in ("PNAME", "PNAME_NS") and prefix not in declared:
            yield token, prefix
        before = token.symbol


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 30 else text[:29] + '…'}”"


def _listed(expected: frozenset[str]) -> list[str]:
    """What was expected, in few words: kinds of terms, key words, signs."""
    kinds = next((name for name, needed in _GROUPS if needed <= expected), None)
    signs = expected & _OPERATORS
    parts = [kinds] if kinds else []
    if "a" in expected and kinds == "an IRI or a variable":
        parts.append("“a”")
    if kinds != "an expression" and "&&" not in signs:
        parts += sorted(expected & _KEY_WORDS)
    if len(signs) > 1 and kinds is None:
        parts.append(translatable("an operator"))
    elif signs == {"*"}:
        parts.append("“*”")
    return parts + [f"“{sign}”" for sign in _SIGNS if sign in expected]
