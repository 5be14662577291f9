"""Nobody learns whether a term is somewhere: hidden and absent terms give the same bytes.

An engine that keeps one dictionary of terms for everybody answers a zero-length path by looking
there, and so tells which names and texts the graphs of others hold.
"""

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from pesai.access.audiences import THE_PUBLIC, Reader
from pesai.engine.protocol import Engine, Query
from pesai.releases.layout import Home
from pesai.releases.locate import locator
from tests.attacks.access.conftest import engine_over, published
from tests.attacks.access.fuzzing import LIMITS
from tests.attacks.access.world import World
from tests.conftest import Serve
from tests.web.conftest import Client

LENGTH = 12
HIDDEN = [f"hidden{n:06}" for n in range(50)]
ABSENT = [f"absent{n:06}" for n in range(50)]
WORLD = World(
    0,
    {
        "open": ("public", ('<urn:t0> <urn:p0> "un" .',)),
        "between": (
            "partners",
            tuple(f'<urn:{name}> <urn:{name}> "{name}", "{name}"@fr .' for name in HIDDEN),
        ),
    },
)
FORMS = [
    "ASK {{ {term} <urn:p0>? {term} }}",
    "SELECT ?x {{ ?x <urn:p0>? {term} }}",
    "SELECT ?x {{ {term} <urn:p0>* ?x }}",
    "SELECT ?x {{ GRAPH ?g {{ ?x <urn:p0>? {term} }} }}",
    "SELECT ?x {{ GRAPH <https://example.org/graph/rdf/open> {{ {term} (!<urn:p0>)* ?x }} }}",
    "SELECT ?x {{ GRAPH <https://example.org/graph/rdf/between> {{ {term} <urn:p0>? ?x }} }}",
    "SELECT (COUNT(*) AS ?n) {{ {term} (<urn:p0>/<urn:p0>)? ?x }}",
    "SELECT ?x {{ VALUES ?x {{ {term} }} FILTER EXISTS {{ ?x <urn:p0>? ?x }} }}",
    "SELECT ?x {{ VALUES ?x {{ {term} }} MINUS {{ ?x !<urn:p0> ?y }} }}",
    "SELECT ?x {{ BIND({term} AS ?x) OPTIONAL {{ ?x ^<urn:p0>? ?y }} }}",
]  # fmt: skip
KINDS = ["<urn:{}>", '"{}"', '"{}"@fr']


def answers(engine: Engine, names: list[str], reader: Reader = THE_PUBLIC) -> Iterator[bytes]:
    """Each form for each kind of term and each name, without the name."""
    for form, kind, name in product(FORMS, KINDS, names):
        if kind != KINDS[0] and form.startswith("SELECT ?x {{ {term}"):
            kind = KINDS[0]  # noqa: PLW2901 - a literal is no subject
        text = form.format(term=kind.format(name))
        result = engine.query(Query(text, reader, solutions="tsv"), LIMITS)
        with result.body as body:
            yield body.read().replace(name.encode(), b"." * LENGTH)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(WORLD, tmp_path_factory.mktemp("membership"))


@pytest.mark.attack("24b")
def test_hidden_and_absent_terms_are_answered_alike(home: Path) -> None:
    with engine_over(home) as engine:
        assert list(answers(engine, HIDDEN)) == list(answers(engine, ABSENT))


@pytest.mark.undefended("24b")
def test_one_store_for_everybody_would_tell(home: Path) -> None:
    """Partners, whose store holds the terms, see the difference that the public must not see."""
    locate = locator(Home(home))
    with engine_over(home, lambda _, release: locate(Reader("partners"), release)) as engine:
        assert list(answers(engine, HIDDEN[:5])) != list(answers(engine, ABSENT[:5]))


@pytest.mark.attack("24b")
def test_search_and_pages_do_not_tell_either(home: Path, serve: Serve) -> None:
    places = [
        "/search?q={}", "/search?q={}&format=json", "/reconcile/suggest/entity?prefix={}",
        "/references?iri=urn:{}&by=urn:p0", "/concept?iri=urn:{}", "/scheme?iri=urn:{}",
        "/page/initiative/{}", "/graph/rdf/{}", "/data/initiative/{}.ttl", "/q/{}",
    ]  # fmt: skip
    with serve(home, PESAI_BASE_IRI="https://example.org/") as address:
        client = Client(address)
        for place in places:
            found = []
            for name in (HIDDEN[0], ABSENT[0], "between", "betweex"):
                reply = client.send("GET", place.format(name), Accept="text/html")
                number = reply.headers.get("x-query-id", "-")
                text = reply.text.replace(number, "").replace(name, "")
                found.append((reply.status, text))
            assert found[0] == found[1], place
            assert found[2] == found[3], place
