"""All commands, and how they end."""

import errno
import sys
import traceback
from typing import Annotated

import typer

from pesai.cli import check, console, graphs, ontology, releases, token
from pesai.cli.align import align
from pesai.cli.build import build
from pesai.cli.group import Group
from pesai.cli.load import load
from pesai.cli.match import match
from pesai.cli.query import query
from pesai.cli.rebuild import rebuild
from pesai.errors import Problem

__all__ = ["app", "main"]

INTERRUPTED = 130
"""Exit code of Typer when the user presses Ctrl-C."""

app = Group(
    name="pesai",
    help="Who does what with artificial intelligence in public employment services.\n\n"
    "Exit codes: 0 done, 1 problems in the input (listed), 2 wrong use, 3 refused, 4 failed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        import pyoxigraph

        import pesai

        typer.echo(f"pesai {pesai.__version__} (pyoxigraph {pyoxigraph.__version__})")
        raise typer.Exit


@app.callback()
def _start(
    _version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    pass


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port to listen on; 0 for any.")
    ] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Web processes.")] = 2,
) -> None:
    """Serve the present release: engine and web, until Ctrl-C.

    Example: pesai serve --port 8080
    """
    from pesai.cli.serve import serve as run

    run(host, port, workers)


app.command()(align)
app.command()(build)
app.command()(load)
app.command()(query)
app.command()(match)
app.command()(rebuild)
for group in (releases, graphs, check, ontology, token):
    app.add_typer(group.app)


def main() -> None:
    """Run a command.

    Exit codes: 0 done, 1 problems in the input, 2 wrong use, 3 refused, 4 failed.
    """
    try:
        app()
    except SystemExit as end:
        if end.code != INTERRUPTED:
            raise
        console.warn("pesai: interrupted; the present release stays")
        raise SystemExit(4) from None
    except Problem as problem:
        _tell(problem.code, problem.title, problem.detail, problem.exit_code)
    except OSError as error:
        _tell("failed", "Something went wrong", _reason(error), 4)
    except Exception as error:  # noqa: BLE001 - the last line of defence: a code of our own
        _unexpected(error)


def _tell(code: str, title: str, detail: str, exit_code: int) -> None:
    """End with a problem, told as the answer would have been."""
    if console.as_json():
        problem = {"code": code, "title": title, "detail": detail, "exit_code": exit_code}
        console.show_json({"problem": problem}, to_stderr=True)
    else:
        console.warn(f"pesai: {detail}")
    raise SystemExit(exit_code) from None


def _reason(error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    words = f"{error.strerror or error}{where}"
    if error.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT):
        words += ": make room, and try again; the present release stays"
    return words


def _unexpected(error: Exception) -> None:
    """A wrong setting, or a mistake of ours."""
    from tomllib import TOMLDecodeError

    from pydantic import ValidationError

    if isinstance(error, TOMLDecodeError):
        _tell("wrong-use", "A setting is wrong", f"pesai.toml cannot be read: {error}", 2)

    if isinstance(error, ValidationError) and error.title == "Settings":
        told = "; ".join(
            f"PESAI_{'_'.join(map(str, item['loc'])).upper()}: "
            + ("there is no such setting" if item["type"] == "extra_forbidden" else item["msg"])
            for item in error.errors()
        )
        _tell("wrong-use", "A setting is wrong", f"a setting is wrong: {told}", 2)
    traceback.print_exc(file=sys.stderr)
    _tell("failed", "Something went wrong", f"this is a mistake in pesai ({error!r})", 4)
