"""The engine as the web sees it: over the Unix socket of ``pesai serve``."""

import contextlib
import socket
import time
from pathlib import Path
from queue import Empty, SimpleQueue

from pesai.engine.embedded.wire import Closed, Frame, Header, Late, receive, send
from pesai.engine.protocol import Budget, Busy, Limits, Query, Result
from pesai.errors import Failed, problem_told

__all__ = ["SocketEngine"]

GRACE = 15
"""Seconds beyond a query's limit that the engine has for waiting, starting and telling."""


class SocketEngine:
    """Asks the engine's process. One connection per query under way; they are kept.

    Queries only read, so one that an engine took with it when it went away is asked once more of
    the engine that came in its place: until that listens, connections wait in the socket.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free: SimpleQueue[socket.socket] = SimpleQueue()

    def query(self, query: Query, limits: Limits) -> Result:
        """Answer one query, wholly (see ``pesai.engine.protocol.Engine``)."""
        deadline = time.monotonic() + limits.seconds + GRACE
        frame = self._ask(query, limits, deadline)
        header = frame.header
        if "error" in header:
            raise problem_told(header)
        return Result(
            kind=header["kind"],
            format=header["format"],
            size=frame.size,
            body=frame.open(),
            release=header["release"],
            checksum=header["checksum"],
            seconds=header["seconds"],
            left=Budget(**header["left"]) if header["left"] else None,
        )

    def budget(self, client: str) -> Budget | None:
        """What a client has left, by the engine's accounts."""
        return self._left({"budget": client})

    def admit(self, client: str) -> None:
        """Ask whether a client may have work done that is not the engine's."""
        self._left({"admit": client})

    def charge(self, client: str, cost: float, *, failed: bool = False) -> Budget | None:
        """Have a client bear the cost of work that was done elsewhere."""
        return self._left({"charge": client, "cost": cost, "failed": failed})

    def _left(self, request: Header) -> Budget | None:
        header = self._send(request, b"", time.monotonic() + GRACE).header
        if "error" in header:
            raise problem_told(header)
        return Budget(**header["left"]) if header["left"] else None

    def _ask(self, query: Query, limits: Limits, deadline: float) -> Frame:
        return self._send(_request(query, limits), query.text.encode(), deadline)

    def _send(self, request: Header, text: bytes, deadline: float) -> Frame:
        for sock in (self._kept(), None, None):
            with contextlib.suppress(Closed):
                return self._converse(sock or self._connect(deadline), request, text, deadline)
        raise Busy(
            "The engine was started anew while it worked on this. Try again in {retry_after} "
            "seconds.",
            retry_after=2,
        )

    def _converse(
        self, sock: socket.socket, request: Header, text: bytes, deadline: float
    ) -> Frame:
        try:
            send(sock, request, text, deadline=deadline)
            frame = receive(sock, deadline)
        except Late:
            sock.close()
            raise Failed("The engine did not answer in time.") from None
        except BaseException:
            sock.close()
            raise
        self._free.put(sock)
        return frame

    def close(self) -> None:
        """Close the connections that are kept."""
        while sock := self._kept():
            sock.close()

    def _kept(self) -> socket.socket | None:
        try:
            return self._free.get_nowait()
        except Empty:
            return None

    def _connect(self, deadline: float) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(max(0.001, deadline - time.monotonic()))
        try:
            sock.connect(str(self._path))
        except OSError as error:
            sock.close()
            raise Failed(
                "The engine does not answer. Start the service with 'pesai serve'."
            ) from error
        return sock


def _request(query: Query, limits: Limits) -> Header:
    return {
        "reader": str(query.reader),
        "release": query.release,
        "solutions": query.solutions,
        "graph": query.graph,
        "default_graphs": query.default_graphs,
        "named_graphs": query.named_graphs,
        "bindings": dict(query.bindings),
        "base": query.base,
        "curated": query.curated,
        "client": query.client,
        "limits": {
            "seconds": limits.seconds,
            "memory": limits.memory,
            "result": limits.result,
        },
    }
