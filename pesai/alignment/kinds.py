"""Which statements the search index takes, and what kinds of things there are."""

import re
from collections.abc import Iterable

from pyoxigraph import NamedNode

from pesai.alignment.schema import Role
from pesai.namespaces import DCTERMS, ESCO, EU_COUNTRY, ORG, OWL, PAI, QB, RDF, RDFS, SKOS

__all__ = [
    "COUNTRY",
    "LABELS",
    "SCHEME",
    "SCHEME_OF_COUNTRIES",
    "TYPE",
    "class_of",
    "kind_of",
    "predicates",
    "weight",
]

LABELS: dict[NamedNode, Role] = {
    SKOS.prefLabel: Role.PREFERRED,
    RDFS.label: Role.PREFERRED,
    DCTERMS.title: Role.PREFERRED,
    SKOS.notation: Role.CODE,
    PAI.acronym: Role.ALTERNATIVE,
    PAI.originalName: Role.ALTERNATIVE,
    SKOS.altLabel: Role.ALTERNATIVE,
    DCTERMS.alternative: Role.ALTERNATIVE,
    SKOS.hiddenLabel: Role.HIDDEN,
    DCTERMS.description: Role.TEXT,
    SKOS.definition: Role.TEXT,
    SKOS.scopeNote: Role.TEXT,
    RDFS.comment: Role.TEXT,
    PAI.technique: Role.TEXT,
    PAI.dataUsed: Role.TEXT,
    PAI.populationText: Role.TEXT,
    PAI.method: Role.TEXT,
}
"""What is said of a thing by each predicate."""

TYPE, SCHEME, COUNTRY = RDF.type, SKOS.inScheme, PAI.inCountry

SCHEME_OF_COUNTRIES = EU_COUNTRY.iri.rstrip("/")
"""The concept scheme of countries, whose labels and codes tell which one is meant."""

_KINDS: dict[str, NamedNode] = {
    "initiative": PAI.Initiative,
    "solution": PAI.AISolution,
    "organisation": ORG.Organization,
    "exchange": PAI.BilateralExchange,
    "position": PAI.Position,
    "finding": PAI.Finding,
    "measurement": PAI.Measurement,
    "study": PAI.Study,
    "indicator": PAI.Indicator,
    "occupation": ESCO.Occupation,
    "skill": ESCO.Skill,
    "scheme": SKOS.ConceptScheme,
    "concept": SKOS.Concept,
    "class": OWL.Class,
    "property": OWL.ObjectProperty,
    "dataset": QB.DataSet,
}
"""Kinds of things by their short names; a thing of several is of the first."""

_NAMES = {term.value: name for name, term in _KINDS.items()}
_PLACES = {term.value: place for place, term in enumerate(_KINDS.values())}
_UNSAFE = re.compile(r"[^a-z0-9]+")


def predicates() -> tuple[NamedNode, ...]:
    """All predicates that the index is made of."""
    return (*LABELS, TYPE, SCHEME, COUNTRY)


def kind_of(classes: Iterable[str]) -> str:
    """The kind of a thing of some classes: a name of ours, or made of the class's own.

    >>> kind_of(["http://www.w3.org/2004/02/skos/core#Concept"])
    'concept'
    >>> kind_of(["https://example.org/ns#JobBoard"])
    'jobboard'
    """
    first = min(classes, key=lambda iri: (_PLACES.get(iri, 99), iri), default="")
    if first in _NAMES:
        return _NAMES[first]
    return _UNSAFE.sub("-", re.split(r"[/#]", first)[-1].lower()).strip("-") or "thing"


def class_of(kind: str, known: Iterable[str]) -> str | None:
    """The class that a kind's name means, among those that are known."""
    if kind in _KINDS:
        return _KINDS[kind].value
    return next((iri for iri in known if kind_of([iri]) == kind), None)


def weight(kind: str, role: Role, length: int) -> int:
    """How far behind a label stands, 0 to 255, before anything was asked.

    The graph's own subject first, then occupations and skills, then other classifications; names
    before other labels before texts; short before long, which keeps lists of tasks behind.
    """
    by_role = {Role.PREFERRED: 0, Role.CODE: 4, Role.ALTERNATIVE: 30, Role.HIDDEN: 40}
    place = list(_KINDS).index(kind) if kind in _KINDS else len(_KINDS)
    return min(255, by_role.get(role, 120) + 2 * place + min(length // 2, 60))
