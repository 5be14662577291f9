"""The terms of a vocabulary document, put in order for a page."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from pesai.vocabulary.catalogue import document
from pesai.web.borrowed import borrowed
from pesai.web.i18n import LANGUAGES
from pesai.web.labels import Label, curie
from pesai.web.links import place
from pesai.web.sorting import natural
from pesai.web.values import Shown

__all__ = ["Term", "View", "listed", "view"]

_SECTIONS = (
    ("classes", OWL.Class),
    ("relations", OWL.ObjectProperty),
    ("attributes", OWL.DatatypeProperty),
    ("annotations", OWL.AnnotationProperty),
)
_RELATIONS = (
    RDFS.subClassOf, OWL.equivalentClass, RDFS.subPropertyOf, RDFS.domain, RDFS.range,
    OWL.inverseOf, OWL.propertyChainAxiom, SKOS.broader, SKOS.related, SKOS.exactMatch,
    SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch, RDFS.seeAlso,
    OWL.deprecated, DCTERMS.isReplacedBy,
)  # fmt: skip
_NOTES = (SKOS.scopeNote, SKOS.example, SKOS.note, SKOS.changeNote)


@dataclass(frozen=True)
class Term:
    """A class, a property or a code, as a page tells it.

    Attributes:
        anchor: its fragment, or the last part of its IRI.
        labels, definitions, notes: texts, the reader's language first.
        relations: the property (as a label) and what it leads to.
        narrower: codes below this one.
    """

    iri: str
    anchor: str
    href: str
    notation: str
    labels: tuple[Shown, ...]
    definitions: tuple[Shown, ...]
    notes: tuple[Shown, ...]
    relations: tuple[tuple[Shown, tuple[Shown, ...]], ...]
    narrower: tuple["Term", ...] = ()

    @property
    def text(self) -> str:
        """The label in the reader's language."""
        return self.labels[0].text if self.labels else self.anchor


@dataclass(frozen=True)
class View:
    """A document: its texts and its terms by section (``classes``, …, or ``codes``)."""

    titles: tuple[Shown, ...]
    descriptions: tuple[Shown, ...]
    version: str
    licence: Shown | None
    sections: tuple[tuple[str, tuple[Term, ...]], ...]


@cache
def view(name: str, language: str) -> View:
    """A document of the vocabulary in one language. Documents ship with the program.

    Raises:
        NotFound: there is no document of that name.
    """
    chosen = document(name)
    graph = chosen.graph()
    subject = URIRef(chosen.iri)
    if (subject, RDF.type, OWL.Ontology) not in graph and name.startswith("def"):
        subject = URIRef("https://w3id.org/pes-ai/def")
    reader = _Reader(graph, language)
    licences = list(graph.objects(subject, DCTERMS.license))
    titles = reader.texts(subject, (DCTERMS.title, SKOS.prefLabel))
    return View(
        titles=titles or _titles(chosen.titles, language),
        descriptions=reader.texts(subject, (DCTERMS.description, SKOS.definition)),
        version=str(graph.value(subject, OWL.versionInfo) or ""),
        licence=reader.shown(licences[0]) if licences else None,
        sections=tuple(reader.sections()),
    )


def listed(view: View) -> Iterator[Term]:
    """All terms of a document, in the order of the page."""
    for _name, terms in view.sections:
        for term in terms:
            yield term
            yield from term.narrower


def _titles(titles: dict[str, str], language: str) -> tuple[Shown, ...]:
    return tuple(
        Shown(text, tag) for tag, text in sorted(titles.items(), key=lambda t: t[0] != language)
    )


class _Reader:
    """Reads terms out of the graph of a document, for one language."""

    def __init__(self, graph: Graph, language: str) -> None:
        self.graph, self.language = graph, language

    def sections(self) -> Iterator[tuple[str, tuple[Term, ...]]]:
        for name, kind in _SECTIONS:
            terms = [self.term(node) for node in self._own(self.graph.subjects(RDF.type, kind))]
            if terms:
                yield name, tuple(sorted(terms, key=lambda term: natural(term.text)))
        codes = tuple(sorted(self._codes(), key=lambda term: natural(term.text)))
        if codes:
            yield "codes", codes

    def _own(self, nodes: Iterable[Node]) -> Iterator[URIRef]:
        """Terms that have a label here: those of others are only declared."""
        for node in nodes:
            if isinstance(node, URIRef) and (node, RDFS.label, None) in self.graph:
                yield node

    def _codes(self) -> Iterator[Term]:
        """The codes at the first level, each with those below it."""
        graph = self.graph
        for node in graph.subjects(RDF.type, SKOS.Concept):
            above = [up for up in graph.objects(node, SKOS.broader) if (up, None, None) in graph]
            if isinstance(node, URIRef) and not above:
                yield self.term(node)

    def term(self, node: URIRef, depth: int = 0) -> Term:
        below = self.graph.subjects(SKOS.broader, node) if depth < 6 else ()
        where = place(str(node))
        return Term(
            iri=str(node),
            anchor=str(node).rpartition("#")[2] if "#" in node else str(node).rpartition("/")[2],
            href=where.href if where else "",
            notation=str(self.graph.value(node, SKOS.notation) or ""),
            labels=self.texts(node, (SKOS.prefLabel, RDFS.label)),
            definitions=self.texts(node, (SKOS.definition,)),
            notes=self.texts(node, _NOTES),
            relations=tuple(self._relations(node)),
            narrower=tuple(
                sorted(
                    (self.term(one, depth + 1) for one in below if isinstance(one, URIRef)),
                    key=lambda term: natural(term.text),
                )
            ),
        )

    def _relations(self, node: URIRef) -> Iterator[tuple[Shown, tuple[Shown, ...]]]:
        for relation in _RELATIONS:
            found = sorted(
                (self.shown(value) for value in self.graph.objects(node, relation)),
                key=lambda shown: natural(shown.text),
            )
            if found and relation != SKOS.broader:
                yield self.shown(relation), tuple(found)

    def texts(self, node: Node, properties: Iterable[URIRef]) -> tuple[Shown, ...]:
        """Texts of a node, the reader's language first, then the others of the interface."""
        order = [self.language, *LANGUAGES]
        found = [
            Shown(str(text), text.language or "")
            for one in properties
            for text in self.graph.objects(node, one)
            if isinstance(text, Literal)
        ]
        return tuple(
            sorted(
                found,
                key=lambda shown: (
                    order.index(shown.language) if shown.language in order else len(order),
                    shown.text,
                ),
            )
        )

    def shown(self, node: Node) -> Shown:
        """What a relation leads to."""
        if isinstance(node, Literal):
            return Shown(str(node), node.language or "")
        if isinstance(node, BNode):
            return Shown(self._expression(node))
        where = place(str(node))
        label = self._label(node)
        return Shown(
            label.text,
            label.language,
            where.href if where else "",
            external=bool(where and where.external),
            iri=str(node),
        )

    def _label(self, node: Node) -> Label:
        texts = self.texts(node, (SKOS.prefLabel, RDFS.label))
        if texts:
            return Label(texts[0].text, texts[0].language)
        known = borrowed().get(str(node))
        return Label(known[self.language], self.language) if known else Label(curie(str(node)), "")

    def _expression(self, node: BNode) -> str:
        """A class expression in words of the Manchester syntax, or a list."""
        graph = self.graph
        for word, joined in ((" and ", OWL.intersectionOf), (" or ", OWL.unionOf)):
            head = graph.value(node, joined)
            if head is not None:
                return word.join(self.shown(each).text for each in Collection(graph, head))
        on = graph.value(node, OWL.onProperty)
        if on is not None:
            for word, facet in (("value", OWL.hasValue), ("some", OWL.someValuesFrom)):
                filler = graph.value(node, facet)
                if filler is not None:
                    return f"{self.shown(on).text} {word} {self.shown(filler).text}"
        inverse = graph.value(node, OWL.inverseOf)
        if inverse is not None:
            return f"inverse {self.shown(inverse).text}"
        return " → ".join(self.shown(each).text for each in Collection(graph, node))
