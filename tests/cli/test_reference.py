"""The page of the commands says what the commands are."""

from pathlib import Path

from pesai.cli.reference import page

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "commands.md"


def test_every_command_and_option_is_documented() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python -m pesai.cli.reference > commands.md"


def test_every_command_teaches_with_an_example() -> None:
    sections = page().split("\n## ")[1:]
    assert len(sections) > 15
    for section in sections:
        command = section.splitlines()[0]
        assert f"\n{command}" in section.split("```")[1], f"{command} has no example"
        assert "| `--json` |" in section


def test_no_option_is_without_words() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `")]
    assert rows
    for row in rows:
        assert len(row.split(" | ")[1].split()) > 1, row
