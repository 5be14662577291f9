"""The process that evaluates one update, on a store that is thrown away afterwards.

Started as ``python -m pesai.engine.embedded.updater FD``, like a worker and behind the same walls.
The first frame says which copy of a store to open, the second is the update. The answer is what
the graphs hold now that are other than before; whoever asked decides what becomes of it.
"""

import hashlib
import socket
import sys
import time
from typing import BinaryIO, cast

import pyoxigraph as ox

from pesai.engine.embedded import walls
from pesai.engine.embedded.evaluation import failed, refused
from pesai.engine.embedded.spool import Spool
from pesai.engine.embedded.wire import Frame, Header, receive, send

__all__ = ["main"]

_Graph = ox.NamedNode | ox.DefaultGraph
_DEFAULT = ""


class _Digest:
    """Takes bytes, keeps their SHA-256."""

    def __init__(self) -> None:
        self.sum = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self.sum.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing waits."""


class _Updater:
    """A copy of a store, open for writing."""

    def __init__(self, setup: Header) -> None:
        self.up = {"network": walls.leave_network(), "sockets": walls.forbid_sockets()}
        self.store = ox.Store(setup["store"])
        walls.no_core_file()
        self.begin = walls.address_space()
        walls.limit_memory(self.begin + setup["memory"])
        walls.limit_files(setup["result"])

    def run(self, sock: socket.socket, frame: Frame) -> None:
        """Evaluate the update and tell what it changed."""
        request, started = frame.header, time.perf_counter()
        with Spool(request["result"]) as spool:
            header = self._evaluate(frame.body.decode(), request, spool)
            header["seconds"] = time.perf_counter() - started
            header["grown"] = walls.address_space() - self.begin
            body = spool.body()
            if "error" in header:
                send(sock, header)
            elif body is None:
                send(sock, header, file=spool.file())
            else:
                send(sock, header, body)

    def _evaluate(self, text: str, request: Header, spool: Spool) -> Header:
        try:
            for iri in request["empty"]:
                self.store.add_graph(ox.NamedNode(iri))
            before = self._digests(request["graphs"])
            self.store.update(text, base_iri=request["base"])
            after = self._digests(request["graphs"])
            gone = sorted(before.keys() - after.keys())
            changed = sorted(iri for iri, digest in after.items() if before.get(iri) != digest)
            sizes = [self._write(iri, spool) for iri in changed]
            spool.flush()
        except SyntaxError as error:
            return refused(text, request["base"], str(error), "Update")
        except MemoryError:
            return {"error": "memory"}
        except (ValueError, RuntimeError, OSError) as error:
            return failed(error, spool)
        return {"changed": changed, "sizes": sizes, "gone": gone}

    def _digests(self, wanted: list[str] | None) -> dict[str, str]:
        """A digest of each graph that is there: of those that are wanted, or of all."""
        there = [*(g.value for g in self.store.named_graphs() if isinstance(g, ox.NamedNode)), ""]
        chosen = there if wanted is None else set(wanted) & set(there)
        return {iri: self._digest(iri) for iri in chosen}

    def _digest(self, iri: str) -> str:
        digest = _Digest()
        self._dump(iri, cast("BinaryIO", digest))
        return digest.sum.hexdigest()

    def _write(self, iri: str, spool: Spool) -> int:
        start = spool.size
        self._dump(iri, cast("BinaryIO", spool))
        return spool.size - start

    def _dump(self, iri: str, output: BinaryIO) -> None:
        """A graph in N-Triples. The same content comes in the same order."""
        graph = ox.DefaultGraph() if iri == _DEFAULT else ox.NamedNode(iri)
        self.store.dump(output, format=ox.RdfFormat.N_TRIPLES, from_graph=graph)


def main() -> None:
    """Evaluate one update."""
    walls.die_with_parent()
    sock = socket.socket(fileno=int(sys.argv[1]))
    updater = _Updater(receive(sock).header)
    send(sock, {"walls": updater.up})
    updater.run(sock, receive(sock))


if __name__ == "__main__":
    main()
