"""Queries over HTTP on a warm server, against pyoxigraph in process and against a static file."""

import http.client
import os
import re
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

import pesai.web
from benchmarks.environment import Comparison, Series, quiet_series, series
from benchmarks.service import built_home, serving
from pesai.access.audiences import THE_PUBLIC
from pesai.releases.layout import Home

__all__ = ["BENCHMARKS"]

EACH = 300
"""Requests of one measurement; its figure is their median."""

JSON = "application/sparql-results+json"
SMALL = (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    "SELECT ?s ?l {{ ?s skos:prefLabel ?l FILTER(?l != 'no label {}') }} LIMIT 5"
)
_numbers = count()
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: (\d+)\r")


def _median_of(each: Callable[[], object]) -> Callable[[], float]:
    def once() -> float:
        taken = []
        for _ in range(EACH):
            started = time.perf_counter()
            each()
            taken.append(time.perf_counter() - started)
        return statistics.median(taken)

    return once


def _get(connection: http.client.HTTPConnection, path: str) -> bytes:
    connection.request("GET", path, headers={"Accept": JSON})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, (path, answer.status)
    return body


@contextmanager
def _lean(to: http.client.HTTPConnection) -> Iterator[Callable[[str], bytes]]:
    """A client that costs next to nothing: Python's takes a tenth of a short request."""
    with socket.create_connection((to.host, to.port)) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

        def get(path: str) -> bytes:
            head = f"GET {path} HTTP/1.1\r\nHost: {to.host}\r\nAccept: {JSON}\r\n\r\n"
            connection.sendall(head.encode())
            data = connection.recv(1 << 16)
            end = data.index(b"\r\n\r\n") + 4
            assert data.startswith(b"HTTP/1.1 200 "), (path, data[:end])
            length = int(_LENGTH.findall(data[:end])[0])
            while len(data) < end + length:
                data += connection.recv(1 << 16)
            return data[end:]

        yield get


def unrepeated() -> list[Comparison]:
    """A small query, each time another one, over HTTP and in process."""
    home = built_home()
    store = Store.read_only(str(Home(home).release().store(THE_PUBLIC)))

    def in_process() -> object:
        found = store.query(SMALL.format(next(_numbers)))
        assert isinstance(found, QuerySolutions)
        return found.serialize(format=QueryResultsFormat.JSON)

    with serving(home) as (connection, _), _lean(connection) as get:

        def over_http() -> object:
            return get(f"/sparql?query={quote(SMALL.format(next(_numbers)))}")

        for _ in range(EACH):
            over_http()
        direct = quiet_series("pyoxigraph in process", _median_of(in_process))
        http_series = quiet_series("over HTTP", _median_of(over_http))
    more = (http_series.median - direct.median) * 1000
    return [
        Comparison(
            "small unrepeated query",
            [direct, http_series],
            figure=f"{more:.2f} ms more",
            goal="at most 1.5 ms more than pyoxigraph in process",
            reached=more <= 1.5,
        )
    ]


@contextmanager
def _static(body: bytes) -> Iterator[str]:
    """A static file of those bytes on the same server, for as long as it is measured."""
    name = f"benchmark-{os.getpid()}.json"
    path = Path(pesai.web.__file__).parent / "static" / name
    path.write_bytes(body)
    try:
        yield f"/static/{name}"
    finally:
        path.unlink()


def _against_static(connection: http.client.HTTPConnection, name: str, query: str) -> Comparison:
    path = f"/sparql?query={quote(query)}"
    body = _get(connection, path)
    with _static(body) as static:
        for _ in range(EACH // 3):
            assert _get(connection, static) == body
            assert _get(connection, path) == body
        file, again = Series("static file"), Series("repeated query")
        for _ in range(5):  # in turn, so that a slow minute is a slow minute for both
            for found, address in ((file, static), (again, path)):
                one = series("", _median_of(partial(_get, connection, address)), 1)
                found.seconds += one.seconds
                found.calibration += one.calibration
    ratio = again.median / file.median
    return Comparison(
        f"repeated query, {name} ({len(body):,} bytes)",
        [file, again],
        figure=f"{ratio:.2f} times",
        goal="at most 1.3 times a static file of those bytes",
        reached=ratio <= 1.3,
    )


def repeated() -> list[Comparison]:
    """The same query again, against a static file of the same bytes on the same server."""
    with serving(built_home()) as (connection, _):
        return [
            _against_static(connection, "small", SMALL.format("again")),
            _against_static(connection, "large", "SELECT * { ?s ?p ?o } ORDER BY ?s ?p LIMIT 3000"),
        ]


BENCHMARKS = {"unrepeated": unrepeated, "repeated": repeated}
