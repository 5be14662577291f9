"""Names: the vocabularies we use, and the IRIs of our own things, graphs and releases."""

import re
import unicodedata
from functools import cache
from urllib.parse import quote

from pyoxigraph import NamedNode

__all__ = [
    "CODE",
    "DCAT",
    "DCTERMS",
    "ESCO",
    "EU_COUNTRY",
    "EU_LICENCE",
    "FOAF",
    "OA",
    "ORG",
    "OWL",
    "PAI",
    "PREFIXES",
    "PROV",
    "QB",
    "RDF",
    "RDFS",
    "SKOS",
    "SSSOM",
    "VOID",
    "XSD",
    "Base",
    "Vocabulary",
    "slug",
]


class Vocabulary:
    """A namespace whose terms are attributes: ``SKOS.prefLabel`` is a ``NamedNode``."""

    __slots__ = ("iri",)

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getitem__(self, name: str) -> NamedNode:
        return _term(self.iri + name)

    def __getattr__(self, name: str) -> NamedNode:
        if name.startswith("__"):
            raise AttributeError(name)
        return _term(self.iri + name)


@cache
def _term(iri: str) -> NamedNode:
    return NamedNode(iri)


PAI = Vocabulary("https://w3id.org/pes-ai/def#")
CODE = Vocabulary("https://w3id.org/pes-ai/code/")
DCAT = Vocabulary("http://www.w3.org/ns/dcat#")
DCTERMS = Vocabulary("http://purl.org/dc/terms/")
ESCO = Vocabulary("http://data.europa.eu/esco/model#")
EU_COUNTRY = Vocabulary("http://publications.europa.eu/resource/authority/country/")
EU_LICENCE = Vocabulary("http://publications.europa.eu/resource/authority/licence/")
FOAF = Vocabulary("http://xmlns.com/foaf/0.1/")
OA = Vocabulary("http://www.w3.org/ns/oa#")
ORG = Vocabulary("http://www.w3.org/ns/org#")
OWL = Vocabulary("http://www.w3.org/2002/07/owl#")
PROV = Vocabulary("http://www.w3.org/ns/prov#")
QB = Vocabulary("http://purl.org/linked-data/cube#")
RDF = Vocabulary("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Vocabulary("http://www.w3.org/2000/01/rdf-schema#")
SKOS = Vocabulary("http://www.w3.org/2004/02/skos/core#")
SSSOM = Vocabulary("https://w3id.org/sssom/")
VOID = Vocabulary("http://rdfs.org/ns/void#")
XSD = Vocabulary("http://www.w3.org/2001/XMLSchema#")

PREFIXES: dict[str, str] = {
    "pai": PAI.iri,
    "code": CODE.iri,
    "dcat": DCAT.iri,
    "dcterms": DCTERMS.iri,
    "esco": ESCO.iri,
    "foaf": FOAF.iri,
    "oa": OA.iri,
    "org": ORG.iri,
    "owl": OWL.iri,
    "prov": PROV.iri,
    "qb": QB.iri,
    "rdf": RDF.iri,
    "rdfs": RDFS.iri,
    "skos": SKOS.iri,
    "sssom": SSSOM.iri,
    "void": VOID.iri,
    "xsd": XSD.iri,
}
"""Prefixes of results, examples and pages, in one place."""


def slug(text: str) -> str:
    """A stable part of an IRI made of words: lower case, ASCII letters and digits, hyphens.

    >>> slug("OECD, A new dawn (2023) à l’emploi")
    'oecd-a-new-dawn-2023-a-l-emploi'
    """
    folded = unicodedata.normalize("NFKD", text)
    words = "".join(c for c in folded if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


class Base:
    """IRIs of a node's own things: ``{base}id/…``, ``{base}graph/…``, ``{base}releases/…``.

    Args:
        iri: the base, with its slash.
        plain: whether the default graph of the node is a graph of its own and blank nodes stay
            (``PESAI_DATASET=plain``, for the W3C test suite), instead of a union without any.
    """

    def __init__(self, iri: str, *, plain: bool = False) -> None:
        self.iri, self.plain = iri, plain

    @property
    def default_graph(self) -> str | None:
        """The IRI that stands for the default graph where that is a graph of its own."""
        return self.graph("rdf", "default").value if self.plain else None

    def thing(self, kind: str, name: str) -> NamedNode:
        """``{base}id/{kind}/{slug}``."""
        return NamedNode(f"{self.iri}id/{kind}/{quote(name, safe='')}")

    def graph(self, kind: str, name: str) -> NamedNode:
        """``{base}graph/{kind}/{name}``; in a plain node an IRI is a name too, and is kept."""
        if self.plain and ":" in name:
            return NamedNode(name)
        return NamedNode(f"{self.iri}graph/{kind}/{quote(name, safe='')}")

    def release(self, identifier: str) -> NamedNode:
        """``{base}releases/{id}``."""
        return NamedNode(f"{self.iri}releases/{identifier}")

    def genid(self, graph: str, label: str) -> NamedNode:
        """``{base}genid/{graph}/{label}``: the IRI that stands for a former blank node."""
        return NamedNode(f"{self.iri}genid/{graph}/{label}")
