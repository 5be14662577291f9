"""Matches in releases: each reader's from what he may read, and computed anew only when needed."""

from datetime import UTC, datetime
from pathlib import Path

import pyshacl
import pytest
from pyoxigraph import Literal, NamedNode, Store
from rdflib import Graph

from pesai.access.audiences import Reader
from pesai.loading.canonical import lines
from pesai.releases.layout import Home, ReleaseFolder
from pesai.releases.manifest import GraphEntry
from pesai.releases.publisher import Change, publish
from pesai.resources import files
from tests.exchange.worlds import BASE, Triples, codes, example, turtle

MATCHES = BASE.graph("derived", "matches").value
NEED = """
organisation:pes-b pai:hasNeed position:new . position:new a pai:Need , pai:Position ;
    pai:statedBy organisation:pes-b ; pai:onTheme theme:matching .
"""


class World:
    """A home to which graphs are put."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "var")
        self.put("codes", [*codes()])
        self.put("public", example("public"))
        self.put("partners", example("partners"), "partners")

    def put(self, name: str, triples: Triples, audience: str = "public") -> ReleaseFolder:
        entry = GraphEntry(
            iri=BASE.graph("rdf", name).value, kind="rdf", name=name, audience=audience,
            checksum="", triples=0, loaded=datetime(2026, 1, 1, tzinfo=UTC), title_en=name,
            title_fr=name,
        )  # fmt: skip
        change = Change(put=[(entry, lines(quad.triple for quad in triples))])
        publish(self.home, BASE, change, who="tests", why="a test")
        return self.home.release()

    def scores(self, reader: str) -> dict[str, int]:
        """Points by the end of the match's IRI, as that reader's store holds them."""
        folder = self.home.release().folder(Reader.parse(reader))
        store = Store.read_only(str(folder / "store"))
        graph, points = NamedNode(MATCHES), NamedNode("https://w3id.org/pes-ai/def#points")
        found = {
            one.subject.value.rpartition("/id/")[2]: int(one.object.value)
            for one in store.quads_for_pattern(None, points, None, graph)
            if isinstance(one.subject, NamedNode) and isinstance(one.object, Literal)
        }
        start = "match/"
        return {name[len(start) :]: n for name, n in found.items() if name.startswith(start)}

    def checksum(self, reader: str) -> str:
        entry = self.home.release().manifest().audiences[reader]
        return entry.steps["matches"].graphs.get(MATCHES, "")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_fact_that_a_reader_may_not_see_never_changes_what_he_sees(world: World) -> None:
    public, partners = world.checksum("public"), world.checksum("partners")
    assert world.scores("public")["pes-a~pes-b~matching"] == 50
    assert world.scores("partners")["pes-a~pes-b~matching"] == 90
    # need 20, offer 15, measured 10, evaluated 20 of C
    assert "pes-b~pes-c~matching" not in world.scores("partners")
    world.put("new", turtle(NEED), "partners")
    assert world.checksum("public") == public
    assert world.checksum("partners") != partners
    assert world.scores("partners")["pes-b~pes-c~matching"] == 65
    world.put("own", turtle(NEED.replace("pes-b", "pes-c").replace(":new", ":own")), "owners:pes-c")
    assert world.checksum("public") == public
    assert world.scores("owner:pes-c")["pes-c~pes-b~matching"] == 65
    assert "pes-c~pes-b~matching" not in world.scores("partners")


def test_a_graph_that_is_taken_back_takes_its_points_along(world: World) -> None:
    before = world.checksum("partners")
    world.put("new", turtle(NEED), "partners")
    assert world.checksum("partners") != before
    gone = Change(remove=[BASE.graph("rdf", "new").value])
    publish(world.home, BASE, gone, who="tests", why="a test")
    assert world.checksum("partners") == before


def test_matches_conform_to_the_contract(world: World) -> None:
    """By the shapes of the ontology, with their neighbourhood."""
    folder = world.home.release().folder(Reader.parse("partners"))
    held = {f"{quad.triple} ." for quad in Store.read_only(str(folder / "store"))}
    data = Graph().parse(data="\n".join(held), format="nt")
    shapes = Graph().parse(files("ontology") / "shapes" / "exchange.ttl")
    conforms, _graph, text = pyshacl.validate(data, shacl_graph=shapes)
    assert conforms, text
