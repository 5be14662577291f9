"""``pesai check``: the ontology, or data before they are loaded."""

from pathlib import Path
from typing import Annotated

import typer

from pesai.cli import console
from pesai.cli.group import Group
from pesai.cli.load import source_of
from pesai.cli.options import audience_of
from pesai.cli.report import run_load
from pesai.errors import InputProblem, WrongUse

__all__ = ["app"]

app = Group(
    name="check", no_args_is_help=True, help="Check the ontology, or data before they are loaded."
)


@app.command()
def ontology() -> None:
    """Check the ontology: rules, code lists, alignments, consistency.

    Example: pesai check ontology
    """
    from pesai.vocabulary.hygiene import check_ontology

    defects = check_ontology()
    if console.as_json():
        console.show_json([{name: getattr(d, name) for name in d.__slots__} for d in defects])
    else:
        for defect in defects:
            console.warn(f"{defect.severity}: {defect.subject}: {defect.message} [{defect.rule}]")
    errors = sum(defect.severity == "error" for defect in defects)
    if errors:
        raise InputProblem("the ontology has {n} defects, listed above", n=errors)
    console.say("the ontology is in order")


@app.command()
def data(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders.")],
    kind: Annotated[
        str, typer.Option(help="Kind of source; by default what the file's name tells.")
    ] = "",
    audience: Annotated[
        str, typer.Option(help="For whom it would be: what it may refer to depends on that.")
    ] = "public",
) -> None:
    """Read and check files as 'load' would, and write nothing.

    Example: pesai check data organisations.csv

    Example: pesai check data answers.ttl --audience owners:tootukassa
    """
    from pesai.releases.intake import Load

    chosen = kind or _kind_of(paths[0])
    item = Load(source_of(chosen, paths, "checked"), audience_of(audience))
    run_load([item], who=console.user(), why="check", dry_run=True)


def _kind_of(path: Path) -> str:
    """The kind of source that a file's name tells."""
    from pesai.releases.bundled import kind_of

    found = kind_of(path)
    if found is None:
        raise WrongUse(
            "'{name}' does not tell the kind of source: add --kind, as in --kind findings",
            name=path.name,
        )
    return found
