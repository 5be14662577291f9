"""The engine as a process of its own, reached by a Unix socket in a runtime folder."""

import contextlib
import logging
import select
import socket
import threading
from dataclasses import asdict

from pesai.access.audiences import Reader
from pesai.engine.embedded.wire import Closed, Frame, Header, receive, send
from pesai.engine.protocol import Budget, Engine, Limits, Query, Result
from pesai.errors import Failed, Problem, told

__all__ = ["EngineServer"]

log = logging.getLogger(__name__)


class EngineServer:
    """Serves a local engine on a listening Unix socket, one thread per connection.

    Whoever made the socket decides who may open it; the engine trusts them.
    """

    def __init__(self, engine: Engine, listener: socket.socket) -> None:
        self.engine, self._listener = engine, listener
        self._stopped, self._stop = socket.socketpair()
        self._connections: set[socket.socket] = set()

    def serve(self) -> None:
        """Accept connections until ``close`` is called, from a signal or another thread."""
        with self._listener, self._stopped:
            while True:
                ready, _, _ = select.select([self._listener, self._stopped], [], [])
                if self._stopped in ready:
                    return
                connection, _ = self._listener.accept()
                self._connections.add(connection)
                threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def close(self) -> None:
        """Stop accepting, end the conversations and the workers.

        The listening socket may go on living in its maker, and clients wait there for another
        engine.
        """
        self._stop.close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.engine.close()

    def _converse(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(Closed):
            try:
                while True:
                    frame = receive(connection)
                    if "limits" in frame.header:
                        self._reply(connection, _query(frame), Limits(**frame.header["limits"]))
                    else:
                        send(connection, self._account(frame.header))
            except (ValueError, KeyError, TypeError) as error:
                log.warning("a client of the engine spoke in another way: %r", error)
            finally:
                self._connections.discard(connection)

    def _account(self, header: Header) -> Header:
        """What a client has left, after a cost when one is told; or that he has to wait."""
        if "charge" in header:
            left = self.engine.charge(header["charge"], header["cost"], failed=header["failed"])
            return {"left": _left(left)}
        if "budget" in header:
            return {"left": _left(self.engine.budget(header["budget"]))}
        try:
            self.engine.admit(header["admit"])
        except Problem as problem:
            return {"error": problem.code} | told(problem)
        return {"left": None}

    def _reply(self, connection: socket.socket, query: Query, limits: Limits) -> None:
        try:
            result = self.engine.query(query, limits)
        except Problem as problem:
            send(connection, {"error": problem.code} | told(problem))
        except Exception:
            log.exception("the engine failed on a query")
            failed = Failed("The engine failed.")
            send(connection, {"error": failed.code} | told(failed))
        else:
            _send_result(connection, result)


def _send_result(connection: socket.socket, result: Result) -> None:
    header: Header = {
        "kind": result.kind,
        "format": result.format,
        "release": result.release,
        "checksum": result.checksum,
        "seconds": result.seconds,
        "left": _left(result.left),
    }
    with result.body as body:
        try:
            file = body.fileno()
        except OSError:  # it is in memory
            send(connection, header, body.read())
        else:
            send(connection, header, file=file)


def _query(frame: Frame) -> Query:
    header = frame.header
    return Query(
        text=frame.body.decode(),
        reader=Reader.parse(header["reader"]),
        release=header["release"],
        solutions=header["solutions"],
        graph=header["graph"],
        default_graphs=tuple(header["default_graphs"]),
        named_graphs=tuple(header["named_graphs"]),
        bindings=header["bindings"],
        base=header["base"],
        curated=header["curated"],
        client=header["client"],
    )


def _left(budget: Budget | None) -> Header | None:
    return asdict(budget) if budget else None
