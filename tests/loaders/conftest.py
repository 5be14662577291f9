"""Fixtures of the loaders' tests."""

from collections.abc import Callable

import pytest
from pyoxigraph import QuerySolutions

from pesai.loading.sink import Sink
from pesai.namespaces import PREFIXES
from pesai.resources import files
from tests.loaders.runs import TABLES, WORLD, Loads


@pytest.fixture
def run() -> Loads:
    """A run in which nothing was loaded yet."""
    return Loads()


@pytest.fixture
def world() -> Loads:
    """A run that knows a few fictional services and initiatives."""
    loads = Loads()
    for kind in ("organisations", "initiatives"):
        loads.load(kind, WORLD / f"{kind}.csv", name="world")
    return loads


@pytest.fixture(scope="session")
def bundled() -> Loads:
    """All tables that ship with the program. Not to be changed by a test."""
    loads = Loads()
    for kind, names in TABLES.items():
        loads.load(kind, *(files("data") / name for name in names), name="observatory")
    return loads


@pytest.fixture(scope="session")
def sinks(bundled: Loads) -> dict[str, Sink]:
    """What the loads of the bundled tables gave, by kind."""
    return bundled.sinks


@pytest.fixture(scope="session")
def ask(bundled: Loads) -> Callable[[str], list[tuple[str, ...]]]:
    """SPARQL over the bundled tables: the rows, each value as text."""
    store = bundled.store()
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

    def _ask(query: str) -> list[tuple[str, ...]]:
        solutions = store.query(prologue + query)
        assert isinstance(solutions, QuerySolutions)
        return [tuple("" if v is None else v.value for v in row) for row in solutions]

    return _ask
