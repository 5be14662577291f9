"""Limits end a query with an error of its own; nothing stops the service (rows 3 to 8)."""

import http.client
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.attacks.here import service_here
from tests.web.conftest import Client

pytestmark = pytest.mark.alone

CROSS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
TIGHT = {"PESAI_QUERY_MEMORY": "64MiB", "PESAI_RESULT_SIZE": "1MiB", "PESAI_WORKERS": "2"}
EVERYTHING = "SELECT * { ?s ?p ?o }"


@pytest.fixture(scope="module")
def limited(
    bundled_home: Path, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[Client]:
    """The service with tight limits."""
    with serve(bundled_home, **TIGHT, PESAI_QUERY_SECONDS="1") as address:
        yield Client(address)


@pytest.fixture(scope="module")
def unhurried(
    bundled_home: Path, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[Client]:
    """The service with tight limits of memory and size, but time."""
    with serve(bundled_home, **TIGHT, PESAI_QUERY_SECONDS="60") as address:
        yield Client(address)


@pytest.mark.attack("3")
@pytest.mark.parametrize("format_", ["json", "csv", "xlsx", "html"])
def test_a_query_that_takes_too_long(limited: Client, format_: str) -> None:
    started = time.monotonic()
    reply = limited.get(CROSS, [("format", format_)])
    assert time.monotonic() - started < 20
    assert reply.status == 504
    assert reply.type == ("text/html" if format_ == "html" else "application/problem+json")
    assert "1 second" in reply.text
    assert "etag" not in reply.headers
    assert limited.get("ASK {}").json["boolean"] is True


@pytest.mark.attack("4")
def test_a_query_that_takes_too_much_memory(limited: Client) -> None:
    reply = limited.get(SORTED)
    assert reply.status in (504, 507)
    assert reply.json["type"].rpartition("/")[2] in ("memory", "timeout")
    distinct = limited.get("SELECT DISTINCT ?a ?d { ?a ?b ?c . ?d ?e ?f }")
    assert distinct.status in (504, 507)
    assert limited.get("ASK {}").status == 200


@pytest.mark.attack("8")
@pytest.mark.parametrize("format_", ["json", "xml", "csv", "tsv", "html", "xlsx"])
def test_a_result_that_is_too_large(unhurried: Client, format_: str) -> None:
    reply = unhurried.get(EVERYTHING, [("format", format_)])
    assert reply.status == 507
    if format_ != "html":
        assert reply.json["limit"] == 1 << 20
        assert reply.json["type"].endswith("/result-size")


def test_a_graph_that_is_too_large(unhurried: Client) -> None:
    for format_ in ("nt", "ttl", "jsonld", "rdf"):
        reply = unhurried.get("CONSTRUCT WHERE { ?s ?p ?o }", [("format", format_)])
        assert reply.status == 507


@pytest.mark.attack("3")
def test_others_are_answered_meanwhile(limited: Client) -> None:
    slow = threading.Thread(target=limited.get, args=(CROSS,))
    slow.start()
    time.sleep(0.1)
    assert limited.get("ASK { <urn:canary> ?p ?o }").status == 200
    slow.join()


def test_limits_are_in_the_description(limited: Client) -> None:
    text = limited.send("GET", "/sparql", Accept="text/turtle").text
    assert "1 seconds and 64 MiB of memory, its result 1 MiB" in text


DEEP = "ASK " + "{" * 20_000 + "}" * 20_000


@pytest.mark.undefended("7")
def test_a_text_too_deep_kills_the_process_that_parses_it() -> None:
    """So no text is parsed in the web process, or in the engine's."""
    program = "import sys, pyoxigraph; pyoxigraph.Store().query(sys.stdin.read())"
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], input=DEEP.encode(), capture_output=True,
        timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode < 0


@pytest.mark.undefended("8")
def test_without_threads_that_are_cut_one_slow_client_stops_all(hostile_home: Path) -> None:
    with service_here(hostile_home, threaded=False) as client:
        host, _, port = client.netloc.partition(":")
        slow = socket.create_connection((host, int(port)))
        slow.sendall(b"GET / HTTP/1.1\r\nX-Slow: ")
        waiting = http.client.HTTPConnection(client.netloc, timeout=2)
        waiting.request("GET", "/healthz")
        with pytest.raises(TimeoutError):
            waiting.getresponse()
        waiting.close()
        slow.close()
