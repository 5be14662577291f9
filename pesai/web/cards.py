"""Initiatives in lists: what one line of a list tells of each, wherever the list stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from pesai.namespaces import DCTERMS, PAI
from pesai.web import facets
from pesai.web.i18n import language
from pesai.web.labels import Label, labels_for, language_rank, tidy
from pesai.web.rows import Term, ask
from pesai.web.values import Shown, shown

__all__ = ["Card", "cards", "chosen_text"]

_PROPERTIES = (
    DCTERMS.description, PAI.undertakenBy, PAI.inCountry, PAI.inRegion, PAI.hasTheme,
    PAI.hasTaskType, PAI.hasMaturity, PAI.statusAsOf, PAI.aiEvidence, PAI.initiativeKind,
)  # fmt: skip
_SUMMARY = 280
"""Characters of a summary in a list; the whole is on the sheet."""

Values = Mapping[str, Sequence[Term]]


@dataclass(frozen=True)
class Card:
    """One initiative of a list; empty or ``None`` is not documented."""

    iri: str
    name: Shown
    summary: Shown | None
    carriers: tuple[Shown, ...]
    places: tuple[Shown, ...]
    themes: tuple[Shown, ...]
    tasks: tuple[Shown, ...]
    stage: Shown | None
    as_of: str
    evidence: Shown | None
    kind: Shown | None
    evaluated: bool


def cards(iris: Iterable[str]) -> list[Card]:
    """The initiatives as they stand in lists, in the order given.

    Raises:
        Problem: the engine could not answer.
    """
    listed = list(iris)
    if not listed:
        return []
    held: dict[str, dict[str, list[Term]]] = {iri: defaultdict(list) for iri in listed}
    things = [NamedNode(iri) for iri in listed]
    for row in ask("values-of", many={"thing": things, "property": _PROPERTIES}):
        held[row["thing"].value][row["property"].value].append(row["value"])
    names = [
        term.value
        for values in held.values()
        for terms in values.values()
        for term in terms
        if isinstance(term, NamedNode)
    ]
    labels = labels_for([*listed, *names], language())
    evaluated = facets.held().values["results"].get("evaluated", frozenset())
    return [_card(iri, held[iri], labels, evaluated=iri in evaluated) for iri in listed]


def chosen_text(terms: Iterable[Term], longest: int = 0) -> Shown | None:
    """The text in the reader's language, or the next of the fixed order; one line when cut."""
    here = language()
    texts = [term for term in terms if isinstance(term, Literal) and term.value.strip()]
    if not texts:
        return None
    best = min(texts, key=lambda term: (*language_rank(term.language or "", here), term.value))
    if longest:
        return Shown(tidy(best.value, longest), best.language or "")
    return shown(best, {})


def _card(iri: str, values: Values, labels: dict[str, Label], *, evaluated: bool) -> Card:
    def several(*properties: NamedNode) -> tuple[Shown, ...]:
        terms = [term for one in properties for term in values.get(one.value, ())]
        return tuple(sorted((shown(t, labels) for t in terms), key=lambda each: each.text.lower()))

    def single(of: NamedNode) -> Shown | None:
        return next(iter(several(of)), None)

    as_of = single(PAI.statusAsOf)
    return Card(
        iri=iri,
        name=shown(NamedNode(iri), labels),
        summary=chosen_text(values.get(DCTERMS.description.value, ()), _SUMMARY),
        carriers=several(PAI.undertakenBy),
        places=several(PAI.inCountry, PAI.inRegion),
        themes=several(PAI.hasTheme),
        tasks=several(PAI.hasTaskType),
        stage=single(PAI.hasMaturity),
        as_of=as_of.text[:10] if as_of else "",
        evidence=single(PAI.aiEvidence),
        kind=single(PAI.initiativeKind),
        evaluated=evaluated,
    )
