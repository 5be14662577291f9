"""One mapping between two vocabularies, as triples: the SSSOM record, and the plain SKOS link."""

from dataclasses import dataclass, field
from hashlib import sha256

from pyoxigraph import NamedNode

from pesai.loading.sink import Sink
from pesai.namespaces import OWL, RDF, SKOS, SSSOM, Base

__all__ = ["LINKS", "NOTHING", "UNSPECIFIED", "Mapping"]

LINKS = {
    "exactMatch": SKOS.exactMatch,
    "closeMatch": SKOS.closeMatch,
    "broadMatch": SKOS.broadMatch,
    "narrowMatch": SKOS.narrowMatch,
    "relatedMatch": SKOS.relatedMatch,
}
"""The mapping properties of SKOS, by their name."""
NOTHING = SSSOM.NoTermFound
"""Stands where a vocabulary was searched and has no counterpart."""
UNSPECIFIED = NamedNode("https://w3id.org/semapv/vocab/UnspecifiedMatching")
"""The justification of a mapping whose publisher does not say how it was found."""


@dataclass(frozen=True)
class Mapping:
    """One row of a table of mappings.

    Attributes:
        subject: what is mapped.
        predicate: how; a link of SKOS as a rule.
        target: to what; ``NOTHING`` when there is no counterpart.
        justification: how it was found (a term of ``semapv:``).
        version: the version of the target's source: the same pair may be mapped for several.
        texts: what else is said of it, by property; empty texts are no triples.
        negated: it says that the two are not so related; there is no link then.
    """

    subject: NamedNode
    predicate: NamedNode
    target: NamedNode
    justification: NamedNode = UNSPECIFIED
    version: str = ""
    texts: dict[NamedNode, str] = field(default_factory=dict)
    negated: bool = False

    def digest(self) -> str:
        """What tells it from any other mapping of the same set."""
        ends = (self.subject, self.predicate, self.target)
        parts = (*ends, self.justification, self.version, self.negated)
        return sha256("\n".join(map(str, parts)).encode()).hexdigest()[:20]

    def iri(self, base: Base, name: str) -> NamedNode:
        """Its IRI in the set of a name: the same row gives the same IRI."""
        return base.thing("mapping", f"{name}-{self.digest()}")

    def write(self, sink: Sink, mapping: NamedNode) -> None:
        """The record under its IRI, and the link."""
        sink.add(mapping, RDF.type, SSSOM.Mapping)
        sink.add(mapping, OWL.annotatedSource, self.subject)
        sink.add(mapping, OWL.annotatedProperty, self.predicate)
        sink.add(mapping, OWL.annotatedTarget, self.target)
        sink.add(mapping, SSSOM.mapping_justification, self.justification)
        for predicate, text in self.texts.items():
            sink.text(mapping, predicate, text)
        if self.negated:
            sink.add(mapping, SSSOM.predicate_modifier, SSSOM.NegatedPredicate)
        elif self.predicate in LINKS.values() and NOTHING not in (self.subject, self.target):
            sink.add(self.subject, self.predicate, self.target)
