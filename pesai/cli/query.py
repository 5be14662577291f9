"""``pesai query``: ask the graph, within the same walls as over HTTP."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from pesai.cli import console
from pesai.cli.options import As, AtRelease, base, home, reader_of
from pesai.errors import WrongUse

if TYPE_CHECKING:
    from pesai.engine.protocol import GraphFormat, Query, Result, SolutionsFormat
    from pesai.sparql import guard

__all__ = ["query"]

_ROWS = ("json", "xml", "csv", "tsv")
_GRAPHS = ("ttl", "nt", "jsonld", "rdf", "trig", "nq")


def query(  # noqa: PLR0917 - Typer makes options of them
    what: Annotated[
        str | None,
        typer.Argument(
            metavar="[FILE|NAME]",
            help="File with a query ('-': standard input), or name of a stored one, as area/name.",
        ),
    ] = None,
    text: Annotated[str, typer.Option("--execute", "-e", help="The query itself.")] = "",
    param: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=VALUE", help="Value of a parameter; may be given several times."
        ),
    ] = None,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            help=f"table, {', '.join(_ROWS)}; for graphs {', '.join(_GRAPHS)}. By default a table "
            "on a terminal, else tsv; ttl for graphs.",
        ),
    ] = "",
    release: AtRelease = None,
    audience: As = "public",
) -> None:
    """Ask the graph in SPARQL 1.1, or by a stored query.

    The query runs in a process of its own, with the limits of time, memory and size that the
    settings give, and reaches no network.

    Example: pesai query -e "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"

    Example: pesai query initiatives/initiatives-by-country-and-status --param country=FR

    Example: pesai query question.rq --format csv --release 12 --audience owner:tootukassa
    """
    asked = _asked(what, text, _parameters(param or []))
    chosen = format_ or ("json" if console.as_json() else _usual())
    if chosen not in ("table", *_ROWS, *_GRAPHS):
        raise WrongUse(
            "there is no format '{format}'; there are: table, {known}",
            format=chosen,
            known=", ".join((*_ROWS, *_GRAPHS)),
        )
    _show(_answer(asked, chosen, release, audience), chosen)


def _usual() -> str:
    return "table" if sys.stdout.isatty() else "tsv"


@dataclass(frozen=True)
class _Asked:
    text: str
    bindings: Mapping[str, str]


def _parameters(given: list[str]) -> dict[str, str]:
    pairs = [item.partition("=") for item in given]
    for name, sign, _ in pairs:
        if not (name and sign):
            raise WrongUse("'{name}' is no parameter: write --param NAME=VALUE", name=name)
    return {name.lstrip("?$"): value for name, _, value in pairs}


def _asked(what: str | None, text: str, given: Mapping[str, str]) -> _Asked:
    """The query, from whichever of the three places it was to come."""
    from pesai.sparql.catalogue import Catalogue, bind

    if bool(what) == bool(text):
        raise WrongUse("say what to ask: a file, the name of a stored query, or -e with the query")
    if what == "-":
        text = sys.stdin.read()
    elif what and (Path(what).is_file() or what.endswith((".rq", ".sparql"))):
        text = _read(Path(what))
    if text:
        return _Asked(text, {name: _term(value) for name, value in given.items()})
    stored = Catalogue.read().find(what or "")
    return _Asked(stored.text, bind(stored, given, base()))


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        raise WrongUse("there is no file '{path}'", path=path) from None
    except UnicodeDecodeError:
        raise WrongUse("the file '{path}' is not text in UTF-8", path=path) from None


def _term(value: str) -> str:
    """A value as a term: an address is an IRI, a term in N-Triples is itself, the rest is text."""
    from pyoxigraph import Literal, NamedNode, RdfFormat, parse

    try:
        if value.startswith(("http://", "https://")):
            return str(NamedNode(value))
        if value.startswith(("<", '"')):
            line = f"<urn:s> <urn:p> {value} .".encode()
            return str(next(iter(parse(input=line, format=RdfFormat.N_TRIPLES))).object)
    except (ValueError, SyntaxError, StopIteration):
        raise WrongUse("'{value}' is neither an IRI nor a literal", value=value) from None
    return str(Literal(value))


def _answer(asked: _Asked, chosen: str, release: str | None, audience: str) -> "Result":
    """The answer of an engine with one worker, which ends with the command."""
    from pesai.engine.embedded.local import LocalEngine
    from pesai.engine.embedded.pool import Pool
    from pesai.engine.protocol import Limits, Query
    from pesai.namespaces import PREFIXES
    from pesai.releases.locate import locator
    from pesai.settings import settings
    from pesai.sparql import guard

    limits = Limits(settings().query_seconds, settings().query_memory, settings().result_size)
    scan = guard.admit(asked.text)
    plain = Query(
        asked.text,
        reader=reader_of(audience),
        release=release,
        bindings=asked.bindings,
        solutions=_solutions(chosen),
        graph=_graph(chosen),
    )
    pool = Pool(1, limits)
    try:
        found = LocalEngine(pool, locator(home()), PREFIXES).query(_datasets(plain, scan), limits)
    finally:
        pool.close()
    guard.confirm(scan)
    return found


def _datasets(query: "Query", scan: "guard.Scan") -> "Query":
    """Several default graphs are given as such, so that a triple in two of them counts once."""
    if len(scan.default_graphs) < 2 or scan.undeclared or scan.form is None:
        return query
    return replace(query, default_graphs=scan.default_graphs, named_graphs=scan.named_graphs)


def _solutions(chosen: str) -> "SolutionsFormat | None":
    if chosen in _GRAPHS:
        return None
    return cast("SolutionsFormat", "json" if chosen == "table" else chosen)


def _graph(chosen: str) -> "GraphFormat | None":
    """Formats that hold rows only say nothing of graphs: the usual ones give Turtle then."""
    usual = {"table": "ttl", "tsv": "ttl", "json": "jsonld", "xml": "rdf"}
    return cast("GraphFormat | None", chosen if chosen in _GRAPHS else usual.get(chosen))


def _show(result: "Result", chosen: str) -> None:
    with result.body:
        if chosen == "table" and result.kind != "graph":
            from pesai.cli.rows import show

            show(result)
            return
        sys.stdout.flush()
        if sys.stdout.isatty():
            console.say(result.body.read().decode("utf-8", "replace").rstrip("\n"))
            return
        while part := result.body.read(1 << 16):
            sys.stdout.buffer.write(part)
    sys.stdout.buffer.flush()
