"""Problems: the same facts as application/problem+json and as a page (RFC 9457)."""

from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from pesai.engine.protocol import Busy, Limits, Query, Result
from pesai.settings import Settings
from pesai.web import create_app
from tests.web.conftest import Client

MEMBERS = ["type", "title", "status", "detail", "instance"]
ADDRESSES = {
    "/no/such/page": 404,
    "/sparql?query=ASK": 400,
    "/sparql?query=ASK%7B%7D&format=nonsense": 400,
    "/sparql?query=ASK%7BSERVICE%3Curn%3Ax%3E%7B%7D%7D": 403,
    "/problems/no-such": 404,
}


@pytest.mark.parametrize(("path", "status"), ADDRESSES.items())
def test_programs_get_json(sparql: Client, path: str, status: int) -> None:
    reply = sparql.send("GET", path)
    assert (reply.status, reply.type) == (status, "application/problem+json")
    found = reply.json
    assert list(found)[:5] == MEMBERS
    assert found["status"] == status
    assert found["type"].startswith("https://w3id.org/pes-ai/problems/")
    assert found["instance"] == f"urn:uuid:{reply.headers['x-query-id']}"
    assert "{" not in found["title"]
    assert reply.headers["cache-control"] == "no-store"
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("path", "status"), [one for one in ADDRESSES.items() if "format=" not in one[0]]
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_browsers_get_a_page_with_the_same_facts(
    sparql: Client, path: str, status: int, language: str
) -> None:
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"
    reply = sparql.send("GET", path, Accept=accept, Accept_Language=language)
    assert (reply.status, reply.type) == (status, "text/html")
    code = sparql.send("GET", path).json["type"].rpartition("/")[2]
    assert f'href="/problems/{code}"' in reply.text
    assert reply.headers["x-query-id"] in reply.text
    assert f'<html lang="{language}"' in reply.text


def test_what_was_expected_is_told_in_the_language_of_the_reader(sparql: Client) -> None:
    french = sparql.get("SELECT * { ?s ?p }", Accept_Language="fr").json
    assert french["detail"] == (
        "Ligne 1, colonne 18\u00a0: “}” ne convient pas ici\u00a0; attendu\u00a0: un terme ou une "
        "variable ou “(”."
    )
    english = sparql.get("SELECT * { ?s ?p }").json
    assert english["detail"].endswith("found “}”, expected a term or a variable or “(”.")
    assert english["expected"] == ["a term or a variable", "“(”"]


def test_every_kind_can_be_looked_up(sparql: Client) -> None:
    listed = sparql.send("GET", "/problems").json
    codes = [one["type"].rpartition("/")[2] for one in listed]
    assert len(codes) == len(set(codes))
    assert {"syntax", "timeout", "memory", "result-size", "busy", "refused", "method"} <= set(codes)
    for code in codes:
        one = sparql.send("GET", f"/problems/{code}")
        assert (one.status, one.json["type"].rpartition("/")[2]) == (200, code)
    page = sparql.send("GET", "/problems", Accept="text/html")
    assert all(f"/problems/{code}" in page.text for code in codes)


def test_methods_that_are_not_there_name_those_that_are(sparql: Client) -> None:
    reply = sparql.send("PATCH", "/sparql")
    assert reply.status == 405
    assert reply.headers["allow"] == "GET, HEAD, OPTIONS, POST"
    home = sparql.send("DELETE", "/")
    assert home.status == 405
    assert "GET" in home.headers["allow"]


class Broken:
    """An engine with a fault of its own."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def query(self, query: Query, limits: Limits) -> Result:  # noqa: ARG002 - the protocol
        raise self.error

    def budget(self, client: str) -> None:  # noqa: ARG002
        return None

    def admit(self, client: str) -> None:
        pass

    def charge(self, client: str, cost: float, *, failed: bool = False) -> None:
        pass

    def close(self) -> None:
        pass


def answered(home: Path, error: Exception) -> TestResponse:
    app = create_app(Broken(error), Settings(home=home, cache_size="0"))
    return app.test_client().get("/sparql?query=ASK%7B%7D", headers={"Accept-Language": "en"})


def test_a_busy_service_says_when_to_ask_again(small_home: Path) -> None:
    busy = Busy("All {size} workers are at work.", size=2, retry_after=5)
    reply = answered(small_home, busy)
    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
    assert reply.get_json()["retry_after"] == 5


def test_a_fault_of_ours_is_a_problem_that_tells_nothing_inside(small_home: Path) -> None:
    reply = answered(small_home, RuntimeError("secret detail of the inside"))
    assert (reply.status_code, reply.mimetype) == (500, "application/problem+json")
    assert "secret" not in reply.text
    assert reply.headers["X-Query-Id"] in reply.get_json()["detail"]


def test_a_page_of_a_problem_leads_on(sparql: Client) -> None:
    page = sparql.send("GET", "/initiatives?theme=zzz", Accept="text/html").text
    main = page[page.index("<main") : page.index("</main>")]
    for way in ("/search", "/", "/initiatives"):
        assert f'<a href="{way}">' in main
