"""Initiatives: ``initiatives.csv`` of the observatory, or a table with the same columns."""

from typing import ClassVar

from pyoxigraph import Literal, NamedNode

from loaders import facts
from loaders.partners import partnerships
from loaders.taxonomies import taxonomies
from pesai.loading.loader import Context, Description, Source
from pesai.loading.reading import Reading, Record
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, PAI

__all__ = ["InitiativesLoader"]

COLUMNS = (
    "id", "name", "kind", "pes_id", "countries", "region", "summary_en", "summary_fr", "themes",
    "source_urls",
)  # fmt: skip
OPTIONAL = (
    "name_original", "lang_original", "task", "technique", "ai_evidence", "status", "status_as_of",
    "start_year", "end_year", "target_users", "data_used", "taxonomy_used", "partner_ids",
    "partner_roles", "is_part_of", "succeeds", "evaluates", "confidence", "checked",
)  # fmt: skip
CHECKED = {"once": 1, "twice": 2}
NOT_AI = frozenset(("", "rules", "none-stated"))


class InitiativesLoader:
    """Each row becomes a ``pai:Initiative``; a tool that rests on AI has a solution as well."""

    kind: ClassVar[str] = "initiatives"

    def describe(self, source: Source) -> Description:
        """What the source is."""
        return facts.describe(source, "Initiatives", "Initiatives")

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the rows into the sink."""
        with Reading(source, context, sink) as reading:
            for row in reading.records("initiative", COLUMNS, optional=OPTIONAL):
                _initiative(row)


def _initiative(row: Record) -> None:
    row.need("name", "kind", "pes_id", "themes")
    row.a(PAI.Initiative)
    row.say(PAI.initiativeKind, row.code("kind", "initiative-kind"))
    _names(row)
    facts.bilingual(row, DCTERMS.description, "summary_en", "summary_fr")
    _place(row)
    row.say(PAI.hasTheme, *row.codes("themes", "theme"))
    tasks = row.codes("task", "task-type")
    row.say(PAI.hasTaskType, *tasks)
    row.say(PAI.technique, row.text("technique", "en"))
    row.say(PAI.aiEvidence, row.code("ai_evidence", "ai-evidence"))
    row.say(PAI.hasTargetUser, *row.codes("target_users", "population"))
    row.say(PAI.dataUsed, *row.texts("data_used", "en"))
    _state(row)
    taxonomies(row, "taxonomy_used")
    partnerships(row)
    row.say(DCTERMS.isPartOf, *row.references("is_part_of", "initiative"))
    row.say(DCTERMS.replaces, *row.references("succeeds", "initiative"))
    row.say(PAI.evaluates, *row.references("evaluates", "initiative"))
    facts.sources(row, "source_urls")
    row.say(PAI.confidence, row.code("confidence", "confidence"))
    _checked(row)
    if row["kind"] == "tool" and row["ai_evidence"] not in NOT_AI:
        _solution(row, tasks)


def _names(row: Record) -> None:
    row.say(DCTERMS.title, row.text("name", "en"))
    language = row.language("lang_original")
    if bool(row["name_original"]) != bool(row["lang_original"]):
        empty = "lang_original" if row["name_original"] else "name_original"
        row.complain(empty, "must not be empty", expected="a name and its language, or neither")
    # Where the carrier itself uses an English name, that name is an alternative title.
    predicate = DCTERMS.alternative if language == "en" else DCTERMS.title
    if language:
        row.say(predicate, row.text("name_original", language))


def _place(row: Record) -> None:
    row.exactly_one("countries", "region")
    row.say(PAI.undertakenBy, row.reference("pes_id", "organisation"))
    row.say(PAI.inCountry, *row.countries("countries"))
    row.say(PAI.inRegion, row.code("region", "region"))


def _state(row: Record) -> None:
    if row["status"] != "unknown":
        row.say(PAI.hasMaturity, row.code("status", "maturity"))
    row.say(PAI.statusAsOf, row.year("status_as_of"))
    facts.period(row, "start_year", "end_year")
    if row["end_year"] and row["status"] != "ended":
        row.complain(
            "end_year", "is given for something that has not ended", value=row["end_year"],
            expected=f"empty while the status is '{row['status']}'",
        )  # fmt: skip


def _checked(row: Record) -> None:
    if not row["checked"]:
        return
    if row["checked"] in CHECKED:
        row.say(PAI.timesChecked, Literal(CHECKED[row["checked"]]))
    else:
        row.complain("checked", "is unknown", value=row["checked"], expected="once or twice")


def _solution(row: Record, tasks: list[NamedNode]) -> None:
    solution = row.thing("solution", row["id"], PAI.AISolution)
    row.say(DCTERMS.title, row.text("name", "en"), of=solution)
    row.say(PAI.hasTaskType, *tasks, of=solution)
    row.say(PAI.isSolutionOf, row.subject, of=solution)
    row.say(PAI.hasSolution, solution)
