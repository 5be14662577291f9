"""Every IRI of ours in the public graph can be looked up, as a page and as data."""

import gzip
import re
from pathlib import Path
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse
from rdflib import Graph, URIRef

from tests.shortened import some
from tests.web.conftest import Client

BASE = "https://w3id.org/pes-ai/"
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
RDF = {
    "ttl": ("text/turtle", "turtle"),
    "jsonld": ("application/ld+json", "json-ld"),
    "nt": ("application/n-triples", "nt11"),
    "rdf": ("application/rdf+xml", "xml"),
}
THING = "initiative/at-ams-amas"


@pytest.fixture(scope="session")
def ours(bundled_home: Path) -> set[str]:
    """Every IRI of ours that the public graph holds, without fragments."""
    found: set[str] = set()
    dump = (bundled_home / "current" / "public" / "data.nq.gz").read_bytes()
    for quad in parse(gzip.decompress(dump), RdfFormat.N_QUADS):
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, NamedNode) and term.value.startswith(BASE):
                found.add(term.value.partition("#")[0])
    return found


def local(iri: str) -> str:
    return "/" + quote(iri.removeprefix(BASE), safe="/:@!$&'()*+,;=~%-._")


@pytest.mark.slow
def test_every_iri_of_ours_leads_somewhere(sparql: Client, ours: set[str]) -> None:
    """Things by their 303, documents by their page."""
    kinds = {iri.removeprefix(BASE).split("/")[0] for iri in ours}
    assert {"id", "def", "code", "graph"} <= kinds
    wrong = []
    for iri in some(sorted(ours), 8):
        reply = sparql.send("GET", local(iri), Accept=HTML)
        expected = 303 if iri.startswith(f"{BASE}id/") else 200
        if reply.status != expected:
            wrong.append(f"{iri}: {reply.status}")
    assert wrong == []


def test_a_thing_of_every_kind_has_a_page_and_data_that_hold_it(
    sparql: Client, ours: set[str]
) -> None:
    things = [iri for iri in sorted(ours) if iri.startswith(f"{BASE}id/")]
    kinds = {iri.split("/")[5]: iri for iri in things}
    assert len(kinds) >= 10
    for kind, iri in kinds.items():
        page = sparql.send("GET", local(iri).replace("/id/", "/page/", 1), Accept=HTML)
        assert page.status == 200, iri
        if kind == "source":
            continue
        assert iri in page.text
        data = sparql.send("GET", local(iri).replace("/id/", "/data/", 1) + ".ttl")
        graph = Graph().parse(data=data.text, format="turtle")
        assert URIRef(iri) in {*graph.subjects(), *graph.objects()}, iri


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # within its JSON-LD parser
@pytest.mark.parametrize("ending", RDF)
@pytest.mark.parametrize(
    ("address", "iri"),
    [
        (f"/data/{THING}.{{}}", f"{BASE}id/{THING}"),
        ("/code/theme/matching.{}", f"{BASE}code/theme/matching"),
        ("/code/theme.{}", f"{BASE}code/theme"),
        ("/code.{}", f"{BASE}code/maturity"),
        ("/def.{}", f"{BASE}def#Initiative"),
        ("/def/core.{}", f"{BASE}def#Initiative"),
        ("/def/0.1.0/core.{}", f"{BASE}def#Initiative"),
        ("/shapes.{}", "http://www.w3.org/ns/shacl#NodeShape"),
        ("/alignments/role-esco.{}", f"{BASE}code/role/data-scientist"),
        ("/imports/countries.{}", "http://publications.europa.eu/resource/authority/country/FRA"),
        ("/graph/organisations/observatory.{}", f"{BASE}id/organisation/france-travail"),
    ],
)
def test_rdf_in_every_format_holds_the_thing(
    sparql: Client, address: str, iri: str, ending: str
) -> None:
    media, parser = RDF[ending]
    path = address.format(ending)
    reply = sparql.send("GET", path)
    assert reply.status == 200, reply.text
    assert reply.type == media
    graph = Graph().parse(data=reply.text, format=parser)
    assert iri in {str(term) for triple in graph for term in triple}
    again = sparql.send("GET", path, If_None_Match=reply.headers["etag"])
    assert again.status == 304


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        (HTML, f"/page/{THING}"),
        ("text/html", f"/page/{THING}"),
        ("application/xhtml+xml", f"/page/{THING}"),
        (None, f"/data/{THING}.ttl"),
        ("*/*", f"/data/{THING}.ttl"),
        ("text/turtle", f"/data/{THING}.ttl"),
        ("application/ld+json", f"/data/{THING}.jsonld"),
        ("application/n-triples", f"/data/{THING}.nt"),
        ("application/rdf+xml", f"/data/{THING}.rdf"),
        ("text/html;q=0.5, application/rdf+xml", f"/data/{THING}.rdf"),
        ("text/html, text/turtle;q=0.4", f"/page/{THING}"),
        ("text/*", f"/data/{THING}.ttl"),
    ],
)
def test_a_thing_leads_to_what_is_accepted(sparql: Client, accept: str | None, target: str) -> None:
    reply = sparql.send("GET", f"/id/{THING}", Accept=accept)
    assert reply.status == 303
    assert reply.headers["location"] == target
    assert "Accept" in reply.headers["vary"]


def test_format_has_the_last_word_and_must_be_known(sparql: Client) -> None:
    reply = sparql.send("GET", f"/id/{THING}?format=nt", Accept="text/html")
    assert reply.headers["location"] == f"/data/{THING}.nt"
    reply = sparql.send("GET", f"/id/{THING}?format=docx")
    assert reply.status == 400
    assert "ttl" in reply.json["detail"]


def test_what_nobody_can_send_is_406(sparql: Client) -> None:
    assert sparql.send("GET", "/def", Accept="image/png").status == 406
    assert sparql.send("GET", f"/id/{THING}", Accept="image/png").status == 406


@pytest.mark.parametrize(
    "path",
    [
        "/id/initiative/no-such-thing", "/page/initiative/no-such-thing",
        "/data/initiative/no-such-thing.ttl", "/id/none/at-ams-amas", "/code/theme/no-such-code",
        "/code/no-such-list", "/def/9.9.9", "/def/nothing", "/graph/initiatives/none",
        "/genid/none/none", "/releases/999999", "/releases/0000001", "/releases/x",
        "/alignments/none", "/imports/none", "/queries/none/none",
    ],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", None])
def test_what_is_not_there_is_404(sparql: Client, path: str, accept: str | None) -> None:
    reply = sparql.send("GET", path, Accept=accept)
    assert reply.status == 404
    assert reply.type == ("text/html" if accept == "text/html" else "application/problem+json")


def test_404_names_what_is_near(sparql: Client) -> None:
    page = sparql.send("GET", "/page/initiative/at-ams-ama", Accept=HTML)
    assert "/page/initiative/at-ams-amas" in page.text
    assert "0.1.0" in sparql.send("GET", "/def/9.9.9").json["detail"]
    assert "matching" in sparql.send("GET", "/code/theme/matchin").json["detail"]
    detail = sparql.send("GET", "/graph/initiatives/observator").json["detail"]
    assert "initiatives/observatory" in detail


def test_the_page_of_a_graph_counts_its_things_and_shows_some(sparql: Client) -> None:
    page = sparql.send("GET", "/graph/organisations/observatory?lang=en", Accept=HTML).text
    counts, _, things = page.partition("Some of its things")
    assert "http://www.w3.org/ns/org#Organization" in counts
    listed = re.findall(r"<li>.*?href=", things.partition("</ul>")[0], re.DOTALL)
    assert len(listed) == 20


def test_tools_get_an_ontology_without_imports(sparql: Client) -> None:
    reply = sparql.send("GET", "/def")
    assert reply.type == "application/rdf+xml"
    graph = Graph().parse(data=reply.text, format="xml")
    imports = URIRef("http://www.w3.org/2002/07/owl#imports")
    assert list(graph.subject_objects(imports)) == []


def test_the_jsonld_context_is_one(sparql: Client) -> None:
    reply = sparql.send("GET", "/context.jsonld")
    assert reply.type == "application/ld+json"
    assert reply.json["@context"]["pai"] == f"{BASE}def#"


def test_an_alignment_is_its_table_for_programs(sparql: Client) -> None:
    reply = sparql.send("GET", "/alignments/role-esco.sssom.tsv")
    assert reply.type == "text/tab-separated-values"
    assert "subject_id\t" in reply.text
    assert sparql.send("GET", "/alignments/role-esco").text == reply.text


def test_anchors_of_terms_are_in_the_page_of_the_ontology(sparql: Client, ours: set[str]) -> None:
    page = sparql.send("GET", "/def", Accept=HTML).text
    for term in ("Initiative", "hasTheme", "statusAsOf", "Measurement"):
        assert f'id="{term}"' in page


def test_a_source_shows_its_rows(sparql: Client) -> None:
    page = sparql.send("GET", "/page/source/outcomes-observatory", Accept=HTML).text
    assert 'id="row=2"' in page
    assert "/graph/outcomes/observatory" in page


def test_references_are_paged(sparql: Client) -> None:
    query = (
        f"iri={quote(BASE + 'code/theme/ai-solutions', safe='')}"
        f"&by={quote(BASE + 'def#hasTheme', safe='')}"
    )
    first = sparql.send("GET", f"/references?{query}", Accept=HTML)
    assert 'rel="next"' in first.text
    assert first.text.count("<li>") > 50
    second = sparql.send("GET", f"/references?{query}&page=2", Accept=HTML)
    assert 'rel="prev"' in second.text
    assert sparql.send("GET", f"/references?{query}&page=0").status == 400
    assert sparql.send("GET", f"/references?{query}&page=999").status == 404
    assert sparql.send("GET", "/references?iri=a%20b&by=x").status == 400
