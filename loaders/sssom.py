"""Mappings between vocabularies: SSSOM tables."""

import re
from typing import ClassVar

from pyoxigraph import Literal, NamedNode

from pesai.errors import InputProblem
from pesai.loading.cells import Cells
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source, row_iri
from pesai.loading.mapping import LINKS, Mapping
from pesai.loading.near import hint
from pesai.loading.review import COLUMN as REVIEW
from pesai.loading.review import reviewed
from pesai.loading.sink import Sink
from pesai.loading.sssom import Head, read_sssom
from pesai.loading.table import Row, rows_of
from pesai.namespaces import DCTERMS, OWL, PAI, RDF, RDFS, SSSOM, XSD

__all__ = ["SssomLoader"]

COLUMNS = ("subject_id", "predicate_id", "object_id", "mapping_justification")
TEXTS = {
    "subject_label": SSSOM.subject_label,
    "object_label": SSSOM.object_label,
    "subject_source_version": SSSOM.subject_source_version,
    "object_source_version": SSSOM.object_source_version,
    "comment": RDFS.comment,
}
"""Properties as the schema of SSSOM has them (its ``slot_uri``)."""
ENTITIES = {"subject_source": SSSOM.subject_source, "object_source": SSSOM.object_source}
OPTIONAL = (*TEXTS, *ENTITIES, "predicate_modifier", "confidence", "mapping_date")
UNREAD = (
    "author_id", "author_label", "cardinality_scope", "creator_id", "creator_label",
    "curation_rule", "curation_rule_text", "issue_tracker_item", "license", "mapping_cardinality",
    "mapping_provider", "mapping_source", "mapping_tool", "mapping_tool_id",
    "mapping_tool_version", "match_string", "object_category", "object_match_field",
    "object_preprocessing", "object_type", "other", "predicate_label", "predicate_type",
    "publication_date", "record_id", "review_date", "reviewer_id", "reviewer_label", "see_also",
    "similarity_measure", "similarity_score", "subject_category", "subject_match_field",
    "subject_preprocessing", "subject_type",
)  # fmt: skip
"""Slots of SSSOM that stay in the kept source: among them the names of people."""
SEMAPV = "https://w3id.org/semapv/vocab/"
DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class SssomLoader:
    """Each row becomes an ``sssom:Mapping``, and the plain SKOS link where it says one."""

    kind: ClassVar[str] = "sssom"

    def describe(self, source: Source) -> Description:
        """What the source is, from its own head."""
        table = read_sssom(source.paths[0], Sink())
        head = table.head if table else Head()
        title = head["mapping_set_title"] or source.name
        # What is no IRI is told while the rows are read.
        licence, homepage = (head.iri(head[name]) for name in ("license", "mapping_set_id"))
        return Description(
            title_en=f"Alignment: {title}",
            title_fr=f"Alignement : {title}",
            version=head["mapping_set_version"],
            licence=licence.value if licence else "",
            homepage=homepage.value if homepage else "",
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the rows into the sink."""
        seen: dict[str, Place] = {}
        for path in source.paths:
            table = read_sssom(path, sink)
            if table is None:
                continue
            named = _set(table.head, context.base.graph(source.kind, source.name), path.name, sink)
            rows = rows_of(table.grid, COLUMNS, sink, optional=(*OPTIONAL, *UNREAD, REVIEW))
            if table.has(REVIEW):
                rows = _marked(rows, path.name, sink)
            good = sink.rows_read - sink.rows_skipped
            for row in rows:
                with sink.row(row.place):
                    cells = Cells(row, sink, context.base)
                    mapping = _mapping(cells, table.head, seen, source.name)
                    if mapping is not None:
                        sink.add(named, SSSOM.mappings, mapping)
                        at = row_iri(source, context, path.name, row.place.row)
                        sink.add(mapping, PAI.fromRow, at)
            # A head alone brings nothing, and must not take the place of a whole table.
            if sink.rows_read - sink.rows_skipped > good:
                _describe(named, table.head, sink)


def _marked(rows: list[Row], file: str, sink: Sink) -> list[Row]:
    """Of a table of proposals, what a person has decided: a proposal is no fact.

    Raises:
        InputProblem: nobody has decided anything yet.
    """
    marked = list(reviewed(rows, file, sink))
    if not marked and not sink.errors:
        raise InputProblem(
            "{file} holds proposals, and none is marked: write exact, close, broad, narrow, "
            "related or no into the column 'review' of the rows that are right or wrong",
            file=file,
        )
    return marked


def _set(head: Head, graph: NamedNode, file: str, sink: Sink) -> NamedNode:
    """What the mappings are a set of."""
    for name in ("mapping_set_id", "license"):
        if head.iri(head[name]) is None:
            message, expected = f"the head has no {name}", "an IRI"
            sink.report("warning", message, place=Place(file), value=head[name], expected=expected)
    return head.iri(head["mapping_set_id"]) or graph


def _describe(named: NamedNode, head: Head, sink: Sink) -> None:
    """What the head says of the table as a whole."""
    sink.add(named, RDF.type, SSSOM.MappingSet)
    sink.text(named, DCTERMS.title, head["mapping_set_title"])
    sink.text(named, DCTERMS.description, head["mapping_set_description"])
    sink.text(named, OWL.versionInfo, head["mapping_set_version"])
    licence = head.iri(head["license"])
    if licence is not None:
        sink.add(named, DCTERMS.license, licence)


def _mapping(cells: Cells, head: Head, seen: dict[str, Place], name: str) -> NamedNode | None:
    """One row. What the head says holds where the row does not say it itself."""
    if not cells.readable():
        return None
    cells.need(*COLUMNS)
    found = [_entity(cells, column, head) for column in COLUMNS]
    subject, predicate, value, justification = found
    if subject is None or predicate is None or value is None or justification is None:
        return None
    negated = _negated(cells)
    mapping = Mapping(
        subject, predicate, value, justification,
        version=cells["object_source_version"] or head["object_source_version"], negated=negated,
    )  # fmt: skip
    twin = seen.setdefault(mapping.digest(), cells.row.place)
    if twin != cells.row.place:
        message = f"says the same as row {twin.row} of {twin.file}"
        cells.complain("subject_id", message, value=cells["subject_id"])
    named = mapping.iri(cells.base, name)
    mapping.write(cells.sink, named)
    _details(cells, head, named)
    return named


def _entity(cells: Cells, column: str, head: Head) -> NamedNode | None:
    name = cells[column]
    found = head.iri(name)
    if name and found is None:
        prefix = name.partition(":")[0]
        expected = hint(prefix, sorted(head.prefixes)) or "a prefix of the curie_map, or an IRI"
        cells.complain(column, "has no prefix of the curie_map", value=name, expected=expected)
        return None
    if found and column == "mapping_justification" and not found.value.startswith(SEMAPV):
        expected = "a term such as semapv:ManualMappingCuration"
        cells.complain(column, "is not a justification", value=name, expected=expected)
    if found and column == "predicate_id" and found not in LINKS.values():
        cells.complain(
            column, "is no link of SKOS: the mapping is loaded without one", value=name,
            severity="note",
        )  # fmt: skip
    return found


def _negated(cells: Cells) -> bool:
    modifier = cells["predicate_modifier"]
    if modifier not in {"", "Not"}:
        cells.complain("predicate_modifier", "is unknown", value=modifier, expected="Not, or empty")
    return modifier == "Not"


def _details(cells: Cells, head: Head, mapping: NamedNode) -> None:
    for column, predicate in TEXTS.items():
        inherited = head[column] if column.endswith("_version") else ""
        cells.sink.text(mapping, predicate, cells[column] or inherited)
    for column, predicate in ENTITIES.items():
        source = head.iri(cells[column] or head[column])
        if source is not None:
            cells.sink.add(mapping, predicate, source)
    confidence = cells.number("confidence")
    if confidence is not None:
        if not 0 <= float(confidence.value) <= 1:
            message, expected = "is not a confidence", "0 to 1"
            cells.complain("confidence", message, value=confidence.value, expected=expected)
        cells.sink.add(mapping, SSSOM.confidence, Literal(confidence.value, datatype=XSD.double))
    date = cells["mapping_date"] or head["mapping_date"]
    if date and not DATE.fullmatch(date):
        cells.complain("mapping_date", "is not a date", value=date, expected="such as 2026-11-23")
    elif date:
        cells.sink.add(mapping, DCTERMS.created, Literal(date, datatype=XSD.date))
