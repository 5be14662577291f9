"""``/initiatives``: initiatives by facets, as a list, a table, and data of exactly that choice."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, render_template, request
from flask_babel import gettext
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound, WrongUse
from pesai.web import nearest
from pesai.web.answers import answer
from pesai.web.cards import cards
from pesai.web.documents import HTML, wanted
from pesai.web.facets import FACETS, NONE, Facet, Held, Selection, held
from pesai.web.i18n import language
from pesai.web.labels import Label, labels_for
from pesai.web.rows import ask, prepared
from pesai.web.takeaway import TABLES, Takeaway, behind
from pesai.web.values import Shown, shown

__all__ = ["Chip", "Group", "Value", "address", "blueprint"]

blueprint = Blueprint("initiatives", __name__)

PER_PAGE = {"list": 25, "table": 100}
"""Initiatives of one page, by the way they are shown."""

_OTHERS = ("lang", "format", "download", "page", "view")
"""Parameters that choose no initiative, in the order of addresses."""


@dataclass(frozen=True)
class Value:
    """A value of a facet: how many have it, where it leads, and the query behind the number."""

    name: str
    shown: Shown
    count: int
    chosen: bool
    href: str
    query: str


@dataclass(frozen=True)
class Group:
    """A facet on a page: values that are links, and values to choose from a list."""

    facet: Facet
    links: tuple[Value, ...]
    rest: tuple[Value, ...]
    open: bool


@dataclass(frozen=True)
class Chip:
    """One thing that was chosen, and the address without it."""

    label: str
    shown: Shown
    href: str


@blueprint.route("/initiatives")
def index() -> AnyResponse:
    """The initiatives that were chosen."""
    there = held()
    selection = _selection(there)
    view = request.args.get("view", "list")
    if view not in PER_PAGE:
        raise WrongUse("There is no view '{view}'. There are: {known}.",
                       view=view[:40], known=", ".join(PER_PAGE))  # fmt: skip
    page = _page_number()
    taken = _taken(there, selection)
    data = taken.response()
    if data is not None:
        return data
    canonical = address(selection, **_others(page, view))
    if request.full_path.rstrip("?") != canonical:
        return redirect(canonical)
    return _html(there, selection, taken, page, view)


@blueprint.route("/initiatives/count")
def count() -> AnyResponse:
    """How many initiatives were chosen: to the query that counts them, or its answer as data.

    Pages have a hundred numbers, and the whole query behind each would make them heavy.
    """
    there = held()
    text = there.text("initiatives-count", _selection(there))
    ending = wanted(TABLES, default="json")
    if ending == HTML:
        return redirect(behind(text))
    return answer(prepared(text), format=ending, name="initiatives")


def address(selection: Selection, **others: str) -> str:
    """The one address of a choice."""
    pairs = [*selection.pairs(), *((name, others[name]) for name in _OTHERS if others.get(name))]
    return f"/initiatives?{urlencode(pairs)}" if pairs else "/initiatives"


def _count(selection: Selection) -> str:
    """The address of the query that counts a selection."""
    return address(selection).replace("/initiatives", "/initiatives/count", 1)


def _others(page: int, view: str) -> dict[str, str]:
    given = {name: request.args.get(name, "") for name in ("lang", "format", "download")}
    return given | {"page": str(page) if page > 1 else "", "view": view if view != "list" else ""}


def _page_number() -> int:
    text = request.args.get("page") or "1"
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 100_000):
        raise WrongUse("'{page}' is not the number of a page.", page=text[:20])
    return int(text)


def _taken(there: Held, selection: Selection) -> Takeaway:
    rows = there.text("initiatives-rows", selection)
    rows = rows.replace("VALUES ?language {}", f"VALUES ?language {{ {Literal(language())} }}")
    graph = there.text("initiatives-graph", selection)
    return Takeaway("initiatives", gettext("Initiatives"), rows, graph)


def _selection(there: Held) -> Selection:
    """What the address chooses.

    Raises:
        WrongUse: a parameter or a value is unknown; the message names those that come near.
    """
    chosen: dict[str, set[str]] = {}
    for name, value in request.args.items(multi=True):
        if name in _OTHERS:
            continue
        if name not in FACETS:
            raise WrongUse("There is no parameter '{name}' here. There are: {known}.",
                           name=name[:60], known=", ".join([*FACETS, *_OTHERS]))  # fmt: skip
        if value:
            _check(there, FACETS[name], value)
            chosen.setdefault(name, set()).add(value)
    return Selection({name: frozenset(values) for name, values in chosen.items()})


def _check(there: Held, facet: Facet, value: str) -> None:
    """Refuse a value that is none of the facet's: one that exists may have no initiative."""
    if value == NONE or value in there.terms[facet.name]:
        return
    term = there.term(facet, value)
    if isinstance(term, Literal) or (isinstance(term, NamedNode) and ask("known", thing=term)):
        return
    near = nearest.names(value, tuple(there.terms[facet.name])) or sorted(there.terms[facet.name])
    raise WrongUse(
        "'{value}' is not a value of {facet}. There are, for example: {known}.",
        value=value[:80], facet=facet.name, known=", ".join([*near[:6], NONE]),
    )  # fmt: skip


def _html(there: Held, selection: Selection, taken: Takeaway, page: int, view: str) -> AnyResponse:
    found = there.chosen(selection)
    labels = _labels(there, found)
    size = PER_PAGE[view]
    last = max(1, -(-len(found) // size))
    if page > last:
        raise NotFound("There is no page {page}: the last one is {last}.", page=page, last=last)
    ordered = sorted(found, key=lambda iri: (labels[iri].text.casefold(), iri))
    kept = {"view": view} if view != "list" else {}

    def at(number: int) -> str:
        return address(selection, **kept, page=str(number) if number > 1 else "")

    return make_response(
        render_template(
            "initiatives/index.html",
            cards=cards(ordered[(page - 1) * size : page * size]),
            total=len(found),
            tools=_tools(there, selection),
            groups=_groups(there, selection, labels),
            chips=_chips(there, selection, labels),
            chosen=selection.pairs(),
            query=_count(selection),
            taken=taken,
            view=view,
            other_view=address(selection, view="table" if view == "list" else ""),
            first=(page - 1) * size + 1,
            page=page,
            last=last,
            previous=at(page - 1) if page > 1 else "",
            following=at(page + 1) if page < last else "",
        )
    )


def _tools(there: Held, selection: Selection) -> tuple[int, str, str]:
    """How many of the chosen are AI tools, where they are, and the query behind it.

    Rows without evidence of AI never enter a count of AI tools.
    """
    asked = selection.chosen.get("evidence", frozenset()) or frozenset(there.values["evidence"])
    ai = asked - {"rules", "none-stated", NONE}
    kinds = selection.chosen.get("kind", frozenset())
    if not ai or (kinds and "tool" not in kinds):
        return 0, "", ""
    tools = selection.having("kind", "tool").having("evidence", *ai)
    return len(there.chosen(tools)), address(tools), _count(tools)


def _labels(there: Held, found: Iterable[str]) -> dict[str, Label]:
    terms = (term for values in there.terms.values() for term in values.values())
    iris = [term.value for term in terms if isinstance(term, NamedNode)]
    return labels_for([*found, *iris], language())


def _groups(there: Held, selection: Selection, labels: dict[str, Label]) -> list[Group]:
    return [_group(there, selection, facet, labels) for facet in FACETS.values()]


def _group(there: Held, selection: Selection, facet: Facet, labels: dict[str, Label]) -> Group:
    counts = there.counts(selection, facet.name)
    chosen = selection.chosen.get(facet.name, frozenset())

    def value(name: str) -> Value:
        query = _count(selection.having(facet.name, name))
        href = address(selection.turned(facet.name, name))
        text = _shown(there, facet, name, labels)
        return Value(name, text, counts[name], name in chosen, href, query)

    names = sorted(counts, key=lambda name: _order(there, facet, name, counts[name], labels))
    links = [name for name in names if name in chosen or name == NONE]
    links += [name for name in names if name not in links][: facet.most]
    rest = sorted(
        (name for name in names if name not in links),
        key=lambda name: _shown(there, facet, name, labels).text.casefold(),
    )
    ordered = [name for name in names if name in links]
    return Group(
        facet, tuple(map(value, ordered)), tuple(map(value, rest)), facet.open or bool(chosen)
    )


def _order(
    there: Held, facet: Facet, name: str, count: int, labels: dict[str, Label]
) -> tuple[object, ...]:
    if name == NONE:
        return (1, 0, "")
    text = _shown(there, facet, name, labels).text
    if name in facet.words:
        return (0, list(facet.words).index(name), "")
    if facet.by == "latest":
        return (0, -int(name) if name.isdecimal() else 0, text)
    return (0, -count, text.casefold())


def _shown(there: Held, facet: Facet, name: str, labels: dict[str, Label]) -> Shown:
    """A value in the reader's words."""
    if name == NONE:
        return Shown(gettext("not documented"))
    if name in facet.words:
        return Shown(str(facet.words[name]))
    term = there.term(facet, name)
    if term is None or isinstance(term, Literal):
        return Shown(name)
    known = labels if term.value in labels else labels_for([term.value], language())
    return shown(term, known)


def _chips(there: Held, selection: Selection, labels: dict[str, Label]) -> list[Chip]:
    return [
        Chip(
            str(FACETS[name].label),
            _shown(there, FACETS[name], value, labels),
            address(selection.turned(name, value)),
        )
        for name, value in selection.pairs()
    ]
