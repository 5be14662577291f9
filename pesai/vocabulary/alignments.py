"""Alignments of our codes with the classifications of others, kept as SSSOM tables."""

from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, URIRef

from pesai.errors import InputProblem
from pesai.loading.sink import Sink
from pesai.loading.sssom import Head, read_sssom
from pesai.loading.table import Row, rows_of
from pesai.resources import files

__all__ = ["Alignment", "Mapping", "alignments", "link_graph", "read"]

_COLUMNS = (
    "subject_id", "subject_label", "predicate_id", "object_id", "object_label",
    "object_source_version",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mapping:
    """One row: our concept, the SKOS predicate, their concept, and the version it was read in."""

    line: int
    subject: str
    predicate: str
    object: str
    subject_label: str
    object_label: str
    version: str


@dataclass(frozen=True, slots=True)
class Alignment:
    """One table with its name and metadata."""

    name: str
    metadata: dict[str, str]
    mappings: tuple[Mapping, ...]


def alignments(folder: Path | None = None) -> list[Alignment]:
    """All tables of a folder (the shipped ones by default), by name."""
    place = folder or files("ontology") / "alignments"
    return [read(path) for path in sorted(place.glob("*.sssom.tsv"))]


def read(path: Path) -> Alignment:
    """Read one SSSOM table, as the loader of SSSOM reads it.

    Raises:
        InputProblem: the table cannot be read, or a name in it has no known prefix.
    """
    sink = Sink()
    table = read_sssom(path, sink)
    rows = rows_of(table.grid, _COLUMNS, sink) if table else []
    if table is None or sink.errors:
        raise InputProblem("{issues}", issues="; ".join(map(str, sink.issues)))
    found = tuple(_mapping(row, table.head) for row in rows)
    return Alignment(path.name.removesuffix(".sssom.tsv"), table.head.values, found)


def _mapping(row: Row, head: Head) -> Mapping:
    def iri(column: str) -> str:
        found = head.iri(row[column])
        if found is None:
            raise InputProblem(
                "{file}:{line}: {name} has no prefix of the curie_map",
                file=row.place.file,
                line=row.place.row,
                name=row[column],
            )
        return found.value

    return Mapping(
        line=row.place.row,
        subject=iri("subject_id"),
        predicate=iri("predicate_id"),
        object=iri("object_id"),
        subject_label=row["subject_label"],
        object_label=row["object_label"],
        version=row["object_source_version"],
    )


def link_graph(found: list[Alignment] | None = None) -> Graph:
    """The plain SKOS links of some alignments (all shipped ones by default)."""
    graph = Graph()
    for alignment in alignments() if found is None else found:
        for row in alignment.mappings:
            graph.add((URIRef(row.subject), URIRef(row.predicate), URIRef(row.object)))
    return graph
