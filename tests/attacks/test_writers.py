"""Why writes run on a copy of the writer's own store (row 28), and quotas hold whatever one tries.

That updates are refused and copy nothing is tried over HTTP in ``tests/access/test_updates.py``.
"""

import gzip
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from pesai.access.audiences import Reader
from pesai.engine.protocol import Limits
from pesai.releases.evaluating import Effect, Update, evaluate
from pesai.releases.layout import Home
from pesai.releases.locate import store_of
from tests.access.conftest import bearer, fill, make_token
from tests.access.test_fairuse import until_refused
from tests.attacks.listening import Listener
from tests.conftest import Serve
from tests.web.conftest import FORM, Client, Reply, graph

QM, QN = Reader("owner", "pes-qm"), Reader("owner", "pes-qn")
MINE, ANOTHERS = graph("pes-qm.own"), graph("pes-qn.own")
COPYING = (
    f"""INSERT {{ GRAPH <{MINE}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{ANOTHERS}> {{ ?s ?p ?o }} }}"""
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("writers") / "var"
    fill(made)
    return made


def effect(home: Path, folder: Path, reader: Reader, text: str) -> Effect:
    """What an update does to the store of a reader."""
    update = Update(text, "http://localhost/update", None)
    return evaluate(store_of(Home(home).release(), reader), folder / "copy", update, Limits())


@pytest.mark.attack("28")
def test_on_ones_own_store_there_is_nothing_of_others(home: Path, tmp_path: Path) -> None:
    for text in (COPYING, f"DROP SILENT GRAPH <{ANOTHERS}>", f"CLEAR SILENT GRAPH <{ANOTHERS}>"):
        found = effect(home, tmp_path, QM, text)
        assert (found.changed, found.gone) == ({}, ())


@pytest.mark.undefended("28")
def test_on_a_store_that_holds_all_it_would_be_copied_and_destroyed(
    home: Path, tmp_path: Path
) -> None:
    """The store of QN stands for one that is for everybody."""
    assert "of-qn" in str(effect(home, tmp_path, QN, COPYING).changed[MINE])
    assert effect(home, tmp_path, QN, f"DROP GRAPH <{ANOTHERS}>").gone == (ANOTHERS,)


Ask = Callable[[Client, int], Reply]


def form(client: Client, path: str, text: str) -> Reply:
    return client.send("POST", path, urlencode({"query": text}).encode(), Content_Type=FORM)


EVASIONS: dict[str, Ask] = {
    "another program": lambda c, n: c.get(f"ASK {{ ?s ?p {n} }}", User_Agent=f"agent {n}"),
    "a proxy that nobody knows": lambda c, n: c.get(
        f"ASK {{ ?s ?p {n} }}", X_Forwarded_For=f"192.0.2.{n}", Forwarded=f"for=192.0.2.{n}",
        X_Real_IP=f"192.0.2.{n}", CF_Connecting_IP=f"192.0.2.{n}",
    ),
    "other cookies": lambda c, n: c.get(f"ASK {{ ?s ?p {n} }}", Cookie=f"pesai={n}; a={n}"),
    "HEAD": lambda c, n: c.send("HEAD", f"/sparql?query={quote(f'ASK {{ ?s ?p {n} }}')}"),
    "POST": lambda c, n: c.form(f"ASK {{ ?s ?p {n} }}"),
    "the query as body": lambda c, n: c.direct(f"ASK {{ ?s ?p {n} }}"),
    "an older release": lambda c, n: form(c, "/releases/000001/sparql", f"ASK {{ ?s ?p {n} }}"),
    "a citation": lambda c, n: form(c, "/q", f"ASK {{ ?s ?p {n} }}"),
    "comments": lambda c, n: c.get(f"ASK {{ ?s ?p ?o }} # {n}"),
    "errors": lambda c, n: c.get(f"SELECT {n}"),
    "another format": lambda c, n: c.get(f"SELECT * {{ ?s ?p {n} }}", [("format", "xlsx")]),
    "another language": lambda c, n: c.get(f"SELECT * {{ ?s ?p {n} }}", [("lang", "en")]),
}  # fmt: skip


@pytest.mark.attack("29")
def test_a_client_that_used_its_share_evades_by_nothing(home: Path, serve: Serve) -> None:
    with serve(home, PESAI_CLIENT_SECONDS="2") as address:
        client = Client(address)
        until_refused(lambda n: client.get(f"ASK {{ ?s ?p {n} }}"))
        for name, ask in EVASIONS.items():
            begun = time.monotonic()
            found = [ask(client, 1000 + n).status for n in range(8)]
            # The account fills up while this is tried: a query in three seconds.
            let_through = len(found) - found.count(429)
            assert let_through <= 2 + (time.monotonic() - begun) / 3, (name, found)
        assert client.send("GET", "/", Accept="text/html").status == 200
        assert client.send("GET", "/graphs", Accept="text/html").status == 200
        assert client.send("GET", "/queries/surveys/recommendations").status == 200
        token = bearer(make_token(home, "partners"))
        assert client.get("ASK { ?s ?p 9 }", Authorization=token).status == 200


@pytest.mark.undefended("29")
def test_without_accounts_everything_is_answered(home: Path, serve: Serve) -> None:
    with serve(home, PESAI_CLIENT_SECONDS="0") as address:
        client = Client(address)
        assert {client.get(f"ASK {{ ?s ?p {n} }}").status for n in range(60)} == {200}


@pytest.mark.attack("29")
def test_guessing_tokens_ends_soon_and_keeps_nobody_out(home: Path, serve: Serve) -> None:
    """Wrong tokens have to wait after some; who holds a right one is not kept out by them."""
    with serve(home) as address:
        client = Client(address)
        found = [
            client.get("ASK {}", Authorization=f"Bearer pesai_{n:08x}_{'A' * 43}").status
            for n in range(60)
        ]
        assert found[0] == 401
        assert found[-1] == 429
        token = bearer(make_token(home, "partners"))
        assert client.get("ASK {}", Authorization=token).status == 200


def sent(listener: Listener) -> dict[str, tuple[str, bytes, str | None]]:
    """Documents that should not be taken in: media type, content, and encoding."""
    entity = f'<!DOCTYPE r [<!ENTITY e SYSTEM "{listener.address}/e">]><r>&e;</r>'
    context = f'{{"@context": "{listener.address}/c", "name": "x"}}'
    update = f"LOAD <{listener.address}/l> INTO GRAPH <{MINE}>"
    return {
        "an external entity": ("application/rdf+xml", entity.encode(), None),
        "a remote context": ("application/ld+json", context.encode(), None),
        "a document that is packed": ("text/turtle", gzip.compress(b"\n" * (64 << 20)), "gzip"),
        "a packed one that says it is not": ("text/turtle", gzip.compress(b"\n" * 1000), None),
        "an update": ("application/sparql-update", update.encode(), None),
        "a page": ("text/html", b"<script>alert(1)</script>", None),
    }


@pytest.mark.attack("10", "12", "18")
def test_over_http_nothing_is_fetched_unpacked_or_taken(
    tmp_path: Path, serve: Serve, listener: Listener
) -> None:
    fill(tmp_path / "var")
    token = bearer(make_token(tmp_path / "var", "owner:pes-qm", "load"))
    with serve(tmp_path / "var") as address:
        client = Client(address)
        for name, (media, content, encoding) in sent(listener).items():
            reply = client.send(
                "PUT", "/graph/rdf/pes-qm.own", content, Authorization=token,
                Content_Type=media, Content_Encoding=encoding,
            )  # fmt: skip
            assert reply.status in (400, 415), (name, reply.text)
            body = urlencode({"update": content.decode("latin-1")}).encode()
            asked = client.send("POST", "/update", body, Content_Type=FORM, Authorization=token)
            assert asked.status in (400, 403), (name, asked.text)
        kept = client.get("SELECT ?o { ?s ?p ?o } ORDER BY ?o", Authorization=token)
        assert "of-qm" in kept.text
    assert listener.hits == []
