"""One home with the bundled graph and the published classifications, for all tests of this folder.

It takes longer to make than all else here: the tests of this folder run in one process.
"""

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from pesai.access.audiences import Reader
from pesai.loading.loader import Source
from pesai.namespaces import Base
from pesai.releases.intake import Load, Outcome, load
from pesai.releases.layout import Home
from tests.classifications.published.files import (
    BASE,
    ESCO,
    ESCO_EN,
    PREFIXES,
    Ask,
    Rows,
    table,
    tarred,
    zipped,
)


@pytest.fixture(autouse=True, scope="module")
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(1 << 24)
    yield
    csv.field_size_limit(before)


@pytest.fixture(scope="session")
def rome(taxonomies: Path) -> Callable[[str], Rows]:
    archive = taxonomies / "rome-4.60.tar.gz"
    return lambda name: table(tarred(archive, f"rome-4.60/unix_{name}_v460_utf8.csv"))


@pytest.fixture(scope="session")
def esco(taxonomies: Path) -> Callable[[str], Rows]:
    def find(name: str) -> Rows:
        archive = ESCO_EN if name.endswith("_en") else ESCO
        return table(zipped(taxonomies / archive, f"{name}.csv"))

    return find


@pytest.fixture(scope="session")
def crosswalks(taxonomies: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The tables of mappings, by a short name."""
    folder = tmp_path_factory.mktemp("crosswalks")
    names = {
        "fr": "FR_20230607_mapping_esco_rome.csv",
        "se": "SE_mapping Occupations v1.1.1.csv",
        "de": "DE_mapping_18.05.22.csv",
        "nl": "NL_mapping.csv",
        "onet": "crosswalk_esco_onet.csv",
        "reverse": "crosswalk_esco_onet_reverse.csv",
        "reverse-book": "ESCO_to_ONET-SOC.xlsx",
        "soc": "ISCO_SOC_Crosswalk.xls",
    }
    for name in names.values():
        (folder / name).write_bytes(tarred(taxonomies / "crosswalks.tar.gz", name))
    return {short: folder / name for short, name in names.items()}


@pytest.fixture(scope="session")
def sources(taxonomies: Path, crosswalks: dict[str, Path]) -> list[Source]:
    def source(kind: str, name: str, *files: str) -> Source:
        return Source(kind, name, tuple(taxonomies / file for file in files))

    return [
        source("esco", "1.1.1", ESCO_EN, ESCO, "esco-1.1.1-fr.tar.gz"),
        source("esco", "1.0.x-labels-fr", "esco-1.0.x-skills-fr.tar.gz"),
        source("rome", "4.60", "rome-4.60.tar.gz"),
        source("onet", "29.2", "onet-29.2-subset.tar.gz"),
        source("nace", "2", "nace-rev2.tar.gz"),
        source("m49", "2026-05", "country-codes-m49.tar.gz"),
        Source("crosswalk", "fr", (crosswalks["fr"],)),
        Source("crosswalk", "onet", (crosswalks["onet"],)),
        Source("crosswalk", "reverse", (crosswalks["reverse"],)),
    ]


@pytest.fixture(scope="session")
def loaded(
    sources: list[Source], bundled_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Home, Outcome]:
    """A home with the bundled graph and the classifications."""
    home = Home(tmp_path_factory.mktemp("classified") / "var")
    shutil.copytree(bundled_home, home.path, symlinks=True)
    every = [Load(source) for source in sources]
    return home, load(home, Base(BASE), every, who="test", why="test")


@pytest.fixture(scope="session")
def store(loaded: tuple[Home, Outcome]) -> Store:
    current = loaded[0].current()
    assert current is not None
    return Store.read_only(str(current.store(Reader("public"))))


@pytest.fixture(scope="session")
def ask(store: Store) -> Ask:
    def run(query: str) -> list[tuple[str, ...]]:
        found = store.query(query if "PREFIX" in query else PREFIXES + query)
        assert isinstance(found, QuerySolutions)
        return [tuple(getattr(term, "value", "") for term in row) for row in found]

    return run
