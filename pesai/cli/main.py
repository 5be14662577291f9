"""All commands."""

from typing import Annotated

import typer

from pesai.cli import build as build_command
from pesai.cli import serve as serve_command
from pesai.errors import Problem

__all__ = ["app", "main"]

app = typer.Typer(
    name="pesai",
    help="Who does what with artificial intelligence in public employment services.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


@app.command()
def build() -> None:
    """Make a release of the data that come with the program; nothing changed, no new release."""
    build_command.build()


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(help="Web processes.")] = 2,
) -> None:
    """Serve the present release: engine and web, until Ctrl-C."""
    serve_command.serve(host, port, workers)


def main() -> None:
    """Run a command.

    Exit codes: 0 done, 1 problems in the input, 2 wrong use, 3 refused, 4 failed.
    """
    try:
        app()
    except Problem as problem:
        typer.echo(f"pesai: {problem}", err=True)
        raise SystemExit(problem.exit_code) from None
