"""Homes for tests of the publisher, and what every release must be."""

import gzip
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, parse

from pesai.loading.canonical import Lines
from pesai.namespaces import Base
from pesai.releases.layout import Home, ReleaseFolder
from pesai.releases.manifest import GraphEntry, Manifest
from pesai.releases.publisher import Change, publish


class Kit:
    """Makes and reads releases of a home, on its own and apart from the code under test."""

    base = Base("https://example.org/")

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder)

    def triple(self, subject: str, value: str) -> str:
        """A canonical line."""
        return f'<urn:{subject}> <urn:p> "{value}" .'

    def iri(self, name: str) -> str:
        return self.base.graph("rdf", name).value

    def entry(self, name: str, audience: str = "public", title: str = "") -> GraphEntry:
        """The entry of a graph to be put."""
        return GraphEntry(
            iri=self.iri(name),
            kind="rdf",
            name=name,
            audience=audience,
            checksum="",
            triples=0,
            loaded=datetime(2026, 1, 1, tzinfo=UTC),
            title_en=title or name,
            title_fr=name,
        )

    def put(self, **graphs: tuple[str, list[str]]) -> Manifest | None:
        """Publish graphs by name: their audience and lines."""
        change = Change(
            put=[(self.entry(n, aud), self.lines(held)) for n, (aud, held) in graphs.items()]
        )
        return self.publish(change)

    def publish(self, change: Change, why: str = "test") -> Manifest | None:
        return publish(self.home, self.base, change, who="tester", why=why)

    def lines(self, texts: Iterable[str]) -> Lines:
        return tuple(sorted(set(texts)))

    def current(self) -> ReleaseFolder:
        release = self.home.current()
        assert release is not None
        return release

    def in_store(self, folder: Path) -> dict[str, set[str]]:
        """The lines of each graph of a store; the default graph's name is empty."""
        found: dict[str, set[str]] = {"": set()}
        for quad in Store.read_only(str(folder / "store")):
            name = "" if quad.graph_name == DefaultGraph() else _name(quad.graph_name)
            found.setdefault(name, set()).add(f"{quad.triple} .")
        return found

    def in_dump(self, folder: Path) -> dict[str, set[str]]:
        """The lines of each graph of a dump."""
        found: dict[str, set[str]] = {}
        text = gzip.decompress((folder / "data.nq.gz").read_bytes())
        for quad in parse(input=text, format=RdfFormat.N_QUADS):
            found.setdefault(_name(quad.graph_name), set()).add(f"{quad.triple} .")
        return found

    def own(self, graphs: Mapping[str, set[str]]) -> dict[str, set[str]]:
        """The graphs that are neither the default graph nor derived."""
        derived = self.base.graph("derived", "").value
        return {n: held for n, held in graphs.items() if n and not n.startswith(derived)}

    def debris(self) -> list[str]:
        """What a publisher left behind that did not come to its end."""
        found = [*self.home.path.rglob(".building-*"), *self.home.path.rglob("*.new")]
        return sorted(str(path.relative_to(self.home.path)) for path in found)


def _name(graph: object) -> str:
    assert isinstance(graph, NamedNode)
    return graph.value


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    """An empty home."""
    return Kit(tmp_path / "var")


@pytest.fixture
def another_kit(tmp_path: Path) -> Kit:
    """A second empty home."""
    return Kit(tmp_path / "other")
