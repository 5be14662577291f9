"""Extras beside plain pages: the drawing of neighbours and the query editor, without script."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from urllib.parse import quote, urlencode

import pytest

from tests.web.conftest import BASE, HOSTILE, Client, literal, put
from tests.web.test_pages import HTML, Page

PAI = "https://w3id.org/pes-ai/def#"
TITLE = "http://purl.org/dc/terms/title"
CANARY = "Kanarienvogel"


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., AbstractContextManager[str]]
) -> Iterator[Client]:
    """QM is a fictional service: a thing with hostile neighbours, and one that is for partners."""
    home = tmp_path_factory.mktemp("extras") / "var"
    thing = BASE.thing("initiative", "qm-thing")
    lines = [f"{thing} <{TITLE}> {literal(HOSTILE[1])}@en ."]
    for number, text in enumerate(HOSTILE):
        other = BASE.thing("initiative", f"qm-{number}")
        lines += [f"{other} <{PAI}evaluates> {thing} .", f"{other} <{TITLE}> {literal(text)}@en ."]
    lines.append(f"{thing} <{PAI}hasPartner> <javascript:alert(1)> .")
    put(home, "hostile", sorted(lines))
    secret = BASE.thing("initiative", "qn-secret")
    closed = [f"{secret} <{PAI}evaluates> {thing} .", f"{secret} <{TITLE}> {literal(CANARY)}@en ."]
    put(home, "secret", closed, audience="partners")
    with serve(home) as address:
        yield Client(address)


def _neighbours(thing: str) -> str:
    return f"/neighbours?{urlencode({'iri': thing})}"


def test_hostile_neighbours_stay_text_and_the_closed_ones_are_not_there(hostile: Client) -> None:
    reply = hostile.send(
        "GET", _neighbours(BASE.thing("initiative", "qm-thing").value), Accept=HTML
    )
    assert reply.status == 200
    page = Page(reply.text)
    assert page.wrong == []
    assert page.all("img") == []
    assert all(str(script.get("src")).startswith("/static/") for script in page.all("script"))
    assert all(not link.startswith("javascript:") for link in page.links())
    assert len(page.all("section")) == 2
    assert CANARY not in reply.text
    assert "qn-secret" not in reply.text


@pytest.mark.parametrize(
    ("path", "status"),
    [("/neighbours", 400), ("/neighbours?iri=x", 400), ("/neighbours?iri=urn:nothing", 404)],
)
def test_what_is_not_there_is_told(hostile: Client, path: str, status: int) -> None:
    reply = hostile.send("GET", path, Accept=HTML)
    assert reply.status == status
    assert "iri" in reply.text.lower()


def test_only_the_extras_relax_the_policy_and_only_for_styles(hostile: Client) -> None:
    thing = _neighbours(BASE.thing("initiative", "qm-thing").value)
    for path in ("/editor", thing, "/", "/sparql"):
        policy = hostile.send("GET", path, Accept=HTML).headers["content-security-policy"]
        assert "script-src" not in policy
        assert "default-src 'self'" in policy
        assert "unsafe-eval" not in policy
        if path in ("/", "/sparql"):
            assert "unsafe-inline" not in policy


def test_the_editor_has_the_query_and_the_plain_form(hostile: Client) -> None:
    query = 'SELECT * { ?s ?p "</textarea><script>alert(1)</script>" }'
    reply = hostile.send("GET", f"/editor?query={quote(query)}", Accept=HTML)
    page = Page(reply.text)
    assert page.wrong == []
    assert [a for a in page.all("textarea") if a.get("name") == "query"]
    assert "<script>alert(1)" not in reply.text
