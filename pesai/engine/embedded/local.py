"""The embedded engine within this process: for the command line, tests and the engine server."""

import tempfile
from collections.abc import Callable
from typing import BinaryIO, cast

from pesai.engine.embedded.pool import Pool
from pesai.engine.embedded.wire import Closed, Header, receive_into
from pesai.engine.protocol import (
    Crashed,
    EvaluationFailed,
    FormatMismatch,
    Limits,
    Locate,
    Query,
    Result,
    ResultTooLarge,
    SyntaxProblem,
)
from pesai.errors import Problem

__all__ = ["LocalEngine", "spool"]

IN_MEMORY = 1 << 20
"""Results up to this size stay in memory, larger ones go to a file."""


def spool() -> BinaryIO:
    """A file for a result."""
    return cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=IN_MEMORY))


class LocalEngine:
    """Answers queries with a pool of workers."""

    def __init__(self, pool: Pool, locate: Locate, prefixes: dict[str, str]) -> None:
        self.pool, self.locate, self.prefixes = pool, locate, prefixes

    def query(self, query: Query, limits: Limits) -> Result:
        """Answer one query, wholly (see ``pesai.engine.protocol.Engine``)."""
        store = self.locate(query.reader, query.release)
        request: Header = {
            "solutions": query.solutions,
            "graph": query.graph,
            "default_graphs": list(query.default_graphs),
            "named_graphs": list(query.named_graphs),
            "bindings": dict(query.bindings),
            "base": query.base,
            "prefixes": self.prefixes,
        }
        worker = self.pool.borrow(store)
        try:
            header, sock = worker.ask(request, query.text.encode(), limits.seconds)
            body = spool()
            receive_into(sock, header["size"], body)
        except Closed:
            self.pool.discard(worker)
            raise Crashed("the answer broke off") from None
        except BaseException:
            self.pool.discard(worker)
            raise
        self.pool.give_back(worker)
        if "error" in header:
            body.close()
            raise _problem(header, limits)
        body.seek(0)
        return Result(
            kind=header["kind"],
            format=header["format"],
            body=body,
            size=header["size"],
            release=store.release,
            checksum=store.checksum,
            seconds=header["seconds"],
        )


def _problem(header: Header, limits: Limits) -> Problem:
    """The error that a worker told."""
    makers: dict[str, Callable[[], Problem]] = {
        "syntax": lambda: _syntax(header),
        "evaluation": lambda: EvaluationFailed("{reason}", reason=header["reason"]),
        "format": lambda: FormatMismatch(
            "The query gives {kind}; ask for a format that can hold that.", kind=header["kind"]
        ),
        "result-size": lambda: ResultTooLarge(
            "The result is larger than {limit} bytes, so nothing of it is sent. Ask for fewer rows "
            "(LIMIT with ORDER BY), fewer variables, or download the release.",
            limit=limits.result,
        ),
    }
    return makers[header["error"]]()


def _syntax(header: Header) -> Problem:
    if "line" in header:
        return SyntaxProblem(
            "Line {line}, column {column}: {reason}",
            line=header["line"],
            column=header["column"],
            reason=header["reason"],
        )
    return SyntaxProblem("{reason}", reason=header["reason"])
