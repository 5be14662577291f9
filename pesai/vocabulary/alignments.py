"""Alignments of our codes with the classifications of others, kept as SSSOM tables."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rdflib import Graph, URIRef

from pesai.errors import InputProblem
from pesai.resources import files

__all__ = ["Alignment", "Mapping", "alignments", "link_graph", "read"]

_META = re.compile(r"#(?P<key>[a-z_]+): (?P<value>.+)")
_PREFIX = re.compile(r"# +(?P<prefix>[A-Za-z]+): (?P<iri>\S+)")


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
    """Read one SSSOM table with its metadata in comment lines before the header.

    Raises:
        InputProblem: a name in the table has a prefix that its ``curie_map`` does not have.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    start = next(i for i, line in enumerate(lines) if not line.startswith("#"))
    prefixes = dict(_found(_PREFIX, lines[:start]))
    metadata = {key: value.strip('"') for key, value in _found(_META, lines[:start])}

    def iri(name: str, line: int) -> str:
        prefix, _, local = name.partition(":")
        if prefix not in prefixes:
            raise InputProblem(
                "{file}:{line}: {name} has no prefix of the curie_map",
                file=path.name,
                line=line,
                name=name,
            )
        return prefixes[prefix] + local

    rows = csv.DictReader(lines[start:], delimiter="\t", quoting=csv.QUOTE_NONE)
    found = tuple(
        Mapping(
            line=number,
            subject=iri(row["subject_id"], number),
            predicate=iri(row["predicate_id"], number),
            object=iri(row["object_id"], number),
            subject_label=row["subject_label"],
            object_label=row["object_label"],
            version=row["object_source_version"],
        )
        for number, row in enumerate(rows, start + 2)
    )
    return Alignment(path.name.removesuffix(".sssom.tsv"), metadata, found)


def link_graph(found: list[Alignment] | None = None) -> Graph:
    """The plain SKOS links of some alignments (all shipped ones by default)."""
    graph = Graph()
    for alignment in alignments() if found is None else found:
        for row in alignment.mappings:
            graph.add((URIRef(row.subject), URIRef(row.predicate), URIRef(row.object)))
    return graph


def _found(pattern: re.Pattern[str], lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if match := pattern.fullmatch(line):
            first, second = match.groups()
            yield first, second
