"""The published tables of mappings: rows and joins, counted from the files."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from pesai.releases.intake import Outcome
from pesai.releases.layout import Home
from tests.classifications.conftest import Read
from tests.classifications.published.files import (
    BASE,
    Ask,
    Rows,
    count,
    in_graph,
    table,
)


@pytest.mark.parametrize(
    ("name", "rows", "skip", "column"),
    [
        ("fr", 11118, 15, "mapping relation"),
        ("se", 5529, 17, "Mapping relation"),
        ("de", 8735, 16, "Mapping relation"),
        ("nl", 5651, 16, "Mapping relation"),
        ("onet", 4253, 16, "Type of Match"),
    ],
)
def test_every_row_of_a_crosswalk_is_a_mapping(  # noqa: PLR0917 - parameters of the table
    name: str, rows: int, skip: int, column: str, crosswalks: dict[str, Path], read: Read
) -> None:
    found = table(crosswalks[name].read_bytes(), skip=skip)
    assert len(found) == rows
    sink = read("crosswalk", [crosswalks[name]], name)
    kinds = Counter(row[column].removeprefix("skos:") for row in found)
    kinds["exactMatch"] += kinds.pop("exactISCO", 0)
    kinds["relatedMatch"] = kinds.pop("no relation", 0)
    predicates = [line for line in sink.lines() if "annotatedProperty" in line]
    said = Counter(line.rpartition("#")[2][:-3] for line in predicates)
    assert said == +kinds
    assert len(predicates) == rows
    assert sum("source_version" in line for line in sink.lines()) == 2 * rows
    assert not sink.errors
    if name == "fr":
        assert kinds == {
            "exactMatch": 1144, "closeMatch": 4597, "broadMatch": 5086, "narrowMatch": 291,
            "relatedMatch": 0,
        }  # fmt: skip


def test_all_codes_of_the_french_table_are_in_rome(
    ask: Ask, rome: Callable[[str], Rows], esco: Callable[[str], Rows], crosswalks: dict[str, Path]
) -> None:
    rows = table(crosswalks["fr"].read_bytes(), skip=15)
    titles = {row["code_ogr"] for row in rome("referentiel_appellation")}
    known = {row["conceptUri"] for row in [*esco("occupations_en"), *esco("ISCOGroups_en")]}
    assert sum(row["classification 2 ID"] in titles for row in rows) == 11118
    assert sum(row["classification 1 ID"] in known for row in rows) == 11113
    graph = in_graph("crosswalk/fr", "?m owl:annotatedSource ?e ; owl:annotatedTarget ?r")
    title = in_graph("rome/4.60", f"?r skos:inScheme <{BASE}code/rome-title>")
    assert count(ask, f"{graph} {title}") == 11118
    assert count(ask, f"{graph} {in_graph('esco/1.1.1', '?e a skos:Concept')}") == 11113


def test_all_codes_of_the_table_of_onet_are_in_onet(ask: Ask, crosswalks: dict[str, Path]) -> None:
    rows = table(crosswalks["onet"].read_bytes(), skip=16)
    codes = {row["O*NET Id"] for row in rows}
    graph = in_graph("crosswalk/onet", "?m owl:annotatedSource ?o")
    there = in_graph("onet/29.2", f"?o skos:inScheme <{BASE}code/onet>")
    assert int(ask(f"SELECT (COUNT(DISTINCT ?o) AS ?n) {{ {graph} {there} }}")[0][0]) == 940
    assert len(codes) == 940


def test_the_way_back_finds_its_occupations_by_code(
    loaded: tuple[Home, Outcome], ask: Ask, crosswalks: dict[str, Path], esco: Callable[[str], Rows]
) -> None:
    rows = [r for r in table(crosswalks["reverse"].read_bytes()) if r["ESCO/ISCO Code"]]
    known = {row["code"] for row in [*esco("occupations_en"), *esco("ISCOGroups_en")]}
    found = [row for row in rows if row["ESCO/ISCO Code"] in known]
    pattern = in_graph("crosswalk/reverse", "?m owl:annotatedSource ?e")
    assert count(ask, pattern) == len(found)
    item = next(each for each in loaded[1].loaded if each.source.name == "reverse")
    assert item.entry is not None
    assert item.entry.skipped == len(rows) - len(found) == 90


def test_the_workbook_says_what_the_table_says(crosswalks: dict[str, Path], read: Read) -> None:
    links = []
    for name in ("reverse", "reverse-book"):
        lines = read("crosswalk", [crosswalks[name]], name).lines()
        links.append({line for line in lines if "#relatedMatch>" in line.split(" ")[1]})
    assert links[0] == links[1]
    assert links[0]


def test_isco_soc_is_read_from_its_old_workbook(crosswalks: dict[str, Path], read: Read) -> None:
    sink = read("crosswalk", [crosswalks["soc"]], "soc")
    assert sink.rows_read == 1125
    assert not sink.errors
    assert any(
        line.startswith("<http://data.europa.eu/esco/isco/C0110> ")
        and line.endswith("<https://w3id.org/pes-ai/code/soc-2010/55-1011> .")
        for line in sink.lines()
    )
