"""A page that lists what was chosen of a collection: facets, chips, paging, the same as data."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask import make_response, redirect, render_template, request
from flask_babel import gettext
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound, WrongUse
from pesai.web import nearest
from pesai.web.answers import answer
from pesai.web.documents import HTML, wanted
from pesai.web.facets import NONE, Collection, Facet, Held, Selection, held
from pesai.web.i18n import language
from pesai.web.labels import Label, labels_for
from pesai.web.numbers import asked_page
from pesai.web.rows import ask, prepared
from pesai.web.sorting import natural
from pesai.web.takeaway import TABLES, Takeaway, behind
from pesai.web.values import Shown, shown

__all__ = ["Chip", "Faceted", "Group", "Value", "answer_page", "count"]

_OTHERS = ("lang", "format", "download", "page", "view")
"""Parameters that choose nothing, in the order of addresses."""


@dataclass(frozen=True)
class Faceted:
    """How a collection is listed.

    Attributes:
        collection: what is listed.
        template: extends ``faceted.html``.
        title: of the page.
        views: things of one page, by the way they are shown; the first is the usual one.
        items: from IRIs to what the template shows of them.
        beside: what else the template needs.
        by_iri: whether the order is that of identifiers, for things without names.
    """

    collection: Collection
    template: str
    title: str
    views: Mapping[str, int]
    items: Callable[[Sequence[str]], Sequence[object]]
    beside: Callable[[Held, Selection], Mapping[str, object]] = lambda _held, _selection: {}
    by_iri: bool = False

    @property
    def usual(self) -> str:
        """The view that an address need not name."""
        return next(iter(self.views))


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


def answer_page(page: Faceted) -> AnyResponse:
    """What was chosen, as a page or as data.

    Raises:
        Problem: a parameter is not what it should be, or the engine could not answer.
    """
    there = held(page.collection)
    selection = _selection(there)
    view = request.args.get("view", page.usual)
    if view not in page.views:
        raise WrongUse("There is no view '{view}'. There are: {known}.",
                       view=view[:40], known=", ".join(page.views))  # fmt: skip
    number = asked_page(100_000)
    taken = _taken(page, there, selection)
    data = taken.response()
    if data is not None:
        return data
    canonical = selection.address(**_others(page, number, view))
    if request.full_path.rstrip("?") != canonical:
        return redirect(canonical)
    return _html(page, there, selection, taken, number=number, view=view)


def count(collection: Collection) -> AnyResponse:
    """How many were chosen: leads to the query that counts them, or is its answer as data.

    Pages have a hundred numbers, and the whole query behind each would make them heavy.

    Raises:
        Problem: a parameter is not what it should be, or the engine could not answer.
    """
    there = held(collection)
    text = there.text("collection-count", _selection(there))
    ending = wanted(TABLES, default="json")
    if ending == HTML:
        return redirect(behind(text))
    return answer(prepared(text), format=ending, name=collection.name)


def _others(page: Faceted, number: int, view: str) -> dict[str, str]:
    given = {name: request.args.get(name, "") for name in ("lang", "format", "download")}
    given["page"] = str(number) if number > 1 else ""
    return given | {"view": "" if view == page.usual else view}


def _taken(page: Faceted, there: Held, selection: Selection) -> Takeaway:
    name = page.collection.name
    rows = there.text(f"{name}-rows", selection)
    rows = rows.replace("VALUES ?language {}", f"VALUES ?language {{ {Literal(language())} }}")
    return Takeaway(name, page.title, rows, there.text("collection-graph", selection))


def _selection(there: Held) -> Selection:
    """What the address chooses.

    Raises:
        WrongUse: a parameter or a value is unknown; the message names those that come near.
    """
    facets, chosen = there.collection.facets, dict[str, set[str]]()
    for name, value in request.args.items(multi=True):
        if name in _OTHERS:
            continue
        if name not in facets:
            raise WrongUse("There is no parameter '{name}' here. There are: {known}.",
                           name=name[:60], known=", ".join([*facets, *_OTHERS]))  # fmt: skip
        if value:
            _check(there, facets[name], value)
            chosen.setdefault(name, set()).add(value)
    return Selection(there.collection, {name: frozenset(found) for name, found in chosen.items()})


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
        value=value[:80],
        facet=str(facet.label),
        known=nearest.told({**{one: there.terms[facet.name][one] for one in near[:6]}, NONE: None}),
    )


def _html(
    page: Faceted, there: Held, selection: Selection, taken: Takeaway, *, number: int, view: str
) -> AnyResponse:
    found = there.chosen(selection)
    labels = _labels(there, found)
    size = page.views[view]
    last = max(1, -(-len(found) // size))
    if number > last:
        raise NotFound("There is no page {page}: the last one is {last}.", page=number, last=last)
    ordered = sorted(found)
    if not page.by_iri:
        ordered.sort(key=lambda iri: natural(labels[iri].text))
    facets = there.collection.facets.values()
    kept = {"view": "" if view == page.usual else view}

    def at(other: int) -> str:
        return selection.address(page=str(other) if other > 1 else "", **kept)

    return make_response(
        render_template(
            page.template,
            title=page.title,
            path=page.collection.path,
            items=page.items(ordered[(number - 1) * size : number * size]),
            total=len(found),
            groups=[_group(there, selection, one, labels) for one in facets],
            chips=_chips(there, selection, labels),
            chosen=selection.pairs(),
            query=selection.count_address(),
            taken=taken,
            view=view,
            usual=page.usual,
            other_views=[one for one in page.views if one != view],
            address_of_view=lambda other: selection.address(
                view="" if other == page.usual else other
            ),
            first=(number - 1) * size + 1,
            page=number,
            previous=at(number - 1) if number > 1 else "",
            following=at(number + 1) if number < last else "",
            **page.beside(there, selection),
        )
    )


def _labels(there: Held, found: Iterable[str]) -> dict[str, Label]:
    terms = (term for values in there.terms.values() for term in values.values())
    iris = [term.value for term in terms if isinstance(term, NamedNode)]
    return labels_for([*found, *iris], language())


def _group(there: Held, selection: Selection, facet: Facet, labels: dict[str, Label]) -> Group:
    counts = there.counts(selection, facet.name)
    chosen = selection.chosen.get(facet.name, frozenset())

    def value(name: str) -> Value:
        query = selection.having(facet.name, name).count_address()
        href = selection.turned(facet.name, name).address()
        text = _shown(there, facet, name, labels)
        return Value(name, text, counts[name], name in chosen, href, query)

    names = sorted(counts, key=lambda name: _order(there, facet, name, counts[name], labels))
    links = [name for name in names if name in chosen or name == NONE]
    links += [name for name in names if name not in links][: facet.most]
    rest = sorted(
        (name for name in names if name not in links),
        key=lambda name: natural(_shown(there, facet, name, labels).text),
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
    return (0, -count, natural(text))


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
            str(there.collection.facets[name].label),
            _shown(there, there.collection.facets[name], value, labels),
            selection.turned(name, value).address(),
        )
        for name, value in selection.pairs()
    ]
