"""A release as a data set: DCAT 3 for catalogues, schema.org for search engines."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pyoxigraph import Literal, NamedNode, Triple

from pesai.namespaces import DCAT, DCTERMS, FOAF, PROV, RDF, VOID, XSD, Vocabulary
from pesai.sparql.description import DESCRIPTIONS, TITLES

__all__ = ["Download", "Published", "catalogue", "dataset", "schema_org"]

_SPDX = Vocabulary("http://spdx.org/rdf/terms#")
_SCHEMA = "https://schema.org"
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_GZIP = "application/gzip"
_IANA = "https://www.iana.org/assignments/media-types/"

_Statement = tuple[NamedNode, NamedNode, NamedNode | Literal]


@dataclass(frozen=True)
class Download:
    """A file: its address, the media type inside gzip, bytes and SHA-256 (when they are known)."""

    address: str
    media: str
    size: int | None = None
    sha256: str = ""


@dataclass(frozen=True)
class Published:
    """What is told of a release to one reader.

    Attributes:
        iri: of the release.
        number: six digits.
        page: its address here.
        endpoint: where it is asked.
        issued: when it was made.
        triples: of the default graph.
        parent: IRI of the release before, or empty.
        downloads: whole files.
        graphs: IRIs of the named graphs.
        licences: addresses of the licences that these have: whoever takes the whole keeps to all.
    """

    iri: str
    number: str
    page: str
    endpoint: str
    issued: datetime
    triples: int
    parent: str
    downloads: Sequence[Download]
    graphs: Sequence[str] = ()
    licences: Sequence[str] = ()


def catalogue(address: str, endpoint: str, releases: Iterable[Published]) -> list[Triple]:
    """All releases as a DCAT catalogue.

    Args:
        address: of the catalogue.
        endpoint: where the present release is asked.
        releases: those that the reader may read.
    """
    name = NamedNode(address)
    found: list[_Statement] = [(name, RDF.type, DCAT.Catalog)]
    found += _texts(name)
    found += [
        (name, DCTERMS.license, NamedNode(_LICENCE)),
        (name, DCAT.service, NamedNode(f"{endpoint}#service")),
    ]
    for release in releases:
        found.append((name, DCAT.dataset, NamedNode(release.iri)))
        found += _release(release)
    return [Triple(*one) for one in found]


def dataset(release: Published) -> list[Triple]:
    """One release as a DCAT data set."""
    return [Triple(*one) for one in _release(release)]


def _release(release: Published) -> Iterator[_Statement]:
    name, issued = (
        NamedNode(release.iri),
        Literal(release.issued.isoformat(), datatype=XSD.dateTime),
    )
    for kind in (DCAT.Dataset, VOID.Dataset, PROV.Entity):
        yield name, RDF.type, kind
    yield from _texts(name)
    yield name, DCTERMS.identifier, Literal(release.number)
    yield name, DCAT.version, Literal(release.number)
    yield name, DCTERMS.issued, issued
    for licence in release.licences:
        yield name, DCTERMS.license, NamedNode(licence)
    yield name, VOID.triples, Literal(release.triples)
    yield name, DCAT.landingPage, NamedNode(release.page)
    yield name, FOAF.isPrimaryTopicOf, NamedNode(release.page)
    if release.parent:
        yield name, DCAT.previousVersion, NamedNode(release.parent)
    for graph in release.graphs:
        yield name, DCTERMS.hasPart, NamedNode(graph)
    yield from _service(name, release)
    for download in release.downloads:
        yield from _distribution(name, download, release.licences)


def _texts(name: NamedNode) -> Iterator[_Statement]:
    for language, title in TITLES.items():
        yield name, DCTERMS.title, Literal(title, language=language)
    for language, text in DESCRIPTIONS.items():
        yield name, DCTERMS.description, Literal(text, language=language)


def _service(name: NamedNode, release: Published) -> Iterator[_Statement]:
    service, distribution = (
        NamedNode(f"{release.endpoint}#{part}") for part in ("service", "rows")
    )
    yield name, DCAT.distribution, distribution
    yield distribution, RDF.type, DCAT.Distribution
    yield distribution, DCAT.accessURL, NamedNode(release.endpoint)
    yield distribution, DCAT.accessService, service
    yield service, RDF.type, DCAT.DataService
    yield service, DCAT.endpointURL, NamedNode(release.endpoint)
    yield service, DCAT.servesDataset, name
    yield service, DCTERMS.conformsTo, NamedNode("http://www.w3.org/TR/sparql11-protocol/")


def _distribution(
    name: NamedNode, download: Download, licences: Iterable[str]
) -> Iterator[_Statement]:
    address = NamedNode(download.address)
    yield name, DCAT.distribution, address
    yield address, RDF.type, DCAT.Distribution
    yield address, DCAT.downloadURL, address
    yield address, DCAT.accessURL, address
    for licence in licences:
        yield address, DCTERMS.license, NamedNode(licence)
    yield address, DCAT.mediaType, NamedNode(_IANA + download.media)
    yield address, DCAT.compressFormat, NamedNode(_IANA + _GZIP)
    if download.size is not None:
        yield address, DCAT.byteSize, Literal(str(download.size), datatype=XSD.nonNegativeInteger)
    if download.sha256:
        checksum = NamedNode(f"{download.address}#checksum")
        yield address, _SPDX.checksum, checksum
        yield checksum, RDF.type, _SPDX.Checksum
        yield checksum, _SPDX.algorithm, _SPDX.checksumAlgorithm_sha256
        yield checksum, _SPDX.checksumValue, Literal(download.sha256, datatype=XSD.hexBinary)


def schema_org(release: Published, language: str) -> dict[str, object]:
    """One release as a schema.org ``Dataset``, to be written in a page as JSON-LD."""
    return {
        "@context": _SCHEMA,
        "@type": "Dataset",
        "@id": release.iri,
        "name": TITLES[language],
        "description": DESCRIPTIONS[language],
        "inLanguage": ["fr", "en"],
        "identifier": release.iri,
        "version": release.number,
        "dateModified": release.issued.isoformat(),
        "url": release.page,
        "license": list(release.licences),
        "isAccessibleForFree": True,
        "creator": {"@type": "Organization", "name": "PESAI"},
        "distribution": [
            {
                "@type": "DataDownload",
                "contentUrl": download.address,
                "encodingFormat": [download.media, _GZIP],
                **({"sha256": download.sha256} if download.sha256 else {}),
            }
            for download in release.downloads
        ],
    }
