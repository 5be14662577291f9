"""The reference of the loaders cannot drift: its examples are run, its columns compared."""

import importlib
import re
from pathlib import Path

import pytest

from pesai.loading.discovery import kinds
from tests.loaders.runs import TABLES, Loads

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "loaders.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_bad_table_earns_the_messages_that_are_shown(run: Loads, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text(block("csv"), encoding="utf-8")
    sink = run.load("organisations", tmp_path / "bad.csv")
    assert [str(issue) for issue in sink.issues] == block("text").splitlines()
    assert sink.rows_read - sink.rows_skipped == 1


@pytest.mark.parametrize(
    "kind", ["organisations", "members", "initiatives", "outcomes", "findings", "positions"]
)
def test_columns_are_those_of_the_loader(kind: str) -> None:
    module = importlib.import_module(f"loaders.{kind}")
    section = PAGE.split(f"### `{kind}`")[1].split("\n#")[0]
    line = next(text for text in section.splitlines() if text.startswith("Columns:"))
    required, _, optional = line.partition("[")
    assert tuple(re.findall(r"`(\w+)`", required)) == module.COLUMNS
    assert tuple(re.findall(r"`(\w+)`", optional)) == getattr(module, "OPTIONAL", ())


@pytest.mark.parametrize(
    "kind", ["organisations", "members", "initiatives", "outcomes", "findings", "positions"]
)
def test_columns_that_are_marked_must_not_be_empty(world: Loads, tmp_path: Path, kind: str) -> None:
    """An otherwise empty row is told of exactly the columns that the page marks with ``!``."""
    module = importlib.import_module(f"loaders.{kind}")
    section = PAGE.split(f"### `{kind}`")[1].split("\n#")[0]
    marked = set(re.findall(r"`(\w+)`!", section.partition("[")[0])) - {"id", "pes_id"}
    key = "pes_id" if kind == "members" else "id"
    row = ["x" if column == key else "" for column in module.COLUMNS]
    path = tmp_path / "empty.csv"
    path.write_text(",".join(module.COLUMNS) + "\n" + ",".join(row) + "\n")
    sink = world.load(kind, path)
    told = {i.place.column for i in sink.issues if i.message == "must not be empty"}
    assert told - {"pes_id"} == marked


def test_every_kind_of_ours_has_its_section() -> None:
    for kind in (*TABLES, "sssom", "rdf", "ontology"):
        assert kind in kinds()
        assert re.search(rf"^##+ .*`{kind}`", PAGE, re.MULTILINE)
