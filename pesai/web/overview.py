"""What the overviews share (matrix, map, time line): what was chosen, and links to the lists."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import make_response, render_template, request, url_for
from flask_babel import gettext
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound
from pesai.web import nearest
from pesai.web.collections import INITIATIVES, ORGANISATIONS
from pesai.web.facets import NONE, Held, Selection, held
from pesai.web.i18n import language
from pesai.web.labels import Label, labels_for
from pesai.web.rows import Term
from pesai.web.sorting import natural
from pesai.web.stages import place
from pesai.web.takeaway import Takeaway
from pesai.web.values import Shown, shown

__all__ = [
    "Chooser",
    "Option",
    "choosers",
    "chosen_words",
    "countries_of",
    "listed",
    "overview",
    "read",
    "rows_text",
    "shown_all",
    "spoken",
]


@dataclass(frozen=True)
class Option:
    """A value that can be chosen, and how many initiatives have it."""

    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Chooser:
    """A facet as a list to choose one value from."""

    name: str
    label: str
    options: tuple[Option, ...]


def overview(
    name: str,
    title: str,
    filters: Iterable[str],
    values: Callable[[Held, Selection], dict[str, object]],
) -> AnyResponse:
    """An overview of the initiatives that the address chooses, as a page or as data.

    Args:
        name: of the page group, of its template in ``overview/``, and of its query ``{name}-rows``.
        title: of its files.
        filters: the facets by which it can be narrowed.
        values: what its template shows besides the choice.

    Raises:
        Problem: the address chooses what is not there, or the engine could not answer.
    """
    known = held(INITIATIVES)
    selection = read(known, filters)
    rows, graph = rows_text(name, known, selection), known.text("collection-graph", selection)
    taken = Takeaway(name, title, rows, graph)
    data = taken.response()
    if data is not None:
        return data
    lists = choosers(known, selection, filters)
    return make_response(
        render_template(
            f"overview/{name}.html",
            choosers=lists,
            chosen=chosen_words(lists),
            action=url_for(f"{name}.page"),
            taken=taken,
            **values(known, selection),
        )
    )


def read(held: Held, names: Iterable[str]) -> Selection:
    """What the address chooses by some facets.

    Raises:
        NotFound: a value is of no initiative; the message names the nearest that are.
    """
    chosen: dict[str, frozenset[str]] = {}
    for name in names:
        values = frozenset(value for value in request.args.getlist(name) if value)
        for value in values:
            if value != NONE and value not in held.values[name]:
                known = nearest.names(value, tuple(held.values[name]))
                raise NotFound(
                    "No initiative has '{value}' as {facet}. The nearest: {near}.",
                    value=value[:60],
                    facet=str(held.collection.facets[name].label),
                    near=nearest.told({one: held.terms[name][one] for one in known}),
                )
        if values:
            chosen[name] = values
    return Selection(held.collection, chosen)


def choosers(held: Held, selection: Selection, names: Iterable[str]) -> list[Chooser]:
    """Lists to choose from, with the number of initiatives of each value."""
    counts = {name: held.counts(selection, name) for name in names}
    iris = [
        held.terms[name][value].value
        for name, found in counts.items()
        for value in found
        if value in held.terms[name]
    ]
    labels = labels_for(iris, language())
    return [
        Chooser(
            name,
            str(held.collection.facets[name].label),
            tuple(_options(held, selection, name, found, labels)),
        )
        for name, found in counts.items()
    ]


def _options(
    held: Held, selection: Selection, name: str, counts: dict[str, int], labels: dict[str, Label]
) -> Iterable[Option]:
    chosen = selection.chosen.get(name, frozenset())
    listed_ = [
        Option(value, _label(held, name, value, labels), count, value in chosen)
        for value, count in counts.items()
    ]
    rank = place if name == "stage" else (lambda _value: 0)
    return sorted(listed_, key=lambda one: (one.value == NONE, rank(one.value), natural(one.label)))


def _label(held: Held, name: str, value: str, labels: dict[str, Label]) -> str:
    if value == NONE:
        return str(gettext("not documented"))
    term = held.terms[name].get(value)
    if isinstance(term, NamedNode):
        return labels[term.value].text
    return value


def chosen_words(lists: Iterable[Chooser]) -> str:
    """What was chosen, in words."""
    return ", ".join(one.label for each in lists for one in each.options if one.chosen)


def listed(selection: Selection, **more: str) -> str:
    """The address of the list of initiatives of a selection, narrowed further."""
    for name, value in more.items():
        selection = selection.having(name, value)
    return selection.address()


def rows_text(name: str, held: Held, selection: Selection) -> str:
    """The query for the rows of an overview, in the reader's language."""
    return spoken(held.text(f"{name}-rows", selection))


def spoken(text: str) -> str:
    """A query with the reader's language in its places ``VALUES ?language {}``."""
    return text.replace("VALUES ?language {}", f"VALUES ?language {{ {Literal(language())} }}")


def shown_all(terms: Iterable[Term]) -> dict[str, Shown]:
    """Terms as they are shown, by IRI or text, with labels from one query."""
    wanted = list({term.value: term for term in terms}.values())
    iris = [term.value for term in wanted if isinstance(term, NamedNode)]
    labels = labels_for(iris, language())
    return {term.value: shown(term, labels) for term in wanted}


def countries_of(organisation: str) -> list[Term]:
    """The countries that an organisation is in, not those of what it does: WAPES is in none."""
    places = held(ORGANISATIONS)
    found = places.values["country"].items()
    return [places.terms["country"][name] for name, there in found if organisation in there]
