"""Loading from the command line, and telling what became of it."""

from collections.abc import Sequence

import typer

from pesai.errors import InputProblem
from pesai.namespaces import Base
from pesai.releases.intake import Load, Outcome, load
from pesai.releases.layout import Home
from pesai.settings import settings

__all__ = ["run_load"]


def run_load(loads: Sequence[Load], *, who: str, why: str, dry_run: bool = False) -> None:
    """Load sources and tell what became of each.

    Raises:
        InputProblem: errors were reported.
    """
    home, base = Home(settings().home), Base(settings().base_iri)
    outcome = load(home, base, loads, who=who, why=why, dry_run=dry_run)
    for issue in outcome.issues:
        typer.echo(str(issue), err=True)
    typer.echo(_end(outcome))
    if outcome.errors:
        raise InputProblem("{n} errors, listed above; the good rows were loaded", n=outcome.errors)


def _end(outcome: Outcome) -> str:
    if outcome.manifest is not None:
        return f"release {outcome.manifest.id} is served now"
    return "nothing changed: the present release stays"
