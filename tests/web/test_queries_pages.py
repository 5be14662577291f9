"""Stored queries as pages for people and answers for programs."""

import csv
import re
from io import StringIO

import pytest

from pesai.sparql.catalogue import Catalogue
from tests.web.conftest import Client
from tests.web.test_pages import HTML, Page

TASK = "/queries/initiatives/ai-tools-by-task"


def test_all_are_listed_in_both_languages(sparql: Client) -> None:
    for language in ("fr", "en"):
        page = sparql.send("GET", "/queries", Accept=HTML, Accept_Language=language).text
        for query in Catalogue.read():
            assert f'href="/queries/{query.path}"' in page
            assert query.titles[language].split("’")[0][:20] in page


@pytest.mark.parametrize("path", [query.path for query in Catalogue.read()])
def test_each_has_a_page_that_answers(sparql: Client, path: str) -> None:
    reply = sparql.send("GET", f"/queries/{path}", Accept=HTML)
    assert reply.status == 200, reply.text
    page = Page(reply.text)
    query = Catalogue.read().find(path)
    names = {str(field["name"]) for field in [*page.all("input"), *page.all("select")]}
    assert {one.name for one in query.parameters if one.name != "lang"} <= names
    # A query that needs a value shows its form alone until it has one.
    assert ("<table>" in reply.text) != any(one.required for one in query.parameters)


def test_a_parameter_chooses_and_is_kept(sparql: Client) -> None:
    page = sparql.send("GET", f"{TASK}?task=profiling", Accept=HTML, Accept_Language="en").text
    assert '<option value="profiling" selected>' in page
    assert "format=csv" in page
    assert "task=profiling" in page
    rows = sparql.send("GET", f"{TASK}?task=profiling&format=csv").text
    found = list(csv.DictReader(StringIO(rows)))
    assert {row["task"] for row in found} == {"https://w3id.org/pes-ai/code/task-type/profiling"}
    assert f"{len(found)} rows" in page


def test_columns_that_repeat_a_label_are_left_out_of_the_page_only(sparql: Client) -> None:
    page = sparql.send("GET", f"{TASK}?task=profiling", Accept=HTML).text
    heads = re.findall(r'<th scope="col">(\w+)</th>', page)
    assert "solution" in heads
    assert "solutionLabel" not in heads
    assert "solutionLabel" in sparql.send("GET", f"{TASK}?task=profiling&format=csv").text


@pytest.mark.parametrize(
    ("media", "start"),
    [
        ("application/sparql-results+json", b"{"),
        ("text/csv", b"solution,"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK"),
    ],
)
def test_programs_get_data(sparql: Client, media: str, start: bytes) -> None:
    reply = sparql.send("GET", TASK, Accept=media)
    assert reply.type == media
    assert reply.body.startswith(start)
    assert reply.headers["x-release"] == "000001"


def test_a_wrong_parameter_is_told(sparql: Client) -> None:
    assert sparql.send("GET", f"{TASK}?tusk=profiling").status == 400
    assert sparql.send("GET", f"{TASK}?task=%7D%20DROP").status == 400
    mistyped = sparql.send("GET", f"{TASK}?task=profilling")
    assert (mistyped.status, mistyped.json["near"]) == (400, "profiling"), "not zero rows"
    spoken = sparql.send("GET", f"{TASK}?task=zzz", Accept_Language="fr").json
    assert spoken["detail"].startswith("Le paramètre «\u00a0task\u00a0»")
    assert "profiling" in spoken["known"]
    page = sparql.send("GET", f"{TASK}?task=%7D%20DROP", Accept=HTML)
    assert page.status == 400
    assert page.type == "text/html"
