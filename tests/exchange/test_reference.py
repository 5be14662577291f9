"""The reference shows the table of points as it is."""

from pathlib import Path

from pesai.exchange.table import kinds

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "matching.md"


def test_the_table_of_the_reference_is_that_of_the_ontology() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for kind in kinds():
        times = f" × {kind.most}" if kind.most > 1 else ""
        assert f"| `{kind.name}` | {kind.weight:+}{times} | {kind.definitions['en']} |" in text
    assert text.count("\n| `") == len(kinds()) + 6, "and the parameters of the address"
