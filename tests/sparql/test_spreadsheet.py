"""Spreadsheets hold the answer and nothing that runs."""

import csv
from datetime import datetime
from io import BytesIO, StringIO
from zipfile import ZipFile

import openpyxl
import pyoxigraph as ox
import pytest

from pesai.engine.protocol import ResultTooLarge
from pesai.sparql import spreadsheet
from pesai.sparql.spreadsheet import write_csv, write_xlsx
from pesai.sparql.terms import Row, Rows, Term

XSD = "http://www.w3.org/2001/XMLSchema#"
PAYLOADS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", '=HYPERLINK("http://x")',
    "=cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0", "@import", "\u00a0=1", "=\u0000x",
]  # fmt: skip
MADE = datetime.fromisoformat("2026-01-02")


def of(value: str, datatype: str = "string") -> Term:
    return Term("literal", value, "", XSD + datatype)


def book(rows: list[Row], notes: list[tuple[str, str]] | None = None) -> bytes:
    target = BytesIO()
    width = len(rows[0]) if rows else 1
    names = tuple(f"v{n}" for n in range(width))
    write_xlsx(
        Rows(names, iter(rows)), target,
        titles=("Result", "Sources & limits"), notes=notes or [], made=MADE,
    )  # fmt: skip
    return target.getvalue()


@pytest.mark.attack("17")
def test_no_payload_becomes_a_formula_or_a_link() -> None:
    rows: list[Row] = [(of(text), Term("iri", text)) for text in PAYLOADS]
    data = book([*rows, (Term("iri", "http://example.org/"), None)], [("Query", "=1+1")])
    for sheet in openpyxl.load_workbook(BytesIO(data)):
        for row in sheet.iter_rows():
            assert all(cell.data_type in "sn" and cell.hyperlink is None for cell in row)
    with ZipFile(BytesIO(data)) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_values_are_typed_where_a_cell_holds_them_exactly() -> None:
    row: Row = (
        of("5", "integer"), of("-1.25", "decimal"), of("1.0E3", "double"), of("true", "boolean"),
        of("2020-02-03", "date"), of("2020-02-03T04:05:06", "dateTime"), of("2024", "gYear"),
    )  # fmt: skip
    kept: Row = (
        of("12345678901234567", "integer"), of("0.1234567890123456", "decimal"),
        of("INF", "double"), of("1e999", "double"), of("2020-02-03Z", "date"),
        of("2020-02-03T04:05:06Z", "dateTime"), of("1850-01-01", "date"),
    )  # fmt: skip
    sheet = openpyxl.load_workbook(BytesIO(book([row, kept])))["Result"]
    values = list(sheet.iter_rows(min_row=2, values_only=True))
    assert values[0] == (
        5, -1.25, 1000, True, datetime.fromisoformat("2020-02-03"),
        datetime.fromisoformat("2020-02-03T04:05:06"), 2024,
    )  # fmt: skip
    assert list(values[1]) == [term.value for term in kept if term]


def test_the_same_rows_give_the_same_bytes() -> None:
    rows: list[Row] = [(of("a"),), (None,)]
    first = book(rows)
    assert book(rows) == first
    with ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        assert b"2026-01-02T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def test_the_second_sheet_says_what_it_is() -> None:
    loaded = openpyxl.load_workbook(BytesIO(book([(of("a"),)], [("Date", "2 January 2026")])))
    assert loaded.sheetnames == ["Result", "Sources & limits"]
    assert list(loaded["Sources & limits"].values) == [("Date", "2 January 2026")]


def test_nothing_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 10)
    book([(of("a"),)] * 10)
    with pytest.raises(ResultTooLarge, match="takes 10 rows"):
        book([(of("a"),)] * 11)
    monkeypatch.setattr(spreadsheet, "MOST_CELLS", 12)
    with pytest.raises(ResultTooLarge, match="takes 6 rows of 2 columns"):
        book([(of("a"), of("b"))] * 7)
    with pytest.raises(ResultTooLarge, match="32768"):
        book([(of("x" * 32768),)])


@pytest.mark.undefended("17")
def test_a_library_left_to_itself_writes_formulas_and_links() -> None:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    for text in PAYLOADS:
        if text.isprintable():
            sheet.append([text])
    target = BytesIO()
    made.save(target)
    loaded = openpyxl.load_workbook(target).active
    assert loaded is not None
    assert any(cell.data_type == "f" for (cell,) in loaded.iter_rows())


@pytest.mark.undefended("16")
def test_csv_for_programs_holds_formulas_as_they_are() -> None:
    """The standard's CSV says what the graph says; it is not saved as a file by browsers."""
    found = ox.Store().query('SELECT ("=1+1" AS ?text) {}')
    assert isinstance(found, ox.QuerySolutions)
    body = found.serialize(format=ox.QueryResultsFormat.CSV) or b""
    assert body.split(b"\r\n")[1] == b"=1+1"


@pytest.mark.attack("16")
def test_csv_for_spreadsheets_runs_nothing_and_keeps_numbers() -> None:
    target = BytesIO()
    rows: list[Row] = [(of(text), of("-5", "integer")) for text in PAYLOADS]
    rows.append((of('a "quoted", text\nin lines'), of("-5; evil", "integer")))
    write_csv(Rows(("text", "number"), iter(rows)), target)
    text = target.getvalue().decode("utf-8-sig")
    assert target.getvalue().startswith(b"\xef\xbb\xbf")
    head, *body = csv.reader(StringIO(text, newline=""))
    assert head == ["text", "number"]
    for (cell, number), payload in zip(body[:-1], PAYLOADS, strict=True):
        assert cell == f"'{payload}"
        assert number == "-5"
    assert body[-1] == ['a "quoted", text\nin lines', "'-5; evil"]
