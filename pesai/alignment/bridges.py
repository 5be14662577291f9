"""What other classifications know of a text: where its name is mapped to, and what is above it."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import DefaultGraph, NamedNode, Store

from pesai.alignment.index import Index, Label
from pesai.alignment.schema import Role
from pesai.alignment.searching import choose
from pesai.alignment.text import forms, plain
from pesai.loading.mapping import LINKS
from pesai.namespaces import SKOS

__all__ = ["Bridges", "Link"]

_POOL, _ABOVE = 50, 2
_NO_GRAPH = DefaultGraph()


@dataclass(frozen=True)
class Link:
    """A concept of the scheme that is asked for, reached by way of a table of mappings.

    Attributes:
        target: its IRI.
        kind: name of the SKOS property.
        through: the label of the concept that is mapped.
    """

    target: str
    kind: str
    through: str


class Bridges:
    """Looks a text up among the names of all other classifications that one reader may read.

    Args:
        index: the reader's search index.
        store: the reader's store.
        targets: IRIs of the concepts that may be proposed.
        language: the language of the texts.
    """

    def __init__(self, index: Index, store: Store, targets: Collection[str], language: str) -> None:
        self._index, self._store = index, store
        self._targets, self._language = targets, language

    def of(self, text: str) -> tuple[list[Link], list[str]]:
        """Links to the scheme from what is called so, and the names of what stands above it."""
        links: dict[Link, None] = {}
        above: dict[str, None] = {}
        for label in self._called(text):
            links.update(dict.fromkeys(self._links(label)))
            above.update(dict.fromkeys(self._above(label.iri)))
        return list(links), list(above)[:_ABOVE]

    def _called(self, text: str) -> list[Label]:
        asked = dict.fromkeys(forms(plain(text)))
        numbers = {n for form in asked if form for n in self._index.exact(form, _POOL)}
        labels = self._index.labels(sorted(numbers))
        return [one for one in labels if one.iri not in self._targets and one.role is not Role.TEXT]

    def _links(self, label: Label) -> Iterator[Link]:
        """Mappings are read from both ends: who published them chose one."""
        concept = NamedNode(label.iri)
        for kind, predicate in LINKS.items():
            here = self._store.quads_for_pattern(concept, predicate, None, _NO_GRAPH)
            back = self._store.quads_for_pattern(None, predicate, concept, _NO_GRAPH)
            ends = (*(quad.object for quad in here), *(quad.subject for quad in back))
            for end in ends:
                if isinstance(end, NamedNode) and end.value in self._targets:
                    yield Link(end.value, kind, label.text)

    def _above(self, iri: str) -> Iterable[str]:
        quads = self._store.quads_for_pattern(NamedNode(iri), SKOS.broader, None, _NO_GRAPH)
        wider = sorted(q.object.value for q in quads if isinstance(q.object, NamedNode))
        things = [n for n in map(self._index.thing, wider) if n is not None]
        for names in self._index.names(things).values() if things else ():
            name, language = choose(names, self._language)
            if language in {self._language, ""}:
                yield name
