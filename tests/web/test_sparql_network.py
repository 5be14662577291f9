"""No query reaches the network: each spelling of SERVICE and LOAD is refused, and nobody calls."""

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.web.conftest import Client

CORPUS = Path(__file__).parent.parent / "data" / "sparql"
SPELLINGS = sorted([*CORPUS.glob("service-*.rq"), *CORPUS.glob("load*.rq")])


@dataclass
class Listener:
    """A server that counts who calls."""

    port: int
    calls: list[bytes] = field(default_factory=list)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        found = Listener(server.getsockname()[1])
        server.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    found.calls.append(connection.recv(200))

        thread = threading.Thread(target=listen)
        thread.start()
        yield found
        stop.set()
        thread.join()


@pytest.mark.parametrize("path", SPELLINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_every_spelling_is_refused(
    sparql: Client, listener: Listener, path: Path, way: str
) -> None:
    text = path.read_bytes().decode().replace("127.0.0.1:9", f"127.0.0.1:{listener.port}")
    reply = getattr(sparql, way)(text)
    assert (reply.status, reply.type) == (403, "application/problem+json")
    assert reply.json["rule"] in ("no-service", "no-load")
    assert reply.json["line"] >= 2
    assert listener.calls == []


def test_the_listener_hears(listener: Listener) -> None:
    """What the tests above rest on: a call would be counted."""
    before = len(listener.calls)
    with socket.create_connection(("127.0.0.1", listener.port)) as connection:
        connection.sendall(b"hello")
        connection.recv(1)
    assert listener.calls[before:] == [b"hello"]
    listener.calls.clear()


def test_from_names_graphs_and_fetches_nothing(sparql: Client, listener: Listener) -> None:
    address = f"http://127.0.0.1:{listener.port}/data.ttl"
    for where in (f"FROM <{address}>", f"FROM <{address}> FROM <file:///etc/passwd>"):
        assert sparql.get(f"ASK {where} {{ ?s ?p ?o }}").json["boolean"] is False
    for name in ("default-graph-uri", "named-graph-uri"):
        text = "ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        assert sparql.get(text, [(name, address)]).json["boolean"] is False
    assert listener.calls == []
