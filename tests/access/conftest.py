"""A home with graphs for everybody, partners and two fictional services (QM, QN), and tokens."""

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pesai.access.audiences import Reader
from pesai.access.principals import rights
from pesai.access.tokens import Tokens
from pesai.releases.layout import Home
from tests.web.conftest import Client, Reply, put

HTML = "text/html"
LATER = datetime(2999, 1, 1, tzinfo=UTC)
FORM = "application/x-www-form-urlencoded"
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


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home that tests only read."""
    home = tmp_path_factory.mktemp("access") / "var"
    fill(home)
    return home


@pytest.fixture(scope="session")
def client(
    shared_home: Path, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[Client]:
    """The service over it."""
    with serve(shared_home) as address:
        yield Client(address)
