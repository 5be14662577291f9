"""What the graph says about one thing, put in order for a page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from flask_babel import gettext
from pyoxigraph import Literal, NamedNode

from pesai.namespaces import DCTERMS, PAI, RDF, SKOS
from pesai.web.fields import main_fields
from pesai.web.i18n import language
from pesai.web.labels import Label, labels_for
from pesai.web.listing import linked
from pesai.web.rows import Row, Term, ask, number, written
from pesai.web.sorting import natural
from pesai.web.takeaway import behind
from pesai.web.values import Shown, shown

__all__ = ["Fact", "Incoming", "Thing", "look_up"]

PER_FACT = 60
"""Values of one property that a page shows."""
PER_RELATION = 10
"""Things that point here by one property, shown at first."""

_TEXTS = {DCTERMS.description.value, SKOS.definition.value}
_ORIGIN = {PAI.fromRow.value, PAI.hasEvidence.value, DCTERMS.source.value, PAI.mainSource.value}


@dataclass(frozen=True)
class Fact:
    """A property and its values; without any, it is not documented."""

    property: Shown
    values: tuple[Shown, ...]
    total: int


@dataclass(frozen=True)
class Incoming:
    """Things that point here by one property: how many, the first of them, and the query."""

    property: Shown
    iri: str
    total: int
    subjects: tuple[Shown, ...]
    query: str


@dataclass(frozen=True)
class Thing:
    """What a page shows about a thing."""

    iri: str
    label: Label
    types: tuple[Shown, ...]
    texts: tuple[Shown, ...]
    main: tuple[Fact, ...]
    more: tuple[Fact, ...]
    evidence: tuple[tuple[Shown, bool | None], ...]
    rows: tuple[Shown, ...]
    incoming: tuple[Incoming, ...]
    graphs: tuple[Shown, ...]
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Material:
    """Rows of the queries of a page, before any of it has a label."""

    thing: NamedNode
    values: dict[str, list[Term]]
    graphs: list[str]
    evidence: list[Row]
    incoming: list[tuple[str, int, list[str]]]

    def iris(self) -> Iterable[str]:
        """Everything that needs a label."""
        yield self.thing.value
        yield from self.graphs
        yield from self.values
        for field in main_fields(self.types()):
            yield from field
        for terms in self.values.values():
            yield from (term.value for term in terms[:PER_FACT] if isinstance(term, NamedNode))
        for row in self.evidence:
            yield row["document"].value
        for iri, _count, subjects in self.incoming:
            yield iri
            yield from subjects

    def types(self) -> list[str]:
        return [term.value for term in self.values.get(RDF.type.value, [])]


def look_up(thing: NamedNode) -> Thing | None:
    """The thing as the reader may see it; ``None`` when the graph does not know it."""
    material = _gather(thing)
    if not material.values and not material.incoming:
        return None
    labels = labels_for(material.iris(), language())
    return _ordered(material, labels)


def _gather(thing: NamedNode) -> _Material:
    values: dict[str, list[Term]] = defaultdict(list)
    graphs: dict[str, None] = {}
    for row in ask("statements", thing=thing):
        graphs[row["graph"].value] = None
        terms = values[row["property"].value]
        if row["value"] not in terms[-1:]:
            terms.append(row["value"])
    incoming = []
    for row in ask("incoming-counts", thing=thing):
        by = row["property"]
        found = linked("incoming", thing, by.value)[:PER_RELATION]
        incoming.append((by.value, number(row, "count"), list(found)))
    return _Material(thing, dict(values), list(graphs), ask("evidence", thing=thing), incoming)


def _ordered(material: _Material, labels: dict[str, Label]) -> Thing:
    fields = main_fields(material.types())
    first = {iri for field in fields for iri in field}
    hidden = _TEXTS | _ORIGIN | {RDF.type.value}
    rest = sorted(
        (iri for iri in material.values if iri not in first | hidden),
        key=lambda iri: (natural(labels[iri].text), iri),
    )
    texts = [term for iri in sorted(_TEXTS - first) for term in material.values.get(iri, [])]
    return Thing(
        iri=material.thing.value,
        label=labels[material.thing.value],
        types=_shown(material.values.get(RDF.type.value, []), labels),
        texts=_shown(texts, labels),
        main=tuple(_fact(field, material, labels) for field in fields),
        more=tuple(_fact((iri,), material, labels) for iri in rest),
        evidence=_evidence(material.evidence, labels),
        rows=tuple(map(_row, _shown(material.values.get(PAI.fromRow.value, []), labels))),
        incoming=tuple(
            Incoming(
                shown(NamedNode(iri), labels),
                iri,
                count,
                _shown(map(NamedNode, found), labels),
                behind(written("incoming", thing=material.thing, property=NamedNode(iri))),
            )
            for iri, count, found in sorted(
                material.incoming, key=lambda entry: (-entry[1], natural(labels[entry[0]].text))
            )
        ),
        graphs=_shown(map(NamedNode, material.graphs), labels),
        schemes=tuple(term.value for term in material.values.get(SKOS.inScheme.value, [])),
    )


def _fact(field: tuple[str, ...], material: _Material, labels: dict[str, Label]) -> Fact:
    terms = [term for iri in field for term in material.values.get(iri, [])]
    values = _shown(terms[:PER_FACT], labels)
    return Fact(shown(NamedNode(field[0]), labels), values, len(terms))


def _shown(terms: Iterable[Term], labels: dict[str, Label]) -> tuple[Shown, ...]:
    """Terms for the page: the reader's language first, then by text."""
    listed = [shown(term, labels) for term in terms]
    here = language()
    return tuple(sorted(listed, key=lambda each: (each.language != here, natural(each.text))))


def _row(shown: Shown) -> Shown:
    """A row of a file, by its number (RFC 7111)."""
    name = shown.iri.rpartition("#row=")[2]
    return (
        replace(shown, text=gettext("row %(number)s", number=name)) if name.isdecimal() else shown
    )


def _evidence(rows: list[Row], labels: dict[str, Label]) -> tuple[tuple[Shown, bool | None], ...]:
    """Documents, each with whether the place in it is documented (``None``: not said)."""
    found: dict[str, tuple[Shown, bool | None]] = {}
    for row in rows:
        document, known = row["document"], row.get("known")
        said = known.value == "true" if isinstance(known, Literal) else None
        found.setdefault(document.value, (shown(document, labels), said))
    return tuple(found.values())
