"""Every cell of the bundled tables has its triple, with its language; sums are the same.

The tables are read here on their own, with the csv module alone; SPARQL over what the loaders made
must give the same.
"""

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.loaders.runs import SEVERAL, table, written

Ask = Callable[[str], list[tuple[str, ...]]]

# Table, column, and the property or path that carries it.
COLUMNS = """
organisations name_original pai:originalName
organisations acronym pai:acronym
organisations alt_names skos:altLabel
organisations kind pai:organisationKind
organisations parent_id org:subOrganizationOf
organisations website foaf:homepage
organisations source_url dcterms:source
organisations note skos:note
initiatives kind pai:initiativeKind
initiatives pes_id pai:undertakenBy
initiatives region pai:inRegion
initiatives themes pai:hasTheme
initiatives task pai:hasTaskType
initiatives technique pai:technique
initiatives ai_evidence pai:aiEvidence
initiatives status_as_of pai:statusAsOf
initiatives start_year dcterms:temporal/dcat:startDate
initiatives end_year dcterms:temporal/dcat:endDate
initiatives target_users pai:hasTargetUser
initiatives data_used pai:dataUsed
initiatives taxonomy_used pai:taxonomyNamed
initiatives partner_ids pai:hasPartner
initiatives is_part_of dcterms:isPartOf
initiatives succeeds dcterms:replaces
initiatives evaluates pai:evaluates
initiatives source_urls dcterms:source
initiatives confidence pai:confidence
outcomes initiative_id pai:about
outcomes metric dcterms:title
outcomes population pai:populationText
outcomes period pai:periodText
outcomes method pai:method
outcomes note skos:note
outcomes source_url pai:hasEvidence/oa:hasSource
outcomes value_num pai:value
outcomes value_lower pai:lowerValue
outcomes value_upper pai:upperValue
outcomes unit_code pai:hasUnit
outcomes is_effect pai:isEffect
outcomes comparison pai:comparison
outcomes year_start dcterms:temporal/dcat:startDate
outcomes year_end dcterms:temporal/dcat:endDate
outcomes value_role pai:valueRole
outcomes verdict pai:verdict
outcomes design pai:withDesign
findings survey pai:inStudy/dcterms:title
findings survey_year pai:inStudy/dcterms:date
findings kind pai:findingKind
findings population pai:populationText
findings population_code pai:onPopulation
findings quantifier pai:quantifierText
findings quantifier_code pai:hasQuantifier
findings value_num pai:value
findings value_lower pai:lowerValue
findings value_upper pai:upperValue
findings unit_code pai:hasUnit
findings theme pai:hasTheme
findings source_url pai:hasEvidence/oa:hasSource
positions organisation_id pai:statedBy
positions theme pai:onTheme
positions partner_organisation_ids pai:withPartner
positions year dcterms:date
positions source_url pai:hasEvidence/oa:hasSource
positions confidence pai:confidence
consultation_findings section pai:sectionLabel
consultation_findings kind pai:findingKind
consultation_findings theme pai:hasTheme
consultation_findings quantifier pai:quantifierText
consultation_findings quantifier_code pai:hasQuantifier
consultation_findings holder pai:holder
consultation_findings source_url pai:hasEvidence/oa:hasSource
consultation_roles trend pai:changeKind
consultation_roles finding_id prov:wasDerivedFrom
consultation_interests organisation_id pai:statedBy
consultation_interests theme pai:onTheme
consultation_interests evidence_finding_id prov:wasDerivedFrom
consultation_interests source_url pai:hasEvidence/oa:hasSource
"""
KINDS = {
    "organisations": "organisation",
    "initiatives": "initiative",
    "outcomes": "measurement",
    "findings": "finding",
    "positions": "position",
    "consultation_findings": "finding",
    "consultation_roles": "role-change",
    "consultation_interests": "position",
}


@pytest.mark.parametrize(
    ("name", "column", "path"), [tuple(line.split()) for line in COLUMNS.split("\n") if line]
)
def test_every_cell_has_its_triple(ask: Ask, name: str, column: str, path: str) -> None:
    wanted = {
        (row["id"], part)
        for row in table(name)
        for part in (row[column].split(";") if column in SEVERAL else [row[column]])
        if part
    }
    begin = f"https://w3id.org/pes-ai/id/{KINDS[name]}/"
    ids = {row["id"] for row in table(name)}
    found = {
        (thing.removeprefix(begin), written(value))
        for thing, value in ask(f"SELECT ?thing ?value {{ ?thing {path} ?value }}")
        if thing.removeprefix(begin) in ids
    }
    if column in {"kind", "unit_code"}:
        wanted = {(name, part.lower().replace(" ", "-")) for name, part in wanted}
    assert found == wanted
    assert wanted


@pytest.mark.parametrize("column", ["value_num", "value_lower", "value_upper"])
def test_sums_of_numbers_are_the_same(ask: Ask, column: str) -> None:
    rows = table("outcomes") + table("findings")
    # The consultation has one figure, in the words of its quantifier.
    said = [row for row in table("consultation_findings") if row["quantifier_code"] == "number"]
    wanted = sum((Decimal(row[column]) for row in rows if row[column]), Decimal())
    if column == "value_num":
        wanted += sum((Decimal(row["quantifier"]) for row in said), Decimal())
    path = {"value_num": "value", "value_lower": "lowerValue", "value_upper": "upperValue"}[column]
    ((total,),) = ask(f"SELECT (SUM(?v) AS ?total) {{ ?s pai:{path} ?v }}")
    assert Decimal(total) == wanted


TEXTS = [
    ("initiatives", "summary_en", "summary_fr"),
    ("findings", "statement_en", "statement_fr"),
    ("positions", "statement_en", "statement_fr"),
    ("consultation_findings", "statement_en", "statement_fr"),
]


@pytest.mark.parametrize(("name", "english", "french"), TEXTS)
def test_both_languages_have_their_tags(ask: Ask, name: str, english: str, french: str) -> None:
    begin = f"https://w3id.org/pes-ai/id/{KINDS[name]}/"
    found = ask(
        "SELECT ?s ?en ?fr { ?s dcterms:description ?en, ?fr "
        "FILTER(lang(?en) = 'en' && lang(?fr) = 'fr') }"
    )
    texts = {thing: (en, fr) for thing, en, fr in found}
    for row in table(name):
        assert texts[begin + row["id"]] == (row[english], row[french])
