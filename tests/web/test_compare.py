"""Comparison of organisations: what is told is the tables', and nothing is told as a no."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.web.conftest import Client
from tests.web.observatory import chosen, is_ai_tool, table, values
from tests.web.test_pages import HTML, Page

THREE = "org=france-travail&org=vdab&org=ams-austria"


def _page(sparql: Client, query: str, language: str = "en") -> str:
    reply = sparql.send("GET", f"/compare?{query}", Accept=HTML, Accept_Language=language)
    assert reply.status == 200, reply.text
    assert Page(reply.text).wrong == []
    return reply.text


def _part(text: str, name: str) -> str:
    start = text.index(f'id="{name}"')
    end = text.find("<h2", start + 10)
    return text[start : end if end > 0 else None]


@pytest.mark.parametrize("query", [THREE, f"{THREE}&theme=ethics", "org=vdab&org=france-travail"])
def test_every_number_is_that_of_the_tables(sparql: Client, query: str) -> None:
    text = _page(sparql, query)
    links = re.findall(r'<a href="(/initiatives\?[^"]+)">(\d+)(?: initiatives?)?</a>', text)
    assert len(links) > 5
    for href, number in links:
        pairs = parse_qsl(urlsplit(unescape(href)).query)
        assert int(number) == len(chosen(pairs)), pairs


def test_tools_are_those_whose_sources_speak_of_ai(sparql: Client) -> None:
    text = _part(_page(sparql, THREE), "parties")
    row = text[text.index("of which tools") :]
    shown = [int(number) for number in re.findall(r"<td>(\d+)</td>", row)[:3]]
    for number, name in zip(shown, ["france-travail", "vdab", "ams-austria"], strict=True):
        assert number == sum(map(is_ai_tool, chosen([("organisation", name)])))


def test_common_and_single_themes_are_those_of_the_tables(sparql: Client) -> None:
    text = _page(sparql, "org=vdab&org=ams-austria")
    themes = {
        name: {t for row in chosen([("organisation", name)]) for t in values(row, "theme")}
        for name in ("vdab", "ams-austria")
    }
    shared = set(
        re.findall(r'<th scope="row"><a href="/code/theme/([\w-]+)"', _part(text, "common"))
    )
    assert shared == themes["vdab"] & themes["ams-austria"]
    single = set(re.findall(r'<a href="/code/theme/([\w-]+)"', _part(text, "only")))
    assert single == themes["vdab"] ^ themes["ams-austria"]


def test_who_is_ahead_has_the_further_stage_and_its_year(sparql: Client) -> None:
    text = _part(_page(sparql, "org=france-travail&org=ams-austria"), "stages")
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", text, re.DOTALL)
    assert rows
    order = ["production", "pilot", "planned", "idea", "suspended", "ended"]
    ahead = [row for row in rows if "ahead of" in row]
    for row in ahead:
        stages = re.findall(r"stage stage-(\w+)", row)
        first = order.index(stages[0]) < order.index(stages[1])
        assert ("France Travail, ahead of" in row) == first
    assert re.search(r"as of 20\d\d", text)


def test_without_a_stage_nobody_is_ahead_or_behind(sparql: Client) -> None:
    """An organisation of which only positions are documented is not documented, never behind."""
    with_initiatives = {row["pes_id"] for row in table("initiatives")}
    silent = min({row["organisation_id"] for row in table("positions")} - with_initiatives)
    text = _page(sparql, f"org=france-travail&org={silent}")
    assert "ahead of" not in text
    assert "not documented" in _part(text, "parties")
    documented = _part(text, "documented")
    assert documented.count("not documented") >= 10


def test_organisations_are_chosen_from_lists_with_labels(sparql: Client) -> None:
    for query in ("", "org=vdab"):
        page = Page(_page(sparql, query))
        labels = {label["for"] for label in page.all("label")}
        selects = page.all("select")
        assert {select["id"] for select in selects} <= labels
        assert [select["name"] for select in selects] == ["org", "org", "org", "theme"]
    names = {option["value"] for option in page.all("option")}
    assert {row["pes_id"] for row in table("initiatives")} <= names
    assert "Choose at least one more" in _page(sparql, "org=vdab&org=vdab&org=")


def test_seven_are_too_many_and_the_page_says_so(sparql: Client) -> None:
    names = sorted({row["pes_id"] for row in table("initiatives")})[:7]
    text = _page(sparql, "&".join(f"org={name}" for name in names))
    assert "too many to read side by side" in text
    assert len(Page(text).all("select")) == 7
    assert "ahead of" not in text
    assert 'id="common"' in _page(sparql, "&".join(f"org={name}" for name in names[:6]))


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ttl", "jsonld", "nt", "rdf"])
def test_it_is_data_too(sparql: Client, ending: str) -> None:
    reply = sparql.send("GET", f"/compare?{THREE}&theme=ethics&format={ending}")
    assert reply.status == 200
    assert b"france-travail" in reply.body or ending == "xlsx"
    assert b"initiative/kr-" not in reply.body


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("org=france-travial&org=vdab", "france-travail"),
        ("org=%3Cscript%3Ealert(1)%3C/script%3E", "nothing to compare"),
        (f"{THREE}&theme=ethic", "ethics"),
    ],
)
def test_unknown_names_are_told_the_nearest(sparql: Client, query: str, words: str) -> None:
    reply = sparql.send("GET", f"/compare?{query}", Accept=HTML)
    assert reply.status == 404
    assert words in reply.text
    assert Page(reply.text).all("script") == []


def test_organisations_are_found_by_their_acronyms_too(sparql: Client) -> None:
    assert "Flemish Employment and Vocational Training Service (VDAB)</option>" in _page(sparql, "")
    matches = sparql.send("GET", "/matches", Accept=HTML, Accept_Language="fr").text
    assert "Flemish Employment and Vocational Training Service (VDAB)</option>" in matches


def test_an_exchange_of_several_is_not_called_bilateral_and_tells_its_theme(sparql: Client) -> None:
    """The working group of the G7 joins six organisations, on governance."""
    text = _page(sparql, "org=france-travail&org=dwp&theme=ethics")
    [told] = re.findall(r"<li>(exchange of 6 organisations.*?)</li>", text, re.DOTALL)
    assert "(2023)" in told
    assert "governance and partnerships" in told
    assert "bilateral" not in told


def test_the_countries_are_those_of_the_organisations(sparql: Client) -> None:
    text = _page(sparql, "org=wapes&org=onape-chad")
    assert "Cambodia" not in text.partition('id="parties"')[2].partition("</thead>")[0]
    assert "Chad" in text.partition('id="parties"')[2].partition("</thead>")[0]
