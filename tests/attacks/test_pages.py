"""Hostile text stays text on every page, and in a browser nothing of it runs (rows 13 to 15)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, ConsoleMessage, Dialog

from pesai.releases.layout import Home
from pesai.releases.publisher import Change, publish
from pesai.web import links
from tests.attacks.here import service_here
from tests.attacks.hostile import CANARY, PAI
from tests.web.conftest import BASE, HOSTILE, Client, graph, put
from tests.web.test_pages import HTML, Page

PAGES = [
    "/page/initiative/qm-hostile",
    "/page/initiative/qm-hostil",
    "/graph/rdf/hostile",
    "/graphs",
    "/releases/000001",
    "/sitemap.xml",
    "/",
    "/initiatives",
    "/initiatives?view=table",
    "/organisations",
    "/findings",
    "/results",
    "/themes",
    "/surveys",
    "/code/theme/ethics",
    "/page/organisation/xa-hostile",
    "/references?"
    + urlencode({"iri": BASE.thing("initiative", "qm-hostile").value, "by": f"{PAI}about"}),
]


@pytest.mark.attack("13", "14")
@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_hostile_text_stays_text(hostile: Client, path: str, language: str) -> None:
    reply = hostile.send("GET", path, Accept=HTML, Accept_Language=language)
    assert reply.status in {200, 404}
    page = Page(reply.text)
    assert all(script == {"type": "application/ld+json"} for script in page.all("script"))
    assert page.all("img") == []
    assert not [a for _, a in page.elements if any(key.startswith("on") for key in a)]
    for _, attributes in page.elements:
        for name in ("href", "src", "action"):
            value = str(attributes.get(name) or "/")
            assert value.startswith(("/", "#", "http://", "https://", "?")), value
            assert not value.startswith("//")
            assert "/.." not in value.partition("?")[0]
    assert "49" not in page.title
    assert len(reply.body) < 200_000


def test_titles_turn_nobodys_writing(hostile: Client) -> None:
    page = Page(hostile.send("GET", PAGES[0], Accept=HTML).text)
    assert not set(page.title) & set("\u202a\u202b\u202d\u202e\u2066\u2067\u2068")
    assert len(page.title) < 300


def test_long_texts_are_shortened_and_the_page_says_so(hostile: Client) -> None:
    text = hostile.send("GET", PAGES[0], Accept=HTML, Accept_Language="en").text
    assert "x" * 10_000 not in text
    assert "(shortened; the whole text is in the downloads)" in text
    data = hostile.send("GET", "/data/initiative/qm-hostile.nt").text
    assert "x" * 100_000 in data


@pytest.mark.attack("13", "20", "21")
@pytest.mark.parametrize("payload", [*HOSTILE, "\r\nX-Evil: 1", "../../etc/passwd", "%00", "é/ü"])
@pytest.mark.parametrize(
    "place",
    [
        "/page/{}/x", "/page/initiative/{}", "/id/initiative/{}", "/data/initiative/{}.ttl",
        "/data/initiative/x.{}", "/code/{}", "/code/theme/{}", "/def/{}", "/graph/rdf/{}",
        "/genid/{}/x", "/releases/{}", "/releases/{}/dump.nq.gz", "/alignments/{}", "/imports/{}",
        "/queries/x/{}", "/?lang={}", "/graphs?format={}", "/def?format={}", "/references?iri={}",
        "/static/{}",
    ],
)  # fmt: skip
def test_hostile_addresses_are_answered_calmly(hostile: Client, place: str, payload: str) -> None:
    path = place.format(quote(payload, safe=""))
    for accept in (HTML, "text/turtle"):
        reply = hostile.send("GET", path, Accept=accept)
        assert reply.status < 500, path
        assert "x-evil" not in reply.headers
        if reply.type == "text/html":
            scripts = Page(reply.text).all("script")
            assert all(script == {"type": "application/ld+json"} for script in scripts)


@pytest.mark.attack("25")
@pytest.mark.parametrize("kind", ["page", "id", "data"])
def test_a_thing_for_others_is_404_like_any_other(hostile: Client, kind: str) -> None:
    ending = ".ttl" if kind == "data" else ""
    secret = hostile.send("GET", f"/{kind}/initiative/qn-secret{ending}", Accept=HTML)
    absent = hostile.send("GET", f"/{kind}/initiative/qn-nobody{ending}", Accept=HTML)
    assert secret.status == absent.status == 404
    number = secret.headers.get("x-query-id", "-")
    same = secret.text.replace("qn-secret", "qn-nobody")
    assert same.replace(number, "") == absent.text.replace(
        absent.headers.get("x-query-id", "-"), ""
    )
    for name in ("secret", "closed"):
        assert hostile.send("GET", f"/graph/rdf/{name}-{CANARY}").status == 404


def test_a_release_that_was_closed_is_410_with_date_and_reason(
    tmp_path: Path, serve: Callable[..., AbstractContextManager[str]]
) -> None:
    home = tmp_path / "var"
    put(home, "open", ['<urn:a> <urn:p> "a" .'])
    put(home, "later", ['<urn:a> <urn:p> "b" .'])
    change = Change(remove=[graph("open")])
    assert publish(Home(home), BASE, change, who="tests", why="asked for by its owner")
    with serve(home) as address:
        client = Client(address)
        for path in ("/releases/000001", "/releases/000001/dump.nq.gz"):
            gone = client.send("GET", path, Accept=HTML, Accept_Language="en")
            assert gone.status == 410
            assert "asked for by its owner" in gone.text
        listed = client.send("GET", "/releases", Accept=HTML, Accept_Language="en")
        assert "asked for by its owner" in listed.text
        assert graph("open") not in client.send("GET", "/releases/000003", Accept=HTML).text
        assert client.send("GET", "/releases/000003").status == 200


def links_out(client: Client) -> set[str]:
    """Schemes of all links of the hostile page."""
    page = Page(client.send("GET", PAGES[0], Accept=HTML).text)
    return {href.partition(":")[0] for href in page.links() if not href.startswith(("/", "#", "?"))}


@pytest.mark.undefended("14")
def test_without_the_check_addresses_of_scripts_are_links(
    hostile: Client, hostile_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert links_out(hostile) <= {"http", "https"}
    monkeypatch.setattr(links, "_is_web", lambda _: True)
    with service_here(hostile_home) as client:
        assert {"javascript", "data"} <= links_out(client)


def unescaped(app: Flask) -> None:
    """Switch off escaping in templates."""
    app.jinja_env.autoescape = False
    app.jinja_env.cache = {}


def without_policy(app: Flask) -> None:
    """Switch off the content security policy."""

    @app.after_request
    def drop(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
        return response


def runs(browser: Browser, client: Client) -> tuple[int, int]:
    """How many scripts of the hostile pages run, and how many the policy stopped."""
    ran: list[str] = []
    stopped: list[str] = []
    context = browser.new_context()
    page = context.new_page()

    def dismiss(dialog: Dialog) -> None:
        ran.append(dialog.message)
        dialog.dismiss()

    def listen(message: ConsoleMessage) -> None:
        if "Security Policy" in message.text:
            stopped.append(message.text)

    page.on("dialog", dismiss)
    page.on("console", listen)
    for path in PAGES:
        if not path.endswith(".xml"):
            page.goto(client.address + path, wait_until="load")
    context.close()
    return len(ran), len(stopped)


@pytest.mark.browser
@pytest.mark.attack("13", "15")
def test_nothing_runs_and_nothing_asks_for_a_laxer_policy(
    browser: Browser, hostile: Client
) -> None:
    assert runs(browser, hostile) == (0, 0)


@pytest.mark.browser
@pytest.mark.attack("13")
def test_without_escaping_the_policy_holds_alone(browser: Browser, hostile_home: Path) -> None:
    with service_here(hostile_home, change=unescaped) as client:
        ran, stopped = runs(browser, client)
    assert (ran, stopped > 0) == (0, True)


@pytest.mark.browser
@pytest.mark.attack("13")
def test_without_the_policy_escaping_holds_alone(browser: Browser, hostile_home: Path) -> None:
    with service_here(hostile_home, change=without_policy) as client:
        assert runs(browser, client) == (0, 0)


@pytest.mark.browser
@pytest.mark.undefended("13", "15")
def test_without_both_the_texts_run(browser: Browser, hostile_home: Path) -> None:
    def change(app: Flask) -> None:
        unescaped(app)
        without_policy(app)

    with service_here(hostile_home, change=change) as client:
        assert runs(browser, client)[0] > 0
