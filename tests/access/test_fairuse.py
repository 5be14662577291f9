"""Fair use over the real service: one account for all web processes, and pages never wait."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pesai.engine.embedded.local import LocalEngine
from pesai.engine.fairuse import ERRORS
from pesai.engine.protocol import Busy
from tests.access.conftest import bearer, fill, make_token
from tests.attacks.here import service_here
from tests.web.conftest import FORM, Client, Reply

Serve = Callable[..., AbstractContextManager[str]]


DIGITS = "{ 0 1 2 3 4 5 6 7 8 9 }"
LARGE = "SELECT * { " + " ".join(f"VALUES ?{name} {DIGITS}" for name in "abcd") + " }"
"""Its answer is kept for all web processes; a small one by the process that gave it."""


def until_refused(ask: Callable[[int], Reply], answered: int = 200) -> list[Reply]:
    """What is answered until the account is empty; the last reply says so.

    Accounts fill up meanwhile: of a fixed number of questions the last may be let through again.
    """
    replies: list[Reply] = []
    while not replies or replies[-1].status == answered:
        assert len(replies) < 200, "the account is never empty"
        replies.append(ask(len(replies)))
    assert replies[-1].status == 429, replies[-1].text
    assert len(replies) > 1, "there was something in the account at first"
    return replies


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fair") / "var"
    fill(made)
    return made


@pytest.mark.attack("29")
def test_a_client_that_used_its_share_waits_and_others_do_not(home: Path, serve: Serve) -> None:
    token = make_token(home, "partners")
    with serve(home, PESAI_CLIENT_SECONDS="2", PESAI_TRUSTED_PROXY="1") as address:
        client = Client(address)
        assert client.get(LARGE, X_Forwarded_For="192.0.2.3").status == 200
        begun = time.monotonic()
        *answered, over = until_refused(
            lambda n: client.get(f"ASK {{ ?s ?p {n} }}", X_Forwarded_For="192.0.2.1")
        )
        assert answered[0].headers["ratelimit-policy"] == '"evaluation";q=2;w=60'
        assert re.match('"evaluation";r=[01];t=', answered[0].headers["ratelimit"])
        assert int(over.headers["retry-after"]) > 0
        assert over.json["type"].endswith("/budget")
        assert over.headers["ratelimit"].startswith('"evaluation";r=0;t=')
        # At a tenth of a second each, 20 are 2 seconds, and one more every 3 seconds; an account
        # in each of two processes would be enough for 39 at least.
        assert len(answered) <= 21 + (time.monotonic() - begun) / 3
        until_refused(
            lambda n: client.get(f"ASK {{ ?s ?p {n} }}", X_Forwarded_For=f"2001:db8::{n:x}:1")
        )
        again = client.get(LARGE, X_Forwarded_For="192.0.2.1")
        assert again.status == 200, "an answer that was kept costs nothing"
        assert "cache" in again.headers["server-timing"]
        assert "ratelimit" not in again.headers
        others = client.get("ASK { ?s ?p 100 }", X_Forwarded_For="192.0.2.2")
        assert others.status == 200
        signed = client.get(
            "ASK { ?s ?p 101 }", X_Forwarded_For="192.0.2.1", Authorization=bearer(token)
        )
        assert signed.status == 200
        page = client.send("GET", "/service", X_Forwarded_For="192.0.2.1", Accept="text/html")
        assert "Fair use" in page.text
        assert page.status == 200


@pytest.mark.attack("29")
def test_each_check_of_a_citation_is_on_the_account_of_who_asks(home: Path, serve: Serve) -> None:
    """It is evaluated anew each time; a stored query is otherwise answered like a page."""
    with serve(home, PESAI_CLIENT_SECONDS="60") as address:
        client = Client(address)
        asked = urlencode({"stored": "initiatives/ai-tools-by-task", "task": "matching"}).encode()
        made = client.send("POST", "/q", asked, Content_Type=FORM, Accept="application/json")
        assert made.status == 201
        check = client.send("GET", f"{made.headers['location']}/check", Accept="application/json")
        assert check.json["same"] is True
        assert re.match('"evaluation";r=5[0-9];t=', check.headers["ratelimit"])


def test_queries_that_fail_are_soon_not_looked_at(home: Path, serve: Serve) -> None:
    with serve(home, PESAI_CLIENT_SECONDS="600") as address:
        client = Client(address)
        update = urlencode({"update": "CLEAR ALL"}).encode()
        unsigned = {
            client.send("POST", "/update", update, Content_Type=FORM).status for _ in range(40)
        }
        assert unsigned == {401}, "and this is on nobody's account"
        begun = time.monotonic()
        *failed, _over = until_refused(lambda n: client.get(f"SELECT {n}"), 400)
        # One more every 2 seconds; an account in each of two processes would be enough for 59.
        assert ERRORS <= len(failed) <= ERRORS + 1 + (time.monotonic() - begun) / 2


@pytest.mark.attack("29")
def test_pages_never_wait_behind_free_queries(home: Path, serve: Serve) -> None:
    many = " ".join(map(str, range(1000)))
    slow = (
        f"SELECT (COUNT(*) AS ?n) {{ VALUES ?a {{ {many} }} VALUES ?b {{ {many} }} "
        f"VALUES ?c {{ {many} }} FILTER(?a + ?b = -?c - 1) }}"
    )
    with serve(home, PESAI_QUERY_SECONDS="15", PESAI_CLIENT_SECONDS="60") as address:
        client = Client(address)
        with ThreadPoolExecutor(12) as threads:
            asked = [threads.submit(client.form, f"{slow} #{n}") for n in range(12)]
            time.sleep(1)
            page = client.send("GET", "/readyz")
            under_way = [future for future in asked if not future.done()]
            statuses = {future.result().status for future in asked}
    assert page.status == 200
    assert under_way, "the page came while free queries were still evaluated"
    assert statuses <= {429, 503, 504}
    assert 429 in statuses


def test_without_a_limit_nothing_is_counted(home: Path, serve: Serve) -> None:
    with serve(home) as address:
        reply = Client(address).get("ASK {}")
        assert "ratelimit" not in reply.headers
        page = Client(address).send("GET", "/service", Accept="text/html")
        assert "not limited here" in page.text


def test_the_limits_are_in_the_description(home: Path, serve: Serve) -> None:
    with serve(home, PESAI_CLIENT_SECONDS="45") as address:
        text = Client(address).send("GET", "/sparql", Accept="text/turtle").text
    assert "45 seconds of evaluation a minute" in text
    assert "45 secondes d’évaluation par minute" in text


@pytest.mark.attack("29")
def test_comparing_two_releases_is_on_the_account_of_who_asks(home: Path, serve: Serve) -> None:
    """Any two may be asked for; a page of another kind is answered all the same."""
    with serve(home, PESAI_CLIENT_SECONDS="1") as address:
        client = Client(address)
        until_refused(lambda _: client.send("GET", "/changes?since=1", Accept="text/html"))
        assert client.send("GET", "/service", Accept="text/html").status == 200


def test_what_is_done_is_told_whatever_becomes_of_the_account(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_given: object, **_more: object) -> None:
        raise Busy("The engine was started anew. Try again in {retry_after} seconds.")

    monkeypatch.setattr(LocalEngine, "charge", lost)
    with service_here(home) as client:
        assert client.send("GET", "/changes?since=1", Accept="text/html").status == 200
