"""The alignment bench: rows of somebody's list, each with what it may mean in a scheme."""

from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import Literal, NamedNode, Store

from pesai.access.audiences import Reader
from pesai.alignment.bridges import Bridges, Link
from pesai.alignment.index import Grouping, Index, opened
from pesai.alignment.ranking import Concept, Proposal, Ranker, Reason
from pesai.alignment.schema import FILE
from pesai.alignment.scheme import concepts, find
from pesai.errors import NotFound
from pesai.releases.graphs import readable
from pesai.releases.layout import Home
from pesai.releases.manifest import GraphEntry

__all__ = ["Bench"]

_MAPPED = {"exactMatch": 0.95, "closeMatch": 0.92}
_MAPPED_OTHERWISE = 0.9
"""Above all likeness, and below a name that is the text."""
_SAMPLE = 50
"""Concepts that are looked at to tell which graph their names come from."""


@dataclass(frozen=True)
class Bench:
    """Proposes concepts of one scheme, as one reader of one release sees it.

    Attributes:
        scheme: the class or concept scheme.
        language: of the texts and of the labels that they are compared with.
        index: the reader's search index.
        store: the reader's store.
        graphs: the graphs that the reader may read.
    """

    scheme: Grouping
    language: str
    index: Index
    store: Store
    graphs: tuple[GraphEntry, ...]

    @classmethod
    def at(cls, home: Home, reader: Reader, scheme: str, language: str) -> "Bench":
        """The bench of the present release.

        Raises:
            NotFound: there is no release, or it has no index.
            WrongUse: there is no such scheme.
        """
        release = home.release()
        path = release.folder(reader) / FILE
        if not path.is_file():
            raise NotFound("release {id} has no search index: run 'pesai rebuild'", id=release.id)
        index = opened(path, path.stat().st_ino)
        store = Store.read_only(str(release.store(reader)))
        return cls(find(index, scheme), language, index, store, readable(home, reader))

    def propose(self, text: str, limit: int = 5) -> list[Proposal]:
        """The concepts that a text may mean, the likeliest first."""
        links, above = self._bridges.of(text)
        found = {
            one.concept.iri: one
            for one in self._ranker.rank(text, limit + len(links), tuple(above))
        }
        for link in links:
            through = self._through(link)
            known = found.get(link.target)
            if known is None or known.score < through.score:
                found[link.target] = through
        ordered = sorted(found.values(), key=lambda one: (-one.score, one.concept.iri))
        return ordered[:limit]

    @cached_property
    def source(self) -> GraphEntry | None:
        """The graph that most of the labels come from: it knows the version.

        Labels may be of another version than the concepts, in a graph of their own.
        """
        sample = self._ranker.concepts[:: max(1, len(self._ranker.concepts) // _SAMPLE)]
        named = [sum(self._names(graph, one) for one in sample) for graph in self.graphs]
        most = max(named, default=0)
        held = [graph for graph, count in zip(self.graphs, named, strict=True) if count == most > 0]
        return max(held, key=lambda graph: graph.triples, default=None)

    def _names(self, graph: GraphEntry, concept: Concept) -> bool:
        """Whether a graph is where the concept's name in this language comes from."""
        name = Literal(concept.name, language=self.language)
        at = NamedNode(graph.iri)
        quads = self.store.quads_for_pattern(NamedNode(concept.iri), None, name, at)
        return next(iter(quads), None) is not None

    def _through(self, link: Link) -> Proposal:
        score = _MAPPED.get(link.kind, _MAPPED_OTHERWISE)
        concept = self._concepts[link.target]
        return Proposal(concept, score, Reason.CROSSWALK, concept.name, link.through)

    @cached_property
    def _ranker(self) -> Ranker:
        return Ranker(concepts(self.index, self.scheme, self.language))

    @cached_property
    def _concepts(self) -> dict[str, Concept]:
        return {concept.iri: concept for concept in self._ranker.concepts}

    @cached_property
    def _bridges(self) -> Bridges:
        return Bridges(self.index, self.store, self._concepts.keys(), self.language)
