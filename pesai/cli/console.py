"""What commands say: to a person on a terminal, as plain lines, or as JSON to a program."""

import json
import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from pesai.releases.publisher import Tell

__all__ = [
    "answer_in_json",
    "as_json",
    "say",
    "show_facts",
    "show_json",
    "show_table",
    "told",
    "user",
    "waiting",
    "warn",
]

_state = {"json": False}

_COMMANDS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def answer_in_json(chosen: bool) -> bool:
    """Remember that the command was asked to answer in JSON."""
    _state["json"] = chosen
    return chosen


def as_json() -> bool:
    """Whether the command was asked to answer in JSON."""
    return _state["json"]


def user() -> str:
    """Who runs the command, as told in manifests."""
    import getpass

    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that nobody gave a name
        return f"user {os.getuid()}"


def say(text: str) -> None:
    """A line for a person; nothing when JSON was asked for."""
    if not as_json():
        typer.echo(harmless(text))


def warn(text: str) -> None:
    """A line on standard error."""
    typer.echo(harmless(text), err=True)


def harmless(text: str) -> str:
    """A text that commands no terminal: control characters and marks of direction are shown.

    What graphs hold was written by others.
    """
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04X}", text)


def waiting(holder: str) -> None:
    """Say that another publisher is at work."""
    warn(f"another publisher (process {holder}) is at work; waiting until it is done …")


def show_json(value: object, *, to_stderr: bool = False) -> None:
    """The answer of a command as JSON; a problem goes to standard error."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1, default=str), err=to_stderr)


def show_table(
    columns: Sequence[str], rows: Sequence[Sequence[object]], *, caption: str = ""
) -> None:
    """Rows as a table on a terminal, else as lines with tabs between the cells."""
    if not sys.stdout.isatty():
        for row in (columns, *rows):
            typer.echo("\t".join(_cell(value) for value in row))
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*columns, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row))
    Console().print(table)
    if caption:
        say(caption)


def show_facts(facts: Mapping[str, object]) -> None:
    """Facts by name, one a line."""
    width = max(map(len, facts))
    for name, value in facts.items():
        say(f"{name:<{width}}  {value}")


def _cell(value: object) -> str:
    return harmless(str(value).replace("\t", " ").replace("\n", " "))


@contextmanager
def told() -> Iterator["Tell"]:
    """Tells how far long work is: a bar on a terminal, a line for each part otherwise."""
    if as_json():
        yield lambda _what, _done, _total: None
    elif sys.stderr.isatty():
        yield from _bar()
    else:
        yield _lines()


def _bar() -> Iterator["Tell"]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    parts = (TextColumn("{task.description:<32}"), BarColumn(), MofNCompleteColumn())
    with Progress(*parts, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda what, done, total: progress.update(
            task, description=what, completed=done, total=total
        )


def _lines() -> "Tell":
    def tell(what: str, done: int, total: int) -> None:
        if done < total:
            warn(f"{what} ({done + 1} of {total})")

    return tell
