"""The table of attacks: which tests stand for which row, read from the marks of the tests.

``python -m tests.attacks.table`` writes ``docs/reference/attacks.md`` anew.
"""

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PAGE", "Row", "Tests", "marked", "page", "rows"]

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "attacks.md"


@dataclass(frozen=True)
class Row:
    """One attack.

    Attributes:
        number: as the marks of tests name it.
        attack, defence: in words.
        without: why there is no test of it, or of it without its defence; usually empty.
    """

    number: str
    attack: str
    defence: str
    without: str = ""


@dataclass(frozen=True, order=True)
class Tests:
    """A test and the rows that its mark names."""

    path: str
    name: str
    mark: str
    rows: tuple[str, ...]


def rows() -> list[Row]:
    """All attacks."""
    text = (Path(__file__).parent / "rows.toml").read_text("utf-8")
    return [Row(number, **row) for number, row in tomllib.loads(text).items()]


def marked() -> list[Tests]:
    """All tests that are marked, of the whole suite."""
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for name, decorators in _tests(tree):
            for mark, numbers in _marks(decorators):
                found.append(Tests(str(path.relative_to(ROOT)), name, mark, numbers))
    return sorted(found)


def _tests(tree: ast.Module) -> Iterator[tuple[str, list[ast.expr]]]:
    """Functions and classes of tests with their decorators."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            yield node.name, node.decorator_list
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name.startswith("test_"):
                    yield f"{node.name}::{method.name}", method.decorator_list


def _marks(decorators: list[ast.expr]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for one in decorators:
        called = one.func if isinstance(one, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in ("attack", "undefended"):
            assert isinstance(one, ast.Call)
            yield called.attr, tuple(ast.literal_eval(argument) for argument in one.args)


def page() -> str:
    """The page as it should be."""
    tests = marked()
    lines = [(Path(__file__).parent / "page.md").read_text("utf-8")]
    for row in rows():
        lines.append(f"\n## {row.number}. {row.attack}\n\n{row.defence}\n")
        for mark, title in (
            ("attack", "it fails"), ("undefended", "it succeeds without the defence"),
        ):  # fmt: skip
            mine = [one for one in tests if one.mark == mark and row.number in one.rows]
            lines += [f"\n*{title[0].upper()}{title[1:]}:*\n\n"] if mine else []
            lines += [f"* {_said(one.name)} (`{one.path}`)\n" for one in mine]
        if row.without:
            lines.append(f"\n{row.without}\n")
    return "".join(lines)


def _said(name: str) -> str:
    return name.rpartition("::")[2].removeprefix("test_").replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
