"""Pages of the documentation as somebody follows them: in one terminal, from top to bottom.

Blocks marked ``console`` hold commands behind ``$``, with the lines that belong to them, and what
they print; ``...`` in it stands for anything. Blocks with ``file=NAME`` are written to that file
first. A word that ends in ``…`` is one's own: what is printed in its place is what later commands
with that word are given.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Self

__all__ = ["Terminal", "agreed"]

ROOT = Path(__file__).resolve().parents[2]
ADDRESS = "http://127.0.0.1:8000"

PATIENCE = 600
"""Seconds for one command."""

_FENCE = re.compile(r"^```(?P<info>[^\n]+)\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"file=(\S+)")
_HOLE = re.compile(r"(\s*\.\.\.\s*|[^\s\"]+…|\s+)")
_END = "\x04"


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
        while output and not _is_whole(command):
            more, _, output = output.partition("\n")
            command = f"{command}\n{more}"
        yield command, output


def _is_whole(command: str) -> bool:
    """Whether a shell would not wait for another line."""
    said = subprocess.run(["bash", "-n", "-c", command], capture_output=True, check=False).stderr
    return not said and not command.endswith("\\")


def agreed(shown: str, printed: str) -> dict[str, str] | None:
    """What one's own words stand for, when the output is as shown; ``None`` when it is not."""
    parts = _HOLE.split(shown.strip())
    holes = ("" if n % 2 == 0 else _pattern(part) for n, part in enumerate(parts))
    texts = (re.escape(part) if n % 2 == 0 else "" for n, part in enumerate(parts))
    whole = "".join(text + hole for text, hole in zip(texts, holes, strict=True))
    found = re.fullmatch(rf"\s*{whole}\s*", printed, re.DOTALL)
    own = [part for part in parts[1::2] if part.endswith("…")]
    return dict(zip(own, found.groups(), strict=True)) if found else None


def _pattern(hole: str) -> str:
    """What may be printed where the page has a gap."""
    if hole.endswith("…"):
        return r"(\S+)"
    return ".*?" if "..." in hole else r"\s+"


@dataclass
class Terminal:
    """A shell in a folder, over a home, with the program in its path.

    Attributes:
        folder: where it begins.
        home: ``PESAI_HOME``.
        address: of the service that stands for the one in the page.
    """

    folder: Path
    home: Path
    address: str
    own: dict[str, str] = field(default_factory=dict)

    def __enter__(self) -> Self:
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        more = {"PATH": path, "PESAI_HOME": str(self.home), "NO_COLOR": "1", "COLUMNS": "100"}
        self._shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=self.folder,
            env={**os.environ, **more},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._shell.kill()
        self._shell.communicate()

    def follow(self, page: Path) -> None:
        """Do what a page says, and compare what comes out with what it shows."""
        for block in blocks(page.read_text(encoding="utf-8")):
            if named := _FILE.search(block.info):
                text = self._here(block.body)
                (self.folder / named[1]).write_text(text, encoding="utf-8")
            elif block.info == "console":
                for command, shown in steps(block):
                    printed = self.run(command)
                    learned = agreed(shown, printed)
                    assert learned is not None, (
                        f"{page.relative_to(ROOT)}, block at line {block.line}: {command}\n"
                        f"--- shown\n{shown}\n--- printed\n{printed}"
                    )
                    self.own |= learned

    def run(self, command: str) -> str:
        """What a command prints."""
        assert self._shell.stdin is not None
        assert self._shell.stdout is not None
        late = Timer(PATIENCE, self._shell.kill)
        late.start()
        try:
            self._shell.stdin.write(f"{self._here(command)}\necho '{_END}'\n")
            self._shell.stdin.flush()
            printed = []
            while (line := self._shell.stdout.readline()) != f"{_END}\n":
                assert line, f"the shell ended, or took {PATIENCE} seconds: {command}"
                printed.append(line)
        finally:
            late.cancel()
        return "".join(printed).replace(self.address, ADDRESS)

    def _here(self, text: str) -> str:
        for word, stands_for in {ADDRESS: self.address, **self.own}.items():
            text = text.replace(word, stands_for)
        return text
