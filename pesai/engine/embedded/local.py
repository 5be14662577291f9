"""The embedded engine within this process: for the command line, tests and the engine server."""

from collections.abc import Callable, Mapping

from pesai.engine.embedded.pool import Pool
from pesai.engine.embedded.wire import Frame, Header
from pesai.engine.protocol import (
    BadParameter,
    Budget,
    EvaluationFailed,
    FormatMismatch,
    Limits,
    Locate,
    Query,
    Result,
    ResultTooLarge,
    StoreRef,
    SyntaxProblem,
    TooMuchMemory,
)
from pesai.errors import Failed, Gone, Problem

__all__ = ["LocalEngine", "problem_of"]


class LocalEngine:
    """Answers queries with a pool of workers.

    Args:
        pool: the workers; closed with the engine.
        locate: finds the store of a reader at a release.
        prefixes: prefixes of Turtle, TriG and RDF/XML results.
    """

    def __init__(self, pool: Pool, locate: Locate, prefixes: Mapping[str, str]) -> None:
        self.pool, self.locate, self.prefixes = pool, locate, dict(prefixes)

    def query(self, query: Query, limits: Limits) -> Result:
        """Answer one query, wholly (see ``pesai.engine.protocol.Engine``).

        Limits of memory and result beyond those of the pool have no effect.
        """
        store = self.locate(query.reader, query.release)
        least = Limits(
            limits.seconds,
            min(limits.memory, self.pool.limits.memory),
            min(limits.result, self.pool.limits.result),
        )
        try:
            frame = self._ask(store, query, least)
            if "error" in frame.header:
                raise problem_of(frame.header, least)
        except Problem:
            if store.path.exists():
                raise
            raise Gone(
                "Release {release} was taken away meanwhile.", release=store.release
            ) from None
        return Result(
            kind=frame.header["kind"],
            format=frame.header["format"],
            size=frame.size,
            body=frame.open(),
            release=store.release,
            checksum=store.checksum,
            seconds=frame.header["seconds"],
        )

    def _ask(self, store: StoreRef, query: Query, limits: Limits) -> Frame:
        request: Header = {
            "solutions": query.solutions,
            "graph": query.graph,
            "default_graphs": query.default_graphs,
            "named_graphs": query.named_graphs,
            "bindings": dict(query.bindings),
            "base": query.base,
            "prefixes": self.prefixes if query.graph else {},
            "memory": limits.memory,
            "result": limits.result,
        }
        text = query.text.encode()
        worker = self.pool.borrow(store, curated=query.curated)
        try:
            frame = worker.ask(request, text, limits.seconds)
        except BaseException:
            self.pool.discard(worker, curated=query.curated)
            raise
        self.pool.give_back(worker, curated=query.curated)
        return frame

    def budget(self, client: str) -> Budget | None:  # noqa: ARG002 - as in the protocol
        """Nothing is counted here (``pesai.engine.fairuse.MeteredEngine`` does)."""
        return None

    def admit(self, client: str) -> None:
        """Nothing is counted here."""

    def charge(self, client: str, cost: float, *, failed: bool = False) -> Budget | None:  # noqa: ARG002
        """Nothing is counted here."""
        return None

    def close(self) -> None:
        """End the workers."""
        self.pool.close()


def problem_of(header: Header, limits: Limits) -> Problem:
    """The error that a worker told."""
    makers: dict[str, Callable[[], Problem]] = {
        "syntax": lambda: SyntaxProblem(header["template"], **header["values"]),
        "parameter": lambda: BadParameter(header["template"], **header["values"]),
        "evaluation": lambda: EvaluationFailed("{reason}", reason=header["reason"]),
        "failed": lambda: Failed("The result could not be kept: {reason}", reason=header["reason"]),
        "format": lambda: FormatMismatch(
            "The query gives {kind}; ask for a format that can hold that.", kind=header["kind"]
        ),
        "memory": lambda: TooMuchMemory(
            "The query needed more than {memory} bytes of memory. Sort or group fewer rows, or "
            "ask for them in parts.",
            memory=limits.memory,
        ),
        "result-size": lambda: ResultTooLarge(
            "The result is larger than {limit} bytes, so nothing of it is sent. Ask for fewer rows "
            "(LIMIT with ORDER BY), fewer variables, or download the release.",
            limit=limits.result,
        ),
    }
    return makers[header["error"]]()
