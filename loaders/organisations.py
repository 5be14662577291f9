"""Organisations: ``organisations.csv`` of the observatory."""

from typing import ClassVar

from pesai.loading.loader import Context, Description, Source, row_iri
from pesai.loading.sink import Sink
from pesai.loading.table import Row, read_table
from pesai.namespaces import DCTERMS, ORG, PAI, RDF

__all__ = ["OrganisationsLoader"]

COLUMNS = (
    "id", "name_original", "name_en", "acronym", "alt_names", "country", "kind", "parent_id",
    "website", "source_url", "note",
)  # fmt: skip


class OrganisationsLoader:
    """Each row becomes an ``org:Organization``, and a public employment service when it is one."""

    kind: ClassVar[str] = "organisations"

    def describe(self, source: Source) -> Description:  # noqa: ARG002
        """What the source is."""
        return Description(
            title_en="Organisations of the observatory",
            title_fr="Organisations de l’observatoire",
            licence="https://creativecommons.org/licenses/by/4.0/",
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the rows into the sink."""
        for path in source.paths:
            for row in read_table(path, COLUMNS, sink):
                with sink.row(row.place):
                    _organisation(row, source, context, sink)


def _organisation(row: Row, source: Source, context: Context, sink: Sink) -> None:
    thing = context.base.thing("organisation", row["id"])
    sink.add(thing, RDF.type, ORG.Organization)
    if row["kind"] == "PES":
        sink.add(thing, RDF.type, PAI.PublicEmploymentService)
    sink.text(thing, DCTERMS.title, row["name_en"], "en")
    sink.add(thing, PAI.fromRow, row_iri(source, context, row.place.file, row.place.row))
