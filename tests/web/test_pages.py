"""Every page over the real service: frame, languages, headers, and links that lead somewhere."""

from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests.shortened import SOAK
from tests.web.conftest import Client, Reply
from tests.web.figures import bare

VOID = {"meta", "link", "br", "hr", "input", "img", "source", "wbr", "path", "circle", "rect"}
PAGES = [
    line.split(" ", 1)[1]
    for line in (Path(__file__).parents[1] / "browser" / "pages.txt").read_text().splitlines()
    if line and not line.startswith("#")
]
HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
MOST = 200_000
EXTRAS = ("/editor", "/neighbours")
"""Pages with scripts of ours, which may write style rules into them."""


class Page(HTMLParser):
    """What a page holds, and whether its elements are closed in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.title = ""
        self.feed(text)
        self.wrong += self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.wrong.append(f"</{tag}> within {self.open[-3:]}")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] == "title":
            self.title += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]

    def ids(self) -> list[str]:
        return [str(attributes["id"]) for _, attributes in self.elements if "id" in attributes]

    def links(self) -> list[str]:
        return [str(a["href"]) for a in self.all("a") if a.get("href")]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_page_is_whole_and_says_its_language(sparql: Client, path: str, language: str) -> None:
    reply = sparql.send("GET", path, Accept=HTML, Accept_Language=language)
    assert reply.status == (404 if path.endswith(("/at-ams-ama", "nowhere")) else 200)
    assert reply.type == "text/html"
    page = Page(reply.text)
    assert page.wrong == []
    assert page.all("html") == [{"lang": language, "data-theme": "light"}]
    assert reply.headers["content-language"] == language
    assert reply.headers["x-release"]
    assert len(page.all("h1")) == 1
    assert len(page.all("main")) == 1
    assert page.title.strip().endswith("– PESAI")
    assert len(page.title.strip()) > len("– PESAI")
    ids = page.ids()
    assert len(ids) == len(set(ids))
    labelled = {label.get("for") for label in page.all("label")}
    fields = [*page.all("input"), *page.all("select"), *page.all("textarea")]
    assert {f.get("id") for f in fields if f.get("type") != "hidden"} <= labelled
    assert len(reply.body) <= MOST
    # The page of a stored query is the query; the figures of all others lead to theirs.
    assert path.startswith("/queries/") or bare(reply.text) == []


@pytest.mark.parametrize("path", PAGES)
def test_headers_keep_browsers_safe(sparql: Client, path: str) -> None:
    reply = sparql.send("GET", path, Accept=HTML)
    policy = reply.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    if path.startswith(EXTRAS):
        policy = policy.replace("; style-src 'self' 'unsafe-inline'", "")
    assert "unsafe" not in policy
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "same-origin"
    page = Page(reply.text)
    scripts = [one for one in page.all("script") if one.get("type") != "application/ld+json"]
    assert all(str(one.get("src")).startswith("/static/") for one in scripts)
    assert not scripts or path.startswith(EXTRAS)  # all others do without; data are not run
    assert page.all("style") == []
    assert not [a for _, a in page.elements if "style" in a or any(k.startswith("on") for k in a)]
    sheets = [str(link["href"]) for link in page.all("link") if link.get("rel") == "stylesheet"]
    assert all(href.startswith("/static/") for href in sheets)


@pytest.mark.parametrize(
    "path", ["/static/pesai.css", "/healthz", "/nowhere", "/data/initiative/none.ttl", "/sparql?x="]
)
def test_answers_that_are_no_pages_have_the_headers_too(sparql: Client, path: str) -> None:
    reply = sparql.send("GET", path)
    assert reply.headers["content-security-policy"]
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_the_language_is_chosen_by_address_then_cookie_then_browser_then_french(
    sparql: Client,
) -> None:
    def spoken(path: str, **headers: str) -> str:
        reply = sparql.send("GET", path, Accept=HTML, **headers)
        return str(Page(reply.text).all("html")[0]["lang"])

    assert spoken("/?lang=en", Cookie="pesai_language=fr", Accept_Language="fr") == "en"
    assert spoken("/", Cookie="pesai_language=fr", Accept_Language="en") == "fr"
    assert spoken("/", Accept_Language="en-GB,en;q=0.9") == "en"
    assert spoken("/", Accept_Language="de") == "fr"
    assert spoken("/?lang=xx", Accept_Language="en") == "en"


def test_a_cookie_is_set_only_by_a_choice(sparql: Client) -> None:
    assert "set-cookie" not in sparql.send("GET", "/", Accept=HTML).headers
    cookie = sparql.send("GET", "/?lang=en", Accept=HTML).headers["set-cookie"]
    assert cookie.startswith("pesai_language=en;")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_language_switch_keeps_the_address(sparql: Client) -> None:
    path = "/queries/initiatives/ai-tools-by-task?task=matching&lang=fr"
    page = Page(sparql.send("GET", path, Accept=HTML).text)
    switch = [str(a["href"]) for a in page.all("a") if a.get("hreflang") == "en"]
    assert switch == ["/queries/initiatives/ai-tools-by-task?task=matching&lang=en"]


@pytest.mark.slow
def test_no_link_leads_nowhere(sparql: Client) -> None:
    """From every type of page, some local links of each kind, and their anchors."""
    waiting = {path: "" for path in PAGES if not path.endswith(("/at-ams-ama", "nowhere"))}
    pages: dict[str, Page] = {}
    for path in waiting:
        pages[path] = Page(sparql.send("GET", path, Accept=HTML).text)
    found: dict[str, str] = {}
    for path, page in pages.items():
        taken: Counter[str] = Counter()
        for href in page.links():
            target = urljoin(f"http://self{path}", href)
            kind = "/".join(urlsplit(target).path.split("/")[:3])
            taken[kind] += 1
            if urlsplit(target).netloc == "self" and taken[kind] <= (6 if SOAK else 2):
                found.setdefault(target.removeprefix("http://self"), path)
    broken = []
    replies: dict[str, Reply] = {}
    for target, origin in found.items():
        address, fragment = urldefrag(target)
        if address not in replies:
            replies[address] = sparql.send("GET", address, Accept=HTML)
        reply = replies[address]
        if reply.status >= 400:
            broken.append(f"{origin} -> {target}: {reply.status}")
        elif fragment and reply.type == "text/html" and fragment not in Page(reply.text).ids():
            broken.append(f"{origin} -> {target}: no such anchor")
    assert len(replies) > 200
    assert broken == []


def test_the_sitemap_names_pages_that_are_there(sparql: Client) -> None:
    text = sparql.send("GET", "/sitemap.xml").text
    paths = [part.partition("</loc>")[0] for part in text.split("<loc>")[1:]]
    assert len(paths) > 1000
    assert len(paths) == len(set(paths))
    for address in paths[:: len(paths) // 40]:
        assert sparql.send("GET", urlsplit(address).path, Accept=HTML).status == 200
    assert "Sitemap: " in sparql.send("GET", "/robots.txt").text


def test_the_service_says_that_it_is_well(sparql: Client) -> None:
    assert sparql.send("GET", "/healthz").text == "ok\n"
    ready = sparql.send("GET", "/readyz")
    assert ready.status == 200
    assert ready.headers["x-release"] in ready.text
