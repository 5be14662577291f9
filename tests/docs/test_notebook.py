"""The notebook for researchers runs against the real service, from the question to the citation."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parents[2] / "docs" / "how-to" / "from-a-question-to-a-citation.ipynb"
RUN = """
import sys, nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], 4)
NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
nbformat.write(notebook, sys.argv[2])
"""


def code(notebook: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The cells with code, by their ids."""
    return {cell["id"]: cell for cell in notebook["cells"] if cell["cell_type"] == "code"}


@pytest.fixture(scope="module")
def done(service: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The cells after they were run, each in its turn, by a kernel of its own."""
    target = tmp_path_factory.mktemp("notebook") / "done.ipynb"
    run = subprocess.run(
        [sys.executable, "-c", RUN, str(NOTEBOOK), str(target)],
        env={**os.environ, "PESAI_ADDRESS": service, "PYDEVD_DISABLE_FILE_VALIDATION": "1"},
        capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-3000:]
    return code(json.loads(target.read_text("utf-8")))


def text(cell: dict[str, Any]) -> str:
    return "".join("".join(output.get("text", [])) for output in cell["outputs"])


def test_it_goes_from_the_question_to_a_citation_that_holds(
    done: dict[str, dict[str, Any]], service: str
) -> None:
    assert "rows from release 000001" in text(done["ask"])
    assert f"{service}/q/000001-" in text(done["cite"])
    assert "@misc{pesai-000001-" in text(done["cite"])
    assert text(done["again"]).strip() == "the same answer: True"


def test_it_shows_a_table_and_a_plot(done: dict[str, dict[str, Any]]) -> None:
    (table,) = done["table"]["outputs"]
    assert "<table" in "".join(table["data"]["text/html"])
    assert any("image/png" in output.get("data", {}) for output in done["plot"]["outputs"])
    outputs = [output for cell in done.values() for output in cell["outputs"]]
    assert "error" not in {output["output_type"] for output in outputs}


def test_it_is_kept_without_outputs() -> None:
    cells = code(json.loads(NOTEBOOK.read_text("utf-8")))
    assert [cell["outputs"] for cell in cells.values()] == [[]] * len(cells)
