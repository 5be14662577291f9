"""The reference of /sparql says what the program does."""

import re
from pathlib import Path

import pytest

from pesai.errors import Problem
from pesai.sparql.formats import FORMATS
from pesai.sparql.spreadsheet import MOST_CELLS, MOST_ROWS
from pesai.web.answers import SHOWN
from pesai.web.parameters import MOST_BODY, MOST_QUERY

TEXT = (Path(__file__).parents[2] / "docs" / "reference" / "sparql.md").read_text(encoding="utf-8")


def table(heading: str, start: int = 0) -> list[list[str]]:
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")][start:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_formats_are_those_that_there_are() -> None:
    names = {"rows": "table", "triples": "graph"}
    listed = [
        (name.strip("`"), names[kind], tuple(re.findall(r"`([^`]+)`", media)), suffix.strip("`"))
        for name, both, media, suffix in table("Formats", 1)
        for kind in both.split(", ")
    ]
    assert sorted(listed) == sorted((f.name, f.kind, f.media, f.suffix) for f in FORMATS)


def kinds(kind: type[Problem]) -> list[type[Problem]]:
    return [kind, *(one for child in kind.__subclasses__() for one in kinds(child))]


def test_the_problems_have_their_status() -> None:
    listed = {
        code: int(row[1]) for row in table("Problems") for code in re.findall(r"`([^`]+)`", row[0])
    }
    known = {kind.code: kind.status for kind in kinds(Problem)}
    assert listed == {code: known[code] for code in listed}
    assert {"syntax", "timeout", "memory", "result-size", "busy"} <= set(listed)


@pytest.mark.parametrize(
    "figure",
    [f"{MOST_ROWS:,}", f"{MOST_CELLS:,}", f"{SHOWN:,}", f"{MOST_QUERY >> 10} KiB",
     f"{MOST_BODY >> 10} KiB"],
)  # fmt: skip
def test_figures(figure: str) -> None:
    assert figure in TEXT
