"""Initiatives by facets: every number is the tables' own, and lists, data and counts agree."""

import csv
import io
import random
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from pesai.web.sorting import natural
from tests.web.conftest import Client
from tests.web.observatory import EVALUATED, chosen, is_ai_tool, numbers, outcomes, table
from tests.web.test_pages import HTML, Page

CHOICES = [
    [],
    [("theme", "ai-solutions"), ("results", "evaluated")],
    [("theme", "ethics"), ("theme", "hr-change"), ("stage", "pilot"), ("stage", "none")],
    [("country", "FRA"), ("kind", "tool")],
    [("region", "m49-150"), ("evidence", "rules")],
    [("year", "2024"), ("confidence", "high")],
    [("taxonomy", "none"), ("users", "counsellors"), ("task", "matching")],
    [("organisation", "france-travail"), ("stage", "production")],
    [("stage", "idea")],
]


def page_of(sparql: Client, pairs: list[tuple[str, str]]) -> str:
    """The page of a choice, in English; as a browser, which follows to the one address."""
    reply = sparql.send("GET", f"/initiatives?{urlencode(pairs)}", Accept=HTML)
    if reply.status == 302:
        reply = sparql.send("GET", reply.headers["location"], Accept=HTML)
    assert reply.status == 200, reply.text
    return reply.text


@pytest.mark.parametrize("pairs", CHOICES, ids=[urlencode(pairs) or "all" for pairs in CHOICES])
def test_every_number_of_a_page_is_that_of_the_tables(
    sparql: Client, pairs: list[tuple[str, str]]
) -> None:
    text = page_of(sparql, pairs)
    total = re.search(r'<h2 id="found"[^>]*>(\d+) ', text)
    assert total
    assert int(total[1]) == len(chosen(pairs))
    counted = numbers(text, "/initiatives/count")
    assert counted
    for href, count in counted:
        asked = parse_qsl(urlsplit(href).query)
        assert count == len(chosen(asked)), asked
    tools = re.search(r"of these, (\d+) tools? that uses? AI", text)
    assert (int(tools[1]) if tools else 0) == sum(map(is_ai_tool, chosen(pairs)))


def test_every_value_that_some_initiative_has_can_be_chosen(sparql: Client) -> None:
    text = page_of(sparql, [])
    page = Page(text)
    offered = {
        pair
        for href in page.links()
        if href.startswith("/initiatives?")
        for pair in parse_qsl(urlsplit(href).query)
    }
    offered |= {
        (name, value)
        for name, values in re.findall(r'<select id="more-(\w+)"(.*?)</select>', text, re.DOTALL)
        for value in re.findall(r'value="([^"]+)"', values)
    }
    for row in table("initiatives"):
        assert ("organisation", row["pes_id"]) in offered
        assert ("confidence", row["confidence"]) in offered


def test_the_query_behind_a_number_counts_the_same(sparql: Client) -> None:
    """Sets on pages, SPARQL behind them: any choice gives one number both ways."""
    rows = table("initiatives")
    some = random.Random(4)
    for _ in range(12):
        row = some.choice(rows)
        pairs = [
            ("theme", row["themes"].split(";")[0]), ("stage", some.choice(["none", "production"])),
            ("evidence", row["ai_evidence"]), ("kind", row["kind"]),
        ]  # fmt: skip
        kept = [pair for pair in pairs if pair[1] and some.random() < 0.6]
        counted = sparql.send("GET", f"/initiatives/count?{urlencode(kept)}").json
        found = int(counted["results"]["bindings"][0]["count"]["value"])
        assert found == len(chosen(kept)), kept


@pytest.mark.parametrize("pairs", CHOICES[:4])
def test_downloads_hold_exactly_the_choice(sparql: Client, pairs: list[tuple[str, str]]) -> None:
    wanted = {row["id"] for row in chosen(pairs)}
    given = urlencode(pairs)
    text = sparql.send("GET", f"/initiatives?{given}&format=csv").text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == len(wanted)
    assert {row["initiative"].rpartition("/")[2] for row in rows} == wanted
    triples = sparql.send("GET", f"/initiatives?{given}&format=nt").text
    typed = re.findall(r"/id/initiative/([^>]+)> <[^>]*#type> <[^>]*#Initiative>", triples)
    assert set(typed) == wanted
    book = sparql.send("GET", f"/initiatives?{given}&format=xlsx&download=1")
    assert book.body[:2] == b"PK"
    assert 'filename="initiatives.xlsx"' in book.headers["content-disposition"]


def test_rows_are_in_the_readers_language_and_unknown_is_empty(sparql: Client) -> None:
    text = sparql.send("GET", "/initiatives?country=AUT&format=csv", Accept_Language="fr").text
    rows = {row["initiative"].rpartition("/")[2]: row for row in csv.DictReader(io.StringIO(text))}
    amas = rows["at-ams-amas"]
    assert amas["stage"] == "terminé"
    assert amas["countries"] == "Autriche"
    assert amas["summary"].startswith("Un modèle statistique")
    assert amas["classifications"] == ""


def test_a_choice_has_one_address(sparql: Client) -> None:
    for path in (
        "/initiatives?stage=pilot&theme=ethics", "/initiatives?theme=ethics&stage=pilot&country=",
        "/initiatives?view=list&theme=ethics&stage=pilot&page=1",
    ):  # fmt: skip
        reply = sparql.send("GET", path, Accept=HTML)
        assert reply.status == 302
        assert reply.headers["location"] == "/initiatives?theme=ethics&stage=pilot"


def test_chips_take_one_choice_away(sparql: Client) -> None:
    text = page_of(sparql, [("theme", "ethics"), ("stage", "pilot")])
    chips = text.partition('class="chips"')[2].partition("</ul>")[0]
    assert re.findall(r'href="([^"]+)"', chips) == [
        "/initiatives?stage=pilot", "/initiatives?theme=ethics", "/initiatives",
    ]  # fmt: skip


def test_pages_follow_each_other_and_hold_every_initiative_once(sparql: Client) -> None:
    path, seen = "/initiatives?view=table", []
    while path:
        text = sparql.send("GET", path, Accept=HTML).text
        body = text.partition("<tbody>")[2].partition("</tbody>")[0]
        seen += re.findall(r'<th scope="row"><a href="/page/initiative/([^"]+)"', body)
        following = re.search(r'<a href="([^"]+)" rel="next"', text)
        path = following[1].replace("&amp;", "&") if following else ""
    assert sorted(seen) == sorted(row["id"] for row in table("initiatives"))


def test_evaluated_means_measured_by_a_design_that_evaluates(sparql: Client) -> None:
    wanted = {
        row["id"]
        for row in table("initiatives")
        if any(one["design"] in EVALUATED for one in outcomes().get(row["id"], ()))
    }
    assert len(wanted) == 4
    links = Page(page_of(sparql, [("results", "evaluated")])).links()
    listed = {href.rpartition("/")[2] for href in links if href.startswith("/page/initiative/")}
    assert listed == wanted


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/initiatives?stage=pilott", 400, "pilot"),
        ("/initiatives?country=FR", 400, "FRA"),
        ("/initiatives?organisation=france-travai", 400, "france-travail"),
        ("/initiatives?etape=pilot", 400, "stage"),
        ("/initiatives?results=yes", 400, "evaluated"),
        ("/initiatives?year=soon", 400, "not a value of"),
        ("/initiatives?view=cards", 400, "table"),
        ("/initiatives?page=x", 400, "page"),
        ("/initiatives?page=99", 404, "11"),
        ("/initiatives?format=pdf", 400, "csv"),
        ("/initiatives/count?stage=pilott", 400, "pilot"),
    ],
)
def test_what_cannot_be_meant_is_told_with_what_could(
    sparql: Client, path: str, status: int, says: str
) -> None:
    reply = sparql.send("GET", path, Accept=HTML)
    assert reply.status == status
    assert says in reply.text


@pytest.mark.parametrize(
    "value",
    [
        '"> . ?s ?p ?o',
        "> } UNION { ?s ?p ?o",
        "\\u003e",
        "x\ny",
        "=1+1",
        "<script>",
        "a" * 5000,
        "é",
    ],
)
def test_values_are_terms_and_never_text_of_the_query(sparql: Client, value: str) -> None:
    for facet in ("theme", "country", "year", "results", "organisation"):
        reply = sparql.send("GET", f"/initiatives?{urlencode({facet: value})}", Accept=HTML)
        assert reply.status == 400
        assert "<script>" not in reply.text
        assert len(reply.body) < 40_000


def test_letters_with_accents_are_in_their_place_and_not_after_z() -> None:
    words = ["solutions", "éthique", "gestion"]
    assert sorted(words, key=natural) == ["éthique", "gestion", "solutions"]


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_table_names_each_service_once(sparql: Client, lang: str) -> None:
    """In the reader's language, else in English: two names would be read as two services."""
    text = sparql.send("GET", f"/initiatives?lang={lang}&format=csv").text
    told = {
        row["initiative"].rpartition("/")[2]: row["carriers"]
        for row in csv.DictReader(io.StringIO(text))
    }
    names = {row["id"]: row for row in table("organisations")}
    for row in table("initiatives"):
        own = names[row["pes_id"]]
        here = own["name_original"] if own["lang_original"] == lang else ""
        assert told[row["id"]] == (here or own["name_en"] or own["name_original"]), row["id"]
