"""Which documents of the vocabulary are published, by the path that names them."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal as OneOf

from rdflib import DCTERMS, RDF, SKOS, Graph, Literal, URIRef
from rdflib.term import Node

from pesai.checks import contract
from pesai.errors import NotFound
from pesai.resources import files
from pesai.vocabulary.alignments import link_graph, read
from pesai.vocabulary.merge import IRI, merged, modules, turtle_file, umbrella, version

__all__ = ["Document", "codes", "document", "documents"]

_HOME = "https://w3id.org/pes-ai/"
Kind = OneOf["ontology", "module", "code", "shapes", "alignment", "import"]


@dataclass(frozen=True, slots=True)
class Document:
    """One published document.

    Attributes:
        name: the path below the server, such as ``def/core`` or ``code/theme``; its IRI is
            ``https://w3id.org/pes-ai/`` with the name after it.
        kind: what it is.
        titles: language -> title.
        source: the file from which it comes, or None when it is put together from several.
        make: gives its triples, in a graph of the caller's own.
    """

    name: str
    kind: Kind
    titles: dict[str, str]
    source: Path | None
    make: Callable[[], Graph]

    @property
    def iri(self) -> str:
        """The address that names the document for everybody."""
        return _HOME + self.name

    def graph(self) -> Graph:
        """The triples, in a graph of the caller's own."""
        return self.make()


@cache
def documents() -> dict[str, Document]:
    """All documents by name: ontology and versions, code lists, shapes, alignments, extracts."""
    found = [
        *_ontology(),
        *_turtle("code", "codes"),
        Document(
            "shapes", "shapes", _titles(contract.shapes(), _HOME + "shapes"), None, contract.shapes
        ),
        *_alignments(),
        *_turtle("import", "imports"),
    ]
    return {one.name: one for one in found}


def document(name: str) -> Document:
    """The document of a name.

    Raises:
        NotFound: there is none.
    """
    try:
        return documents()[name]
    except KeyError:
        raise NotFound("the vocabulary has no document '{name}'", name=name) from None


def codes() -> Graph:
    """All code lists together."""
    graph = Graph()
    for path in sorted((files("ontology") / "codes").glob("*.ttl")):
        graph += turtle_file(path)
    return graph


def _ontology() -> list[Document]:
    root, number = files("ontology"), version()
    titles = _titles(umbrella(), str(IRI))
    found = [
        Document("def", "ontology", titles, None, merged),
        Document(f"def/{number}", "ontology", titles, None, merged),
        Document(
            f"def/{number}/codes",
            "code",
            {"en": "All code lists", "fr": "Toutes les listes de codes"},
            None,
            codes,
        ),
    ]
    for name, graph in modules().items():
        path = root / "modules" / f"{name}.ttl"
        names = _titles(graph, f"{IRI}/{name}")
        found += [
            Document(f"{place}/{name}", "module", names, path, _module(name))
            for place in ("def", f"def/{number}")
        ]
    return found


def _turtle(kind: OneOf["code", "import"], folder: str) -> list[Document]:
    place = "code" if kind == "code" else "imports"
    found = []
    for path in sorted((files("ontology") / folder).glob("*.ttl")):
        name = f"{place}/{path.stem}"
        found.append(
            Document(name, kind, _titles(turtle_file(path), _HOME + name), path, _reader(path))
        )
    return found


def _alignments() -> list[Document]:
    found = []
    for path in sorted((files("ontology") / "alignments").glob("*.sssom.tsv")):
        alignment = read(path)
        titles = {"en": alignment.metadata["mapping_set_title"]}
        name = f"alignments/{alignment.name}"
        found.append(Document(name, "alignment", titles, path, _links(path)))
    return found


def _titles(graph: Graph, iri: str) -> dict[str, str]:
    named: Node = URIRef(iri)
    if (named, RDF.type, SKOS.ConceptScheme) in graph:
        texts = graph.objects(named, SKOS.prefLabel)
    else:
        texts = graph.objects(named, DCTERMS.title)
    found = {
        text.language: str(text) for text in texts if isinstance(text, Literal) and text.language
    }
    return dict(sorted(found.items()))


def _module(name: str) -> Callable[[], Graph]:
    return lambda: modules()[name]


def _reader(path: Path) -> Callable[[], Graph]:
    return lambda: turtle_file(path)


def _links(path: Path) -> Callable[[], Graph]:
    return lambda: link_graph([read(path)])
