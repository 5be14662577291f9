"""The service description (SPARQL 1.1 Service Description) and VoID."""

import pyoxigraph as ox
import pytest
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import RDF, VOID

from pesai.sparql.formats import of_kind
from tests.web.conftest import Client, graph

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
}


def description(client: Client, path: str = "/sparql") -> Graph:
    reply = client.send("GET", path)
    assert (reply.status, reply.type) == (200, "text/turtle")
    return Graph().parse(data=reply.body, format="turtle")


def test_it_describes_this_endpoint(sparql: Client) -> None:
    found = description(sparql)
    (service,) = found.subjects(RDF.type, SD.Service)
    assert [str(o) for o in found.objects(service, SD.endpoint)] == [f"{sparql.address}/sparql"]
    assert SD.SPARQL11Query in set(found.objects(service, SD.supportedLanguage))
    features = set(found.objects(service, SD.feature))
    assert SD.UnionDefaultGraph in features
    assert not features & {SD.DereferencesURIs, SD.BasicFederatedQuery}
    results = {str(o).rpartition("/")[2] for o in found.objects(service, SD.resultFormat)}
    assert {"SPARQL_Results_JSON", "SPARQL_Results_CSV", "Turtle", "JSON-LD"} <= results


def test_it_tells_the_graphs_of_the_reader_and_no_others(overlapping: Client) -> None:
    found = description(overlapping)
    names = {str(o) for o in found.objects(None, SD.name)}
    assert {graph("a"), graph("b")} <= names
    assert graph("secret") not in names
    rows = overlapping.get("SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g").json[
        "results"
    ]["bindings"]
    for row in rows:
        (named,) = found.subjects(SD.name, URIRef(row["g"]["value"]))
        (content,) = found.objects(named, SD.graph)
        assert found.value(content, VOID.triples) == Literal(int(row["n"]["value"]))
    (default,) = found.objects(None, SD.defaultGraph)
    total = overlapping.get("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").json
    assert str(found.value(default, VOID.triples)) == total["results"]["bindings"][0]["n"]["value"]


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void"])
@pytest.mark.parametrize("media", FORMATS)
def test_every_rdf_format(sparql: Client, path: str, media: str) -> None:
    reply = sparql.send("GET", path, Accept=media)
    assert (reply.status, reply.type) == (200, media)
    triples = [quad.triple for quad in ox.parse(reply.body, FORMATS[media])]
    assert len(triples) > 80
    again = sparql.send("GET", path, Accept=media, If_None_Match=reply.headers["etag"])
    assert (again.status, again.body) == (304, b"")


def test_by_name(sparql: Client) -> None:
    for one in of_kind("graph"):
        if one.name != "html":
            reply = sparql.send("GET", f"/sparql?format={one.name}")
            assert (reply.status, reply.type) == (200, one.media[0])
    assert sparql.send("GET", "/sparql", Accept="image/png").status == 406


def test_head(sparql: Client) -> None:
    reply = sparql.send("HEAD", "/sparql")
    assert (reply.status, reply.body, reply.type) == (200, b"", "text/turtle")
