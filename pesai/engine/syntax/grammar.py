"""Where a text leaves the grammar of SPARQL, and what could have stood there.

A parser by table for LL(1) grammars with a stack of its own: deep nesting needs memory, not
recursion. It is asked only after the engine refused a text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from pesai.engine.syntax.tokens import Token

__all__ = ["Deviation", "Start", "deviation"]

Start = Literal["Query", "Update"]
Kind = Literal["token", "rule", "all", "one", "optional", "repeated"]


@dataclass(frozen=True, slots=True, eq=False)
class _Node:
    """A part of a rule: a token, a reference, a sequence, a choice, an option or a repetition."""

    kind: Kind
    name: str = ""
    parts: tuple["_Node", ...] = ()


@dataclass(frozen=True)
class Deviation:
    """The first token that does not fit (``None``: the end), and what would."""

    found: Token | None
    expected: frozenset[str]


@dataclass
class _Grammar:
    """Rules by name, with the tokens that each part can begin with."""

    rules: dict[str, _Node]
    _first: dict[_Node, tuple[frozenset[str], bool]] = field(default_factory=dict)

    def first(self, node: _Node) -> tuple[frozenset[str], bool]:
        """Which tokens a part can begin with, and whether it can be empty."""
        if node not in self._first:
            self._first[node] = self._work_out(node)
        return self._first[node]

    def _work_out(self, node: _Node) -> tuple[frozenset[str], bool]:
        if node.kind == "token":
            return frozenset({node.name}), False
        if node.kind == "rule":
            return self.first(self.rules[node.name])
        if node.kind == "all":
            return self._first_of_sequence(node.parts)
        firsts = [self.first(part) for part in node.parts]
        union = frozenset().union(*(tokens for tokens, _ in firsts))
        return union, node.kind != "one" or any(empty for _, empty in firsts)

    def _first_of_sequence(self, parts: Iterable[_Node]) -> tuple[frozenset[str], bool]:
        begin: frozenset[str] = frozenset()
        for part in parts:
            tokens, empty = self.first(part)
            begin |= tokens
            if not empty:
                return begin, False
        return begin, True


def deviation(tokens: Iterable[Token], start: Start = "Query") -> Deviation | None:
    """Where the tokens leave the grammar; ``None`` when they are a query (or an update)."""
    grammar = _grammar()
    stack = [_Node("rule", start)]
    for token in tokens:
        expected: set[str] = set()
        if not _advance(grammar, stack, token.symbol, expected):
            return Deviation(token, frozenset(expected))
    rest = _Node("all", parts=tuple(reversed(stack)))
    begin, empty = grammar.first(rest)
    return None if empty else Deviation(None, begin)


def _advance(grammar: _Grammar, stack: list[_Node], symbol: str, expected: set[str]) -> bool:
    """Take one token off the stack; if it does not fit, what would is in ``expected``."""
    while stack:
        node = stack.pop()
        begin, empty = grammar.first(node)
        expected |= begin
        if node.kind == "token" and node.name == symbol:
            return True
        if symbol in begin:
            _unfold(grammar, stack, node, symbol)
        elif not empty:
            return False
    return False


def _unfold(grammar: _Grammar, stack: list[_Node], node: _Node, symbol: str) -> None:
    if node.kind == "rule":
        stack.append(grammar.rules[node.name])
    elif node.kind == "one":
        stack.append(next(part for part in node.parts if symbol in grammar.first(part)[0]))
    elif node.kind == "repeated":
        stack.extend((node, node.parts[0]))
    else:
        stack.extend(reversed(node.parts))


@cache
def _grammar() -> _Grammar:
    """The grammar of the file beside this one."""
    text = Path(__file__).with_name("sparql.ebnf").read_text(encoding="ascii")
    words = re.findall(r"'[^']+'|\w+|[=;?*+|()]", re.sub(r"(?m)^#.*", "", text))
    words.reverse()
    rules = {}
    while words:
        name, _ = words.pop(), words.pop()
        rules[name] = _choice(words)
        words.pop()
    return _Grammar(rules)


def _choice(words: list[str]) -> _Node:
    options = [_sequence(words)]
    while words[-1] == "|":
        words.pop()
        options.append(_sequence(words))
    return options[0] if len(options) == 1 else _Node("one", parts=tuple(options))


def _sequence(words: list[str]) -> _Node:
    parts: list[_Node] = []
    while words[-1] not in ("|", ")", ";"):
        parts.extend(_repetition(_atom(words), words))
    return parts[0] if len(parts) == 1 else _Node("all", parts=tuple(parts))


def _repetition(node: _Node, words: list[str]) -> list[_Node]:
    mark = words.pop() if words[-1] in ("?", "*", "+") else ""
    if mark == "?":
        return [_Node("optional", parts=(node,))]
    repeated = _Node("repeated", parts=(node,))
    return {"*": [repeated], "+": [node, repeated]}.get(mark, [node])


def _atom(words: list[str]) -> _Node:
    word = words.pop()
    if word == "(":
        inner = _choice(words)
        words.pop()
        return inner
    if word.startswith("'"):
        return _Node("token", word.strip("'"))
    return _Node("token" if word.isupper() else "rule", word)
