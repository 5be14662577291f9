"""Hostile text in every property that a page shows stays text, and closed graphs stay closed."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

from pesai.releases.layout import Home
from pesai.releases.publisher import Change, publish
from tests.web.conftest import BASE, HOSTILE, Client, graph, literal, put
from tests.web.test_pages import HTML, Page

PAI = "https://w3id.org/pes-ai/def#"
TITLE = "http://purl.org/dc/terms/title"
TEXTS = [*HOSTILE, "\u202eevil\u202c\u2067x", "</title><script>alert(2)</script>", "x" * 100_000]
ADDRESSES = [
    "javascript:alert(1)", "data:text/html,%3Cb%3Ex", "vbscript:x", "http:///x",
    "https://user@evil.example/%22onclick=", "https://w3id.org/pes-ai/id/../../evil",
    "https://w3id.org/pes-ai/id/a/..%2F..%2Fevil", "https://w3id.org/pes-ai//evil.example/x",
]  # fmt: skip
CANARY = "Kanarienvogel"


def hostile_lines() -> list[str]:
    """A thing whose every property and neighbour is hostile. QM is a fictional service."""
    thing = BASE.thing("initiative", "qm-hostile")
    lines = [f"{thing} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{PAI}Initiative> ."]
    properties = [
        TITLE, "http://purl.org/dc/terms/description", f"{PAI}technique", f"{PAI}dataUsed",
        "http://www.w3.org/2004/02/skos/core#definition", "https://evil.example/p",
    ]  # fmt: skip
    for name in properties:
        for text in TEXTS:
            lines.append(f"{thing} <{name}> {literal(text)} .")
            lines.append(f"{thing} <{name}> {literal(text)}@en .")
    for address in ADDRESSES:
        lines += [
            f"{thing} <{PAI}undertakenBy> <{address}> .",
            f"{thing} <http://purl.org/dc/terms/source> <{address}> .",
            f"<{address}> <{PAI}about> {thing} .",
            f"<{address}> <{TITLE}> {literal(HOSTILE[0])} .",
        ]
    lines.append(f'{thing} <{PAI}value> "1"^^<javascript:alert(2)> .')
    return sorted(set(lines))


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[Client]:
    """The service over a home with a hostile graph, and closed ones."""
    home = tmp_path_factory.mktemp("hostile") / "var"
    put(home, "hostile", hostile_lines())
    secret = BASE.thing("initiative", "qn-secret")
    lines = [f"{secret} <{TITLE}> {literal(CANARY)} ."]
    put(home, f"secret-{CANARY}", lines, audience="partners")
    put(home, f"closed-{CANARY}", lines, audience="owners:pes-qn")
    with serve(home) as address:
        yield Client(address)


PAGES = [
    "/page/initiative/qm-hostile",
    "/page/initiative/qm-hostil",
    "/graph/rdf/hostile",
    "/graphs",
    "/releases/000001",
    "/sitemap.xml",
    "/references?"
    + urlencode({"iri": BASE.thing("initiative", "qm-hostile").value, "by": f"{PAI}about"}),
]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_hostile_text_stays_text(hostile: Client, path: str, language: str) -> None:
    reply = hostile.send("GET", path, Accept=HTML, Accept_Language=language)
    assert reply.status in {200, 404}
    page = Page(reply.text)
    assert page.all("script") == []
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
            assert Page(reply.text).all("script") == []


def test_what_is_for_others_is_in_no_answer(hostile: Client) -> None:
    """The canary is in closed graphs only: their names, triples and things are nowhere."""
    paths = [
        "/", "/graphs", "/releases", "/releases/000001", "/releases/000002", "/releases/000003",
        "/sitemap.xml", "/service", "/readyz", "/page/initiative/qn-secre", "/sparql",
        "/data/initiative/qn-secret.ttl", "/releases/000003/dump.trig.gz", "/.well-known/void",
        f"/graph/rdf/secret-{CANARY}"[:-3], "/graph/rdf/closed",
    ]  # fmt: skip
    for path in paths:
        for accept in (HTML, None):
            reply = hostile.send("GET", path, Accept=accept)
            text = reply.text if reply.type != "application/gzip" else ""
            assert CANARY not in text.replace(path.rpartition("/")[2], ""), path
            assert CANARY not in str(reply.headers)


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
