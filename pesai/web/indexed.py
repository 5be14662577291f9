"""The search index of a request: opened, and its things as pages and programs are told of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext

from pesai.alignment.index import Grouping, Index, opened
from pesai.alignment.kinds import kind_of
from pesai.alignment.schema import FILE, Role
from pesai.alignment.searching import choose
from pesai.errors import Problem
from pesai.web import state
from pesai.web.i18n import language
from pesai.web.labels import Label as Name
from pesai.web.labels import labels_for, last_part, tidy
from pesai.web.links import concept_page
from pesai.web.readers import current_reader
from pesai.web.sorting import natural

__all__ = [
    "KINDS",
    "ROLES",
    "Entry",
    "NoIndex",
    "entries",
    "index",
    "kind_name",
    "schemes",
    "where",
]

KINDS: dict[str, LazyString] = {
    "initiative": lazy_gettext("initiative"),
    "solution": lazy_gettext("AI solution"),
    "organisation": lazy_gettext("organisation"),
    "exchange": lazy_gettext("exchange"),
    "position": lazy_gettext("position"),
    "finding": lazy_gettext("finding"),
    "measurement": lazy_gettext("reported figure"),
    "study": lazy_gettext("survey or study"),
    "indicator": lazy_gettext("indicator"),
    "occupation": lazy_gettext("occupation"),
    "skill": lazy_gettext("skill"),
    "scheme": lazy_gettext("classification or code list"),
    "concept": lazy_gettext("concept"),
    "class": lazy_gettext("class of the vocabulary"),
    "property": lazy_gettext("property of the vocabulary"),
}
"""Kinds of things in the reader's language."""

ROLES: dict[Role, LazyString] = {
    Role.PREFERRED: lazy_gettext("name"),
    Role.CODE: lazy_gettext("code"),
    Role.ALTERNATIVE: lazy_gettext("other name"),
    Role.HIDDEN: lazy_gettext("hidden name"),
    Role.TEXT: lazy_gettext("text"),
}
"""What a text is to its thing, in the reader's language."""


class NoIndex(Problem):
    """The release was made without a search index."""

    code, title, status = "no-index", "There is no search index", 503


@dataclass(frozen=True)
class Entry:
    """A thing as it is listed.

    Attributes:
        iri: the thing.
        name: what it is called, for this reader.
        kind: the kind's short name.
        schemes: the concept schemes that it is in.
    """

    iri: str
    name: Name
    kind: str
    schemes: tuple[Grouping, ...]


def index() -> Index:
    """The index of this request's reader and release.

    Raises:
        NotFound: there is no release yet.
        NoIndex: the release has none.
    """
    path = state.release().folder(current_reader()) / FILE
    try:
        return opened(path, path.stat().st_ino)
    except FileNotFoundError as error:
        raise NoIndex(
            "Release {id} was made without a search index. Run 'pesai rebuild' once.",
            id=state.release().id,
        ) from error


def entries(held: Index, things: Sequence[int]) -> dict[int, Entry]:
    """Things by number, as they are listed."""
    names, found = held.names(things), held.things(things)
    texts = held.texts([n for n in things if n not in names])
    by_number = {one.number: one for one in held.groupings.values()}
    listed: dict[int, Entry] = {}
    for number, (iri, kind, groupings) in found.items():
        text, tag = choose(names.get(number) or texts.get(number) or (), language())
        name = Name(tidy(text), tag) if text else Name(last_part(iri), "")
        in_schemes = [by_number[n] for n in groupings if n in by_number and by_number[n].scheme]
        ordered = sorted(in_schemes, key=lambda one: (one.things, one.iri))
        listed[number] = Entry(iri, name, kind, tuple(ordered))
    return listed


def schemes(held: Index) -> list[tuple[Grouping, Name]]:
    """The concept schemes that something is in, by name."""
    found = [one for one in held.groupings.values() if one.scheme]
    names = labels_for([one.iri for one in found], language())
    return sorted(
        ((one, names[one.iri]) for one in found),
        key=lambda pair: (natural(pair[1].text), pair[0].iri),
    )


def kind_name(kind: str) -> str:
    """A kind in the reader's language; one of a plugin by its own name."""
    return str(KINDS.get(kind, kind))


def where(iri: str) -> str:
    """The address of the page here about a thing that has a label in the graph."""
    return concept_page(iri).href


def names_of(groupings: Iterable[Grouping]) -> dict[str, Name]:
    """The names of classes and schemes by IRI; of other people's classes, what we call the kind."""
    listed = list(groupings)
    names = dict(labels_for([one.iri for one in listed], language()))
    for one in listed:
        if not one.scheme and not names[one.iri].language and (kind := kind_of([one.iri])) in KINDS:
            names[one.iri] = Name(kind_name(kind), language())
    return names
