"""The engine as a process of its own, reached by a Unix socket in a runtime folder."""

import contextlib
import socket
import threading
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import BinaryIO

from pesai.access.audiences import Reader
from pesai.engine.embedded.local import LocalEngine, spool
from pesai.engine.embedded.wire import (
    Closed,
    Header,
    read_exactly,
    receive,
    receive_into,
    send,
    send_file,
)
from pesai.engine.protocol import (
    Busy,
    Crashed,
    EvaluationFailed,
    FormatMismatch,
    Limits,
    Query,
    Result,
    ResultTooLarge,
    SyntaxProblem,
    TooMuchMemory,
    TooSlow,
)
from pesai.errors import Failed, Gone, NotFound, Problem

__all__ = ["EngineServer", "SocketEngine"]

_PROBLEMS: dict[str, type[Problem]] = {
    kind.code: kind
    for kind in (
        Busy, Crashed, EvaluationFailed, FormatMismatch, Gone, NotFound, ResultTooLarge,
        SyntaxProblem, TooMuchMemory, TooSlow,
    )
}  # fmt: skip


class EngineServer:
    """Serves a local engine on a Unix socket that only this user may open."""

    def __init__(self, engine: LocalEngine, path: Path) -> None:
        self.engine = engine
        self._listener = socket.socket(socket.AF_UNIX)
        path.unlink(missing_ok=True)
        self._listener.bind(str(path))
        path.chmod(0o600)
        self._listener.listen(128)

    def serve(self) -> None:
        """Accept connections until the listener is closed."""
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def close(self) -> None:
        """Stop listening and end the workers."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.engine.pool.close()

    def _converse(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(Closed):
            while True:
                header = receive(connection)
                text = read_exactly(connection, header["size"]).decode()
                self._reply(connection, header, text)

    def _reply(self, connection: socket.socket, header: Header, text: str) -> None:
        try:
            result = self.engine.query(_query(header, text), Limits(**header["limits"]))
        except Problem as problem:
            send(
                connection,
                {"error": problem.code, "template": problem.template, "values": _plain(problem)},
            )
            return
        with result.body:
            answer = {
                "kind": result.kind,
                "format": result.format,
                "release": result.release,
                "checksum": result.checksum,
                "seconds": result.seconds,
            }
            if result.size <= 1 << 16:
                send(connection, answer, result.body.read())
            else:
                send_file(connection, answer, result.body, result.size)


def _plain(problem: Problem) -> dict[str, object]:
    return {k: v if isinstance(v, int | float | str) else str(v) for k, v in problem.values.items()}


def _query(header: Header, text: str) -> Query:
    return Query(
        text=text,
        reader=Reader.parse(header["reader"]),
        release=header["release"],
        solutions=header["solutions"],
        graph=header["graph"],
        default_graphs=tuple(header["default_graphs"]),
        named_graphs=tuple(header["named_graphs"]),
        bindings=header["bindings"],
        base=header["base"],
    )


class SocketEngine:
    """The engine as the web sees it. One connection per query under way; they are kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._free: SimpleQueue[socket.socket] = SimpleQueue()

    def query(self, query: Query, limits: Limits) -> Result:
        """Answer one query, wholly (see ``pesai.engine.protocol.Engine``)."""
        sock = self._connection()
        try:
            header, body = self._ask(sock, query, limits)
        except Closed:
            sock.close()
            sock = self._connect()  # the engine was started anew
            try:
                header, body = self._ask(sock, query, limits)
            except Closed:
                raise Failed("The engine went away. Try again in a few seconds.") from None
        self._free.put(sock)
        if "error" in header:
            kind = _PROBLEMS.get(header["error"], Failed)
            raise kind(header["template"], **header["values"])
        return Result(
            kind=header["kind"],
            format=header["format"],
            body=body,
            size=header["size"],
            release=header["release"],
            checksum=header["checksum"],
            seconds=header["seconds"],
        )

    def _ask(self, sock: socket.socket, query: Query, limits: Limits) -> tuple[Header, BinaryIO]:
        request: Header = {
            "reader": str(query.reader),
            "release": query.release,
            "solutions": query.solutions,
            "graph": query.graph,
            "default_graphs": query.default_graphs,
            "named_graphs": query.named_graphs,
            "bindings": dict(query.bindings),
            "base": query.base,
            "limits": vars(limits),
        }
        send(sock, request, query.text.encode())
        header = receive(sock)
        body = spool()
        receive_into(sock, header["size"], body)
        body.seek(0)
        return header, body

    def _connection(self) -> socket.socket:
        try:
            return self._free.get_nowait()
        except Empty:
            return self._connect()

    def _connect(self) -> socket.socket:
        sock = socket.socket(socket.AF_UNIX)
        try:
            sock.connect(str(self._path))
        except OSError as error:
            sock.close()
            raise Failed(
                "The engine does not answer. Start the service with 'pesai serve'."
            ) from error
        return sock
