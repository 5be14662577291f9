"""Every command of the tutorial is run, and what the tutorial shows is what comes out.

Blocks marked ``console`` hold commands behind ``$`` and what they print; ``...`` in it stands for
anything. Blocks with ``file=NAME`` are written to that file first.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial.md"
ADDRESS = "http://127.0.0.1:8000"

_FENCE = re.compile(r"^```(?P<info>[^\n]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"file=(\S+)")


@dataclass(frozen=True)
class Block:
    line: int
    info: str
    body: str


def blocks(text: str) -> Iterator[Block]:
    for found in _FENCE.finditer(text):
        yield Block(text[: found.start()].count("\n") + 1, found["info"].strip(), found["body"])


def steps(block: Block) -> Iterator[tuple[str, str]]:
    """Commands with the output that is shown below each."""
    for part in re.split(r"^\$ ", block.body, flags=re.MULTILINE)[1:]:
        command, _, output = part.partition("\n")
        while command.endswith("\\"):
            more, _, output = output.partition("\n")
            command = command[:-1] + more.strip()
        yield command, output


def agrees(shown: str, printed: str) -> bool:
    """Whether the output is as shown, where ``...`` stands for anything."""
    pattern = r".*?".join(re.escape(part.strip()) for part in shown.strip().split("..."))
    wanted = re.sub(r"(\\\s)+", r"\\s+", pattern)
    return re.fullmatch(rf"\s*{wanted}\s*", printed, re.DOTALL) is not None


def test_the_harness_sees_a_difference() -> None:
    assert agrees("a ... c\n", "a b c")
    assert not agrees("a ... d\n", "a b c")


@pytest.fixture
def folder(bundled_home: Path, tmp_path: Path) -> Path:
    """A folder with a home of its own: the tutorial loads things."""
    shutil.copytree(bundled_home, tmp_path / "var", symlinks=True)
    return tmp_path


def test_the_tutorial_is_true(
    folder: Path, serve: Callable[..., AbstractContextManager[str]]
) -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PESAI_HOME": str(folder / "var"),
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }
    with serve(folder / "var") as address:
        for block in blocks(text):
            if named := _FILE.search(block.info):
                (folder / named[1]).write_text(
                    block.body.replace(ADDRESS, address), encoding="utf-8"
                )
            elif block.info == "console":
                for command, shown in steps(block):
                    done = subprocess.run(
                        ["bash", "-c", command.replace(ADDRESS, address)],
                        cwd=folder,
                        env=environment,
                        capture_output=True,
                        text=True,
                        timeout=120,
                        check=False,
                    )
                    printed = (done.stdout + done.stderr).replace(address, ADDRESS)
                    assert agrees(shown, printed), (
                        f"docs/tutorial.md, block at line {block.line}: {command}\n"
                        f"--- shown\n{shown}\n--- printed\n{printed}"
                    )
