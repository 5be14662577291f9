"""``pesai align``: what the rows of a list may mean in a classification."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pesai.cli import console
from pesai.cli.options import As, base, home, reader_of
from pesai.errors import InputProblem, NotFound, WrongUse

if TYPE_CHECKING:
    from pesai.alignment.bench import Bench
    from pesai.alignment.sheet import Asked

__all__ = ["align"]


def align(  # noqa: PLR0917 - Typer makes options of them
    file: Annotated[Path, typer.Argument(help="CSV file (UTF-8, commas), xlsx, xls or ods.")],
    column: Annotated[str, typer.Option(help="Column with the titles, skills or sentences.")],
    to: Annotated[
        str,
        typer.Option(
            metavar="SCHEME",
            help="What to align with: esco:occupation, esco:skill, rome-title, isco, … or an IRI.",
        ),
    ],
    lang: Annotated[str, typer.Option(help="Language of the column, as fr or en.")],
    out: Annotated[Path, typer.Option(help="Where the proposals go, as candidates.sssom.tsv.")],
    code: Annotated[
        str, typer.Option("--id", metavar="COLUMN", help="Column with each row's code or IRI.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, max=20, help="Proposals for each row.")] = 5,
    audience: As = "public",
) -> None:
    """Propose concepts of a classification for each row of a list, with scores and reasons.

    The proposals are a table in SSSOM (tab-separated). Open it in a spreadsheet program and say in
    the column 'review' what the proposed concept is to your term: exact, close, broad, narrow,
    related, or no. 'pesai load sssom' loads the marked rows only.

    Example: pesai align jobs.csv --column title --to esco:occupation --lang fr
    --out candidates.sssom.tsv
    """
    from pesai.alignment.bench import Bench
    from pesai.alignment.sheet import Set, read_list, write
    from pesai.loading.sink import Sink

    if not file.is_file():
        raise NotFound("there is no file '{file}'", file=file)
    _check_place(out, file)
    bench = Bench.at(home(), reader_of(audience), to, lang.partition("-")[0].lower())
    sink = Sink()
    try:
        asked = read_list(file, column, sink, base(), code)
    finally:
        for issue in sink.issues:
            console.warn(str(issue))
    rows = []
    with console.told() as tell:
        for number, one in enumerate(asked):
            if number % 200 == 0:
                tell(f"{file.name}, row", number, len(asked))
            rows.append((one, bench.propose(one.text, limit)))
    version = bench.source.version if bench.source else ""
    name = out.name.partition(".")[0]
    about = Set(name, base().graph("sssom", name).value, bench.language, bench.scheme.iri, version)
    write(out, about, rows)
    _tell(bench, asked, sum(bool(found) for _, found in rows), out)
    if sink.errors:
        raise InputProblem("errors: {n}, listed above; the good rows are aligned", n=sink.errors)


def _check_place(out: Path, file: Path) -> None:
    """Proposals take nobody's place but that of proposals which nobody went through yet."""
    from pesai.alignment.sheet import is_unmarked

    if not out.exists():
        return
    if out.samefile(file):
        raise WrongUse("the proposals cannot take the place of the list: choose another --out")
    if not is_unmarked(out):
        raise WrongUse(
            "'{out}' is there and may hold the marks of a person, which would be lost: choose "
            "another --out",
            out=out,
        )


def _tell(bench: "Bench", asked: "list[Asked]", found: int, out: Path) -> None:
    if console.as_json():
        facts = {"rows": len(asked), "with_proposals": found, "out": str(out)}
        console.show_json(facts | {"scheme": bench.scheme.iri, "language": bench.language})
        return
    console.say(f"{len(asked)} different rows, {found} with proposals: {out}")
    console.say("mark the right ones in its column 'review' (exact, close, broad, narrow, related,")
    console.say(f"no), then: pesai load sssom {out}")
