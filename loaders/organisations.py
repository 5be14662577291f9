"""Organisations: ``organisations.csv`` of the observatory, or a table with the same columns."""

from typing import ClassVar

from loaders import facts
from pesai.loading.loader import Context, Description, Source
from pesai.loading.reading import Reading, Record
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, FOAF, ORG, PAI, SKOS, slug

__all__ = ["OrganisationsLoader"]

COLUMNS = ("id", "name_en", "country", "kind", "source_url")
OPTIONAL = (
    "name_original", "lang_original", "acronym", "alt_names", "parent_id", "website", "note",
)  # fmt: skip


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
    _names(row)
    row.say(PAI.acronym, row.text("acronym"))
    row.say(SKOS.altLabel, *row.texts("alt_names"))
    row.say(PAI.inCountry, row.country("country"))
    row.say(ORG.subOrganizationOf, row.reference("parent_id", "organisation"))
    row.say(FOAF.homepage, row.url("website"))
    row.say(SKOS.note, row.text("note", "en"))
    facts.sources(row, "source_url")


def _names(row: Record) -> None:
    """The English name, and that of its own: a title too where its language is documented."""
    row.say(DCTERMS.title, row.text("name_en", "en"))
    language = row.language("lang_original")
    if language and not row["name_original"]:
        row.complain("name_original", "must not be empty", expected="a name in that language")
    own = row.text("name_original", language)
    row.say(PAI.originalName, own)
    if language and language != "en":
        row.say(DCTERMS.title, own)
