"""The journal of changes: each reader is told what he may know, as page, PROV and feed."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, Store, parse

from tests.access.conftest import bearer, fill, make_token
from tests.web.conftest import Client, graph

Serve = Callable[..., AbstractContextManager[str]]
ATOM = "{http://www.w3.org/2005/Atom}"
TURTLE = "text/turtle"
PLACES = [
    ("/writes", "text/html"), ("/writes", TURTLE), ("/writes", "application/ld+json"),
    ("/feeds/writes.atom", None),
]  # fmt: skip


class World:
    def __init__(self, home: Path, client: Client) -> None:
        self.client = client
        self.qm = bearer(make_token(home, "owner:pes-qm", "load,publish,admin", name="Unit QM"))
        self.qn = bearer(make_token(home, "owner:pes-qn", "load", name="Unit QN"))

    def put(self, name: str, why: str, who: str = "", audience: str = "") -> str:
        path = f"/graph/rdf/{name}?why={quote(why)}&audience={quote(audience)}"
        body = b"<urn:s> <urn:p> 1 ."
        reply = self.client.send(
            "PUT", path, body, Content_Type=TURTLE, Authorization=who or self.qm
        )
        assert reply.status in (201, 204), reply.text
        return reply.headers["x-release"]

    def told(self, path: str, accept: str | None, who: str | None) -> str:
        reply = self.client.send("GET", path, Accept=accept, Authorization=who)
        assert reply.status == 200
        return reply.text


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[World]:
    home = tmp_path_factory.mktemp("journal") / "var"
    fill(home)
    with serve(home) as address:
        made = World(home, Client(address))
        made.put("pes-qm.open", "Offenes Wort", audience="public")
        made.put("pes-qm.closed", "Kanarienvogel")
        made.put("pes-qn.closed", "Zaunkönig", who=made.qn)
        both = (
            f"INSERT DATA {{ GRAPH <{graph('pes-qm.open')}> {{ <urn:s> <urn:p> 2 }} "
            f"GRAPH <{graph('pes-qm.closed')}> {{ <urn:s> <urn:p> 2 }} }}"
        )
        reply = made.client.send(
            "POST", "/update?why=Rotkehlchen", both.encode(), Authorization=made.qm,
            Content_Type="application/sparql-update",
        )  # fmt: skip
        assert reply.status == 200
        yield made


@pytest.mark.parametrize(("path", "accept"), PLACES)
def test_each_reader_is_told_what_he_may_know(world: World, path: str, accept: str | None) -> None:
    public = world.told(path, accept, None)
    assert "Offenes Wort" in public
    assert "Unit QM (" in public
    for word in ("Kanarienvogel", "Zaunk", "Rotkehlchen", "closed", "Unit QN"):
        assert word not in public
    assert "000009" in public, "that an open graph was changed too"
    qm = world.told(path, accept, world.qm)
    assert "Kanarienvogel" in qm
    assert "Rotkehlchen" in qm
    assert "Zaunk" not in qm
    qn = world.told(path, accept, world.qn)
    assert "Zaunk" in qn
    assert "Kanarienvogel" not in qn


def test_accounts_of_the_machine_are_not_named(world: World) -> None:
    for path, accept in PLACES:
        assert "tests" not in world.told(path, accept, world.qm)


def test_prov_says_who_when_and_why(world: World) -> None:
    store = Store()
    store.extend(parse(world.told("/writes", TURTLE, world.qm), format=RdfFormat.TURTLE))
    prov = "http://www.w3.org/ns/prov#"
    query = f"""PREFIX prov: <{prov}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?release ?who ?graph {{
          ?change a prov:Activity ; rdfs:comment "Kanarienvogel" ; prov:endedAtTime ?time ;
            prov:wasAssociatedWith/rdfs:label ?who ; prov:generated ?graph .
          ?release prov:wasGeneratedBy ?change ; prov:wasRevisionOf ?before }}"""
    (row,) = list(store.query(query))  # type: ignore[arg-type]
    assert row["graph"] == NamedNode(graph("pes-qm.closed"))
    assert isinstance(row["who"], Literal)
    assert row["who"].value.startswith("Unit QM (")


def test_the_feed_is_atom_and_costs_nothing_when_nothing_changed(world: World) -> None:
    reply = world.client.send("GET", "/feeds/writes.atom")
    assert reply.type == "application/atom+xml"
    feed = ET.fromstring(reply.text)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")]
    assert len(ids) == len(set(ids)) > 0
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert "Offenes Wort" in titles
    etag = reply.headers["etag"]
    assert world.client.send("GET", "/feeds/writes.atom", If_None_Match=etag).status == 304
    signed = world.client.send("GET", "/feeds/writes.atom", Authorization=world.qm)
    assert signed.headers["cache-control"] == "private, no-store"


def test_what_was_taken_back_is_not_told_of_any_more(world: World) -> None:
    world.put("pes-qm.gone", "first word", audience="public")
    path = "/graph/rdf/pes-qm.gone?why=" + quote("<b>second word</b>")
    assert world.client.send("DELETE", path, Authorization=world.qm).status == 200
    page = world.told("/writes", "text/html", None)
    assert "first word" not in page, "that release is closed now"
    ET.fromstring(world.told("/feeds/writes.atom", None, world.qm))
    assert "<b>second" not in page
