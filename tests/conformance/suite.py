"""The W3C SPARQL 1.1 test suite, read from its archive.

``PESAI_W3C_TESTS`` names the folder that holds ``rdf-tests-sparql11-….tar.gz``. Nothing is fetched
and nothing of it is in this repository.
"""

import os
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import rdflib
from rdflib.collection import Collection
from rdflib.namespace import RDF, RDFS

__all__ = ["BASE", "MF", "QT", "UT", "Suite", "Test", "archive", "unpacked"]

BASE = "http://suite.example/"
"""Stands for the address of the suite: relative IRIs of manifests, data and results."""

MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = rdflib.Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
SUBJECTS = {
    "query": (
        "aggregates", "bind", "bindings", "cast", "construct", "exists", "functions", "grouping",
        "negation", "project-expression", "property-path", "subquery", "syntax-query",
    ),
    "results": ("csv-tsv-res", "json-res"),
    "federation": ("service", "syntax-fed"),
    "description": ("service-description",),
    "protocol": ("protocol",),
    "update": (
        "add", "basic-update", "clear", "copy", "delete", "delete-data", "delete-insert",
        "delete-where", "drop", "move", "syntax-update-1", "syntax-update-2", "update-silent",
    ),
    "graph-store": ("graph-store-protocol",),
}  # fmt: skip
"""Groups of tests by what they are about. Entailment regimes are left out: none is claimed."""


@dataclass(frozen=True)
class Data:
    """What a dataset holds: files for the default graph, and files by IRI for named graphs."""

    default: tuple[str, ...] = ()
    named: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Test:
    """One test.

    Attributes:
        iri: of the test.
        subject: key of ``SUBJECTS``.
        group: folder of the suite.
        name: local name.
        kind: local name of its class.
        label: what it says of itself.
        text: the query or update, or empty.
        before, after: the data, and what an update should make of it.
        result: file with the expected answer, or empty.
        node: in the graph of the manifest, for requests.
    """

    __test__ = False

    iri: str
    subject: str
    group: str
    name: str
    kind: str
    label: str
    text: str
    before: Data
    after: Data
    result: str
    node: rdflib.term.Node
    manifest: rdflib.Graph = field(repr=False)

    @property
    def key(self) -> str:
        """``{group}/{name}``."""
        return f"{self.group}/{self.name}"


def archive() -> Path | None:
    """The archive of the suite; ``None`` when there is none here."""
    folder = os.environ.get("PESAI_W3C_TESTS")
    found = sorted(Path(folder).glob("rdf-tests-sparql11-*.tar.gz")) if folder else []
    return found[-1] if found else None


def unpacked(file: Path, target: Path) -> "Suite":
    """The suite, unpacked into a folder."""
    with tarfile.open(file) as packed:
        packed.extractall(target, filter="data")
    return Suite(next(target.rglob("manifest-all.ttl")).parent)


@dataclass(frozen=True)
class Suite:
    """An unpacked suite."""

    folder: Path

    def tests(self, *subjects: str) -> list[Test]:
        """The tests about some subjects, in the order of the manifests."""
        return [
            test
            for subject in subjects
            for group in SUBJECTS[subject]
            for test in self._group(subject, group)
        ]

    def path(self, iri: str) -> Path:
        """The file that an IRI of the suite means."""
        return self.folder / iri.removeprefix(BASE)

    def _group(self, subject: str, group: str) -> Iterator[Test]:
        for file in sorted((self.folder / group).glob("manifest*.ttl")):
            graph = rdflib.Graph()
            address = f"{BASE}{group}/{file.name}"
            graph.parse(data=file.read_text("utf-8"), format="turtle", publicID=address)
            for entries in graph.objects(rdflib.URIRef(address), MF.entries):
                for node in Collection(graph, entries):
                    yield self._test(subject, group, graph, node)

    def _test(self, subject: str, group: str, graph: rdflib.Graph, node: rdflib.term.Node) -> Test:
        action, result = graph.value(node, MF.action), graph.value(node, MF.result)
        kind = str(graph.value(node, RDF.type)).rpartition("#")[2]
        source = None
        if action is not None:
            source = graph.value(action, QT.query) or graph.value(action, UT.request)
            source = source or (action if isinstance(action, rdflib.URIRef) else None)
        return Test(
            iri=str(node),
            subject=subject,
            group=group,
            name=str(node).rpartition("#")[2],
            kind=kind,
            label=str(graph.value(node, MF.name) or ""),
            text=self.path(str(source)).read_bytes().decode() if source else "",
            before=_data(graph, node if kind == "ProtocolTest" else action),
            after=_data(graph, result),
            result=str(result) if isinstance(result, rdflib.URIRef) else "",
            node=node,
            manifest=graph,
        )


def _data(graph: rdflib.Graph, node: rdflib.term.Node | None) -> Data:
    if node is None:
        return Data()
    default = (*graph.objects(node, QT.data), *graph.objects(node, UT.data))
    named: dict[str, str] = {}
    for found in (*graph.objects(node, QT.graphData), *graph.objects(node, UT.graphData)):
        if isinstance(found, rdflib.URIRef):
            named[str(found)] = str(found)
        else:
            named[str(graph.value(found, RDFS.label))] = str(graph.value(found, UT.graph))
    return Data(tuple(sorted(map(str, default))), named)
