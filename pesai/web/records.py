"""Things with some of their properties, for tables and lists: two queries, however many there are.

Values come as (thing, property, value) and never as a product of properties, so that a thing with
a hundred titles costs a hundred rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from pesai.namespaces import DCTERMS, PAI, PROV, SKOS
from pesai.web.i18n import language
from pesai.web.labels import Label, labels_for, language_rank, tidy
from pesai.web.rows import Term, ask
from pesai.web.sorting import natural
from pesai.web.values import Shown, shown

__all__ = [
    "EXCHANGE",
    "FIGURE",
    "FINDING",
    "POSITION",
    "Evidence",
    "Record",
    "chosen_text",
    "records",
]

Fields = Mapping[str, NamedNode]

FIGURE: Fields = {
    "title": DCTERMS.title, "of": PAI.measures, "indicator": PAI.ofIndicator,
    "value": PAI.valueText, "design": PAI.withDesign, "comparison": PAI.comparison,
    "effect": PAI.isEffect, "role": PAI.valueRole, "verdict": PAI.verdict,
    "population": PAI.populationText, "period": PAI.periodText, "unit": PAI.hasUnit,
    "note": SKOS.note, "number": PAI.value, "lower": PAI.lowerValue, "upper": PAI.upperValue,
}  # fmt: skip
"""What tables tell of a measurement."""
FINDING: Fields = {
    "statement": DCTERMS.description, "quantifier": PAI.quantifierText,
    "code": PAI.hasQuantifier, "population": PAI.populationText, "kind": PAI.findingKind,
    "study": PAI.inStudy, "theme": PAI.hasTheme, "holder": PAI.holder,
}  # fmt: skip
"""What lists tell of a finding."""
POSITION: Fields = {
    "statement": DCTERMS.description, "by": PAI.statedBy, "theme": PAI.onTheme,
    "with": PAI.withPartner, "date": DCTERMS.date, "derived": PROV.wasDerivedFrom,
}  # fmt: skip
"""What lists tell of a position."""

EXCHANGE: Fields = {
    "who": PROV.wasAssociatedWith, "theme": PAI.hasTheme, "date": DCTERMS.date,
}  # fmt: skip
"""What lists tell of an exchange."""


@dataclass(frozen=True)
class Evidence:
    """A document behind a thing, and the place in it; empty when that is not documented."""

    document: Shown
    place: str


@dataclass(frozen=True)
class Record:
    """A thing and what was asked of it.

    Attributes:
        shown: the thing.
        values: by name of the field; a field without a value is not documented.
        evidence: the documents that bear it out.
    """

    shown: Shown
    values: Mapping[str, tuple[Shown, ...]]
    texts: Mapping[str, Shown] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()

    def one(self, name: str) -> Shown | None:
        """The value of a field; of several texts, the one in the reader's language."""
        return self.texts.get(name) or next(iter(self.values.get(name, ())), None)

    def all(self, name: str) -> tuple[Shown, ...]:
        """Every value of a field."""
        return self.values.get(name, ())

    def of_kind(self, name: str, kind: str) -> tuple[Shown, ...]:
        """The values of a field that are things of ours of a kind, as IRIs tell it."""
        return tuple(one for one in self.all(name) if f"/id/{kind}/" in one.iri)

    def code(self, name: str) -> str:
        """The last part of the IRI of a field's value, for codes of ours."""
        found = self.one(name)
        return found.iri.rpartition("/")[2] if found else ""


def records(
    iris: Iterable[str], fields: Fields, *, evidence: bool = False, longest: int = 0
) -> list[Record]:
    """Things with some of their properties, in the order given.

    Args:
        iris: the things.
        fields: properties by name.
        evidence: whether to look for the documents behind each.
        longest: characters of a text; the sheet of the thing has the whole.

    Raises:
        Problem: the engine could not answer.
    """
    listed = list(dict.fromkeys(iris))
    if not listed:
        return []
    things = [NamedNode(iri) for iri in listed]
    held: dict[tuple[str, str], list[Term]] = defaultdict(list)
    wanted = list(fields.values())
    for row in ask("values-of", many={"thing": things, "property": wanted}):
        held[row["thing"].value, row["property"].value].append(row["value"])
    passages: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in ask("passages-of", many={"thing": things}) if evidence else []:
        place = row["place"].value if "place" in row else ""
        passages[row["thing"].value].append((row["document"].value, place))
    names = [t.value for terms in held.values() for t in terms if isinstance(t, NamedNode)]
    documents = [document for found in passages.values() for document, _place in found]
    labels = labels_for([*listed, *names, *documents], language())
    return [
        Record(
            shown(NamedNode(iri), labels),
            {
                name: _sorted(held.get((iri, prop.value), ()), labels)
                for name, prop in fields.items()
            },
            {
                name: text
                for name, prop in fields.items()
                if (text := chosen_text(held.get((iri, prop.value), ()), longest))
            },
            tuple(
                Evidence(shown(NamedNode(document), labels), place[:300])
                for document, place in dict.fromkeys(passages.get(iri, ()))
            ),
        )
        for iri in listed
    ]


def chosen_text(terms: Iterable[Term], longest: int = 0) -> Shown | None:
    """The text in the reader's language, or the next of the fixed order; one line when cut."""
    here = language()
    texts = [term for term in terms if isinstance(term, Literal) and term.language]
    if not texts:
        return None
    best = min(texts, key=lambda term: (*language_rank(term.language or "", here), term.value))
    if longest and len(best.value) > longest:
        return Shown(tidy(best.value, longest), best.language or "")
    return shown(best, {})


def _sorted(terms: Iterable[Term], labels: dict[str, Label]) -> tuple[Shown, ...]:
    found = [shown(term, labels) for term in terms]
    return tuple(sorted(found, key=lambda each: natural(each.text)))
