"""Data extension: columns that a reconciled table can be given, from the graph."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext
from pyoxigraph import Literal, NamedNode

from pesai.namespaces import DCTERMS, PAI, RDF, RDFS, SKOS
from pesai.web.i18n import language
from pesai.web.labels import LONGEST, Label, labels_for
from pesai.web.links import node
from pesai.web.rows import Term, ask

__all__ = ["COLUMNS", "Cell", "Column", "cells"]

_NAMES = (SKOS.prefLabel, RDFS.label, DCTERMS.title)
_TEXTS = (DCTERMS.description, SKOS.definition)

Cell = dict[str, object]
"""A value as the Reconciliation API writes it: ``{"str": …}`` or ``{"id": …, "name": …}``."""


@dataclass(frozen=True)
class Column:
    """A property that can be fetched.

    Attributes:
        name: what it is called, in the reader's language.
        predicates: of which it takes the values; those of the first that has some.
        language: only texts in that language.
        things: the values are things, not texts.
    """

    name: LazyString
    predicates: tuple[NamedNode, ...]
    language: str = ""
    things: bool = False


COLUMNS: dict[str, Column] = {
    "label.fr": Column(lazy_gettext("name in French"), _NAMES, "fr"),
    "label.en": Column(lazy_gettext("name in English"), _NAMES, "en"),
    "altLabel.fr": Column(lazy_gettext("other names in French"), (SKOS.altLabel,), "fr"),
    "altLabel.en": Column(lazy_gettext("other names in English"), (SKOS.altLabel,), "en"),
    "description.fr": Column(lazy_gettext("description in French"), _TEXTS, "fr"),
    "description.en": Column(lazy_gettext("description in English"), _TEXTS, "en"),
    "notation": Column(lazy_gettext("code"), (SKOS.notation,)),
    "acronym": Column(lazy_gettext("acronym"), (PAI.acronym,)),
    "kind": Column(lazy_gettext("kind"), (RDF.type,), things=True),
    "scheme": Column(lazy_gettext("classification or code list"), (SKOS.inScheme,), things=True),
    "country": Column(lazy_gettext("country"), (PAI.inCountry,), things=True),
    "theme": Column(lazy_gettext("theme"), (PAI.hasTheme,), things=True),
    "broader": Column(lazy_gettext("broader concept"), (SKOS.broader,), things=True),
    "narrower": Column(lazy_gettext("narrower concept"), (SKOS.narrower,), things=True),
    "related": Column(lazy_gettext("related concept"), (SKOS.related,), things=True),
    "exactMatch": Column(lazy_gettext("exact match"), (SKOS.exactMatch,), things=True),
    "closeMatch": Column(lazy_gettext("close match"), (SKOS.closeMatch,), things=True),
    "broadMatch": Column(lazy_gettext("broader match"), (SKOS.broadMatch,), things=True),
    "narrowMatch": Column(lazy_gettext("narrower match"), (SKOS.narrowMatch,), things=True),
    "relatedMatch": Column(lazy_gettext("related match"), (SKOS.relatedMatch,), things=True),
}
"""What can be fetched, by the identifier of the property."""


def cells(ids: Iterable[str], wanted: Mapping[str, int]) -> dict[str, dict[str, list[Cell]]]:
    """The values of some columns of some things.

    Args:
        ids: IRIs; what is none has no values.
        wanted: identifiers of columns, each with the most values of one cell (0: all).

    Raises:
        Problem: the engine could not answer.
    """
    rows = list(dict.fromkeys(ids))
    held = _held(rows, wanted)
    things = {term.value for terms in held.values() for term in terms if _is_thing(term)}
    names = labels_for(things, language())
    return {
        iri: {name: _cells(held, names, iri, name, most) for name, most in wanted.items()}
        for iri in rows
    }


def _held(rows: list[str], wanted: Iterable[str]) -> Mapping[tuple[str, str], list[Term]]:
    """The values by thing and predicate."""
    things = [thing for iri in rows if (thing := node(iri)) is not None]
    predicates = list(dict.fromkeys(p for name in wanted for p in COLUMNS[name].predicates))
    held: dict[tuple[str, str], list[Term]] = defaultdict(list)
    if things and predicates:
        for row in ask("values-of", many={"thing": things, "property": predicates}):
            held[row["thing"].value, row["property"].value].append(row["value"])
    return held


def _cells(
    held: Mapping[tuple[str, str], list[Term]], names: Mapping[str, Label],
    iri: str, name: str, most: int,
) -> list[Cell]:  # fmt: skip
    column = COLUMNS[name]
    for predicate in column.predicates:
        terms = [t for t in held.get((iri, predicate.value), ()) if _fits(t, column.language)]
        if terms:
            told = [_cell(term, names) for term in sorted(terms, key=lambda term: term.value)]
            return told[:most] if most else told
    return []


def _fits(term: Term, language_wanted: str) -> bool:
    if not language_wanted:
        return True
    return isinstance(term, Literal) and (term.language or "").startswith(language_wanted)


def _cell(term: Term, names: Mapping[str, Label]) -> Cell:
    if isinstance(term, NamedNode):
        return {"id": term.value, "name": names[term.value].text[:LONGEST]}
    return {"str": term.value}


def _is_thing(term: Term) -> bool:
    return isinstance(term, NamedNode)
