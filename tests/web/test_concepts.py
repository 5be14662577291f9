"""``/concept`` and ``/scheme`` over the real service, on small classifications made up here."""

import csv
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import quote, urlencode

import pytest

from tests.conftest import Serve
from tests.web.conftest import Client, Reply, literal, put
from tests.web.figures import bare

HTML = "text/html"
SKOS = "http://www.w3.org/2004/02/skos/core#"
ESCO = "http://data.europa.eu/esco/model#"
OWL = "http://www.w3.org/2002/07/owl#"
DCT = "http://purl.org/dc/terms/"
SSSOM = "https://w3id.org/sssom/"
PAI = "https://w3id.org/pes-ai/def#"
A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
X = "http://example.org/c/"
"""Everything below this is made up."""
LIST = f"{X}list"


def triple(subject: str, predicate: str, value: str) -> str:
    wrapped = predicate if predicate.startswith("<") else f"<{predicate}>"
    term = value if value.startswith(('"', "<")) else f"<{value}>"
    return f"<{subject}> {wrapped} {term} ."


def concept(name: str, label: str, *above: str, scheme: str = LIST, tag: str = "en") -> list[str]:
    iri = name if ":" in name else X + name
    return [
        triple(iri, A, f"{SKOS}Concept"),
        triple(iri, f"{SKOS}inScheme", scheme),
        triple(iri, f"{SKOS}prefLabel", f"{literal(label)}@{tag}"),
        *(triple(iri, f"{SKOS}broader", X + one) for one in above),
    ]


def mapping(name: str, ends: tuple[str, str, str], versions: tuple[str, str]) -> list[str]:
    subject, predicate, target = ends
    record = X + name
    return [
        triple(record, A, f"{SSSOM}Mapping"),
        triple(record, f"{OWL}annotatedSource", subject),
        triple(record, f"{OWL}annotatedProperty", SKOS + predicate),
        triple(record, f"{OWL}annotatedTarget", target),
        triple(record, f"{SSSOM}mapping_justification",
               "https://w3id.org/semapv/vocab/ManualMappingCuration"),
        triple(record, f"{SSSOM}subject_source_version", literal(versions[0])),
        triple(record, f"{SSSOM}object_source_version", literal(versions[1])),
        triple(subject, SKOS + predicate, target),
    ]  # fmt: skip


TREE = [
    triple(LIST, A, f"{SKOS}ConceptScheme"),
    triple(LIST, f"{SKOS}prefLabel", '"Jobs of nowhere"@en'),
    triple(LIST, f"{SKOS}hasTopConcept", f"{X}root"),
    triple(LIST, f"{OWL}versionInfo", '"7.3"'),
    *concept("root", "All jobs"),
    *concept("it", "Computing", "root"),
    *concept("web", "Web work", "root"),
    *concept("data", "data person", "it", "web"),
    triple(f"{X}data", f"{SKOS}prefLabel", '"personne des données"@fr'),
    triple(f"{X}data", f"{SKOS}prefLabel", '"datamens"@nl'),
    triple(f"{X}data", f"{SKOS}altLabel", '"data person"@en'),
    triple(f"{X}data", f"{SKOS}altLabel", '"data worker"@en'),
    triple(f"{X}data", f"{SKOS}definition", '"Works with data."@en'),
    triple(f"{X}data", f"{SKOS}definition", '"Travaille avec des données."@fr'),
    triple(f"{X}data", f"{SKOS}notation", '"2.10"'),
    triple(f"{X}data", f"{ESCO}relatedEssentialSkill", f"{X}counting"),
    *concept("counting", "counting"),
    *concept("old", "old job"),
    triple(f"{X}old", f"{OWL}deprecated", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
    triple(f"{X}old", f"{DCT}isReplacedBy", f"{X}data"),
]

CIRCLE = [*concept("a", "first", "b"), *concept("b", "second", "c"), *concept("c", "third", "a"),
          *concept("self", "its own parent", "self")]  # fmt: skip

HOSTILE = [
    *concept("long", "x" * 100_000),
    *concept("turned", "abc\u202edcba\u2066"),
    *concept("script", "<script>alert(1)</script>"),
    triple(f"{X}script", f"{SKOS}definition", f"{literal('<img src=x onerror=alert(2)>')}@en"),
    triple(f"{X}script", f"{SKOS}related", "javascript:alert(3)"),
    *concept("javascript:alert(3)", "a bad address"),
]


@pytest.fixture(scope="module")
def client(serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("concepts") / "var"
    many = [line for n in range(10_000) for line in concept(f"n{n}", f"child {n}", "crowd")]
    finding = "https://w3id.org/pes-ai/id/finding/of-a-test"
    put(home, "tree", TREE)
    put(home, "hard", [*CIRCLE, *HOSTILE, *concept("crowd", "crowd"), *many])
    put(home, "mapped", [
        *concept("other", "counterpart", scheme=f"{X}list-2"),
        *concept("third", "counterpart of the counterpart", scheme=f"{X}list-3"),
        *mapping("m1", (f"{X}data", "exactMatch", f"{X}other"), ("7.3", "2")),
        *mapping("m2", (f"{X}third", "closeMatch", f"{X}other"), ("9", "2")),
        triple(f"{X}third", f"{SKOS}broadMatch", f"{X}root"),
        triple(finding, A, f"{PAI}Finding"),
        triple(finding, f"{DCT}description", '"A made-up finding."@en'),
        triple(finding, f"{PAI}mentionsRole", f"{X}third"),
    ])  # fmt: skip
    put(home, "secret", concept("secret", "for partners only", "root"), audience="partners")
    with serve(home) as address:
        yield Client(address)


def page(client: Client, name: str, path: str = "/concept", **given: str) -> Reply:
    iri = name if ":" in name else X + name
    return client.send("GET", f"{path}?{urlencode({'iri': iri, **given})}", Accept=HTML)


def text(reply: Reply) -> str:
    """What is read of the page, without its frame."""
    main = reply.text.partition("<main")[2].partition("</main>")[0]
    seen = re.sub(r'<span class="visually-hidden">[^<]*</span>', "", main)
    return " ".join(re.sub(r"<[^>]+>", " ", seen).replace("( ", "(").replace(" )", ")").split())


def test_names_in_every_language_the_readers_first(client: Client) -> None:
    english, french = page(client, "data"), page(client, "data", lang="fr")
    assert english.status == french.status == 200
    rows = re.findall(r'<th scope="row">(\w+)</th>', english.text)
    assert rows == ["en", "fr", "nl"]
    assert re.findall(r'<th scope="row">(\w+)</th>', french.text)[0] == "fr"
    assert ">data person</bdi></h1>" in english.text
    assert ">personne des données</bdi></h1>" in french.text
    assert "data worker" in text(english)
    assert text(english).index("Works with data.") < text(english).index("Travaille avec")
    assert text(french).index("Travaille avec") < text(french).index("Works with data.")
    other_names = english.text.partition("data worker")[0].rpartition("<td")[2]
    assert "data person" not in other_names, "the preferred label is repeated among the others"


def test_the_ways_from_the_top(client: Client) -> None:
    found = text(page(client, "data"))
    assert re.search(r"Hierarchy All jobs Computing 2\.10 data person", found)
    assert "It is also below: All jobs › Web work" in found


def test_branches_open_and_close_by_address(client: Client) -> None:
    closed = page(client, "root")
    assert 'aria-label="Open “Computing”: 1 below"' in closed.text
    address = re.search(
        r'href="([^"#]+)#c-[0-9a-f]+"[^>]*aria-label="Open “Computing”', closed.text
    )
    assert address is not None
    opened = client.send("GET", address[1].replace("&amp;", "&"), Accept=HTML)
    assert 'aria-label="Close “Computing”"' in opened.text
    assert text(opened).count("data person") == 1
    assert text(closed).count("data person") == 0


def test_relations_lead_both_ways(client: Client) -> None:
    assert "essential skills (1) counting" in text(page(client, "data"))
    assert "essential for (1) data person" in text(page(client, "counting"))


def test_mappings_tell_predicate_justification_source_and_versions(client: Client) -> None:
    found = text(page(client, "data"))
    assert "data person Jobs of nowhere same as counterpart" in found
    assert "7.3 → 2 by hand The graph mapped row" in found
    bare = text(page(client, "root"))
    assert "narrower than All jobs" in bare
    assert "not documented" in bare.partition("In other classifications")[2]


def test_findings_lead_here_directly_and_through_mappings(client: Client) -> None:
    direct = text(page(client, "third"))
    assert "What leads here" in direct
    assert "A made-up finding." in direct.partition("What leads here")[2]
    assert "Through the mapping" not in direct
    near = text(page(client, "other")).partition("What leads here")[2]
    assert "Through the mapping: counterpart · close to · counterpart of the counterpart" in near
    far = text(page(client, "data")).partition("What leads here")[2]
    assert "data person · same as · counterpart" in far
    assert "· close to · counterpart of the counterpart" in far
    assert "A made-up finding." in far


def test_a_deprecated_concept_names_its_successor(client: Client) -> None:
    found = page(client, "old")
    assert "This concept is out of date" in found.text
    assert re.search(r"In its place: .*data person", text(found))
    assert "out of date" not in text(page(client, "data"))


@pytest.mark.parametrize("name", ["a", "b", "c", "self"])
def test_a_hierarchy_in_a_circle_ends(client: Client, name: str) -> None:
    everything = [("iri", X + name), *(("open", X + one) for one in ("a", "b", "c", "self"))]
    reply = client.send("GET", f"/concept?{urlencode(everything)}", Accept=HTML)
    assert reply.status == 200
    assert len(reply.body) < 40_000


def test_ten_thousand_children_are_paged(client: Client) -> None:
    first = page(client, "crowd")
    assert len(first.body) < 60_000
    assert "1 to 50 of 10,000" in text(first)
    assert 'rel="next"' in first.text
    last = page(client, "crowd", page="200")
    assert "9,951 to 10,000 of 10,000" in text(last)
    assert 'rel="next"' not in last.text
    assert page(client, "crowd", page="201").status == 404
    assert page(client, "crowd", page="0").status == 400
    whole = f"/references?{urlencode({'iri': f'{X}crowd', 'by': f'{SKOS}broader'})}"
    rows = client.send("GET", f"{whole}&format=csv&download=1").text.splitlines()
    assert len(rows) == 10_001
    assert client.send("GET", f"{whole}&format=xlsx").body[:2] == b"PK"


def test_hostile_labels_do_no_harm(client: Client) -> None:
    long = page(client, "long")
    assert long.status == 200
    assert len(long.body) < 40_000
    turned = page(client, "turned")
    assert "\u202e" not in turned.text
    assert "\u2066" not in turned.text
    script = page(client, "script")
    assert "<script>alert" not in script.text
    assert "<img src=x" not in script.text
    assert 'href="javascript:' not in script.text
    assert "/concept?iri=javascript%3Aalert%283%29" in script.text
    bad = page(client, "javascript:alert(3)")
    assert bad.status == 200
    assert 'href="javascript:' not in bad.text


@pytest.mark.parametrize("path", ["/concept", "/scheme"])
def test_what_is_no_iri_is_told(client: Client, path: str) -> None:
    for wrong in ("foo", "not an iri", "http://exa mple/", "%00", "http://", ""):
        reply = client.send("GET", f"{path}?iri={quote(wrong)}", Accept=HTML)
        assert reply.status == (404 if wrong == "http://" else 400), wrong
        assert "/search" in reply.text
    assert client.send("GET", "/concept", Accept="application/json").status == 400


def test_an_unknown_concept_is_404_with_what_is_near(client: Client) -> None:
    reply = page(client, f"{X}data%20person")
    assert reply.status == 404
    assert f"/concept?{urlencode({'iri': f'{X}data'})}" in reply.text
    data = client.send("GET", f"/concept?{urlencode({'iri': f'{X}none'})}", Accept="text/turtle")
    assert (data.status, data.type) == (404, "application/problem+json")


def test_a_concept_for_partners_is_not_there_for_the_public(client: Client) -> None:
    hidden, unknown = page(client, "secret"), page(client, "nothing-at-all")
    assert hidden.status == unknown.status == 404
    for reply in (page(client, "root"), page(client, "list", "/scheme"), hidden):
        assert "for partners only" not in reply.text
    assert "Open “All jobs”: 2 below" in page(client, "list", "/scheme").text
    query = urlencode({"iri": f"{X}secret", "by": f"{SKOS}broader", "way": "out"})
    assert client.send("GET", f"/references?{query}").status == 404


def test_a_scheme_its_version_and_its_tree(client: Client) -> None:
    found = page(client, "list", "/scheme")
    assert found.status == 200
    assert ">Jobs of nowhere</bdi></h1>" in found.text
    assert "Version 7.3" in text(found)
    assert "All jobs" in text(found)
    assert client.send("GET", f"/concept?{urlencode({'iri': LIST})}", Accept=HTML).text.count(
        "Jobs of nowhere"
    )


def test_every_scheme_is_listed_and_leads_on(client: Client) -> None:
    found = client.send("GET", "/scheme", Accept=HTML)
    assert f"/scheme?{urlencode({'iri': LIST})}" in found.text
    assert "Jobs of nowhere" in found.text


@pytest.mark.parametrize("format_", ["ttl", "jsonld", "nt", "rdf"])
def test_every_format(client: Client, format_: str) -> None:
    reply = page(client, "data", format=format_)
    assert reply.status == 200
    assert "datamens" in reply.text
    assert reply.headers["x-release"]


def test_programs_get_data_and_an_unknown_format_is_told(client: Client) -> None:
    path = f"/concept?{urlencode({'iri': f'{X}data'})}"
    assert client.send("GET", path).type == "text/turtle"
    assert client.send("GET", path, Accept="application/n-triples").type == "application/n-triples"
    assert client.send("GET", f"{path}&format=docx").status == 400


def test_search_leads_to_concepts(client: Client) -> None:
    found = client.send("GET", "/search?q=data+worker&format=json").json["results"][0]
    assert found["page"] == f"/concept?{urlencode({'iri': f'{X}data'})}"
    view = client.send("GET", f"/reconcile/view?{urlencode({'id': f'{X}data'})}")
    assert view.headers["location"] == found["page"]


def test_our_codes_have_the_same_page_at_their_own_address(sparql: Client) -> None:
    code = "https://w3id.org/pes-ai/code/role/data-scientist"
    reply = sparql.send("GET", f"/concept?{urlencode({'iri': code})}", Accept=HTML)
    assert (reply.status, reply.headers["location"]) == (303, "/code/role/data-scientist")
    own = sparql.send("GET", "/code/role/data-scientist", Accept=HTML)
    assert "What leads here" in own.text
    assert "In other classifications" in own.text
    listed = sparql.send("GET", "/scheme?iri=https://w3id.org/pes-ai/code/role", Accept=HTML)
    assert (listed.status, listed.headers["location"]) == (303, "/code/role")


def test_publishers_are_named_on_every_page(sparql: Client) -> None:
    sentence = "This service uses the ESCO classification of the European Commission."
    for path in ("/", "/search?q=data", "/code/role/data-scientist", "/scheme"):
        assert sentence in sparql.send("GET", path, Accept=HTML).text, path


def test_the_query_behind_a_number_gives_that_number(client: Client) -> None:
    """Each link says its number; the answer of its query is that number, or has so many rows."""
    pages = [page(client, "it"), page(client, "data"), page(client, "list", "/scheme")]
    found = 0
    for one in pages:
        assert bare(one.text) == []
        for address, number in re.findall(
            r'class="behind[^"]*" href="([^"]+)"[^>]*>([\d,]*)', one.text
        ):
            rows = client.send("GET", unescape(address), Accept="text/csv").text.splitlines()[1:]
            assert rows, address
            if number := number.replace(",", ""):
                found += 1
                figures = next(csv.reader(rows))
                assert len(rows) == int(number) or (len(rows) == 1 and number in figures)
    assert found >= 3
