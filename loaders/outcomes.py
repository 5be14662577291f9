"""Outcomes: ``outcomes.csv`` of the observatory, or a table with the same columns."""

from typing import ClassVar

from loaders import facts
from pesai.loading.loader import Context, Description, Source
from pesai.loading.reading import Reading, Record
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, PAI, SKOS

__all__ = ["OutcomesLoader"]

COLUMNS = (
    "id", "initiative_id", "metric", "value", "population", "source_url", "metric_code",
    "value_num", "unit_code", "is_effect", "value_role", "design",
)  # fmt: skip
OPTIONAL = (
    "unit", "period", "method", "note", "value_lower", "value_upper", "comparison", "year_start",
    "year_end", "verdict",
)  # fmt: skip


class OutcomesLoader:
    """Each row becomes a ``pai:Measurement`` of an initiative, and of its solution if any."""

    kind: ClassVar[str] = "outcomes"

    def describe(self, source: Source) -> Description:
        """What the source is."""
        return facts.describe(source, "Outcomes", "Résultats")

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the rows into the sink."""
        with Reading(source, context, sink) as reading:
            for row in reading.records("measurement", COLUMNS, optional=OPTIONAL):
                _measurement(row)


def _measurement(row: Record) -> None:
    row.need("initiative_id", "metric", "value", "population", "metric_code", "design")
    row.a(PAI.Measurement)
    _subject(row)
    row.say(DCTERMS.title, row.text("metric", "en"))
    row.say(PAI.ofIndicator, row.code("metric_code", "indicator"))
    row.say(PAI.valueText, facts.in_words(f"{row['value']} {row['unit']}".strip()))
    facts.figures(row)
    row.say(PAI.populationText, row.text("population", "en"))
    row.say(PAI.periodText, facts.in_words(row["period"]))
    facts.period(row, "year_start", "year_end")
    row.say(PAI.method, row.text("method", "en"))
    row.say(SKOS.note, row.text("note", "en"))
    _comparison(row)
    row.say(PAI.valueRole, row.code("value_role", "value-role"))
    row.say(PAI.verdict, row.code("verdict", "verdict"))
    row.say(PAI.withDesign, row.code("design", "design"))
    facts.evidence(row, "source_url")


def _subject(row: Record) -> None:
    initiative = row.reference("initiative_id", "initiative")
    row.say(PAI.about, initiative)
    row.say(PAI.measures, initiative)
    solution = row.context.base.thing("solution", row["initiative_id"])
    if row.context.knows(solution.value):
        row.say(PAI.measures, solution)


def _comparison(row: Record) -> None:
    row.say(PAI.comparison, row.text("comparison", "en"))
    effect = row.flag("is_effect")
    row.say(PAI.isEffect, effect)
    if effect is not None and effect.value == "true" and not row["comparison"]:
        row.complain(
            "comparison", "must not be empty for an effect", expected="what it was compared with"
        )
