"""Releases over HTTP: time travel, description as a data set, feed."""

import gzip
import hashlib
import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest
import rdflib
from rdflib.namespace import DCAT, DCTERMS

from tests.conftest import Serve
from tests.web.conftest import DIRECT, FORM, Client, graph, put, small

QUERY = "SELECT ?o { ?s <urn:p> ?o } ORDER BY ?o"
ATOM = "{http://www.w3.org/2005/Atom}"


def past(client: Client, release: str, text: str = QUERY) -> list[str]:
    path = f"/releases/{release}/sparql"
    reply = client.send("POST", path, text.encode(), Content_Type=DIRECT)
    assert reply.status == 200, reply.text
    return [row["o"]["value"] for row in reply.json["results"]["bindings"]]


def test_an_older_release_is_asked_as_the_present_one(overlapping: Client) -> None:
    assert past(overlapping, "1") == ["a", "both"]
    assert past(overlapping, "000002") == ["a", "b", "both"]
    path = "/releases/1/sparql?query=ASK%7B%7D"
    reply = overlapping.send("GET", path)
    assert reply.headers["x-release"] == "000001"
    assert len(reply.headers["x-query-id"]) == 32
    again = overlapping.send("GET", path, If_None_Match=reply.headers["etag"])
    assert again.status == 304
    assert overlapping.send("HEAD", path).headers["x-release"] == "000001"
    assert "POST" in overlapping.send("OPTIONS", "/releases/1/sparql").headers["allow"]
    body = f"query=ASK%7B%7D&default-graph-uri={graph('a')}".encode()
    assert overlapping.send("POST", "/releases/1/sparql", body, Content_Type=FORM).status == 200
    assert overlapping.send("GET", "/releases/9/sparql?query=ASK%7B%7D").status == 404
    bad = overlapping.send("GET", "/releases/1/sparql?query=ASK")
    assert (bad.status, bad.json["type"].rpartition("/")[2]) == (400, "syntax")


def test_what_was_for_partners_then_is_not_for_the_public_now(overlapping: Client) -> None:
    text = "SELECT ?o { { ?s <urn:p> ?o } UNION { GRAPH ?g { ?s <urn:p> ?o } } }"
    for release in ("1", "2", "3"):
        assert "for partners" not in past(overlapping, release, text)


def test_the_form_of_an_older_release_says_so(overlapping: Client) -> None:
    page = overlapping.send("GET", "/releases/1/sparql", Accept="text/html").text
    assert 'action="/releases/000001/sparql"' in page or 'action="/releases/1/sparql"' in page
    assert "as it was in release 000001" in page
    assert "as it was in release" not in overlapping.send("GET", "/sparql", Accept="text/html").text


def test_the_description_at_an_older_release_is_its_own(overlapping: Client) -> None:
    reply = overlapping.send("GET", "/releases/1/sparql", Accept="text/turtle")
    found = rdflib.Graph().parse(data=reply.text, format="turtle")
    endpoint = rdflib.URIRef("http://www.w3.org/ns/sparql-service-description#endpoint")
    assert str(next(found.objects(None, endpoint))).endswith("/releases/1/sparql")
    assert graph("a") in reply.text
    assert graph("b") not in reply.text


def test_a_release_is_a_data_set_with_checked_downloads(sparql: Client) -> None:
    reply = sparql.send("GET", "/releases/000001", Accept="text/turtle")
    assert reply.headers["x-release"] == "000001"
    found = rdflib.Graph().parse(data=reply.text, format="turtle")
    name = rdflib.URIRef("https://w3id.org/pes-ai/releases/000001")
    assert (name, rdflib.RDF.type, DCAT.Dataset) in found
    assert len(set(found.objects(name, DCTERMS.title))) == 2
    address = next(a for a in found.subjects(DCAT.byteSize) if str(a).endswith(".nq.gz"))
    path = str(address).removeprefix(sparql.address)
    content = sparql.send("GET", path).body
    spdx = rdflib.Namespace("http://spdx.org/rdf/terms#")
    checksum = found.value(address, spdx.checksum)
    assert checksum is not None
    assert str(found.value(checksum, spdx.checksumValue)) == hashlib.sha256(content).hexdigest()
    assert int(str(found.value(address, DCAT.byteSize))) == len(content)
    assert gzip.decompress(content)
    etag = reply.headers["etag"]
    assert sparql.send("GET", "/releases/000001?format=ttl", If_None_Match=etag).status == 304


def test_the_catalogue_lists_the_releases_of_the_reader(overlapping: Client) -> None:
    reply = overlapping.send("GET", "/releases?format=ttl")
    found = rdflib.Graph().parse(data=reply.text, format="turtle")
    catalogue = rdflib.URIRef(f"{overlapping.address}/releases")
    assert len(set(found.objects(catalogue, DCAT.dataset))) == 3
    assert graph("secret") not in reply.text


@pytest.mark.parametrize("path", ["/", "/releases/000001"])
def test_a_page_tells_search_engines(sparql: Client, path: str) -> None:
    page = sparql.send("GET", path, Accept="text/html").text
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    told = json.loads(block[1])
    assert told["@type"] == "Dataset"
    assert told["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    assert all(one["contentUrl"].startswith(sparql.address) for one in told["distribution"])


def test_the_feed_tells_what_the_reader_may_know(overlapping: Client) -> None:
    reply = overlapping.send("GET", "/feeds/releases.atom")
    assert reply.type == "application/atom+xml"
    feed = ET.fromstring(reply.body)
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert ids == [f"https://w3id.org/pes-ai/releases/00000{n}" for n in (2, 1)]
    assert "The graph a" in reply.text
    assert "secret" not in reply.text
    etag = reply.headers["etag"]
    assert overlapping.send("GET", "/feeds/releases.atom", If_None_Match=etag).status == 304


def test_what_changed_between_two_releases(overlapping: Client) -> None:
    def told(since: str, until: str) -> str:
        path = f"/changes?since={since}&until={until}&format=csv"
        reply = overlapping.send("GET", path)
        assert reply.status == 200, reply.text
        return reply.text

    assert "urn:x" in told("1", "2")
    assert "urn:x" not in told("2", "3")
    assert "for partners" not in told("2", "3") + told("1", "3")
    page = overlapping.send("GET", "/releases/2", Accept="text/html").text
    assert "/changes?since=000001&amp;until=000002" in page
    assert overlapping.send("GET", "/changes?since=1&until=9").status == 404


def test_nothing_leads_to_a_comparison_with_a_release_that_is_gone(
    tmp_path: Path, serve: Serve, run_pesai: Callable[..., CompletedProcess[str]]
) -> None:
    home = tmp_path / "var"
    small(home)
    put(home, "c", ["<urn:x> <urn:p> <urn:y> ."])
    done = run_pesai(home, "releases", "withdraw", "1", "--why", "The figures were wrong.")
    assert done.returncode == 0, done.stderr
    with serve(home) as address:
        client = Client(address)
        feed = client.send("GET", "/feeds/releases.atom").text
        page = client.send("GET", "/releases/2", Accept="text/html").text
        last = client.send("GET", "/releases/4", Accept="text/html").text
    assert "since=000003&amp;until=000004" in feed
    assert "since=000003&amp;until=000004" in last
    assert "since=000001" not in feed + page
