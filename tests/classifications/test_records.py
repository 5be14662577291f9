"""Large tables: places, bad rows, encodings, delimiters."""

import csv

import pytest

from pesai.loading.records import Records, read_records
from pesai.loading.sink import Sink


def read(content: bytes, *, fallback: str = "") -> tuple[Records | None, list[str]]:
    sink = Sink()
    records = read_records("t.csv", content, sink, ("id", "name"), ("more",), fallback=fallback)
    return records, [str(issue) for issue in sink.issues]


def rows(content: bytes, *, fallback: str = "") -> list[tuple[object, ...]]:
    records, _ = read(content, fallback=fallback)
    assert records is not None
    return list(records.pick("id", "name", "more"))


def test_rows_come_with_their_numbers_and_absent_columns_are_empty() -> None:
    assert rows(b'name,id\r\nA,1\r\n"B\nb",2\r\n') == [(2, "1", "A", ""), (3, "2", "B\nb", "")]


def test_blank_rows_count_and_are_left_out() -> None:
    assert rows(b"id,name\n\n1,A\n,\n2,B\n") == [(3, "1", "A", ""), (5, "2", "B", "")]


def test_empty_cells_beyond_the_header_do_no_harm() -> None:
    assert rows(b"id,name\n1,A,,\n") == [(2, "1", "A", "")]


def test_a_row_of_another_width_is_told_and_left_out() -> None:
    records, issues = read(b"id,name\n1,A,x\n2,B\n3\n")
    assert records is not None
    assert list(records.column("id")) == ["2"]
    assert "\n".join(issues) == (
        "t.csv:2: error: has not 2 cells as the header: 2 times, in rows 2, 4 "
        "('3 cells'; no merged cells and no extra ones)"
    )


def test_a_misspelt_column_is_an_error_with_what_was_meant() -> None:
    records, issues = read(b"id,nmae\n1,A\n")
    assert records is None
    assert any("did you mean 'name'?" in issue for issue in issues)


def test_another_delimiter_is_named() -> None:
    records, issues = read(b"id;name\n1;A\n")
    assert records is None
    assert any("separated by semicolons" in issue for issue in issues)


def test_latin_1_is_told_and_refused_unless_the_publisher_is_known_for_it() -> None:
    content = "id,name\n1,é\n".encode("latin-1")
    records, issues = read(content)
    assert records is None
    assert "t.csv:2: error: is not UTF-8 from this line on ('1,é'" in issues[0]
    assert rows(content, fallback="latin-1") == [(2, "1", "é", "")]
    assert (
        "warning: is not UTF-8 but latin-1, and is read so"
        in read(content, fallback="latin-1")[1][0]
    )


def test_utf_16_is_named() -> None:
    records, issues = read("id,name\n1,A\n".encode("utf-16"))
    assert records is None
    assert "is UTF-16" in issues[0]


def test_what_xml_cannot_carry_costs_the_row_and_what_it_can_is_kept() -> None:
    records, issues = read("id,name\n1,a\x0bb\n2,#REF!\n3,a\x99b\n".encode())
    assert records is not None
    assert list(records.column("id")) == ["3"]
    assert "t.csv:2: error: holds the control character U+000B" in issues[0]
    assert "t.csv:3: error: is an error of a spreadsheet, not a value ('#REF!'" in issues[1]
    assert "t.csv:4: warning: holds characters of a text that was taken for another" in issues[2]


def test_mixed_line_ends_are_told_and_those_inside_of_cells_are_not() -> None:
    assert read(b'id,name\r\n1,"A\nB"\r\n')[1] == []
    _, issues = read(b"id,name\r\n1,A\n2,B\r\n")
    assert issues == [
        "t.csv: note: line ends are mixed: 2 of Windows, 1 of Unix (one kind; read all the same)"
    ]


def test_an_open_quotation_mark_is_told_and_the_rows_before_it_are_read() -> None:
    records, issues = read(b'id,name\n1,A\n2,"B\n3,C\n')
    assert records is not None
    assert list(records.column("id")) == ["1"]
    assert issues[0].startswith("t.csv:3: error: cannot be read from this row on")


def test_a_cell_may_be_longer_than_the_library_allows_and_its_limit_is_given_back() -> None:
    before = csv.field_size_limit()
    long = "x" * (before + 1)
    assert rows(f"id,name\n1,{long}\n".encode()) == [(2, "1", long, "")]
    assert csv.field_size_limit() == before


@pytest.mark.parametrize("content", [b"", b"\n", b"id,name\n"])
def test_nothing_to_read_is_an_error(content: bytes) -> None:
    records, issues = read(content)
    assert records is None
    assert "error" in issues[0]
