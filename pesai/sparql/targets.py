"""Which graphs the text of an update writes to, found before it is evaluated.

An update that names a graph which one may not write is refused for what it says, whether or not it
would change anything. What only evaluation tells (``GRAPH ?g`` in a template) is left to that.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin

from pesai.engine.protocol import SyntaxProblem
from pesai.engine.syntax.tokens import BadToken, Token, place, tokens
from pesai.errors import WrongUse

__all__ = ["DEFAULT", "Targets", "targets", "with_dataset"]

DEFAULT = ""
"""Stands for the default graph among IRIs of graphs."""

_TERMS = frozenset({"IRIREF", "PNAME", "PNAME_NS"})


@dataclass
class Targets:
    """What an update writes to.

    Attributes:
        written: graphs that triples are put into or taken from, by IRI.
        removed: graphs that are dropped, or moved away.
        unknown: the text does not tell all of them: a variable, ``ALL``, ``NAMED``, or an
            expression that this lexer does not read as the engine might.
        place: line and column of the first word that names each.
    """

    written: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    unknown: bool = False
    place: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def all(self) -> set[str]:
        """All graphs that the text names as targets."""
        return self.written | self.removed


def targets(text: str, base: str = "") -> Targets:
    """The targets of an update.

    Args:
        text: SPARQL 1.1 Update, right or wrong; what is wrong the engine tells.
        base: base IRI for relative IRIs.
    """
    reader = _Reader(text, base)
    try:
        reader.run(list(tokens(text)))
    except (BadToken, IndexError):
        reader.found.unknown = True
    return reader.found


def with_dataset(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    """The update with the dataset of the protocol in the place of USING.

    Raises:
        WrongUse: the text names a dataset itself (SPARQL 1.1 Protocol, 2.2.3).
        SyntaxProblem: the text cannot be read.
    """
    if not default and not named:
        return text
    clauses = "".join(f" USING <{iri}>" for iri in default)
    clauses += "".join(f" USING NAMED <{iri}>" for iri in named)
    try:
        found = list(tokens(text))
    except BadToken as bad:
        line, column = place(text, bad.start)
        raise SyntaxProblem(
            "Line {line}, column {column}: this cannot be read.", line=line, column=column
        ) from bad
    pieces, copied, depth = [], 0, 0
    for before, token in zip([None, *found], found, strict=False):
        depth += (token.symbol == "{") - (token.symbol == "}")
        if depth == 0 and token.symbol in ("USING", "WITH"):
            raise WrongUse(
                "The update names a dataset with {word}, and the request names one with "
                "using-graph-uri. Use one of the two.",
                word=token.symbol,
            )
        if depth == 0 and token.symbol == "WHERE" and before and before.symbol == "}":
            pieces += [text[copied : token.start], clauses, " "]
            copied = token.start
    return "".join([*pieces, text[copied:]])


class _Reader:
    """Walks over the operations of an update."""

    def __init__(self, text: str, base: str) -> None:
        self.text, self.base = text, base
        self.found = Targets()
        self.prefixes: dict[str, str] = {}
        self.into = DEFAULT  # WITH
        self.waiting: list[Token] = []
        self.at = 0
        graph = self._graph_clause
        self.operations: dict[str, Callable[[], None]] = {
            "PREFIX": self._prefix,
            "BASE": self._base,
            "WITH": self._with,
            "INSERT": self._template,
            "DELETE": self._template,
            "CREATE": lambda: graph(self.found.written),
            "CLEAR": lambda: graph(self.found.written),
            "DROP": lambda: graph(self.found.removed),
            "ADD": self._transfer,
            "COPY": self._transfer,
            "MOVE": self._move,
        }

    def run(self, waiting: list[Token]) -> None:
        self.waiting = waiting
        while self.at < len(self.waiting):
            token = self._next()
            if token.symbol in self.operations:
                self.operations[token.symbol]()
            elif token.symbol == "{":
                self._skip()
            elif token.symbol == ";":
                self.into = DEFAULT

    def _next(self) -> Token:
        token = self.waiting[self.at]
        self.at += 1
        return token

    def _peek(self) -> str:
        return self.waiting[self.at].symbol

    def _passed(self, *symbols: str) -> bool:
        """Whether the next token is one of these; it is taken then."""
        if self._peek() in symbols:
            self.at += 1
            return True
        return False

    def _prefix(self) -> None:
        label, iri = self._next(), self._next()
        self.prefixes[label.text] = urljoin(self.base, iri.text[1:-1])

    def _base(self) -> None:
        self.base = urljoin(self.base, self._next().text[1:-1])

    def _with(self) -> None:
        self.into = self._iri(self._next()) or DEFAULT

    def _template(self) -> None:
        """``INSERT`` or ``DELETE`` with ``DATA``, ``WHERE`` or neither, and its braces."""
        self._passed("DATA", "WHERE")
        if self._next().symbol != "{":
            self.found.unknown = True
            return
        while not self._passed("}"):
            token = self._next()
            if token.symbol == "GRAPH":
                self._target(self._next(), self.found.written)
            elif token.symbol == "{":
                self._skip()
            elif token.symbol != ".":
                self._note(self.into, token, self.found.written)

    def _graph_clause(self, into: set[str]) -> None:
        """``[SILENT] GRAPH <…>``, ``DEFAULT``, ``NAMED`` or ``ALL``."""
        self._passed("SILENT")
        token = self._next()
        if token.symbol in ("ALL", "NAMED"):
            self.found.unknown = True
        if token.symbol in ("ALL", "DEFAULT"):
            self._note(DEFAULT, token, self.found.written)
        elif token.symbol == "GRAPH":
            self._target(self._next(), into)

    def _transfer(self) -> None:
        self._passed("SILENT")
        self._graph_or_default()
        self._passed("TO")
        self._note(*self._graph_or_default(), self.found.written)

    def _move(self) -> None:
        self._passed("SILENT")
        source, token = self._graph_or_default()
        self._note(source, token, self.found.removed if source else self.found.written)
        self._passed("TO")
        self._note(*self._graph_or_default(), self.found.written)

    def _graph_or_default(self) -> tuple[str, Token]:
        self._passed("GRAPH")
        token = self._next()
        return (DEFAULT if token.symbol == "DEFAULT" else self._iri(token) or DEFAULT), token

    def _target(self, token: Token, into: set[str]) -> None:
        iri = self._iri(token)
        if iri is None:
            self.found.unknown = True
        else:
            self._note(iri, token, into)

    def _iri(self, token: Token) -> str | None:
        """The IRI that a token names; ``None`` for a variable and for an unknown prefix."""
        if token.symbol == "IRIREF":
            return urljoin(self.base, token.text[1:-1])
        label, _, local = token.text.partition(":")
        known = self.prefixes.get(f"{label}:")
        if token.symbol not in _TERMS or known is None or "\\" in local:
            self.found.unknown = True
            return None
        return known + local

    def _note(self, iri: str, token: Token, into: set[str]) -> None:
        into.add(iri)
        self.found.place.setdefault(iri, place(self.text, token.start))

    def _skip(self) -> None:
        """Leave a group whose brace was taken."""
        depth = 1
        while depth:
            symbol = self._next().symbol
            depth += (symbol == "{") - (symbol == "}")
