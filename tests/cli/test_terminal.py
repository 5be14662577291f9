"""On a terminal: tables and progress bars for people, and nothing of them elsewhere."""

import os
import pty
import subprocess
import sys
from pathlib import Path

PESAI = str(Path(sys.executable).parent / "pesai")


def _on_a_terminal(home: Path, *arguments: str) -> str:
    """What a person sees."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PESAI_HOME": str(home), "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        [PESAI, *arguments], stdin=theirs, stdout=theirs, stderr=theirs, env=environment
    ) as process:
        os.close(theirs)
        seen = bytearray()
        try:
            while part := os.read(ours, 4096):
                seen += part
        except OSError:  # how Linux says that the other end of a terminal is closed
            pass
        os.close(ours)
    assert process.returncode == 0, seen.decode()
    return seen.decode()


def test_bars_and_tables_are_for_terminals(tmp_path: Path) -> None:
    file = tmp_path / "hello.ttl"
    file.write_text('<https://example.org/a> <https://example.org/says> "= 1 + 1" .')
    home = tmp_path / "var"
    assert "━" in _on_a_terminal(home, "load", "rdf", str(file))
    select = "SELECT ?s ?o { ?s <https://example.org/says> ?o }"
    shown = _on_a_terminal(home, "query", "-e", select)
    assert "<https://example.org/a>" in shown
    assert "─" in shown
    assert "1 row, release 000001" in shown
    plain = subprocess.run(
        [PESAI, "query", "-e", select],
        env={**os.environ, "PESAI_HOME": str(home)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert plain.stdout == '?s\t?o\n<https://example.org/a>\t"= 1 + 1"\n'


def test_nothing_that_a_graph_holds_commands_the_terminal(tmp_path: Path) -> None:
    file = tmp_path / "hello.nt"
    file.write_text('<urn:a> <urn:p> "[bold]x[/bold] \\u001B[2J \\u0007" .')
    home = tmp_path / "var"
    _on_a_terminal(home, "load", "rdf", str(file))
    for query in ("SELECT ?o { ?s <urn:p> ?o }", "CONSTRUCT WHERE { ?s <urn:p> ?o }"):
        shown = _on_a_terminal(home, "query", "-e", query)
        assert "[bold]x[/bold]" in shown
        assert "\x1b[2J" not in shown
        assert "\x07" not in shown
