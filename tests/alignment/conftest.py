"""Stores and releases of hierarchies and labels, made up for the tests of this folder."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from pesai.access.audiences import THE_PUBLIC
from pesai.loading.canonical import checksum, lines
from pesai.namespaces import Base
from pesai.releases.manifest import GraphEntry
from pesai.releases.steps import StepContext

BASE = Base("https://example.org/")
PREFIXES = """
@prefix : <https://example.org/c/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix pai: <https://w3id.org/pes-ai/def#> .
"""

Given = Callable[..., StepContext]
"""``given(folder, previous, graph_name="turtle", …)``: what a step is given."""


def graph_iri(name: str) -> str:
    return BASE.graph("rdf", name).value


def _context(folder: Path, previous: Path | None = None, **graphs: str) -> StepContext:
    store, entries = Store(), []
    for name, turtle in graphs.items():
        found = [quad.triple for quad in parse(input=PREFIXES + turtle, format=RdfFormat.TURTLE)]
        held = lines(found)
        iri = graph_iri(name)
        for triple in found:
            for graph in (NamedNode(iri), DefaultGraph()):
                store.add(Quad(triple.subject, triple.predicate, triple.object, graph))
        entries.append(
            GraphEntry(
                iri=iri, kind="rdf", name=name, audience="public", checksum=checksum(held),
                triples=len(held), loaded=datetime(2026, 1, 1, tzinfo=UTC),
            )
        )  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    inputs = tuple(sorted(entry.iri for entry in entries))
    return StepContext(THE_PUBLIC, store, tuple(entries), inputs, folder, BASE, previous)


@pytest.fixture(scope="session")
def given() -> Given:
    return _context
