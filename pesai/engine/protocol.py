"""What an engine is: a query goes in, a complete result or an error comes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal, Protocol

from pesai.access.audiences import THE_PUBLIC, Reader
from pesai.errors import Problem

__all__ = [
    "BadParameter",
    "Budget",
    "Busy",
    "Crashed",
    "Engine",
    "EvaluationFailed",
    "FormatMismatch",
    "GraphFormat",
    "Limits",
    "Locate",
    "OverBudget",
    "Query",
    "Result",
    "ResultTooLarge",
    "SolutionsFormat",
    "StoreRef",
    "SyntaxProblem",
    "TooMuchMemory",
    "TooSlow",
]

SolutionsFormat = Literal["json", "xml", "csv", "tsv"]
GraphFormat = Literal["ttl", "nt", "jsonld", "rdf", "trig", "nq"]
ResultKind = Literal["solutions", "boolean", "graph"]


@dataclass(frozen=True)
class Limits:
    """What one query may use: seconds of evaluation, bytes of memory, bytes of result."""

    seconds: float = 20
    memory: int = 1 << 30
    result: int = 256 << 20


@dataclass(frozen=True)
class Query:
    """A query and all that its answer depends on.

    Attributes:
        text: SPARQL 1.1 Query.
        reader: whose store is asked.
        release: number of a release, or ``None`` for the current one.
        solutions: format when the query is a SELECT or ASK; ``None`` when none would do.
        graph: format when it is a CONSTRUCT or DESCRIBE; ``None`` when none would do.
        default_graphs: IRIs of the protocol's ``default-graph-uri``; empty when not given. Several
            are merged, each triple once.
        named_graphs: IRIs of the protocol's ``named-graph-uri``; empty when not given. When one of
            the two is given, they are the whole dataset and FROM in the text is ignored (SPARQL
            1.1 Protocol, 2.1.4).
        bindings: N-Triples terms (IRIs and literals) for variables of the query, by name without
            ``?``: the answer is as if the term stood there (``pesai.engine.syntax.bindings``).
        base: base IRI for relative IRIs.
        curated: asked by the service itself (a page, a stored query, the canary); never waits
            behind what strangers ask freely. The answer does not depend on it.
        client: whose account bears the cost (``pesai.engine.fairuse``); nobody's when empty. The
            answer does not depend on it.
    """

    text: str
    reader: Reader = THE_PUBLIC
    release: str | None = None
    solutions: SolutionsFormat | None = "json"
    graph: GraphFormat | None = "ttl"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    bindings: Mapping[str, str] = field(default_factory=dict)
    base: str | None = None
    curated: bool = False
    client: str = ""


@dataclass(frozen=True)
class Budget:
    """What a client has left.

    Attributes:
        limit: seconds of evaluation in a minute.
        seconds: of these, what is left now.
        errors: queries that may still fail in this minute.
        concurrent: queries that may be under way beside those that are.
        full_in: seconds until all is there again.
    """

    limit: float
    seconds: float
    errors: int
    concurrent: int
    full_in: int


@dataclass(frozen=True)
class StoreRef:
    """The store that answers: where it is, the release and the checksum that its answers carry."""

    path: Path
    release: str
    checksum: str


Locate = Callable[[Reader, str | None], StoreRef]
"""Finds the store of a reader at a release (``None``: the current one)."""


@dataclass
class Result:
    """A whole answer. ``body`` is positioned at its start and is the caller's to close.

    ``left`` is what its client has left, when that is counted.
    """

    kind: ResultKind
    format: str
    body: BinaryIO
    size: int
    release: str
    checksum: str
    seconds: float
    left: Budget | None = None


class Engine(Protocol):
    """Answers queries."""

    def query(self, query: Query, limits: Limits) -> Result:
        """Answer one query, wholly.

        Raises:
            Problem: one of the errors below; a partial answer is never given.
        """
        ...

    def budget(self, client: str) -> Budget | None:
        """What a client has left; ``None`` when that is not counted."""
        ...

    def admit(self, client: str) -> None:
        """Ask whether a client may have work done that is not the engine's.

        Raises:
            OverBudget: the client has to wait.
        """
        ...

    def charge(self, client: str, cost: float, *, failed: bool = False) -> Budget | None:
        """Have a client bear the cost, in seconds, of work that was done elsewhere.

        Returns:
            What is left, as for ``budget``.
        """
        ...

    def close(self) -> None:
        """Let go of all that it holds."""
        ...


class SyntaxProblem(Problem):
    """The query is not SPARQL.

    Values: ``line`` and ``column`` (both from 1), ``found`` and ``expected`` where they are known,
    and ``engine``, the engine's own words.
    """

    code, title, status, exit_code = "syntax", "The query is not valid SPARQL", 400, 1


class EvaluationFailed(Problem):
    """The query is valid and cannot be evaluated."""

    code, title, status, exit_code = "evaluation", "The query cannot be evaluated", 400, 1


class BadParameter(Problem):
    """A parameter is no term, cannot stand where the query has it, or is set by the query."""

    code, title, status, exit_code = "parameter", "A parameter does not fit the query", 400, 2


class FormatMismatch(Problem):
    """No accepted format fits the form of the query."""

    code, title, status, exit_code = "not-acceptable", "None of the accepted formats fits", 406, 2


class TooSlow(Problem):
    """The query was stopped at its time limit."""

    code, title, status = "timeout", "The query took too long", 504


class TooMuchMemory(Problem):
    """The query was stopped at its memory limit."""

    code, title, status = "memory", "The query needs too much memory", 507


class ResultTooLarge(Problem):
    """The result was given up at its size limit."""

    code, title, status = "result-size", "The result is too large", 507


class Crashed(Problem):
    """The process that ran the query died."""

    code, title, status = "crashed", "The query brought its process down", 500


class OverBudget(Problem):
    """A client used up what one may have for now."""

    code, title, status, exit_code = "budget", "You have used your share for now", 429, 3


class Busy(Problem):
    """All workers are at work and the queue is full."""

    code, title, status = "busy", "The service is busy", 503
