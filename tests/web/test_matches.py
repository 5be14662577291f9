"""``/matches``: who could talk to whom, as a page and as data."""

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from pesai.exchange.table import kinds
from pesai.loading.canonical import lines
from tests.conftest import Serve
from tests.exchange.worlds import codes, example, turtle
from tests.web.conftest import HOSTILE, Client, literal, put

HTML = "text/html"
FRANCE = "/matches?org=france-travail"


class Page(HTMLParser):
    """Headings, links and their texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h3":
            self.headings.append("")
        if tag == "a":
            self.links.append(dict(attrs).get("href") or "")
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "h3" in self.open:
            self.headings[-1] = " ".join(f"{self.headings[-1]} {data}".split())


def get(client: Client, path: str, language: str = "en") -> str:
    reply = client.send("GET", path, Accept=HTML, Accept_Language=language)
    assert reply.status == 200, reply.text
    return reply.text


@pytest.fixture(scope="module")
def fictional(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Client]:
    """The fictional example, and organisations whose names are attacks."""
    home = tmp_path_factory.mktemp("fictional") / "var"
    put(home, "codes", [*lines(quad.triple for quad in codes())])
    put(home, "public", [*lines(quad.triple for quad in example("public", "partners"))])
    titles = "<http://purl.org/dc/terms/title>"
    hostile: list[str] = [*lines(quad.triple for quad in turtle(ATTACKERS))]
    for number, text in enumerate([*HOSTILE, "x" * 100_000]):
        hostile.append(f"{ORGANISATION}h{number}> {titles} {literal(text)}@en .")
        hostile += lines(quad.triple for quad in turtle(ATTACKER.format(n=number)))
    put(home, "hostile", hostile)
    put(home, "secret", [*lines(quad.triple for quad in turtle(SECRET))], "partners")
    with serve(home) as address:
        yield Client(address)


ORGANISATION = "<https://w3id.org/pes-ai/id/organisation/"
ATTACKERS = """
position:attack a pai:Need ; pai:statedBy organisation:pes-a ; pai:onTheme theme:ethics ;
    dcterms:description "<script>alert(2)</script>"@en .
"""
ATTACKER = """
organisation:h{n} a pai:PublicEmploymentService .
position:h{n} a pai:Offer ; pai:statedBy organisation:h{n} ; pai:onTheme theme:ethics ;
    dcterms:description "<img src=x onerror=alert(3)>"@en .
"""
SECRET = """
position:secret a pai:Need ; pai:statedBy organisation:pes-c ; pai:onTheme theme:matching .
"""


def test_points_reasons_and_their_queries(fictional: Client) -> None:
    text = get(fictional, "/matches?org=pes-a&theme=matching")
    first, second = text.partition("</ol>")[0].split("<h3>")[1:3]
    assert "Employment Service of Xebria" in first
    assert "90 points" in first
    assert "5 points ahead of the next" in first
    assert "85 points" in second
    for name, points in (("need", 20), ("offer", 15), ("measured", 10), ("evaluated", 20),
                         ("ahead", 20), ("exchange", 5)):  # fmt: skip
        label = next(kind.labels["en"] for kind in kinds() if kind.name == name)
        assert re.search(rf"\+{points}</span> {label}", first), name
        link = next(one for one in Page(first).links if f"/queries/matching/{name}?" in one)
        reply = fictional.send("GET", f"{link}&format=json", Accept="*/*")
        assert reply.json["results"]["bindings"], link
    assert "exchange held" not in second
    # What would lift the second: the exchange, among others.
    assert "An exchange or agreement between the two on this theme." in second
    assert "What could change this rank" in second


def test_both_directions_are_named(fictional: Client) -> None:
    seeker = Page(get(fictional, "/matches?org=pes-a&theme=matching")).headings
    assert seeker[0] == "Employment Service of Xebria can inform Employment Service of Xanadia"
    provider = Page(get(fictional, "/matches?org=pes-b&side=provider&theme=matching")).headings
    assert provider == seeker[:1]
    french = Page(get(fictional, "/matches?org=pes-a&theme=matching", "fr")).headings
    assert french[0] == "Employment Service of Xebria peut éclairer Employment Service of Xanadia"
    mutual = Page(get(fictional, "/matches?org=pes-a&theme=labour-market-ontology")).headings
    assert mutual == [
        "Employment Service of Xilonia and Employment Service of Xanadia can compare notes"
    ]


def test_what_a_reader_may_not_see_changes_nothing_for_him(fictional: Client) -> None:
    text = get(fictional, "/matches?org=pes-c&theme=matching")
    assert "No pair has ground" in text
    assert "position/secret" not in text
    for format_ in ("csv", "json", "nt"):
        reply = fictional.send("GET", f"/matches?theme=matching&format={format_}")
        assert reply.status == 200
        assert b"secret" not in reply.body
        assert b"pes-c~pes-b" not in reply.body


def test_hostile_names_are_text(fictional: Client) -> None:
    text = get(fictional, "/matches?theme=ethics")
    for attack in ("<script>alert", "<img src=x", "{{ 7*7 }}<", "\u202e", "x" * 1000):
        assert attack not in text.replace("{{ 7*7 }}</bdi>", "").replace("{{ 7*7 }}</option>", "")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert len(text) < 400_000
    sheet = fictional.send("GET", "/matches?theme=ethics&format=csv&download=1").text
    assert not re.search(r'(^|,)"?=HYPERLINK', sheet, re.MULTILINE)


def test_weights_in_the_address_change_points_and_order(fictional: Client) -> None:
    text = get(fictional, "/matches?org=pes-a&theme=matching&w.need=0&w.exchange=100")
    assert "165 points" in text
    assert "65 points" in text
    assert "weighed otherwise" in text
    assert "w.need=0" in text, "links keep the weights"


def test_the_same_ranking_to_take_along(sparql: Client) -> None:
    path = f"{FRANCE}&theme=ethics&w.offer=40"
    page = [int(n) for n in re.findall(r"<strong>(-?\d+) points?</strong>", get(sparql, path))]
    rows = sparql.send("GET", f"{path}&format=json").json["results"]["bindings"]
    assert [int(row["points"]["value"]) for row in rows][: len(page)] == page
    table = list(csv.DictReader(io.StringIO(sparql.send("GET", f"{path}&format=csv").text)))
    assert [row["points"] for row in table] == [row["points"]["value"] for row in rows]
    assert "need stated 20" in table[0]["reasons"]
    assert sparql.send("GET", f"{path}&format=xlsx").body[:2] == b"PK"
    graph = parse(input=sparql.send("GET", f"{path}&format=nt").body, format=RdfFormat.N_TRIPLES)
    seeker = NamedNode("https://w3id.org/pes-ai/def#matchSeeker")
    assert len({q.subject for q in graph if q.predicate == seeker}) == len(rows)


def test_every_link_of_a_match_leads_somewhere(sparql: Client) -> None:
    page = Page(get(sparql, f"{FRANCE}&theme=data-management"))
    ours = {link for link in page.links if link.startswith("/") and "format=" not in link}
    assert len(ours) > 40
    for link in sorted(ours):
        reply = sparql.send("GET", link, Accept=HTML)
        assert reply.status == 200, link


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/matches?org=france-travial", 404, "france-travail"),
        ("/matches?org=uni-leeds", 404, "nearest"),
        ("/matches?theme=ethic", 404, "ethics"),
        ("/matches?org=" + quote("<script>alert(1)</script>"), 400, "parameter"),
        (f"{FRANCE}&w.need=1000", 400, "0 to 100"),
        (f"{FRANCE}&w.nead=1", 400, "need"),
        (f"{FRANCE}&side=both", 400, "seeker or provider"),
        (f"{FRANCE}&page=0", 400, "1"),
        (f"{FRANCE}&page=99", 404, "page 99"),
        ("/matches?theme=ethics&cap=x", 400, "from 1 to 20"),
        (f"{FRANCE}&format=docx", 400, "csv"),
    ],
)
def test_wrong_addresses_get_pages_that_help(
    sparql: Client, path: str, status: int, words: str
) -> None:
    for language in ("en", "fr"):
        reply = sparql.send("GET", path, Accept=HTML, Accept_Language=language)
        assert reply.status == status, reply.text[:500]
        assert "<script>alert" not in reply.text
    assert words in get_words(sparql, path)


def get_words(client: Client, path: str) -> str:
    """What a page of a problem says, in English."""
    text = client.send("GET", path, Accept=HTML).text
    return re.sub(r"<[^>]+>", "", text[max(0, text.find("<main")) :])


def test_groups_of_a_theme(sparql: Client) -> None:
    text = get(sparql, "/matches?theme=data-management&cap=1")
    group = text[text.index('id="group"') :]
    hosts = re.findall(r"</th><td><a[^>]*><bdi>([^<]+)", group[: group.index("</table>")])
    assert len(hosts) > 3
    assert len(set(hosts)) == len(hosts), "one guest each"
    assert "Left out, and why" in group
    assert "the host has its guests already" in group


def test_pages_are_never_a_league_table(sparql: Client) -> None:
    """Without an organisation or a theme there is no ranking at all."""
    text = get(sparql, "/matches")
    assert "How points are given" in text
    assert "<ol class=" not in text
    assert sparql.send("GET", "/matches", Accept=HTML, Accept_Language="fr").status == 200


def test_the_table_of_points_is_shown_whole(sparql: Client) -> None:
    text = get(sparql, "/matches", "fr").replace("&#39;", "'")
    for kind in kinds():
        assert kind.labels["fr"] in text
        assert f"/code/match-reason/{kind.name}" in text
        assert f"/queries/matching/{kind.name}" in text
