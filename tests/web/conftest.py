"""A plain HTTP client, and a small home whose graphs overlap and hold hostile text."""

import http.client
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from pesai.namespaces import Base
from pesai.releases.layout import Home
from pesai.releases.manifest import GraphEntry
from pesai.releases.publisher import Change, publish

Pairs = list[tuple[str, str]]
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


@dataclass
class Reply:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return self.headers["content-type"].partition(";")[0]


class Client:
    """One address of the service, asked as a program would."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.netloc = urlsplit(address).netloc

    def send(
        self, method: str, path: str, body: bytes | None = None, /, **headers: str | None
    ) -> Reply:
        """Send a request; names of headers are written with underscores."""
        connection = http.client.HTTPConnection(self.netloc, timeout=150)
        given = {k.replace("_", "-"): v for k, v in headers.items() if v is not None}
        try:
            connection.request(method, path, body, {"Accept-Language": "en"} | given)
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, found, content)

    def get(self, query: str, more: Pairs | None = None, **headers: str | None) -> Reply:
        """Ask by GET."""
        path = f"/sparql?{urlencode([('query', query), *(more or [])])}"
        return self.send("GET", path, **headers)

    def form(self, query: str, more: Pairs | None = None, **headers: str | None) -> Reply:
        """Ask by POST of a form."""
        body = urlencode([("query", query), *(more or [])]).encode()
        return self.send("POST", "/sparql", body, Content_Type=FORM, **headers)

    def direct(self, query: str, more: Pairs | None = None, **headers: str | None) -> Reply:
        """Ask by POST of the query itself."""
        path = f"/sparql?{urlencode(more)}" if more else "/sparql"
        return self.send("POST", path, query.encode(), Content_Type=DIRECT, **headers)


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "=HYPERLINK(1)",
    "a\u202eb",
]
BASE = Base("https://w3id.org/pes-ai/")


def graph(name: str) -> str:
    """The IRI of a graph of the small home."""
    return BASE.graph("rdf", name).value


def put(
    home: Path, name: str, lines: list[str], audience: str = "public", licence: str = ""
) -> None:
    """Publish one graph."""
    entry = GraphEntry(
        iri=graph(name),
        kind="rdf",
        name=name,
        audience=audience,
        checksum="",
        triples=0,
        loaded=datetime(2026, 1, 1, tzinfo=UTC),
        title_en=f"The graph {name}",
        title_fr=f"Le graphe {name}",
        licence=licence,
    )
    change = Change(put=[(entry, tuple(sorted(lines)))])
    assert publish(Home(home), BASE, change, who="tests", why="a test") is not None


def literal(text: str) -> str:
    """A literal in N-Triples."""
    return json.dumps(text, ensure_ascii=False)


def small(home: Path) -> None:
    """Two public graphs that share a triple, and one for partners."""
    both = '<urn:x> <urn:p> "both" .'
    hostile = [f"<urn:h{n}> <urn:hostile> {literal(t)} ." for n, t in enumerate(HOSTILE)]
    hostile.append('<javascript:alert(1)> <urn:hostile> "address" .')
    put(home, "a", [both, '<urn:x> <urn:p> "a" .', *hostile])
    put(home, "b", [both, '<urn:x> <urn:p> "b" .'])
    put(home, "secret", ['<urn:x> <urn:p> "for partners" .'], audience="partners")


@pytest.fixture(scope="session")
def sparql(service: str) -> Client:
    """The service over the bundled data."""
    return Client(service)


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small graphs. Not to be changed by a test."""
    home = tmp_path_factory.mktemp("small") / "var"
    small(home)
    return home


@pytest.fixture(scope="session")
def overlapping(
    small_home: Path, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[Client]:
    """The service over the small home."""
    with serve(small_home) as address:
        yield Client(address)
