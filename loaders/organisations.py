"""Organisations: ``organisations.csv`` of the observatory, or a table with the same columns."""

from typing import ClassVar

from loaders import facts
from pesai.loading.loader import Context, Description, Source
from pesai.loading.reading import Reading, Record
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, FOAF, ORG, PAI, SKOS, slug

__all__ = ["OrganisationsLoader"]

COLUMNS = ("id", "name_en", "country", "kind", "source_url")
OPTIONAL = ("name_original", "acronym", "alt_names", "parent_id", "website", "note")


class OrganisationsLoader:
    """Each row becomes an ``org:Organization``, and a public employment service when it is one."""

    kind: ClassVar[str] = "organisations"

    def describe(self, source: Source) -> Description:
        """What the source is."""
        return facts.describe(source, "Organisations", "Organisations")

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the rows into the sink."""
        with Reading(source, context, sink) as reading:
            for row in reading.records("organisation", COLUMNS, optional=OPTIONAL):
                _organisation(row)


def _organisation(row: Record) -> None:
    row.need("name_en", "kind")
    row.a(ORG.Organization)
    row.say(PAI.organisationKind, row.code("kind", "organisation-kind", spelled=slug))
    if slug(row["kind"]) == "pes":
        row.a(PAI.PublicEmploymentService)
        row.need("country")
    row.say(DCTERMS.title, row.text("name_en", "en"))
    row.say(PAI.originalName, row.text("name_original"))
    row.say(PAI.acronym, row.text("acronym"))
    row.say(SKOS.altLabel, *row.texts("alt_names"))
    row.say(PAI.inCountry, row.country("country"))
    row.say(ORG.subOrganizationOf, row.reference("parent_id", "organisation"))
    row.say(FOAF.homepage, row.url("website"))
    row.say(SKOS.note, row.text("note", "en"))
    facts.sources(row, "source_url")
