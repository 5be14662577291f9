"""The consultation of European PES by Pôle emploi (2020-21): five tables, one graph."""

from pathlib import Path
from typing import ClassVar

from pyoxigraph import Literal, NamedNode

from loaders import facts
from loaders.positions import position
from pesai.loading.codes import codes
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source
from pesai.loading.near import hint
from pesai.loading.reading import Reading, Record
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, PAI, PROV, RDF, XSD

__all__ = ["ConsultationLoader"]

TABLES = {
    "findings": (
        "id", "section", "kind", "theme", "quantifier", "quantifier_code", "holder",
        "statement_fr", "statement_en", "source_url",
    ),
    "roles": (
        "id", "label_fr", "label_en", "trend", "finding_id", "esco_uri", "esco_label", "predicate",
        "esco_version", "justification",
    ),
    "skills": (
        "id", "label_fr", "label_en", "finding_id", "esco_uri", "esco_label", "predicate",
        "esco_version", "justification",
    ),
    "interests": ("id", "organisation_id", "theme", "role", "evidence_finding_id", "source_url"),
    "scope": ("id", "kind", "value", "label_fr", "label_en", "finding_id"),
}  # fmt: skip
"""Columns of each table, by the last word of its file's name."""

STUDY = "pole-emploi-consultation-2020"
TITLE_EN = "Consultation of European public employment services on artificial intelligence"
TITLE_FR = "Consultation des services publics de l’emploi européens sur l’intelligence artificielle"
CONSULTED_BY = "france-travail"
AREAS = frozenset("12345")
"""Sections of the source that each treat one area of the analysis."""


class ConsultationLoader:
    """Findings, role changes, skills, interests and scope of one survey wave.

    The ESCO counterparts of roles and skills stand in the alignments (SSSOM), not here.
    """

    kind: ClassVar[str] = "consultation"

    def describe(self, source: Source) -> Description:
        """What the source is."""
        return facts.describe(
            source,
            "Consultation by Pôle emploi, 2020-21,",
            "Consultation de Pôle emploi, 2020-2021,",
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the five tables into the sink."""
        found = _tables(source, sink)
        with Reading(source, context, sink) as reading:
            addresses: dict[str, NamedNode | None] = {}
            words: dict[str, list[Literal]] = {}
            for row in reading.records("finding", TABLES["findings"], paths=found["findings"]):
                addresses[row["id"]] = _finding(row)
                texts = (row.text("statement_en", "en"), row.text("statement_fr", "fr"))
                words[row["id"]] = [text for text in texts if text is not None]
            for row in reading.records("role-change", TABLES["roles"], paths=found["roles"]):
                _role(row, addresses)
            for row in reading.records("skill", TABLES["skills"], paths=found["skills"]):
                _skill(row)
            for row in reading.records("position", TABLES["interests"], paths=found["interests"]):
                _interest(row, words)
            for row in reading.records("scope", TABLES["scope"], paths=found["scope"]):
                _scope(row)


def _tables(source: Source, sink: Sink) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {name: [] for name in TABLES}
    for path in source.paths:
        name = path.stem.rpartition("_")[2]
        if name in found:
            found[name].append(path)
        else:
            expected = "a name that ends with _" + ", _".join(TABLES)
            sink.report(
                "error", "is no table of this kind", place=Place(path.name), expected=expected
            )
    if not found["findings"]:
        sink.report("error", "is missing", place=Place("consultation_findings.csv"))
    return found


def _study(row: Record) -> NamedNode:
    study = row.context.base.thing("study", STUDY)
    row.say(RDF.type, PAI.Study, PAI.SurveyWave, of=study)
    row.say(DCTERMS.title, Literal(TITLE_EN, language="en"), of=study)
    row.say(DCTERMS.title, Literal(TITLE_FR, language="fr"), of=study)
    row.say(DCTERMS.date, Literal("2020", datatype=XSD.gYear), of=study)
    organiser = row.context.base.thing("organisation", CONSULTED_BY)
    if row.reading.has(organiser):
        row.say(PROV.wasAssociatedWith, organiser, of=study)
    return study


def _finding(row: Record) -> NamedNode | None:
    """Gives the address of the finding's source."""
    row.need("kind", "theme", "quantifier_code")
    row.a(PAI.Finding)
    study = _study(row)
    row.say(PAI.inStudy, study)
    row.say(PAI.inWave, study)
    row.say(PAI.sectionLabel, row.text("section"))
    row.say(PAI.findingKind, row.code("kind", "finding-kind"))
    theme = row.code("theme", "theme")
    row.say(PAI.hasTheme, theme)
    if row["section"] in AREAS:
        row.say(PAI.hasArea, theme)
    row.say(PAI.quantifierText, row.text("quantifier"))
    row.say(PAI.hasQuantifier, row.code("quantifier_code", "quantifier"))
    if row["quantifier_code"] == "number":
        row.need("quantifier")
        row.say(PAI.value, row.number("quantifier"))
        row.say(PAI.hasUnit, codes("unit")["count"])
    row.say(PAI.holder, row.text("holder", "en"))
    facts.bilingual(row, DCTERMS.description, "statement_en", "statement_fr")
    return facts.evidence(row, "source_url")


def _role(row: Record, addresses: dict[str, NamedNode | None]) -> None:
    row.need("trend", "finding_id")
    row.a(PAI.RoleChange)
    role = _code(row, "role")
    row.say(PAI.concernsRole, role)
    row.say(PAI.changeKind, row.code("trend", "change-kind"))
    row.say(PAI.about, _study(row))
    finding = row.reference("finding_id", "finding", needed=True)
    if finding is None:
        return
    row.say(PROV.wasDerivedFrom, finding)
    row.say(PAI.mentionsRole, role, of=finding)
    address = addresses.get(row["finding_id"])
    if address is not None:
        facts.passage(row, address)


def _skill(row: Record) -> None:
    row.need("finding_id")
    finding = row.reference("finding_id", "finding", needed=True)
    row.say(PAI.mentionsSkill, _code(row, "skill"), of=finding)


def _code(row: Record, scheme: str) -> NamedNode | None:
    name = row["id"].removeprefix(f"{scheme}-")
    found = codes(scheme).get(name)
    if found is None:
        expected = hint(name, codes(scheme))
        row.complain("id", f"is not in the list '{scheme}'", value=row["id"], expected=expected)
    return found


def _interest(row: Record, words: dict[str, list[Literal]]) -> None:
    """An interest, in the words of the finding that it rests on."""
    row.need("evidence_finding_id")
    position(row, "role")
    row.say(DCTERMS.description, *words.get(row["evidence_finding_id"], ()))
    row.say(PROV.wasDerivedFrom, row.reference("evidence_finding_id", "finding", needed=True))
    facts.evidence(row, "source_url")


def _scope(row: Record) -> None:
    row.need("kind", "value", "finding_id")
    finding = row.reference("finding_id", "finding", needed=True)
    if finding is None:
        return
    match row["kind"]:
        case "region":
            place = row.code("value", "region", spelled=lambda text: text.removeprefix("M49 "))
            row.say(PAI.intendedScope, place, of=finding)
        case "organisation":
            row.say(PAI.intendedScope, row.reference("value", "organisation"), of=finding)
        case other:
            row.complain("kind", "is unknown", value=other, expected="one of region, organisation")
