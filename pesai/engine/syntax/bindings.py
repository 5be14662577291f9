"""Parameters: terms for variables of a query, as if they stood there.

The engine's own substitution (pyoxigraph's ``substitutions``) refuses a variable that the outer
SELECT does not name, so that ``SELECT (COUNT(*) AS ?n)`` could have no parameter. Here the tokens
that are the variable are replaced by the term, as the engine itself writes it: not a character of
it is taken from the outside.

* A parameter is no result: ``SELECT *`` has no column for it. Where ``SELECT`` or ``GROUP BY``
  name it, it is written ``(term AS ?name)`` and ``(term)``; a subquery gets a name that is free,
  or the outer SELECT would set what is set already.
* ``BOUND(?name)`` is true; a parameter that is not given stays an unbound variable, so a query
  may ask for it: ``FILTER(!BOUND(?country) || ?c = ?country)``.
* A query cannot set a parameter (``AS ?name``, ``VALUES ?name``).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from pesai.engine.syntax.tokens import Token, tokens

__all__ = ["NotBindable", "bind"]


class NotBindable(Exception):
    """A parameter is no term, or the query sets it itself."""

    def __init__(self, template: str, **values: str) -> None:
        super().__init__(template.format(**values))
        self.template, self.values = template, values


@dataclass
class _State:
    """Where in the query a token stands."""

    clause: str = ""
    depth: int = 0
    braces: int = 0
    before: str = ""

    def move(self, token: Token) -> None:
        """Take note of a token that was passed."""
        symbol = token.symbol
        if symbol in ("SELECT", "GROUP", "ORDER", "VALUES"):
            self.clause, self.depth = symbol, 0
        elif symbol in ("WHERE", "FROM", "HAVING", "LIMIT", "OFFSET", "{", "}"):
            self.clause = ""
        elif symbol in ("(", ")"):
            self.depth += 1 if symbol == "(" else -1
        if symbol in ("{", "}"):
            self.braces += 1 if symbol == "{" else -1
        self.before = symbol


def bind(text: str, bindings: Mapping[str, str]) -> str:
    """The query with terms for variables.

    Args:
        text: SPARQL 1.1 Query.
        bindings: terms in N-Triples, by name of variable.

    Raises:
        NotBindable: a text is no IRI or literal, or the query sets the variable itself.
        pesai.engine.syntax.tokens.BadToken: the text cannot be read.
    """
    if not bindings:
        return text
    return "".join(_pieces(text, {name: _term(name, term) for name, term in bindings.items()}))


def _pieces(text: str, terms: Mapping[str, str]) -> Iterator[str]:
    state, copied = _State(), 0
    waiting = list(tokens(text))
    taken = {token.text[1:] for token in waiting if token.symbol == "VAR"}
    for at, token in enumerate(waiting):
        name = token.text[1:]
        if token.symbol == "VAR" and name in terms:
            first, last, written = token, token, terms[name]
            if [t.symbol for t in waiting[max(0, at - 2) : at + 2]] == ["BOUND", "(", "VAR", ")"]:
                first, last, written = waiting[at - 2], waiting[at + 1], "true"
            else:
                written = _written(state, token.text, written, taken)
            yield text[copied : first.start]
            yield written
            copied = last.start + len(last.text)
        state.move(token)
    yield text[copied:]


def _written(state: _State, variable: str, term: str, taken: set[str]) -> str:
    if state.before == "AS" or state.clause == "VALUES":
        raise NotBindable(
            "The query sets {variable} itself; a parameter cannot be set.", variable=variable
        )
    if state.clause == "SELECT" and state.depth == 0:
        while state.braces and variable[1:] in taken:
            variable += "_"
        return f"({term} AS {variable})"
    if state.clause in ("GROUP", "ORDER") and state.depth == 0:
        return f"({term})"
    return f" {term} "


def _term(name: str, text: str) -> str:
    """A term as the engine writes it, from a text that holds exactly one.

    Raises:
        NotBindable: the text is not one IRI or one literal.
    """
    line = f"<urn:s> <urn:p> {text} ."
    try:
        triples = list(ox.parse(input=line.encode(), format=ox.RdfFormat.N_TRIPLES))
    except SyntaxError:
        triples = []
    term = triples[0].object if len(triples) == 1 else None
    if isinstance(term, ox.NamedNode | ox.Literal):
        return str(term)
    raise NotBindable(
        "The parameter {name} must be one IRI or one literal in N-Triples, not {text}.",
        name=name,
        text=text,
    )
