"""``pesai build``: the graph from the data that come with the program."""

import typer

from pesai.errors import InputProblem
from pesai.loading.loader import Source
from pesai.namespaces import Base
from pesai.releases.intake import Load, load
from pesai.releases.layout import Home
from pesai.resources import files
from pesai.settings import settings

__all__ = ["build"]


def build() -> None:
    """Load everything that ships with the program into one release."""
    data = files("data")
    loads = [Load(Source("organisations", "observatory", (data / "organisations.csv",)))]
    home = Home(settings().home)
    outcome = load(home, Base(settings().base_iri), loads, who="pesai build", why="bundled data")
    for issue in outcome.issues:
        typer.echo(str(issue), err=True)
    if outcome.manifest is not None:
        typer.echo(f"release {outcome.manifest.id} is served now")
    else:
        typer.echo("nothing changed: the present release stays")
    if outcome.errors:
        raise InputProblem("{n} errors, listed above; the good rows were loaded", n=outcome.errors)
