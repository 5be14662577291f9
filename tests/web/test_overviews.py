"""Matrix, map and time line: every number is the tables' own, and leads to what it counts."""

import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.web.conftest import Client
from tests.web.observatory import chosen, table, values
from tests.web.test_pages import HTML, Page

ORDER = ["production", "pilot", "planned", "idea", "suspended", "ended"]


def _text(sparql: Client, path: str) -> str:
    reply = sparql.send("GET", path, Accept=HTML)
    assert reply.status == 200, reply.text
    assert Page(reply.text).wrong == []
    return reply.text


def _choice(href: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(unescape(href)).query))


def _furthest(pairs: list[tuple[str, str]]) -> str:
    found = {stage for row in chosen(pairs) for stage in values(row, "stage")}
    return min(found, key=ORDER.index, default="unknown")


def _cells(text: str) -> list[tuple[list[tuple[str, str]], int, str]]:
    """The choice that each cell leads to, its number and stage."""
    found = re.findall(
        r'<a href="(/initiatives[^"]*)"[^>]*>(?:<span class="tile-name"[^<]*</span> )?'
        r'<b[^>]*>([\d,]+)</b>.*?class="stage stage-(\w+)"',
        text,
        re.DOTALL,
    )
    return [
        (parse_qsl(urlsplit(unescape(href)).query), int(number.replace(",", "")), stage)
        for href, number, stage in found
    ]


@pytest.mark.parametrize("query", ["", "region=m49-142", "kind=tool&stage=pilot", "stage=none"])
def test_each_cell_of_the_matrix_is_that_of_the_tables(sparql: Client, query: str) -> None:
    cells = _cells(_text(sparql, f"/matrix?{query}"))
    assert len(cells) > 10
    for pairs, number, stage in cells:
        assert number == len(chosen(pairs)), pairs
        assert stage == _furthest(pairs), pairs
    pairs = parse_qsl(query)
    carriers = {row["pes_id"] for row in chosen(pairs)}
    linked = {value for found, _, _ in cells for name, value in found if name == "organisation"}
    assert linked == carriers
    assert (sorted(cells[-1][0]), cells[-1][1]) == (sorted(pairs), len(chosen(pairs)))


def test_the_countries_of_the_matrix_are_those_of_the_organisations(sparql: Client) -> None:
    """Not those of what they do: a conference in Cambodia does not move a world association."""
    text = _text(sparql, "/matrix")
    told = {
        name: re.findall(r'<span class="quiet small">([^<]*)</span>', rest)
        for name, rest in re.findall(
            r'<th scope="row"><a href="[^"]*/organisation/([a-z0-9-]+)[^"]*"(.*?)</th>', text
        )
    }
    assert len(told) > 100
    own = {row["id"]: row["country"] for row in table("organisations")}
    assert {name: bool(listed) for name, listed in told.items()} == {
        name: bool(own[name]) for name in told
    }
    assert (told["wapes"], told["onape-chad"], told["dwp"]) == ([], ["Chad"], ["United Kingdom"])


def test_cells_that_are_not_there_are_not_documented(sparql: Client) -> None:
    shown = {
        tuple(value for name, value in pairs if name in ("organisation", "theme"))
        for pairs, _, _ in _cells(_text(sparql, "/matrix"))
        if len(pairs) == 2
    }
    there = {
        (row["pes_id"], theme) for row in table("initiatives") for theme in values(row, "theme")
    }
    assert {tuple(sorted(pair)) for pair in shown} == {tuple(sorted(pair)) for pair in there}


@pytest.mark.parametrize("query", ["", "theme=ethics", "kind=tool&task=matching"])
def test_each_tile_of_the_map_is_that_of_the_tables(sparql: Client, query: str) -> None:
    text = _text(sparql, f"/map?{query}")
    cells = _cells(text)
    countries = Counter(c for row in chosen(parse_qsl(query)) for c in values(row, "country"))
    assert {dict(pairs)["country"]: number for pairs, number, _ in cells} == countries
    for pairs, _, stage in cells:
        assert stage == _furthest(pairs)


def test_the_list_of_the_map_holds_what_the_tiles_hold(sparql: Client) -> None:
    text = _text(sparql, "/map")
    listed = text[text.index('id="list"') :]
    rows = re.findall(
        r'<th scope="row"><a href="([^"]+)">[^<]+</a></th><td>(\w\w)</td>'
        r'<td class="number">(\d+)</td><td class="number">(\d+)</td>',
        listed,
    )
    counted = {
        (dict(parse_qsl(urlsplit(unescape(h)).query))["country"], int(n)) for h, _, n, _ in rows
    }
    assert counted == {(dict(p)["country"], n) for p, n, _ in _cells(text)}
    for href, _code, _number, organisations in rows:
        pairs = parse_qsl(urlsplit(unescape(href)).query)
        assert int(organisations) == len({row["pes_id"] for row in chosen(pairs)})


@pytest.mark.parametrize(("by", "column"), [("start", "start_year"), ("as-of", "status_as_of")])
def test_years_are_those_of_the_tables(sparql: Client, by: str, column: str) -> None:
    text = _text(sparql, f"/timeline?by={by}&theme=ethics")
    years = Counter(row[column] for row in chosen([("theme", "ethics")]))
    found = re.findall(
        r'<th scope="row">(?:<a[^>]*>)?(\d{4})(?:</a>)?</th>\s*<td[^>]*>(\d+)<', text
    )
    assert {year: int(number) for year, number in found} == {y: n for y, n in years.items() if y}
    assert [year for year, _ in found] == sorted((year for year, _ in found), reverse=True)
    assert "Year not documented" in text


@pytest.mark.parametrize("path", ["/matrix", "/map", "/timeline"])
@pytest.mark.parametrize("ending", ["csv", "xlsx", "ttl", "jsonld"])
def test_each_is_data_too(sparql: Client, path: str, ending: str) -> None:
    reply = sparql.send("GET", f"{path}?theme=&stage=pilot&format={ending}")
    assert reply.status == 200
    assert len(reply.body) > 500


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/matrix?region=m49-15", 404, "m49-150"),
        ("/map?theme=ethic", 404, "ethics"),
        ("/map?stage=%3Cscript%3E", 404, "No initiative has"),
        ("/timeline?by=moon", 400, "as-of"),
        ("/timeline?country=XYZ", 404, "No initiative has"),
        ("/matrix?format=doc", 400, "csv"),
    ],
)
def test_wrong_addresses_are_told_what_would_be_right(
    sparql: Client, path: str, status: int, words: str
) -> None:
    reply = sparql.send("GET", path, Accept=HTML)
    assert reply.status == status
    assert words in reply.text
    assert Page(reply.text).all("script") == []
