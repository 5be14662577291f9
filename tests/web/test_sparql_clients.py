"""The clients that researchers use."""

import json
import shutil
import subprocess
from typing import Any

import pytest
from rdflib import Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
)
from SPARQLWrapper import SPARQLWrapper as Wrapper

from tests.web.conftest import Client

SELECT = """PREFIX org: <http://www.w3.org/ns/org#>
SELECT ?o { ?o a org:Organization } ORDER BY ?o LIMIT 5"""
CONSTRUCT = """PREFIX org: <http://www.w3.org/ns/org#>
CONSTRUCT { ?o a org:Organization } WHERE { ?o a org:Organization }"""


def wrapper(client: Client, query: str, format_: str) -> Wrapper:
    found = Wrapper(f"{client.address}/sparql")
    found.setQuery(query)
    found.setReturnFormat(format_)
    return found


def converted(client: Client, query: str, format_: str) -> Any:  # noqa: ANN401 - by format
    return wrapper(client, query, format_).queryAndConvert()


@pytest.mark.parametrize("method", [GET, POST])
@pytest.mark.parametrize("way", [URLENCODED, POSTDIRECTLY])
def test_sparqlwrapper_asks_in_its_ways(sparql: Client, method: str, way: str) -> None:
    asked = wrapper(sparql, SELECT, JSON)
    asked.setMethod(method)
    asked.setRequestMethod(way)
    answer = asked.queryAndConvert()
    assert isinstance(answer, dict)
    assert len(answer["results"]["bindings"]) == 5


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # SPARQLWrapper 2 uses it
def test_sparqlwrapper_reads_every_format(sparql: Client) -> None:
    assert converted(sparql, SELECT, XML).getElementsByTagName("result").length == 5
    for format_ in (CSV, TSV):
        assert len(converted(sparql, SELECT, format_).decode().strip().splitlines()) == 6
    wanted = len(converted(sparql, CONSTRUCT, XML))
    assert wanted > 200
    for format_ in (RDFXML, JSONLD):
        assert len(converted(sparql, CONSTRUCT, format_)) == wanted
    turtle = converted(sparql, CONSTRUCT, TURTLE)
    assert len(Graph().parse(data=turtle, format="turtle")) == wanted


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib_as_a_client(sparql: Client, method: str) -> None:
    store = SPARQLStore(f"{sparql.address}/sparql", method=method)
    found = Graph(store)
    rows = list(found.query(SELECT))
    assert len(rows) == 5
    organisation = rows[0][0]  # type: ignore[index]
    assert isinstance(organisation, URIRef)
    assert (organisation, None, None) in found
    assert bool(found.query("ASK { ?s ?p ?o }"))
    assert len(list(found.query(CONSTRUCT))) > 200


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed here")
def test_curl(sparql: Client) -> None:
    address = f"{sparql.address}/sparql"

    def curl(*arguments: str) -> str:
        return subprocess.run(
            ["curl", "--silent", "--fail-with-body", *arguments],
            capture_output=True, text=True, check=True, timeout=300,
        ).stdout  # fmt: skip

    assert json.loads(curl(address, "--data-urlencode", f"query={SELECT}"))["head"]["vars"] == ["o"]
    got = curl("--get", address, "--data-urlencode", f"query={SELECT}", "-H", "Accept: text/csv")
    assert len(got.splitlines()) == 6
    direct = curl(
        address, "-H", "Content-Type: application/sparql-query", "--data-binary", "ASK {}"
    )
    assert json.loads(direct)["boolean"] is True
    assert "sd:Service" in curl(address)
