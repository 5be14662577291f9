"""``/queries``: stored questions, listed by area and run with parameters in every format."""

from dataclasses import dataclass, replace
from functools import cache
from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from pesai.engine.protocol import Query
from pesai.errors import Problem
from pesai.sparql.catalogue import Catalogue, Parameter, StoredQuery, WrongParameter, bind
from pesai.sparql.formats import Format, of_kind
from pesai.sparql.terms import Table
from pesai.web import headers, state
from pesai.web.answers import SHOWN, Answer, answer, select
from pesai.web.i18n import language
from pesai.web.problems import wants_html
from pesai.web.readers import current_reader
from pesai.web.results import Download, cells

__all__ = ["Choice", "Field", "blueprint"]

blueprint = Blueprint("queries", __name__)

_OWN = frozenset({"format", "download"})
"""Parameters of the address that are not the query's."""


@dataclass(frozen=True)
class Choice:
    """One value that a field offers."""

    value: str
    label: str


@dataclass(frozen=True)
class Field:
    """A parameter as the form shows it.

    Attributes:
        value: what was given, or the default.
        open: whether the query also answers without a value.
        choices: what it offers; without any, the value is typed.
    """

    name: str
    label: str
    value: str
    required: bool
    open: bool
    type: str
    choices: tuple[Choice, ...]


@blueprint.route("/queries")
def index() -> str:
    """All stored queries, by area."""
    areas = [area for area in catalogue().areas() if area.queries]
    return render_template("queries/index.html", areas=areas)


@blueprint.route("/queries/<area>/<name>")
def run(area: str, name: str) -> AnyResponse:
    """One stored query: a form and the answer for people, the answer for programs."""
    query = catalogue().get(area, name)
    given = _given(query)
    if wants_html() and _lacks(query, given):
        return make_response(_page(query, given, None))
    bound = bind(query, given, state.base())
    return answer(
        Query(query.text, current_reader(), bindings=bound, base=headers.endpoint(), curated=True),
        name=query.name,
        title=query.titles[language()],
        page=lambda found: _page(query, given, found),
    )


@cache
def catalogue() -> Catalogue:
    """The stored queries, read once."""
    return Catalogue.read()


def _given(query: StoredQuery) -> dict[str, str]:
    """The parameters of the request.

    People get the texts in the language of the page, programs in the query's default.
    """
    given = {name: value for name, value in request.args.items() if name not in _OWN}
    known = {parameter.name for parameter in query.parameters}
    if "lang" not in known:
        given.pop("lang", None)
    elif wants_html():
        given["lang"] = language()
    return given


def _lacks(query: StoredQuery, given: dict[str, str]) -> bool:
    """Whether a value that the query cannot do without is missing."""
    return any(one.required and not given.get(one.name, "").strip() for one in query.parameters)


def _page(query: StoredQuery, given: dict[str, str], found: Answer | None) -> str:
    """The page of a stored query, with its answer when there is one."""
    shown = _without_doubles(found) if found else None
    rows, labelled = cells(shown) if shown else ([], True)
    return render_template(
        "queries/query.html",
        query=query,
        area=next(area for area in catalogue().areas() if area.name == query.area),
        fields=[_field(one, given) for one in query.parameters if one.name != "lang"],
        answer=shown,
        rows=rows,
        labelled=labelled,
        shown=SHOWN,
        links=_downloads(query, given, found.format) if found else [],
        cite=[("stored", query.path), *given.items(), ("release", found.release)] if found else [],
    )


def _without_doubles(found: Answer) -> Answer:
    """The answer without columns that only repeat the label of the column before.

    A page shows the label of an address in the place of the address.
    """
    names = found.table.variables
    kept = [
        place
        for place, name in enumerate(names)
        if not (name.endswith("Label") and name.removesuffix("Label") in names)
    ]
    table = Table(
        type(names)(names[place] for place in kept),
        [type(row)(row[place] for place in kept) for row in found.table.rows],
        found.table.total,
    )
    return replace(found, table=table)


def _field(parameter: Parameter, given: dict[str, str]) -> Field:
    return Field(
        name=parameter.name,
        label=parameter.labels[language()],
        value=given.get(parameter.name, "") or parameter.default or "",
        required=parameter.required,
        open=not parameter.required and parameter.default is None,
        type=parameter.type,
        choices=_choices(parameter),
    )


def _choices(parameter: Parameter) -> tuple[Choice, ...]:
    """What may be chosen for a parameter; none when anything of its type may be typed."""
    source = parameter.choices
    if source is None:
        return ()
    query = catalogue().get(source.area, source.name)
    given = {**source.given, "lang": language()}
    try:
        bound = bind(query, given, state.base())
        table = select(Query(query.text, current_reader(), bindings=bound, curated=True))
    except (Problem, WrongParameter):  # the form works with a typed value too
        return ()
    value, label = table.variables.index("value"), table.variables.index("label")
    found = []
    for row in table.rows:
        iri, text = row[value], row[label]
        if iri is not None:
            name = _short(parameter, iri.value)
            found.append(Choice(name, text.value if text else name))
    return tuple(found)


def _short(parameter: Parameter, iri: str) -> str:
    """The value of an address in the short form that the query takes."""
    if parameter.scheme is not None or parameter.type in {"organisation", "country"}:
        return iri.rpartition("/")[2]
    return iri


def _downloads(query: StoredQuery, given: dict[str, str], shown: Format) -> list[Download]:
    address = url_for("queries.run", area=query.area, name=query.name)
    fields = [(name, value) for name, value in given.items() if value.strip()]
    return [
        Download(
            one.name,
            one.label,
            f"{address}?{urlencode([*fields, ('format', one.name), ('download', '1')])}",
        )
        for one in of_kind(shown.kind)
        if one.name != "html"
    ]
