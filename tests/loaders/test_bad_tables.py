"""Bad tables earn exactly these messages; their good rows load.

Each folder of ``tests/data/loaders/bad`` holds a source and, in ``messages.txt``, the whole list of
what is said of it, then how many rows were read and skipped. The world that the tables may refer to
is fictional.
"""

from pathlib import Path

import pytest

from tests.loaders.runs import DATA, Loads

CASES = sorted(folder.name for folder in (DATA / "bad").iterdir())
KINDS = {"survey_members": "members", "table": "sssom", "plain": "sssom"}


def kind_of(path: Path) -> str:
    name = path.name.partition(".")[0]
    return KINDS.get(name, name.partition("_")[0])


@pytest.mark.parametrize("case", CASES)
def test_messages(world: Loads, case: str) -> None:
    folder = DATA / "bad" / case
    paths = sorted(path for path in folder.iterdir() if path.name != "messages.txt")
    sink = world.load(kind_of(paths[0]), *paths)
    said = [str(issue) for issue in sink.issues]
    said.append(f"{sink.rows_read} rows read, {sink.rows_skipped} skipped")
    assert said == (folder / "messages.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("case", CASES)
def test_good_rows_load_and_bad_ones_leave_nothing(world: Loads, case: str) -> None:
    folder = DATA / "bad" / case
    paths = sorted(path for path in folder.iterdir() if path.name != "messages.txt")
    sink = world.load(kind_of(paths[0]), *paths)
    rows = {line.rpartition("#row=")[2].rstrip("> .") for line in sink.lines() if "#row=" in line}
    bad = {str(i.place.row) for i in sink.issues if i.severity == "error" and i.place.row > 1}
    if len(paths) == 1:
        assert not rows & bad
        speaking = sink.rows_read - sink.rows_skipped
        assert len(rows) == speaking
