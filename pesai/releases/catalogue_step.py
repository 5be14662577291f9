"""The catalogue: a derived graph that describes each graph its reader may read.

The graph is a ``dcat:Catalog`` of these data sets. It says what a graph is, for whom, under which
licence, how large it is, and where it came from (PROV-O: source files with their checksums, the
loading, the rows read). The vocabularies are VoID, DCAT 3, PROV-O, DCMI terms, SPDX for checksums
and the EU table of access rights.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar

from pyoxigraph import Literal, NamedNode, Triple

from pesai.loading.canonical import lines
from pesai.namespaces import (
    CODE,
    DCAT,
    DCTERMS,
    FOAF,
    PAI,
    PROV,
    RDF,
    VOID,
    XSD,
    Base,
    Vocabulary,
)
from pesai.releases.manifest import GraphEntry, SourceFile
from pesai.releases.steps import StepContext, StepResult

__all__ = ["CatalogueStep"]

SPDX = Vocabulary("http://spdx.org/rdf/terms#")
ACCESS_RIGHT = Vocabulary("http://publications.europa.eu/resource/authority/access-right/")

_TITLES = {"en": "Catalogue of the graphs", "fr": "Catalogue des graphes"}
_RIGHTS = {"public": "PUBLIC", "partners": "RESTRICTED", "owners": "NON_PUBLIC"}

Object = NamedNode | Literal


class CatalogueStep:
    """Describes the graphs of one reader in ``{base}graph/derived/catalogue``."""

    name: ClassVar[str] = "catalogue"
    version: ClassVar[str] = "2"
    after: ClassVar[tuple[str, ...]] = ()

    def reads(self, kind: str, iri: str) -> bool:  # noqa: ARG002
        """Every graph but the derived ones: of each, its entry."""
        return kind != "derived"

    def run(self, context: StepContext) -> StepResult:
        """Derive."""
        catalogue = context.base.graph("derived", self.name)
        found = [*_catalogue(catalogue, context.entries)]
        for entry in context.entries:
            found += _Described(entry, context.base).triples()
        return StepResult({catalogue.value: lines(found)})


def _catalogue(name: NamedNode, entries: Iterable[GraphEntry]) -> Iterator[Triple]:
    """The list of the data sets."""
    yield Triple(name, RDF.type, DCAT.Catalog)
    for language, title in _TITLES.items():
        yield Triple(name, DCTERMS.title, Literal(title, language=language))
    for entry in entries:
        yield Triple(name, DCAT.dataset, NamedNode(entry.iri))


class _Described:
    """One graph as a data set."""

    def __init__(self, entry: GraphEntry, base: Base) -> None:
        self.entry, self.base = entry, base
        self.graph = NamedNode(entry.iri)
        self.loading = NamedNode(f"{entry.iri}#loading")

    def triples(self) -> Iterator[Triple]:
        """All that is said of it."""
        for subject, predicate, value in (*self._dataset(), *self._rights(), *self._provenance()):
            yield Triple(subject, predicate, value)

    def _dataset(self) -> Iterator[tuple[NamedNode, NamedNode, Object]]:
        entry, graph = self.entry, self.graph
        for kind in (VOID.Dataset, DCAT.Dataset, PROV.Entity):
            yield graph, RDF.type, kind
        yield graph, DCTERMS.identifier, Literal(f"{entry.kind}/{entry.name}")
        yield graph, DCAT.keyword, Literal(entry.kind)
        yield graph, VOID.triples, Literal(entry.triples)
        yield graph, DCTERMS.modified, _time(entry)
        for language, title in (("en", entry.title_en), ("fr", entry.title_fr)):
            if title:
                yield graph, DCTERMS.title, Literal(title, language=language)
        if entry.version:
            yield graph, DCAT.version, Literal(entry.version)
        if entry.homepage:
            yield graph, FOAF.homepage, NamedNode(entry.homepage)

    def _rights(self) -> Iterator[tuple[NamedNode, NamedNode, Object]]:
        entry, graph, audience = self.entry, self.graph, self.entry.is_for()
        yield graph, PAI.audience, CODE[f"audience/{audience.name}"]
        yield graph, DCTERMS.accessRights, ACCESS_RIGHT[_RIGHTS[audience.name]]
        for owner in audience.owners:
            yield graph, PROV.wasAttributedTo, self.base.thing("organisation", owner)
        if entry.licence:
            yield graph, DCTERMS.license, NamedNode(entry.licence)
        if entry.attribution:
            yield graph, DCTERMS.rights, Literal(entry.attribution)

    def _provenance(self) -> Iterator[tuple[NamedNode, NamedNode, Object]]:
        """Each source file, the loading that read them, and the program that did it."""
        entry, loading = self.entry, self.loading
        loader = self.base.thing("loader", entry.kind)
        yield self.graph, PROV.wasGeneratedBy, loading
        yield loading, RDF.type, PROV.Activity
        yield loading, PROV.endedAtTime, _time(entry)
        yield loading, PROV.wasAssociatedWith, loader
        yield loader, RDF.type, PROV.SoftwareAgent
        yield loader, DCTERMS.identifier, Literal(entry.kind)
        if entry.rows:
            read, skipped = entry.rows, entry.skipped
            account = f"rows read: {read}; skipped: {skipped}"
            compte = f"lignes lues : {read} ; écartées : {skipped}"
            yield loading, DCTERMS.description, Literal(account, language="en")
            yield loading, DCTERMS.description, Literal(compte, language="fr")
        for file in entry.sources:
            source = self._source(file)
            checksum = NamedNode(f"{source.value}#checksum")
            yield self.graph, PROV.wasDerivedFrom, source
            yield loading, PROV.used, source
            yield source, RDF.type, PROV.Entity
            yield source, DCTERMS.title, Literal(file.name)
            yield source, SPDX.checksum, checksum
            yield checksum, RDF.type, SPDX.Checksum
            yield checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256
            yield checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary)

    def _source(self, file: SourceFile) -> NamedNode:
        """The document whose rows ``pesai.loading.loader.row_iri`` names."""
        entry = self.entry
        stem = entry.name if len(entry.sources) == 1 else f"{entry.name}-{Path(file.name).stem}"
        return self.base.thing("source", f"{entry.kind}-{stem}")


def _time(entry: GraphEntry) -> Literal:
    return Literal(entry.loaded.isoformat().replace("+00:00", "Z"), datatype=XSD.dateTime)
