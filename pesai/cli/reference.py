"""The reference page of commands and settings, made from these themselves.

``python -m pesai.cli.reference > docs/reference/commands.md``
"""

import sys
from collections.abc import Iterator
from typing import Any

from pydantic import ByteSize
from pydantic.fields import FieldInfo
from typer.main import get_command

from pesai.cli.main import app
from pesai.settings import Settings

__all__ = ["page"]

_HEAD = """\
# Commands and settings

Made by `python -m pesai.cli.reference`; a test compares it with the program.

Every command has `--help`, which teaches with examples, and `--json`, which gives the answer as
one JSON document for programs (an error then goes to standard error as `{"problem": …}`). Long work
shows a progress bar on a terminal and plain lines otherwise.

| exit code | meaning |
| --- | --- |
| 0 | done |
| 1 | there are problems in the input; they are listed, and the good rows were loaded |
| 2 | this is not how it is called, or there is no such thing |
| 3 | refused: taken back, not allowed, or not in the present state |
| 4 | failed: no room on the disk, a damaged release, a time limit, Ctrl-C |

Audiences of graphs are `public`, `partners` or `owners:ORG[,ORG…]`; a reader is `public`,
`partners` or `owner:ORG`. A country's code (`owner:FI`) stands for its only public employment
service.

Settings come from the environment, or from `pesai.toml` in the folder where the command is called
(`home = "/srv/pesai"`); the environment goes before. Sizes are written as `256MiB`.

| setting | what | default |
| --- | --- | --- |
"""


def page() -> str:
    """The page in Markdown."""
    root: Any = get_command(app)
    rows = [_setting(name, field) for name, field in Settings.model_fields.items()]
    parts = [
        f"{_HEAD}{''.join(rows)}",
        *(_section(name, command) for name, command in _commands(root, "pesai")),
    ]
    return "\n".join(parts)


def _setting(name: str, field: FieldInfo) -> str:
    value = field.default
    if field.default_factory is not None:
        shown = "number of cores"
    elif isinstance(value, ByteSize):
        shown = f"`{value.human_readable().replace('.0', '')}`"
    else:
        shown = "none" if value is None else f"`{value}`"
    return f"| `PESAI_{name.upper()}` | {_cell(field.description or '')} | {shown} |\n"


def _commands(group: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - Click's objects
    """Every command below a group, with the words that call it."""
    for name, command in sorted(group.commands.items()):
        words = f"{path} {name}"
        if hasattr(command, "commands"):
            yield from _commands(command, words)
        else:
            yield words, command


def _section(words: str, command: Any) -> str:  # noqa: ANN401
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    shown = " ".join([words, *(_argument(p) for p in arguments)])
    text, examples = _help(command.help)
    rows = [f"| `{_cell(_name(p))}` | {_text(p)} | {_default(p)} |" for p in command.params]
    parts = [f"## {words}\n", f"`{shown}`\n", f"{text}\n"]
    parts += ["```\n" + "\n".join(examples) + "\n```\n"] if examples else []
    parts += ["| | what | default |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n"]
    return "\n".join(parts)


def _help(text: str) -> tuple[str, list[str]]:
    """The text of a command without its examples, and these."""
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    examples = [p.removeprefix("Example: ") for p in paragraphs if p.startswith("Example: ")]
    return "\n\n".join(p for p in paragraphs if not p.startswith("Example: ")), examples


def _argument(parameter: Any) -> str:  # noqa: ANN401
    return str(parameter.metavar or parameter.name.upper())


def _name(parameter: Any) -> str:  # noqa: ANN401
    if parameter.param_type_name == "argument":
        return _argument(parameter)
    return ", ".join(parameter.opts)


def _text(parameter: Any) -> str:  # noqa: ANN401
    return _cell(parameter.help or "")


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _default(parameter: Any) -> str:  # noqa: ANN401
    if parameter.required:
        return "needed"
    value = parameter.default
    return "" if value in (None, False, "") else f"`{value}`"


if __name__ == "__main__":
    sys.stdout.write(page())
