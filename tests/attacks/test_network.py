"""No query reaches the network or a file, in whatever spelling (rows 1 and 2)."""

from pathlib import Path

import pytest
import rdflib

from pesai.engine.embedded import walls
from pesai.sparql import guard
from tests.attacks.here import service_here
from tests.attacks.hostile import CANARY
from tests.attacks.listening import Listener
from tests.web.conftest import Client

CORPUS = Path(__file__).parents[1] / "data" / "sparql"
SPELLINGS = sorted([*CORPUS.glob("service-*.rq"), *CORPUS.glob("load*.rq")])
TARGETS = [
    "http://127.0.0.1:{port}/", "http://localhost:{port}/", "http://[::1]:{port}/",
    "http://169.254.169.254/latest/meta-data/", "http://2130706433:{port}/", "file:///etc/passwd",
]  # fmt: skip


def port(listener: Listener) -> str:
    return listener.address.rpartition(":")[2]


@pytest.mark.attack("1", "2")
@pytest.mark.parametrize("path", SPELLINGS, ids=lambda path: path.stem)
@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_every_spelling_is_refused(
    hostile: Client, listener: Listener, path: Path, way: str
) -> None:
    text = path.read_bytes().decode().replace("127.0.0.1:9", f"127.0.0.1:{port(listener)}")
    reply = getattr(hostile, way)(text)
    assert (reply.status, reply.type) == (403, "application/problem+json")
    assert reply.json["rule"] in ("no-service", "no-load")
    assert reply.json["line"] >= 2
    assert listener.hits == []


@pytest.mark.attack("1")
@pytest.mark.parametrize("target", TARGETS)
def test_no_target_is_reached(hostile: Client, listener: Listener, target: str) -> None:
    address = target.format(port=port(listener))
    for text in (
        f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ VALUES ?t {{ <{address}> }} SERVICE SILENT ?t {{ ?s ?p ?o }} }}",
    ):
        assert hostile.form(text).status == 403
    assert listener.hits == []


CALL = "SELECT * {{ SERVICE {silent} <{address}/sparql> {{ ?s ?p ?o }} }}"


def call(client: Client, listener: Listener) -> list[int]:
    """Both kinds of SERVICE; the status of each."""
    texts = [CALL.format(silent=silent, address=listener.address) for silent in ("", "SILENT")]
    return [client.form(text).status for text in texts]


@pytest.mark.undefended("1")
def test_without_guard_and_walls_the_listener_is_called(
    hostile_home: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_refuse_network", lambda _: None)
    raised = [wall for wall in walls.ALL if wall not in ("network", "sockets")]
    with service_here(hostile_home, raised=raised) as client:
        call(client, listener)
    assert len(listener.hits) == 2


@pytest.mark.attack("1")
def test_without_the_guard_the_walls_hold_alone(
    hostile_home: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "_refuse_network", lambda _: None)
    with service_here(hostile_home) as client:
        assert call(client, listener)[0] == 400
    assert listener.hits == []


@pytest.mark.attack("1")
def test_without_walls_the_guard_holds_alone(hostile_home: Path, listener: Listener) -> None:
    raised = [wall for wall in walls.ALL if wall not in ("network", "sockets")]
    with service_here(hostile_home, raised=raised) as client:
        assert call(client, listener) == [403, 403]
    assert listener.hits == []


def dataset_queries(listener: Listener, canary_file: Path) -> list[str]:
    """Queries over what is no graph of ours."""
    where = "WHERE { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    names = [f"{listener.address}/data.ttl", canary_file.as_uri()]
    return [f"SELECT ?o {clause} <{name}> {where}" for clause in ("FROM", "FROM NAMED")
            for name in names]  # fmt: skip


@pytest.mark.attack("2")
def test_from_names_graphs_and_fetches_nothing(
    hostile: Client, listener: Listener, canary_file: Path
) -> None:
    for text in dataset_queries(listener, canary_file):
        reply = hostile.get(text)
        assert reply.json["results"]["bindings"] == []
    for name in ("default-graph-uri", "named-graph-uri"):
        text = "ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        for iri in (f"{listener.address}/data.ttl", canary_file.as_uri()):
            assert hostile.get(text, [(name, iri)]).json["boolean"] is False
    for iri in (listener.address, canary_file.as_uri()):
        described = hostile.get(f"DESCRIBE <{iri}>", [("format", "nt")])
        assert (described.status, described.body) == (200, b"")
    assert listener.hits == []


@pytest.mark.undefended("2")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own
def test_rdflib_would_fetch_and_read_what_from_names(listener: Listener, canary_file: Path) -> None:
    """Why no untrusted query is ever given to rdflib."""
    read = ""
    for text in dataset_queries(listener, canary_file):
        read += str(list(rdflib.Dataset().query(text)))
    assert "/data.ttl" in listener.hits
    assert CANARY in read


@pytest.mark.undefended("1", "2")
def test_the_listener_hears(listener: Listener) -> None:
    """What all of these rest on."""
    rdflib.Graph().parse(f"{listener.address}/hello", format="turtle")
    assert listener.hits == ["/hello"]
