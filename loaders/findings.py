"""Findings of surveys and reports: ``findings.csv`` of the observatory, or one like it."""

from typing import ClassVar

from loaders import facts
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source
from pesai.loading.reading import Reading, Record
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, PAI, RDF, slug

__all__ = ["FindingsLoader"]

COLUMNS = (
    "id", "survey", "survey_year", "kind", "quantifier", "quantifier_code", "statement_en",
    "statement_fr", "theme", "source_url",
)  # fmt: skip
OPTIONAL = (
    "is_pes_survey", "population", "population_code", "value_num", "value_lower", "value_upper",
    "unit_code",
)  # fmt: skip


class FindingsLoader:
    """Each row becomes a ``pai:Finding`` in a study, which is a survey wave when PES answered."""

    kind: ClassVar[str] = "findings"

    def describe(self, source: Source) -> Description:
        """What the source is."""
        return facts.describe(source, "Findings", "Constats")

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the rows into the sink."""
        studies: dict[str, tuple[tuple[str, str, str], Place]] = {}
        with Reading(source, context, sink) as reading:
            for row in reading.records("finding", COLUMNS, optional=OPTIONAL):
                _finding(row, studies)


def _finding(row: Record, studies: dict[str, tuple[tuple[str, str, str], Place]]) -> None:
    row.need("survey", "kind", "quantifier_code", "theme")
    row.a(PAI.Finding)
    _study(row, studies)
    row.say(PAI.findingKind, row.code("kind", "finding-kind"))
    row.say(PAI.populationText, row.text("population", "en"))
    row.say(PAI.onPopulation, row.code("population_code", "population"))
    row.say(PAI.quantifierText, row.text("quantifier"))
    row.say(PAI.hasQuantifier, row.code("quantifier_code", "quantifier"))
    facts.figures(row)
    facts.bilingual(row, DCTERMS.description, "statement_en", "statement_fr")
    row.say(PAI.hasTheme, row.code("theme", "theme"))
    facts.evidence(row, "source_url")
    _quantified(row)


def _study(row: Record, studies: dict[str, tuple[tuple[str, str, str], Place]]) -> None:
    name = slug(f"{row['survey']} {row['survey_year']}")
    is_wave = row.flag("is_pes_survey")
    told = (row["survey"], row["survey_year"], row["is_pes_survey"])
    earlier, place = studies.setdefault(name, (told, row.row.place))
    if told != earlier:
        column = "is_pes_survey" if told[:2] == earlier[:2] else "survey"
        row.complain(
            column, f"speaks otherwise of this study than row {place.row}", value=row[column],
            expected=earlier[2] if column == "is_pes_survey" else f"{earlier[0]} {earlier[1]}",
        )  # fmt: skip
    study = row.context.base.thing("study", name)
    row.say(RDF.type, PAI.Study, of=study)
    row.say(DCTERMS.title, row.text("survey", "en"), of=study)
    row.say(DCTERMS.date, row.year("survey_year"), of=study)
    row.say(PAI.inStudy, study)
    if is_wave is not None and is_wave.value == "true":
        row.say(RDF.type, PAI.SurveyWave, of=study)
        row.say(PAI.inWave, study)


def _quantified(row: Record) -> None:
    code = row["quantifier_code"]
    if code not in {"", "unstated"}:
        row.need("quantifier")
    figured = row["value_num"] or row["value_lower"] or row["value_upper"]
    if code in {"number", "share"} and not figured:
        row.complain("value_num", f"must not be empty: the quantifier is a {code}")
