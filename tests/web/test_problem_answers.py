"""Problems: the same facts as application/problem+json and as a page (RFC 9457)."""

import pytest

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
