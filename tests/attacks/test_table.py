"""Every attack of the table has tests, and the page says which."""

from tests.attacks.table import PAGE, marked, page, rows


def test_the_page_is_as_the_tests_are() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.attacks.table writes it anew"


def test_every_attack_is_tried_with_its_defence_and_without() -> None:
    tests = marked()
    known = {row.number for row in rows()}
    assert {number for one in tests for number in one.rows} <= known
    for row in rows():
        for mark in ("attack", "undefended"):
            tried = any(one.mark == mark and row.number in one.rows for one in tests)
            assert tried or row.without, f"row {row.number} has no test marked '{mark}'"


def test_the_numbers_are_those_of_the_list() -> None:
    assert [row.number for row in rows()] == [
        *map(str, range(1, 25)),
        "24b",
        *map(str, range(25, 36)),
    ]
