"""Other sites do nothing in the name of a visitor, and read nothing that is his (rows 22 and 23).

The other site is a page of another port of this host: for cookies that is the same site, so that
``SameSite`` alone protects nothing here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask, Response, request
from playwright.sync_api import Browser, BrowserContext

from pesai.web import sessions
from tests.access.conftest import bearer, fill, make_token
from tests.attacks.here import service_here
from tests.attacks.listening import Listener, listening
from tests.web.conftest import Client

ASK = "/sparql?query=SELECT%20?w%20%7B?s%20?p%20?w%7D"
ORIGINS = ["https://evil.example", "null", "http://127.0.0.1:1"]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("visitors") / "var"
    fill(made)
    return made


@contextmanager
def signed_in(browser: Browser, client: Client, token: str) -> Iterator[BrowserContext]:
    """A browser whose owner signed in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{client.address}/sign-in")
    page.fill("input[name=token]", token)
    page.click("main button[type=submit]")
    page.wait_for_url(f"{client.address}/")
    yield context
    context.close()


def page_of(address: str) -> bytes:
    """A page of another site that reads what its visitor may read, or signs him out."""
    return f"""<!DOCTYPE html><meta charset="utf-8"><title>Other</title><p id="read">nothing</p>
<form method="post" action="{address}/sign-out"><button>Win</button></form><script>
fetch("{address}{ASK}", {{credentials: "include"}}).then(r => r.text())
  .then(t => document.getElementById("read").textContent = t)
  .catch(e => document.getElementById("read").textContent = "refused");
</script>""".encode()


@contextmanager
def elsewhere(client: Client) -> Iterator[Listener]:
    """The other site."""
    with listening("text/html", page_of(client.address)) as found:
        yield found


def what_it_reads(browser: Browser, client: Client, home: Path) -> str:
    """What a page of another site reads in the name of a partner."""
    token = make_token(home, "partners")
    with signed_in(browser, client, token) as context, elsewhere(client) as other:
        page = context.new_page()
        page.goto(other.address)
        page.wait_for_function("document.getElementById('read').textContent != 'nothing'")
        return page.inner_text("#read")


@pytest.mark.browser
@pytest.mark.attack("22")
def test_a_script_of_another_site_does_not_read_what_a_visitor_may(
    browser: Browser, home: Path
) -> None:
    with service_here(home) as client:
        assert "shared" not in what_it_reads(browser, client, home)


@pytest.mark.browser
@pytest.mark.undefended("22")
def test_a_service_that_repeats_origins_is_read(browser: Browser, home: Path) -> None:
    def careless(app: Flask) -> None:
        @app.after_request
        def repeat(response: Response) -> Response:
            response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
            response.headers["Access-Control-Allow-Credentials"] = "true"
            return response

        # Functions run in the order opposite to their registration: this one is to be the last.
        functions = app.after_request_funcs[None]
        functions.insert(0, functions.pop())

    with service_here(home, change=careless) as client:
        assert "shared" in what_it_reads(browser, client, home)


@pytest.mark.attack("22")
@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_no_origin_is_repeated_and_no_credentials_are_allowed(
    hostile: Client, origin: str, method: str
) -> None:
    for path in (ASK, "/graphs", "/search?q=a", "/releases", "/nowhere", "/sign-in", "/reconcile"):
        reply = hostile.send(method, path, Origin=origin)
        assert reply.headers.get("access-control-allow-origin", "*") == "*"
        assert "access-control-allow-credentials" not in reply.headers
        allowed = reply.headers.get("access-control-allow-headers", "").lower()
        assert "authorization" not in allowed


@pytest.mark.attack("22", "30")
def test_what_a_token_opens_is_for_no_other_site_and_no_cache(home: Path) -> None:
    token = bearer(make_token(home, "partners"))
    with service_here(home) as client:
        for path in (ASK, "/graphs", "/releases/000001/dump.nq.gz", "/search?q=a", "/nowhere", "/"):
            reply = client.send("GET", path, Authorization=token, Origin=ORIGINS[0])
            assert "access-control-allow-origin" not in reply.headers, path
            assert reply.headers["cache-control"] == "private, no-store", path


def is_signed_out(browser: Browser, client: Client, home: Path) -> bool:
    """Whether a form of another site signs a partner out."""
    token = make_token(home, "partners", name="Victim")
    with signed_in(browser, client, token) as context, elsewhere(client) as other:
        page = context.new_page()
        page.goto(other.address)
        with page.expect_navigation():
            page.click("button")
        page.goto(f"{client.address}/")
        return "Victim" not in page.content()


@pytest.mark.browser
@pytest.mark.attack("23")
def test_a_form_of_another_site_does_nothing(browser: Browser, home: Path) -> None:
    with service_here(home) as client:
        assert not is_signed_out(browser, client, home)


@pytest.mark.browser
@pytest.mark.undefended("23")
def test_without_the_token_of_the_form_it_would(
    browser: Browser, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "_check_form", lambda: None)
    with service_here(home) as client:
        assert is_signed_out(browser, client, home)
