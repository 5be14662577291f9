"""Citable answers: a permanent address with a hash that holds, for as long as its release does."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from urllib.parse import urlencode

import pytest

from pesai.access.audiences import THE_PUBLIC, Reader
from pesai.errors import NotFound
from pesai.releases import citations
from pesai.releases.layout import Home
from tests.access.conftest import bearer, make_token
from tests.web.conftest import FORM, Client, Reply, put, small

Serve = Callable[..., AbstractContextManager[str]]
Run = Callable[..., CompletedProcess[str]]
LD = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
QUERY = "SELECT ?o { ?s <urn:p> ?o }"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of its own, which the test may change."""
    path = tmp_path / "var"
    small(path)
    return path


@pytest.fixture
def client(home: Path, serve: Serve) -> Iterator[Client]:
    with serve(home) as address:
        yield Client(address)


def cite(client: Client, accept: str = "application/json", **fields: str) -> Reply:
    body = urlencode(fields).encode()
    return client.send("POST", "/q", body, Content_Type=FORM, Accept=accept)


def cited(client: Client, **fields: str) -> tuple[str, dict[str, Any]]:
    """The path and the facts of a new citation."""
    reply = cite(client, **fields)
    assert reply.status == 201, reply.text
    return reply.headers["location"], reply.json


def test_a_program_cites_and_gets_the_same_answer_again(overlapping: Client) -> None:
    path, facts = cited(overlapping, query=QUERY)
    assert facts["address"] == overlapping.address + path
    assert facts["release"] == "https://w3id.org/pes-ai/releases/000003"
    assert facts["unsettled"] == []
    lines = ["?o", '"a"', '"b"', '"both"']
    assert facts["sha256"] == hashlib.sha256("\n".join([*lines, ""]).encode()).hexdigest()
    assert facts["rows"] == 3
    reply = overlapping.send("GET", path, Accept="text/csv")
    assert sorted(csv.reader(io.StringIO(reply.text))) == [["a"], ["b"], ["both"], ["o"]]
    assert reply.headers["x-release"] == "000003"
    check = overlapping.send("GET", f"{path}/check").json
    assert check["same"] is True
    assert check["sha256"] == facts["sha256"]


def test_the_same_is_cited_at_the_same_address(overlapping: Client) -> None:
    path, facts = cited(overlapping, query=QUERY)
    assert cited(overlapping, query=QUERY) == (path, facts)
    assert cited(overlapping, query=QUERY + " ")[0] != path
    older, before = cited(overlapping, query=QUERY, release="1")
    assert older.startswith("/q/000001-")
    assert before["rows"] == 2
    assert overlapping.send("GET", older).headers["x-release"] == "000001"


def test_a_citation_stays_what_it_was_when_the_graph_changes(client: Client, home: Path) -> None:
    path, facts = cited(client, query=QUERY)
    put(home, "c", ['<urn:x> <urn:p> "c" .'])
    assert len(client.get(QUERY).json["results"]["bindings"]) == 4
    assert len(client.send("GET", path).json["results"]["bindings"]) == 3
    assert client.send("GET", f"{path}/check").json["sha256"] == facts["sha256"]


def test_cited_pruned_rebuilt_and_asked_again(client: Client, home: Path, run_pesai: Run) -> None:
    path, facts = cited(client, query=QUERY, release="2")
    assert run_pesai(home, "releases", "prune", "--keep", "1").returncode == 0
    gone = client.send("GET", path)
    assert gone.status == 410
    assert "pesai rebuild --release 000002" in gone.json["detail"]
    assert run_pesai(home, "rebuild", "--release", "2").returncode == 0
    check = client.send("GET", f"{path}/check").json
    assert check == {"sha256": facts["sha256"], "rows": 3, "cited": facts["sha256"], "same": True}
    lost = cite(client, query=QUERY, release="1")  # nobody had cited that one
    assert lost.status == 410
    assert "pesai rebuild" not in lost.json["detail"]
    assert client.send("GET", "/releases/1/sparql?query=ASK%7B%7D").status == 410


def test_withdrawn_is_gone_with_date_and_reason(client: Client, home: Path, run_pesai: Run) -> None:
    path, _ = cited(client, query=QUERY, release="2")
    why, month = "figures of another year", datetime.now(UTC).date().isoformat()[:7]
    assert run_pesai(home, "releases", "withdraw", "2", "--why", why).returncode == 0
    for address in (path, f"{path}/check", f"{path}.bib", "/releases/2/sparql?query=ASK%7B%7D"):
        reply = client.send("GET", address)
        assert reply.status == 410, address
        assert why in reply.json["detail"]
        assert month in reply.json["detail"]


@pytest.mark.parametrize(
    ("query", "reasons"),
    [
        ("SELECT (NOW() AS ?x) {}", ["volatile"]),
        (QUERY + " LIMIT 1", ["limit"]),
        (QUERY + " ORDER BY ?o LIMIT 1", ["ties"]),
        ("SELECT (SAMPLE(?o) AS ?x) { ?s <urn:p> ?o }", ["sample"]),
    ],
)
def test_what_cannot_be_promised_is_said(
    overlapping: Client, query: str, reasons: list[str]
) -> None:
    path, facts = cited(overlapping, query=query)
    assert facts["unsettled"] == reasons
    page = overlapping.send("GET", path, Accept="text/html").text
    assert "The same answer cannot be promised" in page
    check = overlapping.send("GET", f"{path}/check").json
    assert check["same"] is (reasons != ["volatile"])


def test_a_stored_query_is_cited_with_its_parameters_and_title(sparql: Client) -> None:
    path, facts = cited(sparql, stored="initiatives/ai-tools-by-task", task="matching")
    assert facts["bindings"]["task"] == "<https://w3id.org/pes-ai/code/task-type/matching>"
    assert facts["rows"] > 0
    page = sparql.send("GET", "/queries/initiatives/ai-tools-by-task?task=matching&format=json")
    again = sparql.send("GET", path)
    assert again.json == page.json
    title, _, rest = facts["text"]["fr"].partition(" (task: matching). Édition 000001 du ")
    assert rest
    title = title.partition("). ")[2]
    assert len(title) > 20
    assert title in sparql.send("GET", path, Accept="text/html", Accept_Language="fr").text
    wrong = cite(sparql, stored="initiatives/ai-tools-by-task", tusk="matching")
    assert wrong.status == 400


def test_a_person_cites_with_one_click(sparql: Client) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    page = sparql.get(text, Accept="text/html").text
    assert 'action="/q"' in page
    assert 'name="release" value="000001"' in page
    made = cite(sparql, "text/html", query=text, release="000001")
    assert made.status == 303
    page = sparql.send("GET", made.headers["location"], Accept="text/html").text
    assert "@misc{pesai-000001-" in page
    assert "Réponse à une requête SPARQL" in page
    told = json.loads(page.partition('<script type="application/ld+json">')[2].partition("<")[0])
    assert told["@type"] == "Dataset"
    assert told["url"] == sparql.address + made.headers["location"]
    assert told["isBasedOn"] == "https://w3id.org/pes-ai/releases/000001"
    assert {f"{told['url']}?format=csv"} <= {one["contentUrl"] for one in told["distribution"]}
    assert "Answer to a SPARQL query" in page
    stored = "/queries/initiatives/regions-of-the-world"
    assert 'name="stored"' in sparql.send("GET", stored, Accept="text/html").text


def test_bibtex(sparql: Client) -> None:
    path, facts = cited(sparql, query="ASK {}")
    reply = sparql.send("GET", f"{path}.bib")
    assert reply.type == "text/x-bibtex"
    assert reply.text == facts["bibtex"]
    assert reply.text.count("{") == reply.text.count("}")
    assert sparql.send("GET", f"{path}.json").json == facts


@pytest.mark.parametrize(
    "path", ["/q/000001-00000000000000000000", "/q/1-x", "/q/..%2f..%2fmanifest", "/q/x.bib"]
)
def test_what_is_not_there_is_404(sparql: Client, path: str) -> None:
    assert sparql.send("GET", path).status == 404


def test_what_cannot_be_cited(sparql: Client) -> None:
    assert cite(sparql).status == 400
    assert cite(sparql, query="SELECT ?").json["type"].endswith("/syntax")
    assert cite(sparql, query="ASK { SERVICE <http://x> {} }").status == 403
    assert cite(sparql, query="ASK {}", release="9").status == 404
    assert sparql.send("GET", "/q").status == 405


def test_a_citation_of_partners_is_not_there_for_the_public(
    overlapping: Client, small_home: Path
) -> None:
    """It was made by a partner: neither that it exists nor what it asks is told."""
    path, _facts = cited(overlapping, query=QUERY)
    name = path.rpartition("/")[2]
    mine = citations.find(Home(small_home), name, THE_PUBLIC)
    secret = mine.model_copy(update={"reader": "partners", "name": f"000003-{'f' * 20}"})
    citations.keep(Home(small_home), secret)
    replies = [overlapping.send("GET", f"/q/000003-{digit * 20}") for digit in "fe"]
    assert [reply.status for reply in replies] == [404, 404]
    told = [{**reply.json, "instance": ""} for reply in replies]
    assert json.dumps(told[0]).replace("f" * 20, "") == json.dumps(told[1]).replace("e" * 20, "")
    assert citations.find(Home(small_home), secret.name, Reader("partners")) == secret
    owner = Reader("owner", "tootukassa")
    assert citations.find(Home(small_home), secret.name, owner) == secret
    own = mine.model_copy(update={"reader": "owner:tootukassa", "name": f"000003-{'d' * 20}"})
    citations.keep(Home(small_home), own)
    for reader in (THE_PUBLIC, Reader("partners"), Reader("owner", "other")):
        with pytest.raises(NotFound):
            citations.find(Home(small_home), own.name, reader)


def test_a_partner_cites_what_partners_read(overlapping: Client, small_home: Path) -> None:
    partner, other, owner = (
        bearer(make_token(small_home, audience))
        for audience in ("partners", "partners", "owner:tootukassa")
    )
    body = urlencode({"query": QUERY}).encode()
    made = overlapping.send("POST", "/q", body, Content_Type=FORM, Authorization=partner)
    assert made.status == 201
    assert (made.json["audience"], made.json["rows"]) == ("partners", 4)
    path = made.headers["location"]
    assert path != cited(overlapping, query=QUERY)[0]
    for address in (path, f"{path}/check", f"{path}.json", f"{path}.bib"):
        assert overlapping.send("GET", address).status == 404
        for reader in (partner, other, owner):
            assert overlapping.send("GET", address, Authorization=reader).status == 200
    answer = overlapping.send("GET", path, Authorization=other)
    assert "for partners" in answer.text
    assert "private" in answer.headers["cache-control"]
    # What a partner cites of the public store is public, and found by the public.
    public = overlapping.send("GET", "/releases/1/sparql?query=ASK%7B%7D", Authorization=partner)
    assert public.headers["x-release"] == "000001"
    body = urlencode({"query": QUERY, "release": "1"}).encode()
    made = overlapping.send("POST", "/q", body, Content_Type=FORM, Authorization=partner)
    assert made.json["audience"] == "public"
    assert overlapping.send("GET", made.headers["location"]).status == 200


def test_the_page_of_a_citation_names_the_licences_of_the_graphs_that_were_asked(
    tmp_path: Path, serve: Serve
) -> None:
    """Not those of graphs that only the one who looks at it may read."""
    home, line = tmp_path / "var", '<urn:x> <urn:p> "a" .'
    put(home, "a", [line], licence="https://example.org/of-all")
    put(home, "secret", [line], audience="partners", licence="https://example.org/of-partners")
    partner = bearer(make_token(home, "partners"))
    with serve(home) as address:
        client = Client(address)
        mine, _facts = cited(client, query=QUERY)
        body = urlencode({"query": QUERY}).encode()
        theirs = client.send("POST", "/q", body, Content_Type=FORM, Authorization=partner)
        pages = [
            client.send("GET", path, Accept="text/html", Authorization=partner).text
            for path in (mine, theirs.headers["location"])
        ]
    schemas = [json.loads(LD.findall(page)[0]) for page in pages]
    of_all, of_partners = "https://example.org/of-all", "https://example.org/of-partners"
    assert [one["license"] for one in schemas] == [[of_all], [of_all, of_partners]]


def test_citations_take_no_more_room_than_they_may(
    overlapping: Client, small_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = cited(overlapping, query=QUERY)[0].rpartition("/")[2]
    mine = citations.find(Home(small_home), name, THE_PUBLIC)
    monkeypatch.setattr(citations, "ROOM", 3 * len(mine.model_dump_json(indent=1)))
    others = [mine.model_copy(update={"name": f"000003-{n:020d}"}) for n in range(3)]
    with pytest.raises(citations.Full):
        list(map(partial(citations.keep, Home(small_home)), others))
    citations.keep(Home(small_home), mine)  # it is there already


def test_the_way_of_the_reference_gives_the_same_hash(sparql: Client) -> None:
    text = (Path(__file__).parents[2] / "docs/reference/citations.md").read_text("utf-8")
    code = text.partition("```python\n")[2].partition("```")[0]
    space: dict[str, Any] = {}
    exec(compile(code, "citations.md", "exec"), space)  # noqa: S102 - our own document
    path, facts = cited(sparql, stored="initiatives/regions-of-the-world")
    assert space["sha256"](sparql.address + path) == facts["sha256"]
    query = "SELECT DISTINCT ?o ?p { ?s ?p ?o FILTER(isLiteral(?o)) }"
    path, facts = cited(sparql, query=query)
    assert facts["rows"] > 5000
    assert space["sha256"](sparql.address + path) == facts["sha256"]
