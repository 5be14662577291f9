"""Spreadsheets read like CSV files; places name the sheet and the cell."""

import datetime as dt
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from pesai.loading.header import letter
from tests.loaders.runs import WORLD, Loads

HEADER = ["id", "name_en", "country", "kind", "source_url", "note"]
GOOD = ["a", "Service", "QM", "PES", "https://qm.example/", None]


def book(path: Path, *rows: Sequence[object], sheet: str = "Services") -> Workbook:
    made = Workbook()
    page = made.active
    assert page is not None
    page.title = sheet
    for row in rows:
        page.append(list(row))
    made.save(path)
    return made


def said(run: Loads, kind: str = "organisations") -> list[str]:
    return [str(issue) for issue in run.sinks[kind].issues]


def test_a_spreadsheet_gives_what_the_csv_file_gives(run: Loads, tmp_path: Path) -> None:
    rows = [line.split(",") for line in (WORLD / "organisations.csv").read_text().splitlines()]
    book(tmp_path / "organisations.xlsx", *rows)
    sheet = run.load("organisations", tmp_path / "organisations.xlsx", name="world")
    table = run.load("organisations", WORLD / "organisations.csv", name="world")
    assert sheet.lines() == table.lines()
    assert sheet.issues == []


def test_places_are_those_of_the_spreadsheet(run: Loads, tmp_path: Path) -> None:
    bad = ["b", "=1+1", "ZZ", "PES", "#REF!", None]
    book(tmp_path / "s.xlsx", HEADER, GOOD, [], bad)
    sink = run.load("organisations", tmp_path / "s.xlsx")
    assert said(run) == [
        "s.xlsx[Services]: note: 1 blank rows are left out: 3",
        (
            "s.xlsx[Services]:4:source_url (E4): error: is an error of a spreadsheet, not a value "
            "('#REF!'; the value itself)"
        ),
        "s.xlsx[Services]:4:name_en (B4): error: must not be empty",
        (
            "s.xlsx[Services]:4:country (C4): error: is not a country "
            "('ZZ'; two letters of ISO 3166-1)"
        ),
    ]
    assert sink.rows_skipped == 1


def test_numbers_dates_and_flags_are_read_as_a_person_would_write_them(
    world: Loads, tmp_path: Path
) -> None:
    header = [
        "id", "initiative_id", "metric", "value", "population", "source_url", "metric_code",
        "value_num", "unit_code", "is_effect", "value_role", "design", "year_start", "period",
    ]  # fmt: skip
    row = [
        "o", "qm-tool", "served", 12.0, "all", "https://qm.example/", "users_reached", 12.5,
        "person", False, "observed", "monitoring", 2024.0, dt.date(2024, 5, 1),
    ]  # fmt: skip
    book(tmp_path / "o.xlsx", header, row)
    sink = world.load("outcomes", tmp_path / "o.xlsx")
    assert sink.issues == []
    text = "\n".join(sink.lines())
    for value in ('"12.5"^^', '"12" .', '"2024"^^', '"false"^^', '"2024-05-01" .'):
        assert value in text


def test_merged_cells_and_further_sheets_are_told(run: Loads, tmp_path: Path) -> None:
    path = tmp_path / "m.xlsx"
    made = book(path, HEADER, GOOD, ["b", "Other", "QM", "PES", "https://qm.example/"])
    page = made.active
    assert page is not None
    page["F2"] = "both"
    page.merge_cells("F2:F3")
    made.create_sheet("Notes")
    made.create_sheet("Hidden").sheet_state = "hidden"
    made.save(path)
    run.load("organisations", path)
    assert said(run) == [
        "m.xlsx[Services]: warning: cells are merged; only the first one holds the value ('F2:F3')",
        "m.xlsx[Services]: note: other sheets are not read: Notes",
    ]


CELL = (
    '<table:table-cell office:value-type="{kind}"{more}><text:p>{text}</text:p></table:table-cell>'
)
ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">'
    '<office:body><office:spreadsheet><table:table table:name="Services">{rows}'
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)

MANIFEST = (
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
)


def test_an_ods_file_is_read(run: Loads, tmp_path: Path) -> None:
    rows = "".join(
        "<table:table-row>"
        + "".join(CELL.format(kind="string", more="", text=cell or "") for cell in row)
        + "</table:table-row>"
        for row in (HEADER, GOOD, ["b", "Other", "QQQ", "PES", "https://qm.example/", ""])
    )
    with zipfile.ZipFile(tmp_path / "s.ods", "w") as pack:
        pack.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        pack.writestr("META-INF/manifest.xml", MANIFEST)
        pack.writestr("content.xml", ODS.format(rows=rows))
    sink = run.load("organisations", tmp_path / "s.ods")
    assert said(run) == [
        "s.ods[Services]:3:country (C3): error: is not a country ('QQQ'; two letters of ISO 3166-1)"
    ]
    assert sink.rows_read - sink.rows_skipped == 1


def test_a_small_file_that_claims_billions_of_cells_costs_nothing(
    run: Loads, tmp_path: Path
) -> None:
    made = Workbook()
    page = made.active
    assert page is not None
    page["A1"], page["XFD1048576"] = "id", "x"
    made.save(tmp_path / "bomb.xlsx")
    started = time.monotonic()
    assert run.load("organisations", tmp_path / "bomb.xlsx").lines() == ()
    assert said(run) == ["bomb.xlsx: error: claims too many cells (at most 20,000,000)"]
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("name", ["s.xlsx", "s.ods", "s.xls"])
def test_a_file_that_is_no_spreadsheet_is_refused(run: Loads, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"id,name\n")
    assert run.load("organisations", tmp_path / name).lines() == ()
    (message,) = said(run)
    assert message.startswith(f"{name}: error: is not a spreadsheet that can be read")


ENCODED = {
    "latin.csv": (
        "id,name_en,country,kind,source_url\na,Service,QM,PES,https://qm.example/\n"
        "b,Café,QM,PES,https://qm.example/\n".encode("cp1252"),
        (
            "latin.csv: error: is not UTF-8: 1 lines hold other bytes, the first is line 3 "
            "('b,Café,QM,PES,https://qm.'; save the file as UTF-8; "
            "Windows-1252 gives the text shown)"
        ),
    ),
    "sixteen.csv": (
        "id,name_en\n".encode("utf-16"),
        "sixteen.csv: error: is UTF-16 (a CSV file in UTF-8)",
    ),
    "packed.csv": (
        b"PK\x03\x04rest",
        "packed.csv: error: is a spreadsheet or an archive (a CSV file in UTF-8)",
    ),
}


@pytest.mark.parametrize("name", ENCODED)
def test_other_encodings_are_told(run: Loads, tmp_path: Path, name: str) -> None:
    content, message = ENCODED[name]
    (tmp_path / name).write_bytes(content)
    assert run.load("organisations", tmp_path / name).lines() == ()
    assert said(run) == [message]


def test_a_byte_order_mark_and_other_line_ends_do_not_matter(run: Loads, tmp_path: Path) -> None:
    text = (WORLD / "organisations.csv").read_bytes()
    wanted = run.load("organisations", WORLD / "organisations.csv", name="world").lines()
    for content in (
        b"\xef\xbb\xbf" + text,
        text.replace(b"\n", b"\r\n"),
        text.replace(b"\n", b"\r"),
    ):
        (tmp_path / "organisations.csv").write_bytes(content)
        found = run.load("organisations", tmp_path / "organisations.csv", name="world")
        assert found.lines() == wanted
        assert found.issues == []


def test_letters_of_columns() -> None:
    assert [letter(n) for n in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
