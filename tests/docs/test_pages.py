"""Every command of the tutorial and of the how-to of writing is run; what they show comes out."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import Serve
from tests.docs.pages import ROOT, Terminal, agreed


def test_the_harness_sees_a_difference() -> None:
    assert agreed("a ... c\n", "a b c") == {}
    assert agreed("a ... d\n", "a b c") is None
    assert agreed("a b… c", "a 1 c") == {"b…": "1"}
    assert agreed("a b… c", "a 1 2 c") is None


@pytest.mark.parametrize("page", ["tutorial.md", "how-to/write.md"])
def test_the_page_is_true(page: str, bundled_home: Path, tmp_path: Path, serve: Serve) -> None:
    """In a home of its own: it loads and writes things."""
    home = tmp_path / "var"
    shutil.copytree(bundled_home, home, symlinks=True)
    with serve(home) as address, Terminal(tmp_path, home, address) as terminal:
        terminal.follow(ROOT / "docs" / page)
