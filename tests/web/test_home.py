"""The home page: its numbers are the tables' own, and its doors lead to pages that are there."""

import csv
import io
import re
from html import unescape
from urllib.parse import urlsplit

import pytest

from tests.web.conftest import Client
from tests.web.observatory import is_ai_tool, is_evaluated, several, table
from tests.web.test_pages import HTML, Page


def counts() -> dict[str, int]:
    """Each figure, by what the page says it counts."""
    initiatives = table("initiatives")
    positions = [*table("positions"), *table("consultation_interests")]
    stating = {
        row["organisation_id"]
        for row in positions
        if row.get("position", row.get("role")) in {"interest", "need", "offer"}
    }
    return {
        "initiatives": len(initiatives),
        "countries with an initiative": len(set().union(*(several(row["countries"])
                                                          for row in initiatives))),
        "organisations": len(table("organisations")),
        "tools that use AI, as their sources say": sum(map(is_ai_tool, initiatives)),
        "evaluated initiatives": sum(map(is_evaluated, initiatives)),
        "measured effects": sum(row["is_effect"] == "true" for row in table("outcomes")),
        "findings of surveys and reports": len(table("findings"))
        + len(table("consultation_findings")),
        "organisations that seek or offer an exchange": len(stating),
    }  # fmt: skip


def figures(text: str) -> dict[str, tuple[int, str]]:
    """The figures of the page: what is counted, the number, and the query behind it."""
    number = r'<span class="figure">([\d\s\u202f,]+)</span>'
    behind = r'\s*([^<]+?)\s*<.*?class="behind" href="([^"]+)"'
    found = re.findall(number + behind, text, re.DOTALL)
    return {
        unescape(name): (int(re.sub(r"\D", "", number)), unescape(query))
        for number, name, query in found
    }


def test_every_figure_is_that_of_the_tables_and_of_its_query(sparql: Client) -> None:
    shown = figures(sparql.send("GET", "/", Accept=HTML).text)
    assert {name: number for name, (number, _query) in shown.items()} == counts()
    for name, (number, query) in shown.items():
        reply = sparql.send("GET", query, Accept="application/sparql-results+json")
        assert int(reply.json["results"]["bindings"][0]["count"]["value"]) == number, name


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "ttl", "jsonld", "nt", "rdf"])
def test_figures_are_taken_along_in_every_format(sparql: Client, ending: str) -> None:
    reply = sparql.send("GET", f"/?format={ending}")
    assert reply.status == 200
    if ending == "csv":
        rows = {row["figure"]: int(row["count"]) for row in csv.DictReader(io.StringIO(reply.text))}
        assert rows == counts()
    if ending == "nt":
        assert '"258"' in reply.text


def test_doors_lead_to_pages_with_their_pages(sparql: Client) -> None:
    home = Page(sparql.send("GET", "/", Accept=HTML).text)
    for door in ("/prepare", "/explore", "/research"):
        assert door in home.links()
        behind = Page(sparql.send("GET", door, Accept=HTML).text)
        assert behind.all("h2")
        for href in behind.links():
            if href.startswith("/") and urlsplit(href).path not in {"/", door}:
                assert sparql.send("GET", href, Accept=HTML).status == 200, href
    assert sparql.send("GET", "/prepar", Accept=HTML).status == 404


def test_the_box_searches(sparql: Client) -> None:
    page = Page(sparql.send("GET", "/", Accept=HTML).text)
    assert [form["action"] for form in page.all("form")] == ["/search"]
    assert [field["name"] for field in page.all("input")] == ["q"]
