"""What changed since a day or a release: the page, its files, and what is in none of them."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pyoxigraph import NamedNode
from rdflib import RDF, Graph, Namespace

from pesai.releases.changes import LARGEST, Statement, ThingChange
from pesai.web import changed as changes_told
from pesai.web.labels import Label
from tests.conftest import Serve
from tests.web.conftest import BASE, HOSTILE, Client, literal, put
from tests.web.figures import bare
from tests.web.test_pages import HTML, Page

PAI = "https://w3id.org/pes-ai/def#"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
TITLE = "<http://purl.org/dc/terms/title>"
ATOM = "{http://www.w3.org/2005/Atom}"
CANARY = "Kanarienvogel"
CS = Namespace("http://purl.org/vocab/changeset/schema#")


def _initiative(name: str, *titles: str) -> list[str]:
    """An initiative of QM, a fictional service."""
    thing = BASE.thing("initiative", name)
    lines = [f"{thing} {TYPE} <{PAI}Initiative> ."]
    return lines + [f"{thing} {TITLE} {literal(title)}@en ." for title in titles]


def _technique(name: str, text: str) -> str:
    return f"{BASE.thing('initiative', name)} <{PAI}technique> {literal(text)}@en ."


@pytest.fixture(scope="module")
def changed(
    tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[Client]:
    """Three releases: things come, go and change, with hostile text, and for partners too."""
    home = tmp_path_factory.mktemp("changes") / "var"
    stays = _initiative("qm-stays", "Stays as it is")
    goes, other = _initiative("qm-goes", "Goes away"), _initiative("qm-other", "Changes")
    put(home, "a", [*stays, *goes, *other, _technique("qm-other", "rules")])
    put(home, "a", [
        *stays, *_initiative("qm-comes", "Comes anew"), *other,
        _technique("qm-other", "learning"), *_initiative("qm-hostile", *HOSTILE),
    ])  # fmt: skip
    put(home, "secret", _initiative("qn-secret", CANARY), audience="partners")
    with serve(home) as address:
        yield Client(address)


def _today(days: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


@pytest.mark.parametrize("since", ["000001", "1", -1, -400, "01/01/2001"])
def test_things_that_came_went_and_changed_are_told(changed: Client, since: str | int) -> None:
    day = _today(since) if isinstance(since, int) else since
    reply = changed.send("GET", f"/changes?since={day}", Accept=HTML)
    assert reply.status == 200
    words = " ".join(reply.text.split())
    assert '+</span> added</span> <a href="/page/initiative/qm-comes">' in words
    assert "Goes away" in words
    assert "/page/initiative/qm-goes" not in words  # it has no page any more
    assert "rules" in words
    assert "learning" in words
    assert "Stays as it is" not in words
    assert ("The first release is of" in words) == (day == "01/01/2001" or isinstance(since, int))
    assert Page(reply.text).wrong == []


def test_without_a_day_it_is_what_the_last_release_changed(changed: Client) -> None:
    text = changed.send("GET", "/changes", Accept=HTML).text
    assert "Nothing that you can see changed" in text
    assert CANARY not in text


def test_the_day_after_says_that_nothing_changed(changed: Client) -> None:
    text = changed.send("GET", f"/changes?since={_today(1)}", Accept=HTML).text
    assert "Nothing changed" in text


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ttl", "jsonld", "nt", "rdf"])
def test_files_hold_what_the_page_tells_and_no_more(changed: Client, ending: str) -> None:
    reply = changed.send("GET", f"/changes?since=1&format={ending}")
    assert reply.status == 200
    assert reply.headers["x-release"] == "000003"
    assert CANARY.encode() not in reply.body
    assert b"qn-secret" not in reply.body


def test_rows_are_safe_in_a_spreadsheet(changed: Client) -> None:
    text = changed.send("GET", "/changes?since=1&format=csv").body.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {"'=HYPERLINK(1)"} == {row["value"] for row in rows if "HYPERLINK" in row["value"]}
    changes = {(r["change"], r["value"]) for r in rows if r["thing"].endswith("qm-other")}
    assert changes == {("removed", "rules"), ("added", "learning")}
    body = changed.send("GET", "/changes?since=1&format=xlsx").body
    book = load_workbook(io.BytesIO(body))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert "=HYPERLINK(1)" in {cell.value for cell in cells}


def test_the_rdf_has_one_change_set_a_thing(changed: Client) -> None:
    text = changed.send("GET", "/changes?since=1&format=ttl").text
    graph = Graph().parse(data=text, format="turtle")
    sets = {
        str(graph.value(s, CS.subjectOfChange)): s for s in graph.subjects(RDF.type, CS.ChangeSet)
    }
    assert len(sets) == 4
    other = sets[BASE.thing("initiative", "qm-other").value]
    added = [str(graph.value(s, RDF.object)) for s in graph.objects(other, CS.addition)]
    assert added == ["learning"]


def test_hostile_text_stays_text(changed: Client) -> None:
    reply = changed.send("GET", "/changes?since=1&kind=initiative", Accept=HTML)
    page = Page(reply.text)
    assert page.all("script") == []
    assert page.all("img") == []
    assert page.wrong == []


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("since=soon", 400, "neither a day nor the number of a release"),
        ("since=2026-13-45", 400, "neither a day nor"),
        ("since=2999-01-01", 400, "still to come"),
        ("since=99", 404, "no release"),
        ("since=1&kind=nothing", 404, "initiative"),
        ("since=1&page=0", 400, "Pages begin at 1"),
        ("since=1&page=%3Cscript%3E", 400, "Pages begin at 1"),
        ("since=1&format=doc", 400, "csv"),
        ("since=%3Cscript%3Ealert(1)%3C/script%3E", 400, "neither a day nor"),
    ],
)
def test_wrong_addresses_are_told_what_would_be_right(
    changed: Client, query: str, status: int, words: str
) -> None:
    reply = changed.send("GET", f"/changes?{query}", Accept=HTML)
    assert reply.status == status
    assert words in reply.text
    assert Page(reply.text).all("script") == []


def test_a_first_release_says_that_there_is_nothing_to_compare(sparql: Client) -> None:
    text = sparql.send("GET", "/changes", Accept=HTML).text
    assert "nothing to compare it with yet" in text
    before = sparql.send("GET", "/changes?since=2020-01-01", Accept=HTML).text
    assert "There is nothing to compare yet" in before
    assert "The data of this service begin on" in before
    assert "have been the same" not in before


def test_numbers_lead_to_what_they_count(changed: Client) -> None:
    page = changed.send("GET", "/changes?since=1", Accept=HTML).text
    assert bare(page) == []
    address = "/changes?since=1&kind=initiative&state=added"
    assert address.replace("&", "&amp;") in page
    only = changed.send("GET", address, Accept=HTML).text
    assert "Comes anew" in only
    assert "Goes away" not in only
    assert changed.send("GET", "/changes?since=1&state=new", Accept=HTML).status == 400


def test_a_release_tells_how_many_triples_came_and_went(changed: Client) -> None:
    page = changed.send("GET", "/releases/2", Accept=HTML).text
    assert bare(page) == []
    words = " ".join(re.sub("<[^>]+>", " ", page).split())
    before = len({*_initiative("qm-stays", ""), *_initiative("qm-goes", "")}) * 2 - 1
    # Gone: two statements of qm-goes, and a technique; new: two of qm-comes, those of qm-hostile,
    # and the other technique.
    came = 2 + 1 + len(HOSTILE) + 1
    assert f"The graph a {before} {came} 3 {before + came - 3}" in words
    sizes = re.findall(r'href="(/releases/00000[12]/sparql\?query=[^"]+)"', page)
    assert len(set(sizes)) == 3  # the store, and the graphs before and after
    for address in sizes:
        reply = changed.send("GET", unescape(address), Accept="text/csv")
        assert reply.status == 200
    assert CANARY not in changed.send("GET", "/releases/3", Accept=HTML).text


def test_changes_as_atom(changed: Client) -> None:
    reply = changed.send("GET", "/changes?since=1&until=2&format=atom")
    assert reply.type == "application/atom+xml"
    assert reply.headers["x-release"] == "000002"
    feed = ET.fromstring(reply.body)
    entries = feed.findall(f"{ATOM}entry")
    titles = {entry.findtext(f"{ATOM}title") for entry in entries}
    assert {"Comes anew (added)", "Goes away (removed)", "Changes (changed)"} <= titles
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(ids) == len(set(ids)) == 4
    told = " ".join(feed.itertext())
    assert "rules" in told
    assert "learning" in told
    etag = reply.headers["etag"]
    assert (
        changed.send("GET", "/changes?since=1&until=2&format=atom", If_None_Match=etag).status
        == 304
    )
    related = {link.get("href") for link in ET.fromstring(
        changed.send("GET", "/feeds/releases.atom").body
    ).iter(f"{ATOM}link") if link.get("rel") == "related"}  # fmt: skip
    assert f"{changed.address}/changes?format=atom&since=000001&until=000002" in related


def test_the_feed_that_is_kept_tells_of_each_release(changed: Client) -> None:
    """Its ids stay when a release comes, and of two that came between two looks none is lost."""
    kept = changed.address + "/feeds/releases.atom"
    for query, accept in (("?format=atom", "*/*"), ("", "application/atom+xml")):
        reply = changed.send("GET", f"/changes{query}", Accept=accept)
        assert (reply.status, reply.headers["location"]) == (302, "/feeds/releases.atom")
        assert "Accept" in reply.headers["vary"]
    for address in ("/changes", "/changes?since=1", "/changes?since=1&until=2"):
        page = Page(changed.send("GET", address, Accept=HTML).text)
        links = [dict(link) for tag in ("a", "link") for link in page.all(tag)]
        feeds = {one["href"] for one in links if one.get("type") == "application/atom+xml"}
        assert feeds == {"/feeds/releases.atom"}
    feed = ET.fromstring(changed.send("GET", "/feeds/releases.atom").body)
    assert feed.findtext(f"{ATOM}id") == kept
    assert [one.get("href") for one in feed.findall(f"{ATOM}link") if one.get("rel") == "self"] == [
        kept
    ]
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert ids == [BASE.release(name).value for name in ("000002", "000001")]


@pytest.mark.parametrize("part", ["kind=initiative", "state=added"])
def test_atom_of_a_part_of_the_changes_is_refused(changed: Client, part: str) -> None:
    for query in (f"since=1&{part}", part):
        reply = changed.send("GET", f"/changes?{query}&format=atom")
        assert reply.status == 400
        assert "leave them out" in reply.text


def test_atom_says_how_many_properties_it_leaves_out(
    tmp_path: Path, serve: Callable[..., AbstractContextManager[str]]
) -> None:
    home = tmp_path / "var"
    thing = BASE.thing("initiative", "qm-many")
    put(home, "a", _initiative("qm-many", "Many"))
    more = [f'{thing} <urn:test:p{number}> "x" .' for number in range(changes_told.PER_THING + 3)]
    put(home, "a", [*_initiative("qm-many", "Many"), *more])
    with serve(home) as address:
        text = Client(address).send("GET", "/changes?since=1&format=atom").text
    assert text.count("<dt>") == changes_told.PER_THING
    assert '#downloads">and 3 more properties, in the downloads</a>' in text


def test_only_what_is_shown_is_named() -> None:
    """A thing that came may have thousands of values: none is shown, so none is looked up."""
    links = tuple(
        Statement(f"urn:p{number:02}", NamedNode(f"urn:v{number}")) for number in range(15)
    )
    labels = {one.property: Label(one.property, "") for one in links}
    came = ThingChange("urn:s", "added", ("urn:C",), (), links, ())
    assert changes_told._values(came, labels) == set()
    other = ThingChange("urn:s", "changed", ("urn:C",), (), links, ())
    assert changes_told._values(other, labels) == {f"urn:v{number}" for number in range(12)}


def test_counts_say_what_they_leave_out(tmp_path: Path, serve: Serve) -> None:
    """A classification is too large to be compared thing by thing: no count may seem whole."""
    put(tmp_path, "first", _initiative("qm-first", "First"))
    put(tmp_path, "small", _initiative("qm-small", "Small"))
    many = [f"<urn:large:{n}> {TITLE} {literal('x')}@en ." for n in range(LARGEST + 1)]
    put(tmp_path, "large", many)
    with serve(tmp_path) as address:
        client = Client(address)
        told = client.send("GET", "/changes?since=1", Accept=HTML).text
        assert "1 source is too large to be compared thing by thing" in told
        assert 'id="sources"' in told
        assert "Counted within the sources that changed" in told
        assert Page(told).wrong == []
        small = client.send("GET", "/changes?since=1&until=2", Accept=HTML).text
        assert "too large" not in small
