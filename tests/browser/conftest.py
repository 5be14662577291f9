"""What looks for barriers; tests say so when it is not there."""

from pathlib import Path

import pytest

AXE = Path(__file__).parents[2] / ".cache" / "npm" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture(scope="session")
def axe() -> str:
    """The script that looks for barriers."""
    if not AXE.is_file():
        pytest.skip("axe-core is not there (python -m tools.vendor --tests, with npm)")
    return AXE.read_text(encoding="utf-8")
