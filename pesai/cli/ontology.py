"""``pesai ontology``: work on the ontology itself."""

from pathlib import Path
from typing import Annotated

import typer

from pesai.cli import console
from pesai.cli.group import Group

__all__ = ["app"]

app = Group(name="ontology", no_args_is_help=True, help="Work on the ontology itself.")


@app.command()
def extract(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER", exists=True, file_okay=False, help="Folder with official archives."
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder to write to; by default ontology/imports.")
    ] = None,
) -> None:
    """Make the extracts of ESCO, ISCO-08, ROME and the country table again.

    Example: pesai ontology extract ~/classifications --out /tmp/imports
    """
    from pesai.resources import files
    from pesai.vocabulary.extract import extract as make

    written = make(folder, out or files("ontology") / "imports")
    if console.as_json():
        console.show_json([str(path) for path in written])
    for path in written:
        console.say(f"written: {path}")
