"""From the graphs of a reader to what the search index holds of each thing."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Quad, Store

from pesai.alignment.kinds import COUNTRY, LABELS, SCHEME, TYPE, kind_of, predicates
from pesai.alignment.schema import Role

__all__ = ["Record", "Text", "gather", "subjects"]

Text = tuple[str, str]
"""A text and its language tag, which is empty when none is stated."""

LONGEST_LABEL, LONGEST_TEXT = 500, 4000
"""Characters that are kept; what is longer is a text, or an attack."""


@dataclass(slots=True)
class Record:
    """One thing.

    Attributes:
        iri: its IRI.
        texts: text and language -> the most telling role in which the graphs give it.
        classes: IRIs of its classes.
        schemes: IRIs of its concept schemes.
        places: IRIs of its countries.
        graphs: IRIs of the graphs that say any of this.
    """

    iri: str
    texts: dict[Text, Role] = field(default_factory=dict)
    classes: set[str] = field(default_factory=set)
    schemes: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)
    graphs: set[str] = field(default_factory=set)

    @property
    def kind(self) -> str:
        """The kind of thing."""
        return kind_of(self.classes)

    def take(self, predicate: NamedNode, value: object) -> None:
        """Take up one statement."""
        if isinstance(value, Literal):
            role = LABELS.get(predicate)
            if role is not None:
                self._text(value, role)
        elif isinstance(value, NamedNode):
            for kind, held in (
                (TYPE, self.classes), (SCHEME, self.schemes), (COUNTRY, self.places)
            ):  # fmt: skip
                if predicate == kind:
                    held.add(value.value)

    def _text(self, value: Literal, role: Role) -> None:
        longest = LONGEST_TEXT if role is Role.TEXT else LONGEST_LABEL
        key = (value.value[:longest], value.language or "")
        self.texts[key] = min(role, self.texts.get(key, role))


def gather(
    store: Store, graphs: Collection[str], things: Iterable[str] | None = None
) -> dict[str, Record]:
    """What the graphs say of all things, or of some, by IRI; those without any text are left out.

    Args:
        store: the reader's store.
        graphs: IRIs of the graphs that count.
        things: IRIs of the things that are asked for.
    """
    quads = _all(store, graphs) if things is None else _some(store, frozenset(graphs), things)
    found: dict[str, Record] = {}
    for quad in quads:
        subject, graph = quad.subject, quad.graph_name
        if isinstance(subject, NamedNode) and isinstance(graph, NamedNode):
            record = found.get(subject.value)
            if record is None:
                record = found[subject.value] = Record(subject.value)
            record.graphs.add(graph.value)
            record.take(quad.predicate, quad.object)
    return {iri: record for iri, record in found.items() if record.texts}


def subjects(store: Store, graph: str) -> set[str]:
    """The things of which a graph says anything that the index takes."""
    return {
        quad.subject.value for quad in _all(store, (graph,)) if isinstance(quad.subject, NamedNode)
    }


def _all(store: Store, graphs: Iterable[str]) -> Iterator[Quad]:
    for graph in graphs:
        for predicate in predicates():
            yield from store.quads_for_pattern(None, predicate, None, NamedNode(graph))


def _some(store: Store, graphs: frozenset[str], things: Iterable[str]) -> Iterator[Quad]:
    wanted = frozenset(predicates())
    for thing in things:
        for quad in store.quads_for_pattern(NamedNode(thing), None, None, None):
            graph = quad.graph_name
            if quad.predicate in wanted and isinstance(graph, NamedNode) and graph.value in graphs:
                yield quad
