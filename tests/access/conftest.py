"""A home with graphs for everybody, partners and two fictional services (QM, QN), and tokens."""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from pyoxigraph import RdfFormat, parse

from pesai.access.audiences import Reader
from pesai.access.principals import rights
from pesai.access.tokens import Tokens
from pesai.releases.layout import Home
from tests.web.conftest import Client, Reply, put

HTML = "text/html"
LATER = datetime(2999, 1, 1, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
TURTLE = "text/turtle"

Serve = Callable[..., AbstractContextManager[str]]
CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


def fill(home: Path) -> None:
    """The graphs of the home; each holds a word of its own."""
    put(home, "open", ['<urn:a> <urn:p> "open" .'])
    put(home, "shared", ['<urn:a> <urn:p> "shared" .'], audience="partners")
    put(home, "pes-qm.own", ['<urn:a> <urn:p> "of-qm" .'], audience="owners:pes-qm")
    put(home, "pes-qn.own", ['<urn:a> <urn:p> "of-qn" .'], audience="owners:pes-qn")
    put(home, "pair", ['<urn:a> <urn:p> "of-both" .'], audience="owners:pes-qm,pes-qn")


def make_token(home: Path, audience: str, may: str = "", name: str = "Unit") -> str:
    """A token that is good for long."""
    known = Tokens(Home(home).access)
    return known.create(name, Reader.parse(audience), rights(may.split(",")), LATER)[1]


def bearer(token: str) -> str:
    """The value of the header Authorization."""
    return f"Bearer {token}"


class Browser:
    """A client that keeps its cookies."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.cookies: dict[str, str] = {}
        self.last_set: list[str] = []

    def send(self, method: str, path: str, body: str = "", **headers: str | None) -> Reply:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = {"Accept": HTML, "Cookie": cookie or None, **headers}
        if body:
            given.setdefault("Content_Type", FORM)
        reply = self.client.send(method, path, body.encode() or None, **given)
        for name, value in re.findall(
            r"(?:^|, )([A-Za-z_-]+)=([^;]*);", reply.headers.get("set-cookie", "")
        ):
            self.cookies[name] = value
            if not value:
                del self.cookies[name]
        return reply

    def form_token(self, path: str = "/sign-in") -> str:
        found = CSRF.search(self.send("GET", path).text)
        assert found is not None
        return found[1]

    def sign_in(self, token: str, more: str = "") -> Reply:
        return self.send("POST", "/sign-in", f"csrf_token={self.form_token()}&token={token}{more}")


class Writer:
    """One who writes with a token."""

    def __init__(self, client: Client, token: str) -> None:
        self.client, self.auth = client, bearer(token)

    def send(
        self, method: str, path: str, body: bytes | None = None, /, **headers: str | None
    ) -> Reply:
        return self.client.send(method, path, body, **{"Authorization": self.auth} | headers)

    def put(self, name: str, text: str, **headers: str | None) -> Reply:
        return self.send("PUT", f"/graph/rdf/{name}", text.encode(), Content_Type=TURTLE, **headers)

    def post(self, name: str, text: str, **headers: str | None) -> Reply:
        path = f"/graph/rdf/{name}"
        return self.send("POST", path, text.encode(), Content_Type=TURTLE, **headers)

    def update(self, text: str, **more: str) -> Reply:
        body = urlencode({"update": text, **more}).encode()
        return self.send("POST", "/update", body, Content_Type=FORM)

    def lines(self, iri: str) -> set[str]:
        reply = self.send(
            "GET", f"/graphs?graph={quote(iri, safe='')}", Accept="application/n-triples"
        )
        assert reply.status == 200, reply.text
        return {f"{quad.triple} ." for quad in parse(reply.body, format=RdfFormat.N_TRIPLES)}


class World:
    """A home of its own with its service, and writers."""

    def __init__(self, home: Path, address: str) -> None:
        self.home, self.client = home, Client(address)
        self.qm = self.writer("owner:pes-qm", "load")
        self.qm_publishes = self.writer("owner:pes-qm", "load,publish")
        self.qm_all = self.writer("owner:pes-qm", "load,publish,admin")
        self.qn = self.writer("owner:pes-qn", "load")
        self.partner = self.writer("partners", "load")
        self.editor = self.writer("public", "load,publish")
        self.reader = self.writer("owner:pes-qm", "")

    def writer(self, audience: str, may: str) -> Writer:
        token = make_token(self.home, audience, may, name=f"Unit of {audience}")
        return Writer(self.client, token)

    def checksums(self) -> dict[str, str]:
        """A digest of all that the served release holds."""
        current = Home(self.home).release()
        return {
            str(path.relative_to(self.home)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(current.path.rglob("*"))
            if path.is_file() and path.name not in ("LOG", "LOCK")
        }

    def release(self) -> str:
        return Home(self.home).release().id


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that tests only read."""
    home = tmp_path_factory.mktemp("access") / "var"
    fill(home)
    return home


@pytest.fixture(scope="session")
def client(shared_home: Path, serve: Serve) -> Iterator[Client]:
    """The service over it."""
    with serve(shared_home) as address:
        yield Client(address)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[World]:
    """A home that the tests of one file write to."""
    home = tmp_path_factory.mktemp("writing") / "var"
    fill(home)
    with serve(home, PESAI_WRITE_SIZE="20000") as address:
        yield World(home, address)
