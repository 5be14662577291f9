"""Data quality and guided search: numbers are the tables' own, and queries are what was asked."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest

from tests.web.conftest import Client
from tests.web.observatory import Row, chosen, is_ai_tool, is_evaluated, outcomes, table
from tests.web.test_pages import HTML, Page

COLUMNS = {
    "stage": "status", "year of what is known": "status_as_of", "task": "task",
    "technique": "technique", "evidence of AI": "ai_evidence", "target users": "target_users",
    "data used": "data_used", "classification": "taxonomy_used", "partners": "partner_ids",
    "confidence": "confidence",
}  # fmt: skip


def _text(sparql: Client, path: str) -> str:
    reply = sparql.send("GET", path, Accept=HTML)
    assert reply.status == 200, reply.text
    assert Page(reply.text).wrong == []
    return reply.text


def _rows(sparql: Client, query: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(sparql.get(query, [("format", "csv")]).text)))


def test_each_field_is_counted_as_in_the_tables(sparql: Client) -> None:
    text = _text(sparql, "/quality")
    found = re.findall(
        r'<tr><th scope="row">([^<]+)</th><td class="number">(\d+)</td>.*?'
        r'<td class="number">(?:<a[^>]*>)?(\d+)',
        text,
        re.DOTALL,
    )
    rows = table("initiatives")
    shown = {unescape(name): (int(yes), int(no)) for name, yes, no in found}
    for name, column in COLUMNS.items():
        documented = sum(1 for row in rows if row[column] not in {"", "unknown"})
        assert shown[name] == (documented, len(rows) - documented), name


def test_every_count_has_the_query_that_gives_it(sparql: Client) -> None:
    page = Page(_text(sparql, "/quality"))
    queries = [href for href in page.links() if href.startswith("/sparql?query=")]
    assert len(queries) >= 18
    for href in queries:
        reply = sparql.send("GET", f"{href}&format=csv")
        assert reply.status == 200, href


def test_what_was_found_is_as_many_as_its_query_gives(sparql: Client) -> None:
    text = _text(sparql, "/quality")
    ended = sum(1 for r in table("initiatives") if r["status"] == "ended" and not r["end_year"])
    assert re.search(rf"Ended, without the year of the end <span[^>]*>\({ended}\)", text)
    checks = text[text.index('id="checks"') :]
    found = re.findall(
        r'<span class="quiet">\((\d+)\)</span></h3>.*?href="([^"]+)" rel', checks, re.DOTALL
    )
    assert len(found) == 7
    for count, href in found:
        rows = sparql.send("GET", unescape(href) + "&format=csv").text.strip().splitlines()
        assert len(rows) - 1 == int(count)


SENTENCES = [
    {},
    {"organisation": "france-travail", "theme": "ethics"},
    {"what": "ai-tools", "stage": "production", "country": "SWE"},
    {"what": "evaluated"},
    {"what": "measured", "task": "profiling", "users": "counsellors"},
]


def _expected(sentence: dict[str, str]) -> set[str]:
    rows = chosen((name, value) for name, value in sentence.items() if name != "what")
    tests: dict[str, Callable[[Row], bool]] = {
        "ai-tools": is_ai_tool,
        "evaluated": is_evaluated,
        "measured": lambda row: bool(outcomes().get(row["id"])),
    }
    test = tests.get(sentence.get("what", ""))
    return {row["id"] for row in rows if test is None or test(row)}


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda one: urlencode(one) or "all")
def test_a_sentence_finds_what_the_tables_hold(sparql: Client, sentence: dict[str, str]) -> None:
    text = _text(sparql, f"/guided?{urlencode(sentence)}")
    total = re.search(r'role="status"><strong>(\d+)<', text)
    expected = _expected(sentence)
    assert total
    assert int(total[1]) == len(expected)
    shown = re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL)
    assert shown
    query = unescape(shown[1])
    assert {row["initiative"].rpartition("/")[2] for row in _rows(sparql, query)} == expected
    reply = sparql.send("GET", f"/guided?{urlencode({**sentence, 'format': 'csv'})}")
    assert len(reply.text.strip().splitlines()) == len(expected) + 1


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/guided?what=everything", 400, "ai-tools"),
        ("/guided?theme=%22%20.%20%3Fs%20%3Fp%20%3Fo", 404, "No initiative has"),
        ("/guided?country=SWE%3E", 404, "SWE"),
        ("/quality?format=doc", 400, "csv"),
    ],
)
def test_wrong_addresses_are_told_what_would_be_right(
    sparql: Client, path: str, status: int, words: str
) -> None:
    reply = sparql.send("GET", path, Accept=HTML)
    assert reply.status == status
    assert words in reply.text


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Ce qui n’a pas été testé"), ("en", "not been tested")]
)
def test_the_accessibility_statement_is_one_link_away(
    sparql: Client, language: str, words: str
) -> None:
    home = Page(sparql.send("GET", "/", Accept=HTML, Accept_Language=language).text)
    assert "/accessibility" in home.links()
    text = sparql.send("GET", "/accessibility", Accept=HTML, Accept_Language=language).text
    assert words in text
    assert "RGAA 4.1" in text
