"""The process that parses and evaluates queries. It can be killed at any moment.

Started as ``python -m pesai.engine.embedded.worker FD``, where FD is a connected socket. The first
frame says which store to open; each further one is a query. It answers one at a time.
"""

import io
import os
import re
import socket
import sys
import time
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import pyoxigraph as ox

from pesai.engine.embedded import walls
from pesai.engine.embedded.wire import Closed, read_exactly, receive, send, send_file
from pesai.engine.inline import with_bindings

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["main"]

_SOLUTIONS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
_AT = re.compile(r"error at (\d+):(\d+): (.*)", re.DOTALL)
Header = dict[str, Any]


class _Spool(io.RawIOBase):
    """The one file that results are written to; opened before the walls go up."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.file: BinaryIO = os.fdopen(os.memfd_create("result"), "w+b", buffering=1 << 16)
        self.limit = limit
        self.full = False

    def reset(self) -> None:
        self.full = False
        self.file.seek(0)
        self.file.truncate(0)

    def write(self, data: "Buffer", /) -> int:
        part = bytes(data)
        if self.file.tell() + len(part) > self.limit:
            self.full = True
            raise OSError("the result is over its limit")
        return self.file.write(part)

    def flush(self) -> None:
        self.file.flush()


def _open(setup: Header) -> tuple[ox.Store, _Spool, Header]:
    wanted = setup["walls"]
    up: Header = {
        "network": "network" in wanted and walls.leave_network(),
        "sockets": "sockets" in wanted and walls.forbid_sockets(),
    }
    store = ox.Store.read_only(setup["store"])
    store.query("ASK { ?s ?p ?o }")
    spool = _Spool(setup["result"])
    if "memory" in wanted:
        walls.limit_memory(setup["memory"])
    if "result" in wanted:
        walls.limit_result(setup["result"])
    return store, spool, up


def _graphs(iris: list[str]) -> list[ox.NamedNode | ox.BlankNode | ox.DefaultGraph]:
    return [ox.NamedNode(iri) for iri in iris]


def _evaluate(store: ox.Store, request: Header, spool: _Spool) -> Header:
    dataset: Header = {}
    if request["default_graphs"] or request["named_graphs"]:
        # Both lists are always given: with one alone the other graphs stay readable.
        dataset["default_graph"] = _graphs(request["default_graphs"])
        dataset["named_graphs"] = _graphs(request["named_graphs"])
    found = store.query(
        with_bindings(request["text"], request["bindings"]),
        base_iri=request["base"],
        **dataset,
    )
    if isinstance(found, ox.QueryTriples):
        kind, name = "graph", request["graph"]
        chosen: Any = _GRAPHS.get(name)
    else:
        kind = "boolean" if isinstance(found, ox.QueryBoolean) else "solutions"
        name = request["solutions"]
        chosen = _SOLUTIONS.get(name)
    if chosen is None:
        return {"error": "format", "kind": kind}
    if isinstance(found, ox.QueryTriples):
        ox.serialize(found, cast("BinaryIO", spool), format=chosen, prefixes=request["prefixes"])
    else:
        found.serialize(cast("BinaryIO", spool), format=chosen)
    spool.flush()
    return {"kind": kind, "format": name}


def _failure(error: BaseException, spool: _Spool) -> Header:
    text = str(error)
    if spool.full:
        return {"error": "result-size"}
    place = _AT.search(text)
    if isinstance(error, SyntaxError):
        if place:
            line, column, reason = place.groups()
            return {"error": "syntax", "line": int(line), "column": int(column), "reason": reason}
        return {"error": "syntax", "reason": text}
    return {"error": "evaluation", "reason": text}


def _answer(store: ox.Store, request: Header, spool: _Spool) -> Header:
    started = time.perf_counter()
    spool.reset()
    try:
        header = _evaluate(store, request, spool)
    except (SyntaxError, ValueError, RuntimeError, OSError, MemoryError) as error:
        header = _failure(error, spool)
    header["seconds"] = time.perf_counter() - started
    return header


def main() -> None:
    """Serve queries until the socket closes."""
    walls.die_with_parent()
    sock = socket.socket(fileno=int(sys.argv[1]))
    try:
        setup = receive(sock)
        store, spool, up = _open(setup)
        send(sock, {"ready": True, "walls": up})
        while True:
            request = receive(sock)
            request["text"] = read_exactly(sock, request["size"]).decode()
            header = _answer(store, request, spool)
            if "error" in header:
                send(sock, header)
            else:
                send_file(sock, header, spool.file, spool.file.tell())
    except Closed:
        return


if __name__ == "__main__":
    main()
