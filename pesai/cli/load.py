"""``pesai load``: a source of one's own."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pesai.cli import console
from pesai.cli.options import audience_of
from pesai.cli.report import run_load
from pesai.errors import InputProblem, NotFound, WrongUse

if TYPE_CHECKING:
    from pesai.loading.loader import Source

__all__ = ["load", "source_of"]

_VERSION = re.compile(r"\d+(?:\.\d+)+")
"""A name that is nothing but a version."""


def load(  # noqa: PLR0917 - Typer makes options of them
    kind: Annotated[str, typer.Argument(help="Kind of source, as 'organisations' or 'rdf'.")],
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files or folders.")],
    audience: Annotated[
        str | None,
        typer.Option(
            help="For whom: public, partners or owners:ORG[,ORG...]. By default those who may "
            "read the graph now; a new one is public."
        ),
    ] = None,
    name: Annotated[
        str, typer.Option(help="Name of the graph; by default that of the file or folder.")
    ] = "",
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Read and check; write nothing.")
    ] = False,
    why: Annotated[str, typer.Option(help="The reason; told in the manifest.")] = "",
) -> None:
    """Load files into one named graph and make a release.

    All problems are listed with file, row and column; good rows are loaded, bad ones skipped. The
    same files loaded again make no new release.

    Example: pesai load organisations my-services.csv --name my-country

    Example: pesai load rdf answers.ttl --audience owners:tootukassa,france-travail --dry-run
    """
    from pesai.releases.intake import Load

    item = Load(source_of(kind, paths, name), audience_of(audience) if audience else None)
    reason = why or f"pesai load {kind} {' '.join(path.name for path in paths)}"
    run_load([item], who=console.user(), why=reason, dry_run=dry_run)


def source_of(kind: str, paths: list[Path], name: str = "") -> "Source":
    """The source that paths mean: files as they are, folders with all that is in them.

    Raises:
        WrongUse: several paths and no name, a name of another version than the files', or no such
            kind.
        NotFound: a path is not there.
        InputProblem: a folder is empty, or two files have one name.
    """
    from pesai.loading.discovery import loader
    from pesai.loading.loader import Source
    from pesai.namespaces import slug

    reader = loader(kind)
    found = list({file.resolve(): file for path in paths for file in _files(path)}.values())
    # Loaders of classifications know a name: the version that the files tell.
    suggest = getattr(reader, "name", None)
    told = suggest(found) if suggest else ""
    if told and _VERSION.fullmatch(name) and name != told:
        raise WrongUse(
            "the files are of version {told}, and --name says {name}: leave it out, or name the "
            "graph {told}",
            told=told,
            name=name,
        )
    name = name or told
    if not name and len(paths) > 1:
        raise WrongUse("several files make one graph: name it with --name")
    names = [file.name for file in found]
    twice = [file for file in found if names.count(file.name) > 1]
    if twice:
        alike = [str(file) for file in twice if file.name == twice[0].name]
        raise InputProblem(
            "two files are called '{name}': name the right one, or rename one of them ({paths})",
            name=twice[0].name,
            paths=", ".join(alike),
        )
    chosen = name or paths[0].resolve().name.partition(".")[0]
    # Points stay, for versions are names: ``1.1.1``.
    plain = ".".join(filter(None, map(slug, chosen.split("."))))
    if not plain:
        raise WrongUse("'{name}' is no name for a graph: use letters and digits", name=chosen)
    return Source(kind, plain, tuple(found))


def _files(path: Path) -> tuple[Path, ...]:
    if path.is_file():
        return (path,)
    if not path.is_dir():
        raise NotFound("there is no file or folder '{path}'", path=path)
    from pesai.loading.bundle import spread

    found = spread([path])
    if not found:
        raise InputProblem("the folder '{path}' is empty", path=path)
    return found
