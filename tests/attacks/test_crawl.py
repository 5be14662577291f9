"""What is for others is in no byte that a reader can get (row 25).

A crawler follows all links and forms of the service, in pages and in data. It looks for words that
are in graphs of others alone: in names of graphs and things, texts, numbers, accounts of loading,
and in a graph that everybody could read once. Every address of the service is visited: a new page
without a link to it fails here, and gets a start in ``STARTS``.
"""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import pyoxigraph as ox
import pytest

from pesai.access.audiences import PARTNERS
from pesai.releases import graphs
from pesai.releases.layout import Home
from pesai.releases.lock import publisher_lock
from pesai.releases.manifest import GraphEntry
from pesai.releases.publisher import Change, publish
from pesai.settings import Settings
from pesai.web import create_app
from pesai.web import state as web_state
from tests.access.conftest import bearer, make_token
from tests.attacks.crawling import Crawl
from tests.attacks.here import service_here
from tests.conftest import Serve
from tests.web.conftest import BASE, FORM, Client

PARTNER, OWNER, ONCE, NUMBER = "kanarienvogel", "wiedehopf", "zaunkoenig", "8675309"
"""Of partners; of QM alone; of everybody once; of partners, as a number."""
HIDDEN = (PARTNER, OWNER, ONCE, NUMBER)
EXAMPLE = Path(__file__).parents[1] / "data" / "fictional" / "example.trig"
ABOUT = "https://w3id.org/pes-ai/def#about"
THING = "https://w3id.org/pes-ai/id/initiative/at-ams-amas"
XSD_INTEGER = ox.Literal(1).datatype.value
ALL = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
QUERIES = [
    ALL,
    "SELECT (COUNT(*) AS ?n) (SUM(?o) AS ?sum) (MAX(?o) AS ?m) { ?s ?p ?o FILTER(ISNUMERIC(?o)) }",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    f"CONSTRUCT {{ ?s ?p ?o }} {{ ?s ?p ?o FILTER(CONTAINS(LCASE(STR(?o)), '{PARTNER[:8]}')) }}",
    "DESCRIBE ?s { ?s a <https://w3id.org/pes-ai/def#Initiative> }",
]
FORMATS = ["json", "xml", "csv", "tsv", "xlsx", "html", "ttl", "nt", "jsonld", "rdf", "trig", "nq"]
STARTS = [
    *(f"/genid/rdf-about-{word}/c14n0" for word in HIDDEN),
    "/search?q=kana&format=json", "/search?q=8675", "/search?q=wiede", "/search?q=zaunk",
    "/reconcile/suggest/entity?prefix=kana", "/reconcile/suggest/entity?prefix=wied",
    "/reconcile/suggest/type?prefix=k", "/reconcile/suggest/property?prefix=a",
    f"/reconcile/preview?id={quote(THING, safe='')}", f"/reconcile/view?id={quote(THING, safe='')}",
    f"/concept?iri={quote('https://w3id.org/pes-ai/code/theme/matching', safe='')}",
    f"/scheme?iri={quote('https://w3id.org/pes-ai/code/theme', safe='')}", "/code.ttl", "/def.ttl",
    "/shapes.ttl", "/alignments/role-esco", "/imports/esco", "/.well-known/void", "/robots.txt",
    "/readyz", "/healthz", "/context.jsonld", "/problems/gone", "/changes", "/feeds/releases.atom",
    f"/references?iri={quote(THING, safe='')}&by={quote(ABOUT, safe='')}",
    *(f"/sparql?query={quote(QUERIES[0])}&format={name}" for name in FORMATS),
    *(f"/sparql?query={quote(text)}" for text in QUERIES),
    *(f"/sparql?query={quote(f'SELECT {word}')}" for word in ("*", "?x { ?x")),
    *(f"/releases/{n:06}{more}" for n in range(1, 4)
      for more in ("", "/dump.nq.gz", "/dump.trig.gz", f"/sparql?query={quote(ALL)}")),
    *(f"/{kind}/initiative/at-ams-amas{end}" for kind, end in (("id", ""), ("data", ".ttl"))),
]  # fmt: skip


def spoken(word: str, name: str) -> tuple[GraphEntry, tuple[str, ...]]:
    """The fictional world again, with a word in each thing and text, and on a real one."""
    lines = {
        f"<{BASE.iri}genid/rdf-about-{word}/c14n0> <{ABOUT}> <{THING}> .",
        f'<{THING}> <http://purl.org/dc/terms/description> "{word} says" .',
        f'<{THING}> <https://w3id.org/pes-ai/def#value> "{NUMBER}"^^<{XSD_INTEGER}> .'
        if word == PARTNER
        else f'<{THING}> <http://purl.org/dc/terms/title> "{word}" .',
    }
    for quad in ox.parse(path=str(EXAMPLE)):
        line = f"{quad.subject} {quad.predicate} {quad.object} ."
        if "_:" not in line:
            line = re.sub(rf"({re.escape(BASE.iri)}id/[a-z-]+/[^>]+)", rf"\1-{word}", line)
            lines.add(re.sub(r'^(<[^"]*) "([^"]*)"', rf'\1 "\2 {word}"', line))
    entry = GraphEntry(
        iri=BASE.graph("rdf", name).value, kind="rdf", name=name, audience="public", checksum="",
        triples=0, loaded=datetime(2026, 1, 1, tzinfo=UTC), title_en=f"About {word}",
        title_fr=f"Sur {word}", attribution=word, rows=len(lines),
    )  # fmt: skip
    return entry, tuple(sorted(lines))


@pytest.fixture(scope="module")
def home(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled data; graphs for others beside them; a graph that was for everybody once."""
    made = Home(tmp_path_factory.mktemp("crawl") / "var")
    shutil.copytree(bundled_home, made.path, symlinks=True)
    change = Change()
    for word, audience in ((PARTNER, "partners"), (OWNER, "owners:pes-qm"), (ONCE, "public")):
        entry, lines = spoken(word, f"about-{word}")
        change.put.append((entry.model_copy(update={"audience": audience}), lines))
    assert publish(made, BASE, change, who=f"the unit {PARTNER}", why=f"sent by {OWNER}")
    with publisher_lock(made) as held:
        graphs.change_audience(held, BASE, f"rdf/about-{ONCE}", PARTNERS, who="us", why="not yet")
    return made.path


@pytest.fixture(scope="module")
def served(home: Path, serve: Serve) -> Iterator[Client]:
    with serve(home) as address:
        yield Client(address)


def crawl(client: Client, home: Path, words: tuple[str, ...], **headers: str) -> Crawl:
    """A crawl that has not begun."""
    app = create_app(engine=object(), chosen=Settings(home=home))  # type: ignore[arg-type]
    return Crawl(client, app.url_map, words, headers)


def fixed(found: Crawl) -> list[str]:
    """Addresses without parts that vary."""
    rules = found.url_map.iter_rules()
    return [rule.rule for rule in rules if not rule.arguments and "GET" in (rule.methods or ())]


@pytest.mark.attack("25")
def test_nothing_for_others_is_in_any_answer(served: Client, home: Path) -> None:
    public = crawl(served, home, HIDDEN)
    form = urlencode({"query": f"DESCRIBE <{THING}>"}).encode()
    made = served.send("POST", "/q", form, Content_Type=FORM)
    assert made.status == 201, made.text
    cited = made.headers["location"]
    public.run([*STARTS, *fixed(public), cited, f"{cited}.bib", f"{cited}/check"])
    assert public.found == [], public.found[:5]
    rules = [rule for rule in public.url_map.iter_rules() if "GET" in (rule.methods or ())]
    missed = {rule.endpoint for rule in rules} - set(public.visited) - {"static"}
    assert missed == set(), "no link leads there: give it a start"
    assert public.visited.total() > 250


@pytest.mark.attack("25")
@pytest.mark.undefended("25")
def test_partners_meet_what_is_theirs_and_nothing_of_owners(served: Client, home: Path) -> None:
    """The same way, signed in: so the crawl sees what there is to see."""
    token = bearer(make_token(home, "partners"))
    partner = crawl(served, home, HIDDEN, Authorization=token)
    partner.run([*STARTS, *fixed(partner)])
    assert {one.word for one in partner.found} == set(HIDDEN) - {OWNER}


@pytest.mark.undefended("25")
def test_a_page_that_shows_the_whole_manifest_is_found(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One page forgets the reader: the graphs of everybody are listed."""
    monkeypatch.setattr(web_state, "visible", lambda folder: web_state.manifest_of(folder).graphs)
    with service_here(home) as client:
        found = crawl(client, home, (PARTNER,))
        found.run(["/graphs"], until_found=True)
    assert found.found
