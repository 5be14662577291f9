"""Sources loaded as the intake loads them: one after the other, each knows those before it."""

import csv
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

from pesai.loading.canonical import Lines
from pesai.loading.discovery import loader
from pesai.loading.loader import Context, Source
from pesai.loading.sink import Sink
from pesai.namespaces import Base
from pesai.resources import files

DATA = Path(__file__).parents[1] / "data" / "loaders"
WORLD = DATA / "world"
"""Fictional services and initiatives: QM and XA are codes that ISO 3166-1 leaves free."""
BASE = Base("https://w3id.org/pes-ai/")
TABLES = {
    "organisations": ("organisations.csv",),
    "members": ("survey_members.csv",),
    "initiatives": ("initiatives.csv",),
    "outcomes": ("outcomes.csv",),
    "findings": ("findings.csv",),
    "consultation": tuple(
        f"consultation_{name}.csv" for name in ("findings", "interests", "roles", "scope", "skills")
    ),
    "positions": ("positions.csv",),
}


@dataclass
class Loads:
    """Loads of one run, and the real store over them."""

    sinks: dict[str, Sink] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)
    base: Base = BASE
    document: Callable[[str], bytes | None] = lambda _iri: None

    def load(self, kind: str, *paths: Path, name: str = "test") -> Sink:
        """Load one source with what the loads before it have made."""
        context = Context(
            self.base,
            knows=lambda iri: iri in self.said,
            said=lambda iri: self.said.get(iri, ()),
            things=lambda beginning: [iri for iri in self.said if iri.startswith(beginning)],
            document=self.document,
        )
        sink = Sink()
        loader(kind).load(Source(kind, name, paths), context, sink)
        self.sinks[kind] = sink
        for line in sink.lines():
            self.said.setdefault(line[1 : line.index(">")], []).append(line)
        return sink

    def store(self) -> Store:
        """A store with the graphs of all loads merged."""
        store = Store()
        for sink in self.sinks.values():
            store.bulk_extend(quads(sink.lines()))
        return store


def quads(lines: Lines) -> list[Quad]:
    """Lines as quads of the default graph."""
    triples = parse("\n".join(lines), format=RdfFormat.N_TRIPLES)
    return [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in triples]


SEVERAL = {
    "alt_names", "themes", "task", "target_users", "data_used", "taxonomy_used", "partner_ids",
    "is_part_of", "succeeds", "evaluates", "source_urls", "partner_organisation_ids",
}  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    """The rows of a bundled table, read by the csv module alone."""
    with (files("data") / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


CODED = ("https://w3id.org/pes-ai/code/", "https://w3id.org/pes-ai/id/")


def written(text: str) -> str:
    """A value of a cell and the end of an IRI, in one spelling."""
    if text.startswith(CODED):
        text = text.rpartition("/")[2]
    return text
