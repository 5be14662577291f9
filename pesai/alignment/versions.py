"""What a newer version of a classification changed, and which alignments it touches.

Versions live side by side, each in a graph of its own; the publisher's IRIs tell what is the same.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from pesai.namespaces import DCTERMS, OWL, RDF, SKOS, SSSOM

__all__ = ["Changed", "Report", "Touched", "Version", "compare", "read", "touch"]

_STATUS = NamedNode("http://purl.org/iso25964/skos-thes#status")


@dataclass
class Version:
    """One version: what its graph says of each concept.

    Attributes:
        labels: preferred labels by concept and language.
        broader: what stands above each concept.
        status: statuses, and whether it is deprecated.
        successors: what takes its place.
    """

    labels: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    broader: dict[str, set[str]] = field(default_factory=dict)
    status: dict[str, set[str]] = field(default_factory=dict)
    successors: dict[str, set[str]] = field(default_factory=dict)

    def name(self, concept: str) -> str:
        """A label to tell a concept by: in English or French where there is one."""
        held = self.labels.get(concept, {})
        for language in ("en", "fr", *sorted(held)):
            if held.get(language):
                return min(held[language])
        return ""

    @property
    def languages(self) -> set[str]:
        """The languages of its labels."""
        return {language for held in self.labels.values() for language in held}


@dataclass(frozen=True)
class Changed:
    """One concept that changed: values before and after, where there are such."""

    concept: str
    label: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Touched:
    """A mapping of ours to or from a concept that changed: to be read again."""

    mapping: str
    alignment: str
    subject: str
    predicate: str
    target: str
    concept: str
    change: str


@dataclass
class Report:
    """What changed from one version to another, each kind by concept.

    Attributes:
        changes: ``added``, ``dropped``, ``moved``, ``renamed``, ``retired``.
        touched: alignments that name a concept that was dropped, moved, renamed or retired.
        unseen: what could not be compared, and why.
    """

    changes: dict[str, list[Changed]]
    touched: list[Touched] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def read(store: Store, graph: str) -> Version:
    """A version, from its graph. A concept is what has a preferred label and is no scheme."""
    found, at = Version(), NamedNode(graph)
    schemes = {q.subject for q in store.quads_for_pattern(None, RDF.type, SKOS.ConceptScheme, at)}
    for quad in store.quads_for_pattern(None, SKOS.prefLabel, None, at):
        if quad.subject not in schemes and isinstance(quad.object, Literal):
            held = found.labels.setdefault(_name(quad.subject), defaultdict(set))
            held[quad.object.language or ""].add(quad.object.value)
    for predicate, into in (
        (SKOS.broader, found.broader),
        (_STATUS, found.status),
        (OWL.deprecated, found.status),
        (DCTERMS.isReplacedBy, found.successors),
    ):
        for quad in store.quads_for_pattern(None, predicate, None, at):
            into.setdefault(_name(quad.subject), set()).add(_name(quad.object))
    return found


def compare(old: Version, new: Version) -> Report:
    """What the newer version changed; what one of them does not tell is not compared."""
    here, there = old.labels.keys(), new.labels.keys()
    both = sorted(here & there)
    report = Report(
        {
            "added": [Changed(c, new.name(c)) for c in sorted(there - here)],
            "dropped": [
                Changed(c, old.name(c), after=_sorted(new.successors.get(c)))
                for c in sorted(here - there)
            ],
            "moved": _differing(both, old.broader, new.broader, new),
            "renamed": list(_renamed(both, old, new)),
            "retired": _differing(both, old.status, new.status, new),
        }
    )
    if not old.broader or not new.broader:
        report.changes["moved"] = []
        report.unseen.append("moved: one of the graphs has no hierarchy")
    if not old.status or not new.status:
        report.changes["retired"] = []
        report.unseen.append("retired: one of the graphs tells no status")
    if not old.languages & new.languages:
        report.unseen.append("renamed: the graphs have no language in common")
    return report


def touch(report: Report, store: Store) -> None:
    """Find the mappings, in all graphs of a store, that name a concept that changed."""
    why: dict[str, str] = {}
    for kind in ("renamed", "moved", "retired", "dropped"):
        why.update((one.concept, kind) for one in report.changes[kind])
    sets = {q.object: _name(q.subject) for q in _of(store, SSSOM.mappings)}
    for end in (OWL.annotatedSource, OWL.annotatedTarget):
        for quad in _of(store, end):
            concept = _name(quad.object)
            if concept in why and isinstance(quad.subject, NamedNode):
                facts = _facts(store, quad.subject)
                report.touched.append(
                    Touched(
                        quad.subject.value, sets.get(quad.subject, ""), *facts, concept,
                        why[concept],
                    )
                )  # fmt: skip
    report.touched.sort(key=lambda one: (one.alignment, one.subject, one.target, one.mapping))


def _of(store: Store, predicate: NamedNode) -> Iterator[Quad]:
    return store.quads_for_pattern(None, predicate, None, DefaultGraph())


def _facts(store: Store, mapping: NamedNode) -> tuple[str, str, str]:
    """Its subject, predicate and object."""

    def one(predicate: NamedNode) -> str:
        quads = store.quads_for_pattern(mapping, predicate, None, DefaultGraph())
        return next((_name(quad.object) for quad in quads), "")

    return one(OWL.annotatedSource), one(OWL.annotatedProperty), one(OWL.annotatedTarget)


def _differing(
    both: list[str], old: Mapping[str, set[str]], new: Mapping[str, set[str]], names: Version
) -> list[Changed]:
    return [
        Changed(c, names.name(c), _sorted(old.get(c)), _sorted(new.get(c)))
        for c in both
        if old.get(c, set()) != new.get(c, set())
    ]


def _renamed(both: list[str], old: Version, new: Version) -> Iterator[Changed]:
    for concept in both:
        before, after = old.labels[concept], new.labels[concept]
        for language in sorted(before.keys() & after.keys()):
            if before[language] != after[language]:
                ends = (_sorted(before[language]), _sorted(after[language]))
                yield Changed(concept, new.name(concept), *ends, language)


def _sorted(values: set[str] | None) -> tuple[str, ...]:
    return tuple(sorted(values or ()))


def _name(term: object) -> str:
    """An IRI or the text of a literal."""
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
