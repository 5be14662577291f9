"""The guard: what a query is and does, found without parsing it.

It refuses what no query may do here (SERVICE, LOAD, updates at the query address) with the place
in the text, and tells what the rest of the service must know: the form, the dataset clauses, and
whether an answer may be kept. It is manners; that no query reaches the network is the workers'
walls (``pesai.engine.embedded.walls``).
"""

import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urljoin

from pesai.engine.protocol import SyntaxProblem
from pesai.errors import Refused, WrongUse
from pesai.sparql.lexer import TOKENS, WHITE_SPACE, unescape

__all__ = ["MAX_DEPTH", "MOST_UNCLOSED", "Form", "Place", "Scan", "admit", "confirm", "scan"]

Form = Literal["select", "ask", "construct", "describe", "update"]

MAX_DEPTH = 250
"""Brackets inside one another. Workers survive about ten times as many."""

MOST_UNCLOSED = 20
"""Long strings that are not closed. One may be meant as two short ones, many are an attack."""

_FORMS: dict[str, Form] = {
    "SELECT": "select",
    "ASK": "ask",
    "CONSTRUCT": "construct",
    "DESCRIBE": "describe",
    "INSERT": "update",
    "DELETE": "update",
    "LOAD": "update",
    "CLEAR": "update",
    "DROP": "update",
    "CREATE": "update",
    "ADD": "update",
    "MOVE": "update",
    "COPY": "update",
    "WITH": "update",
}
_VOLATILE = ("NOW", "RAND", "UUID", "BNODE")
_ANY_ORDER = {"REDUCED": "reduced", "SAMPLE": "sample", "GROUP_CONCAT": "group-concat"}
_BRACE_NEXT = re.compile(WHITE_SPACE + r"\{")
_AFTER_GRAPH = re.compile(r"(?:GRAPH|FROM|NAMED|DESCRIBE)[ \t\r\n]+\Z", re.IGNORECASE)
_LOCAL_ESCAPE = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a text, counted from 1. Columns count characters."""

    line: int
    column: int


@dataclass(slots=True)
class Scan:
    """What a text is and does.

    Attributes:
        form: the query form, ``update``, or ``None`` when there is none.
        service: where SERVICE is used.
        load: where LOAD is used.
        default_graphs: IRIs of FROM, in their order.
        named_graphs: IRIs of FROM NAMED, in their order.
        undeclared: a prefix that a dataset clause uses and no prologue declares.
        volatile: two evaluations over the same data may differ (NOW, RAND, UUID, STRUUID, BNODE).
        unsettled: why two evaluations over the same data may differ, in order: ``volatile``;
            ``limit`` (LIMIT or OFFSET without ORDER BY), ``ties`` (with it, where rows that are
            equal in that order may stand on both sides of the cut); ``sample``, ``group-concat``
            and ``reduced``, for which the standard leaves the choice to the engine.
        depth: how many brackets stand inside one another at most.
        unclosed: long strings that are not closed. After ``MOST_UNCLOSED`` the scan ends.
    """

    form: Form | None = None
    service: Place | None = None
    load: Place | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    undeclared: str | None = None
    volatile: bool = False
    unsettled: tuple[str, ...] = ()
    depth: int = 0
    unclosed: int = 0


@dataclass(slots=True)
class _Walk:
    """One reading of a text."""

    text: str
    base: str
    found: Scan = field(default_factory=Scan)
    prefixes: dict[str, str] = field(default_factory=dict)
    level: int = 0
    ordered: set[int] = field(default_factory=set)

    def run(self) -> Scan:
        for token in TOKENS.finditer(self.text):
            found = token.lastgroup
            if found == "open":
                self.level += 1
                self.found.depth = max(self.found.depth, self.level)
                self.ordered.discard(self.level)
            elif found == "close":
                self.level -= 1
            elif found == "word":
                self._word(token["word"].upper(), token.start("word"))
            elif not self._rarer(found, token):
                break
        return self.found

    def _rarer(self, found: str | None, token: re.Match[str]) -> bool:
        """A token of another kind; whether to go on."""
        match found:
            case "base":
                self.base = urljoin(self.base, unescape(token["base_iri"][1:-1]))
            case "prefix":
                self._declare(token)
            case "dataset":
                self._dataset(token)
            case "name":
                self._name(token.start("name"), token.end())
            case "unclosed":
                self.found.unclosed += 1
        return self.found.unclosed <= MOST_UNCLOSED

    def _word(self, word: str, start: int) -> None:
        found = self.found
        if "SERVICE" in word:
            found.service = found.service or _place(self.text, start)
        elif word == "LOAD":
            found.load = found.load or _place(self.text, start)
        if found.form is None:
            found.form = _FORMS.get(word)
        if word == "SELECT":
            self.ordered.discard(self.level)
        elif word == "ORDER":
            self.ordered.add(self.level)
        elif word in ("LIMIT", "OFFSET"):
            self._unsettled("ties" if self.level in self.ordered else "limit")
        elif word in _ANY_ORDER:
            self._unsettled(_ANY_ORDER[word])
        elif word.endswith(_VOLATILE):
            found.volatile = True
            self._unsettled("volatile")

    def _unsettled(self, why: str) -> None:
        self.found.unsettled = tuple(sorted({*self.found.unsettled, why}))

    def _declare(self, token: re.Match[str]) -> None:
        iri = unescape(token["prefix_iri"][1:-1])
        self.prefixes[token["label"]] = urljoin(self.base, iri)

    def _dataset(self, token: re.Match[str]) -> None:
        iri = self._resolve(token["graph"])
        if token["named"]:
            self.found.named_graphs += (iri,)
        else:
            self.found.default_graphs += (iri,)

    def _resolve(self, reference: str) -> str:
        if reference.startswith("<"):
            return urljoin(self.base, unescape(reference[1:-1]))
        label, _, local = reference.partition(":")
        namespace = self.prefixes.get(f"{label}:")
        if namespace is None:
            self.found.undeclared = self.found.undeclared or f"{label}:"
        return (namespace or "") + _LOCAL_ESCAPE.sub(r"\1", local)

    def _name(self, start: int, end: int) -> None:
        """A name such as ``SERVICE:x``: a use of SERVICE to some parsers when a brace follows."""
        before = self.text[max(0, start - 40) : start]
        if _BRACE_NEXT.match(self.text, end) and not _AFTER_GRAPH.search(before):
            self.found.service = self.found.service or _place(self.text, start)


def _place(text: str, offset: int) -> Place:
    return Place(text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset))


def scan(text: str, base: str = "") -> Scan:
    """Look at a query or update; nothing is refused.

    Args:
        text: SPARQL, right or wrong.
        base: base IRI for relative IRIs of dataset clauses.
    """
    found = _Walk(text, base).run()
    if "\\u" in text or "\\U" in text:
        other = _Walk(unescape(text), base).run()
        found.service = found.service or other.service
        found.load = found.load or other.load
        found.volatile = found.volatile or other.volatile
        found.unsettled = tuple(sorted({*found.unsettled, *other.unsettled}))
        found.unclosed = max(found.unclosed, other.unclosed)
    return found


def admit(text: str, base: str = "", *, update_address: str = "/update") -> Scan:
    """Look at the text of a query and refuse what is not done here.

    Args:
        text: what was sent as a query.
        base: base IRI for relative IRIs of dataset clauses.
        update_address: where updates go, for the message.

    Raises:
        Refused: it uses SERVICE or LOAD.
        WrongUse: it is an update.
        SyntaxProblem: it is nested too deeply to be read safely.

    What has no query form, or an undeclared prefix in a dataset clause, is left to the engine,
    which can say what is wrong with it; see ``confirm``.
    """
    found = scan(text, base)
    _refuse_network(found)
    if found.form == "update":
        raise WrongUse(
            "This is an update, and this address answers queries. Updates go to {address} "
            "by POST, signed in.",
            address=update_address,
        )
    _refuse_depth(found)
    return found


def admit_update(text: str, base: str = "") -> Scan:
    """Look at the text of an update and refuse what is not done here.

    Raises:
        Refused: it uses SERVICE or LOAD.
        WrongUse: it is a query.
        SyntaxProblem: it is nested too deeply to be read safely.
    """
    found = scan(text, base)
    _refuse_network(found)
    if found.form not in ("update", None):
        raise WrongUse(
            "This is a query, and this address takes updates. Queries go to {address}.",
            address="/sparql",
        )
    _refuse_depth(found)
    return found


def confirm(found: Scan) -> None:
    """Make sure that the engine, which answered, has read the query as the guard did.

    Some engines read ``ASKFROM<a>`` as two keywords, where the grammar has one word. Then the
    guard has not seen all that the query says, and its answer is not to be trusted.

    Raises:
        SyntaxProblem: words that stand for themselves are run together.
    """
    if found.form is None or found.undeclared:
        raise SyntaxProblem(
            "Words of the query are run together. Write a space after each keyword, as in "
            "'SELECT DISTINCT * FROM <…> WHERE {brace}'.",
            brace="{ … }",
        )


def _refuse_depth(found: Scan) -> None:
    if found.unclosed > MOST_UNCLOSED:
        raise SyntaxProblem("The query holds long strings that are not closed.")
    if found.depth > MAX_DEPTH:
        raise SyntaxProblem(
            "The query holds {depth} brackets inside one another; at most {most} are read. "
            "Write it with fewer.",
            depth=found.depth,
            most=MAX_DEPTH,
        )


def _refuse_network(found: Scan) -> None:
    if found.service:
        raise Refused(
            "Line {line}, column {column}: SERVICE is not evaluated here (SERVICE SILENT neither): "
            "a query reads this graph and reaches no other server. Ask the other endpoint on its "
            "own and join the two answers on your machine.",
            rule="no-service",
            line=found.service.line,
            column=found.service.column,
        )
    if found.load:
        raise Refused(
            "Line {line}, column {column}: LOAD is not done here (LOAD SILENT neither): the "
            "service fetches nothing. Send the data themselves, with 'pesai load' or the Graph "
            "Store Protocol.",
            rule="no-load",
            line=found.load.line,
            column=found.load.column,
        )
