"""The process that parses and evaluates queries. It can be killed at any moment.

Started as ``python -m pesai.engine.embedded.worker FD``, where FD is a connected socket. The first
frame says which store to open; each further one is a query. It answers one at a time, and a
header is sent only when the answer is whole.
"""

import socket
import sys
import time

import pyoxigraph as ox

from pesai.engine.embedded import walls
from pesai.engine.embedded.evaluation import evaluate, without_unused_prefixes
from pesai.engine.embedded.spool import Spool
from pesai.engine.embedded.wire import Closed, Frame, Header, receive, send

__all__ = ["main"]


class _Worker:
    """An open store behind its walls."""

    def __init__(self, setup: Header) -> None:
        self.setup = setup
        wanted = setup["walls"]
        self.up = {
            "network": "network" in wanted and walls.leave_network(),
            "sockets": "sockets" in wanted and walls.forbid_sockets(),
        }
        self.counted = "count" in wanted
        self.store = ox.Store.read_only(setup["store"])
        self.store.query("ASK { ?s ?p ?o }")
        walls.no_core_file()
        self.begin = walls.address_space()
        if "memory" in wanted:
            walls.limit_memory(self.begin + setup["memory"])
        if "result" in wanted:
            walls.limit_files(setup["result"])

    def answer(self, sock: socket.socket, frame: Frame) -> None:
        """Evaluate one query and send its answer."""
        request, started = frame.header, time.perf_counter()
        with Spool(request["result"] if self.counted else sys.maxsize) as spool:
            header = self._evaluate(frame, spool)
            header["seconds"] = time.perf_counter() - started
            header["grown"] = walls.address_space() - self.begin
            body = spool.body()
            if "error" in header:
                send(sock, header)
            elif body is None:
                send(sock, header, file=spool.file())
            elif header["format"] in ("ttl", "trig"):
                send(sock, header, without_unused_prefixes(body))
            else:
                send(sock, header, body)

    def _evaluate(self, frame: Frame, spool: Spool) -> Header:
        """Evaluate within the limits of the request, which are at most those of the setup."""
        request = frame.header
        less = request["memory"] < self.setup["memory"] and "memory" in self.setup["walls"]
        if less:
            walls.limit_memory(self.begin + request["memory"], lasting=False)
        header = evaluate(self.store, frame.body.decode(), request, spool)
        if less:
            walls.limit_memory(self.begin + self.setup["memory"])
        return header


def main() -> None:
    """Serve queries until the socket closes."""
    walls.die_with_parent()
    sock = socket.socket(fileno=int(sys.argv[1]))
    try:
        worker = _Worker(receive(sock).header)
        send(sock, {"walls": worker.up})
        while True:
            worker.answer(sock, receive(sock))
    except Closed:
        return


if __name__ == "__main__":
    main()
