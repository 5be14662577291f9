"""Style sheets of others: the right files, brought by one command, and never needed."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.web.conftest import Client, put

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = json.loads((ROOT / "pesai" / "web" / "vendored.json").read_text(encoding="utf-8"))


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The parts of a fresh clone that the command uses."""
    for name in ("tools/vendor.py", "package.json", "package-lock.json", "pesai/web/vendored.json"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, target)
    return tmp_path


def vendor(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command where nothing can be fetched."""
    return subprocess.run(
        [sys.executable, "-m", "tools.vendor", *arguments],
        cwd=checkout,
        env={**os.environ, "npm_config_registry": "http://127.0.0.1:9/", "npm_config_cache": "x"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_without_npm_or_network_one_line_says_so_and_all_goes_on(checkout: Path) -> None:
    done = vendor(checkout)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1
    assert "pages work without" in done.stdout


def test_nothing_is_fetched_when_all_is_there(checkout: Path) -> None:
    static = ROOT / "pesai" / "web" / "static"
    if not all((static / entry["to"]).is_file() for entry in ENTRIES):
        pytest.skip("the files are not there (make assets, with npm)")
    for entry in ENTRIES:
        target = checkout / "pesai" / "web" / "static" / entry["to"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(static / entry["to"], target)
    done = vendor(checkout)
    assert (done.returncode, done.stdout) == (0, "")
    changed = checkout / "pesai" / "web" / "static" / ENTRIES[0]["to"]
    changed.write_bytes(changed.read_bytes() + b" ")
    assert "pages work without" in vendor(checkout).stdout


def test_a_file_that_is_not_the_named_one_is_an_error(checkout: Path) -> None:
    modules = checkout / ".cache" / "npm" / "node_modules"
    for entry in ENTRIES:
        source = modules / entry["package"] / entry["from"]
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text("something else", encoding="utf-8")
    axe = modules / "axe-core" / "axe.min.js"
    axe.parent.mkdir(parents=True)
    axe.touch()
    shutil.copyfile(
        checkout / "package-lock.json", checkout / ".cache" / "npm" / "package-lock.json"
    )
    done = vendor(checkout)
    assert done.returncode == 1
    assert "is not the file that vendored.json names" in done.stderr
    assert not (checkout / "pesai" / "web" / "static" / ENTRIES[0]["to"]).exists()


def test_a_sheet_that_is_there_is_linked_with_its_checksum(
    tmp_path: Path, serve: Callable[..., AbstractContextManager[str]]
) -> None:
    home = tmp_path / "var"
    put(home, "one", ['<urn:a> <urn:p> "a" .'])
    sheet = next(entry for entry in ENTRIES if entry["to"].endswith(".css"))
    there = (ROOT / "pesai" / "web" / "static" / sheet["to"]).is_file()
    with serve(home) as address:
        page = Client(address).send("GET", "/", Accept="text/html").text
    assert (f'integrity="{sheet["integrity"]}"' in page) == there
    assert 'href="/static/pesai.css"' in page
