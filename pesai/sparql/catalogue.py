"""The catalogue of stored queries: files ``queries/{area}/{question}.rq`` with a header.

A file can be pasted into any SPARQL client as it is: parameters are variables, free without a
value. ``bind`` turns what a person gave into terms, and the engine answers as if they stood there::

    query = Catalogue.read().get("initiatives", "stages-by-country")
    engine.query(Query(query.text, bindings=bind(query, {"country": "FR"}, base)), limits)
"""

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from pesai.errors import NotFound
from pesai.namespaces import Base
from pesai.resources import files
from pesai.sparql.header import BrokenQuery, Header
from pesai.sparql.parameters import Parameter, WrongParameter, is_type

__all__ = [
    "Area",
    "BrokenQuery",
    "Catalogue",
    "Parameter",
    "StoredQuery",
    "UnknownQuery",
    "WrongParameter",
    "bind",
]

On = Literal["bundled", "example"]
Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]

RESERVED = frozenset(
    {"download", "format", "query", "release", "default-graph-uri", "named-graph-uri"}
)
"""Names that addresses of queries use themselves."""


class UnknownQuery(NotFound):
    """There is no stored query of that name."""


@dataclass(frozen=True)
class StoredQuery:
    """One query of the catalogue.

    Attributes:
        area, name: folder and file; the query is at ``/queries/{area}/{name}``.
        text: SPARQL, without the header.
        titles, descriptions: the question and what to know about the answer, by language.
        parameters: in the order of the header.
        tags: words to find it by.
        least: number of rows that the answer has at least, with the defaults.
        on: the data that ``least`` speaks of: bundled with the program, or the fictional example.
        cq: number of the competency question of the ontology that it answers, if any.
    """

    area: str
    name: str
    text: str
    titles: Mapping[str, str]
    descriptions: Mapping[str, str]
    parameters: tuple[Parameter, ...]
    tags: tuple[str, ...]
    least: int
    on: On
    cq: int | None = None

    @property
    def path(self) -> str:
        """``{area}/{name}``, as in addresses and on the command line."""
        return f"{self.area}/{self.name}"

    @property
    def form(self) -> Form:
        """The form of the query: what kind of answer it gives."""
        plain = re.sub(r"<[^>\s]*>|#[^\n]*", " ", self.text)
        found = re.search(r"\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b", plain, re.IGNORECASE)
        return cast("Form", found[1].upper()) if found else "SELECT"

    def parameter(self, name: str) -> Parameter:
        """The parameter of that name.

        Raises:
            WrongParameter: there is none; the message names the nearest and all known ones.
        """
        names = [parameter.name for parameter in self.parameters]
        if name in names:
            return self.parameters[names.index(name)]
        if not names:
            raise WrongParameter(
                "The query {query} has no parameters; '{name}' was given.",
                query=self.path,
                name=name,
            )
        near = difflib.get_close_matches(name, names, 1, 0.4)
        template = "The query {query} has no parameter '{name}'. It has: {known}."
        if near:
            template = "The query {query} has no parameter '{name}', but '{near}'. It has: {known}."
        raise WrongParameter(
            template, query=self.path, name=name, near="".join(near), known=", ".join(names)
        )


@dataclass(frozen=True)
class Area:
    """A folder of queries, with its titles by language."""

    name: str
    titles: Mapping[str, str]
    queries: tuple[StoredQuery, ...]


def bind(query: StoredQuery, given: Mapping[str, str], base: Base) -> dict[str, str]:
    """The terms, in N-Triples by variable, that the given values stand for.

    A blank value counts as not given, as a form sends it. Then the default holds; without a
    default the variable stays free.

    Raises:
        WrongParameter: a name is unknown, a value does not fit, or a required one is missing.
    """
    for name in given:
        query.parameter(name)
    bound = {}
    for parameter in query.parameters:
        value = given.get(parameter.name, "").strip() or parameter.default
        if value is not None:
            bound[parameter.name] = str(parameter.checked(value, base))
        elif parameter.required:
            raise WrongParameter(
                "The query {query} needs the parameter '{name}'.",
                query=query.path,
                name=parameter.name,
            )
    return bound


@dataclass(frozen=True)
class Catalogue:
    """All stored queries, by area and name."""

    listed: tuple[Area, ...]

    @classmethod
    def read(cls, folder: Path | None = None) -> "Catalogue":
        """Read every query of a folder; by default those that come with the program.

        Raises:
            BrokenQuery: a file is not in order; the message says which, where and why.
        """
        folder = folder or files("queries")
        titles = _area_titles(folder / "areas.toml")
        for path in sorted(folder.glob("*/*.rq")):
            if path.parent.name not in titles:
                raise BrokenQuery(
                    "{file}:1: the area '{area}' is not in areas.toml",
                    file=f"{path.parent.name}/{path.name}",
                    area=path.parent.name,
                )
        return cls(
            tuple(
                Area(
                    name, texts, tuple(read(path) for path in sorted((folder / name).glob("*.rq")))
                )
                for name, texts in titles.items()
            )
        )

    def areas(self) -> tuple[Area, ...]:
        """The areas, in the order of ``areas.toml``."""
        return self.listed

    def __iter__(self) -> Iterator[StoredQuery]:
        return (query for area in self.listed for query in area.queries)

    def get(self, area: str, name: str) -> StoredQuery:
        """One query.

        Raises:
            UnknownQuery: there is none of that name; the message names the nearest.
        """
        return self.find(f"{area}/{name}")

    def find(self, path: str) -> StoredQuery:
        """One query by ``{area}/{name}``, or by its name alone where only one area has it.

        Raises:
            UnknownQuery: there is none of that name, or several; the message names the nearest.
        """
        found = [query for query in self if path in {query.path, query.name}]
        if len(found) == 1:
            return found[0]
        paths = [query.path for query in self]
        near = [query.path for query in found] or difflib.get_close_matches(path, paths, 3, 0.5)
        if near:
            raise UnknownQuery(
                "There is no stored query '{path}'. The nearest: {near}.",
                path=path,
                near=", ".join(near),
            )
        raise UnknownQuery("There is no stored query '{path}'.", path=path)


def _area_titles(path: Path) -> dict[str, dict[str, str]]:
    header = Header(path.name, path.read_text("utf-8").splitlines(), {})
    header.values = tomllib.loads("\n".join(header.lines))
    return {name: header.texts(name) for name in list(header.values)}


def read(path: Path) -> StoredQuery:
    """Read one query file.

    Raises:
        BrokenQuery: it is not in order; the message says where and why.
    """
    file = f"{path.parent.name}/{path.name}"
    header, text = Header.split(file, path.read_text("utf-8"))
    tables = header.tables("parameters")
    query = StoredQuery(
        area=path.parent.name,
        name=path.stem,
        text=text,
        titles=header.texts("title"),
        descriptions=header.texts("description"),
        parameters=tuple(_parameter(name, table, text) for name, table in tables),
        tags=tuple(header.take("tags", list, ...)),
        least=header.take("least", int, ...),
        on=header.take("on", str, "bundled"),
        cq=header.take("cq", int),
    )
    header.finish()
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", query.name):
        raise header.wrong("title", f"the file's name '{query.name}' is not words with hyphens")
    if query.on not in {"bundled", "example"}:
        raise header.wrong("on", f"must be bundled or example, not {query.on!r}")
    if query.least < 1:
        raise header.wrong(
            "least", "must be 1 or more: a query whose answer is empty shows nothing"
        )
    return query


def _parameter(name: str, table: Header, text: str) -> Parameter:
    """One table of the header as a parameter; its default is tried."""
    parameter = Parameter(
        name=name,
        type=table.take("type", str, ...),
        labels=table.texts("label"),
        default=table.take("default", str),
        required=table.take("required", bool, default=False),
        language=table.take("language", str),
    )
    table.finish()
    if not is_type(parameter.type):
        raise table.wrong(f"parameters.{name}", f"the type '{parameter.type}' is not known")
    if name in RESERVED or not re.search(rf"[?$]{re.escape(name)}\b", text):
        raise table.wrong(f"parameters.{name}", "is no variable of the query, or a reserved name")
    if parameter.required and parameter.default is not None:
        raise table.wrong(f"parameters.{name}", "is required and has a default: one of the two")
    if parameter.default is not None:
        try:
            parameter.term(parameter.default, Base("https://base.example/"))
        except WrongParameter as error:
            raise table.wrong(f"parameters.{name}", str(error)) from None
    return parameter
