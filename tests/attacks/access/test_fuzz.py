"""What a reader is answered is what the sources that he may read say, whatever he asks.

Twenty thousand queries are made up anew in each run (``make soak``: two hundred thousand). The seed
is printed; queries that fail are kept in ``failing-seeds.txt`` and tried again from then on.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from random import SystemRandom

import pyoxigraph as ox
import pytest

from pesai.access.audiences import THE_PUBLIC, Reader
from pesai.engine.protocol import Locate, StoreRef
from pesai.releases.layout import Home
from pesai.releases.locate import locator
from tests.attacks.access.conftest import engine_over, published
from tests.attacks.access.fuzzing import Difference, asking, differences, keep, kept
from tests.attacks.access.queries import Case
from tests.attacks.access.references import Answer
from tests.attacks.access.world import BASE, World
from tests.shortened import SOAK

QUERIES = 200_000 if SOAK else 20_000
BY_RDFLIB = 10_000 if SOAK else 400
AT_ONCE = 1000
"""Queries within which a planted leak is found."""


@pytest.fixture(scope="module")
def world() -> World:
    """A fresh world."""
    return World.of(SystemRandom().randrange(1 << 31))


@pytest.fixture(scope="module")
def home(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(world, tmp_path_factory.mktemp("world"))


def told(found: list[Difference]) -> str:
    keep(found)
    return f"{len(found)} answers differ; the first:\n" + "\n".join(map(str, found[:5]))


@pytest.mark.attack("24")
def test_no_query_tells_what_is_for_others(
    world: World, home: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("made up", f"{QUERIES:,} queries, world {world.seed}")
    with engine_over(home) as engine:
        found = list(differences(world, asking(engine), range(QUERIES)))
    assert found == [], told(found)


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own
@pytest.mark.attack("24")
def test_rdflib_reads_the_same_in_the_sources(world: World, home: Path) -> None:
    with engine_over(home) as engine:
        found = list(differences(world, asking(engine), range(BY_RDFLIB), core=True))
    assert found == [], told(found)


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # rdflib's own
@pytest.mark.attack("24")
def test_what_failed_once_does_not_fail_again(tmp_path: Path) -> None:
    cases = kept()
    for number in sorted({world for world, *_ in cases}):
        world = World.of(number)
        with engine_over(published(world, tmp_path / str(number))) as engine:
            for _, seed, reader, core in (one for one in cases if one[0] == number):
                found = list(differences(world, asking(engine), [seed], (reader,), core=core))
                assert found == [], str(found[0])


def first(world: World, home: Path, locate: Locate | None = None) -> Difference:
    """The first difference within a few queries."""
    with engine_over(home, locate) as engine:
        found = differences(world, asking(engine), range(AT_ONCE), (THE_PUBLIC,))
        difference = next(found, None)
    assert difference is not None, f"the leak is not found in {AT_ONCE} queries"
    return difference


@pytest.fixture
def broken(home: Path, tmp_path: Path) -> Iterator[Path]:
    """A copy of the home, to be spoilt."""
    copy = tmp_path / "broken" / "var"
    shutil.copytree(home, copy, symlinks=True)
    yield copy
    shutil.rmtree(copy)


@pytest.mark.undefended("24")
def test_a_triple_in_the_wrong_store_is_found_at_once(world: World, broken: Path) -> None:
    """One triple of partners is in the public store."""
    graphs = {name: set(lines) for name, (_, lines) in world.graphs.items()}
    line = min(graphs["between"] - graphs["open"] - graphs["also-open"])
    store = ox.Store(str(Home(broken).release().store(THE_PUBLIC)))
    for graph in (None, ox.NamedNode(BASE.graph("rdf", "between").value)):
        store.load(input=line.encode(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    store.flush()
    del store
    assert first(world, broken).reader == THE_PUBLIC


@pytest.mark.undefended("24")
def test_a_reader_with_the_store_of_another_is_found_at_once(world: World, home: Path) -> None:
    """The public is given the store of partners."""
    locate = locator(Home(home))

    def wrong(reader: Reader, release: str | None) -> StoreRef:
        return locate(Reader("partners") if reader == THE_PUBLIC else reader, release)

    assert first(world, home, wrong).reader == THE_PUBLIC


@pytest.mark.undefended("24")
def test_an_owner_with_the_store_of_another_is_found_at_once(world: World, home: Path) -> None:
    """QM is given what QN owns."""
    locate, qm, qn = locator(Home(home)), Reader("owner", "pes-qm"), Reader("owner", "pes-qn")
    with engine_over(home, lambda r, release: locate(qn if r == qm else r, release)) as engine:
        assert next(differences(world, asking(engine), range(AT_ONCE), (qm,)), None) is not None


@pytest.mark.undefended("24")
def test_a_query_that_asks_another_graph_than_it_says_is_found(world: World, home: Path) -> None:
    """The dataset of the request is dropped on its way."""
    with engine_over(home) as engine:
        ask = asking(engine)

        def careless(reader: Reader, case: Case) -> Answer:
            return ask(reader, replace(case, default=(), named=()))

        assert next(differences(world, careless, range(AT_ONCE), (THE_PUBLIC,)), None) is not None
