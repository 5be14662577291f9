"""The service and its data, described: SPARQL 1.1 Service Description, and VoID."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from pesai.engine.protocol import GraphFormat, Limits
from pesai.namespaces import DCTERMS, FOAF, PAI, PREFIXES, RDF, RDFS, SKOS, VOID, XSD, Vocabulary

__all__ = ["DESCRIPTIONS", "TITLES", "DescribedGraph", "Facts", "describe", "serialise"]

SD = Vocabulary("http://www.w3.org/ns/sparql-service-description#")
_FORMATS = Vocabulary("http://www.w3.org/ns/formats/")
_RESULTS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML", "TriG", "N-Quads",
)  # fmt: skip
_PREFIXES = ("dcat", "dcterms", "foaf", "prov", "rdfs", "void", "xsd")
_RDF_FORMATS: dict[GraphFormat, ox.RdfFormat] = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
TITLES = {
    "en": "PESAI: artificial intelligence in public employment services",
    "fr": "PESAI : l’intelligence artificielle dans les services publics de l’emploi",
}
DESCRIPTIONS = {
    "en": "Who does what with artificial intelligence in public employment services: initiatives, "
    "their results, findings of surveys, positions on cooperation, each with its source, linked "
    "to classifications of the labour market.",
    "fr": "Qui fait quoi avec l’intelligence artificielle dans les services publics de l’emploi : "
    "initiatives et résultats, constats d’enquêtes, positions sur la coopération, chacun avec sa "
    "source, reliés aux nomenclatures du marché du travail.",
}


@dataclass(frozen=True)
class DescribedGraph:
    """A named graph: its IRI, number of triples, titles by language, licence (may be empty)."""

    iri: str
    triples: int
    titles: dict[str, str]
    licence: str = ""


@dataclass(frozen=True)
class Facts:
    """What a description says.

    Attributes:
        endpoint: address of the service as its users see it.
        root: address of the site, without a slash at its end.
        base: base IRI of the node's own things.
        union: whether the default graph is the union of the named graphs.
        limits: what a query may use.
        longest: bytes of a query.
        share: seconds of evaluation that one client has in a minute; 0 for as much as he likes.
        release: IRI of the release that answers.
        modified: its date.
        triples: number of triples of the default graph.
        graphs: the named graphs that the reader may read.
    """

    endpoint: str
    root: str
    base: str
    union: bool
    limits: Limits
    longest: int
    share: float
    release: str
    modified: datetime
    triples: int
    graphs: Sequence[DescribedGraph]


def describe(facts: Facts) -> list[Triple]:
    """The triples of the description."""
    return [*_service(facts), *_dataset(facts)]


def serialise(triples: list[Triple], format_: GraphFormat) -> bytes:
    """The description in an RDF format."""
    prefixes = {name: PREFIXES[name] for name in _PREFIXES}
    written = ox.serialize(
        triples, format=_RDF_FORMATS[format_], prefixes=prefixes | {"sd": SD.iri}
    )
    return written or b""


def _service(facts: Facts) -> Iterator[Triple]:
    service, dataset = NamedNode(f"{facts.endpoint}#service"), _name(facts)
    yield Triple(service, RDF.type, SD.Service)
    yield Triple(service, SD.endpoint, NamedNode(facts.endpoint))
    yield Triple(service, SD.supportedLanguage, SD.SPARQL11Query)
    for name in _RESULTS:
        yield Triple(service, SD.resultFormat, _FORMATS[name])
    if facts.union:
        yield Triple(service, SD.feature, SD.UnionDefaultGraph)
    regime = NamedNode("http://www.w3.org/ns/entailment/Simple")
    yield Triple(service, SD.defaultEntailmentRegime, regime)
    yield Triple(service, SD.defaultDataset, dataset)
    for language, text in _limits(facts).items():
        yield Triple(service, RDFS.comment, Literal(text, language=language))


def _limits(facts: Facts) -> dict[str, str]:
    """The limits of the service in words; no vocabulary has terms for them."""
    seconds, mebibyte = f"{facts.limits.seconds:g}", 1 << 20
    memory, result = facts.limits.memory // mebibyte, facts.limits.result // mebibyte
    longest = facts.longest // 1024
    share = (
        {
            "en": f" One client has {facts.share:g} seconds of evaluation a minute.",
            "fr": f" Un client dispose de {facts.share:g} secondes d’évaluation par minute.",
        }
        if facts.share
        else {"en": "", "fr": ""}
    )
    return {
        "en": f"A query may take {seconds} seconds and {memory} MiB of memory, its result "
        f"{result} MiB, its text {longest} KiB. Beyond a limit there is an error, never a part "
        f"of an answer.{share['en']} SERVICE and LOAD are refused.",
        "fr": f"Une requête dispose de {seconds} secondes et de {memory} Mio de mémoire ; son "
        f"résultat, de {result} Mio ; son texte, de {longest} Kio. Au-delà d’une limite, la "
        f"réponse est une erreur, jamais un résultat partiel.{share['fr']} SERVICE et "
        "LOAD sont refusés.",
    }


def _dataset(facts: Facts) -> Iterator[Triple]:
    dataset, default = _name(facts), BlankNode("default")
    yield Triple(dataset, RDF.type, SD.Dataset)
    yield Triple(dataset, RDF.type, VOID.Dataset)
    for language, title in TITLES.items():
        yield Triple(dataset, DCTERMS.title, Literal(title, language=language))
    for licence in sorted({graph.licence for graph in facts.graphs if _is_web(graph.licence)}):
        yield Triple(dataset, DCTERMS.license, NamedNode(licence))
    yield Triple(dataset, DCTERMS.hasVersion, NamedNode(facts.release))
    yield Triple(dataset, DCTERMS.modified, _moment(facts.modified))
    yield Triple(dataset, FOAF.homepage, NamedNode(f"{facts.root}/"))
    yield Triple(dataset, VOID.sparqlEndpoint, NamedNode(facts.endpoint))
    yield Triple(dataset, VOID.uriSpace, Literal(facts.base))
    yield Triple(dataset, VOID.triples, _number(facts.triples))
    for vocabulary in (PAI.iri, SKOS.iri, DCTERMS.iri):
        yield Triple(dataset, VOID.vocabulary, NamedNode(vocabulary))
    yield Triple(dataset, SD.defaultGraph, default)
    yield Triple(default, RDF.type, SD.Graph)
    yield Triple(default, VOID.triples, _number(facts.triples))
    for number, graph in enumerate(facts.graphs):
        yield from _graph(dataset, graph, number)


def _graph(dataset: NamedNode, graph: DescribedGraph, number: int) -> Iterator[Triple]:
    named, content = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
    yield Triple(dataset, SD.namedGraph, named)
    yield Triple(named, RDF.type, SD.NamedGraph)
    yield Triple(named, SD.name, NamedNode(graph.iri))
    yield Triple(named, SD.graph, content)
    yield Triple(content, RDF.type, SD.Graph)
    yield Triple(content, VOID.triples, _number(graph.triples))
    for language, title in graph.titles.items():
        if title:
            yield Triple(content, DCTERMS.title, Literal(title, language=language))
    if _is_web(graph.licence):
        yield Triple(content, DCTERMS.license, NamedNode(graph.licence))


def _is_web(address: str) -> bool:
    return address.startswith(("http://", "https://"))


def _name(facts: Facts) -> NamedNode:
    return NamedNode(f"{facts.endpoint}#dataset")


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)


def _moment(value: datetime) -> Literal:
    return Literal(value.isoformat(), datatype=XSD.dateTime)
