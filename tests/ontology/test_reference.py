"""The reference shows the ontology as it is."""

import os
import re
from pathlib import Path

from pesai.vocabulary.reference import code_table, term_tables

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "ontology.md"


def test_the_tables_are_those_of_the_ontology() -> None:
    shown = PAGE.read_text(encoding="utf-8")
    expected = shown
    for name, table in (("code lists", code_table()), ("terms", term_tables())):
        marks = re.compile(rf"(?<=<!-- {name} -->\n).*?(?=\n<!-- end -->)", re.DOTALL)
        old = marks.search(expected)
        assert old is not None
        expected = expected.replace(old[0], f"\n{table}\n")
    if os.environ.get("PESAI_UPDATE_DOCS") == "1":
        PAGE.write_text(expected, encoding="utf-8")
        shown = expected
    assert shown == expected, "set PESAI_UPDATE_DOCS=1 to write the tables anew"
