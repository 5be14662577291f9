"""The bundled tables load without a problem, and nothing of them is lost.

The tables are read here on their own, with the csv module alone, and counted; SPARQL over what
the loaders made must give the same figures.
"""

import csv
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest

from pesai.loading.sink import Sink
from pesai.resources import files

Ask = Callable[[str], list[tuple[str, ...]]]
SEVERAL = {
    "alt_names", "themes", "task", "target_users", "data_used", "taxonomy_used", "partner_ids",
    "is_part_of", "succeeds", "evaluates", "source_urls", "partner_organisation_ids",
}  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    with (files("data") / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_nothing_is_reported_and_every_row_is_loaded(sinks: dict[str, Sink]) -> None:
    assert [str(issue) for sink in sinks.values() for issue in sink.issues] == []
    assert [sink.rows_skipped for sink in sinks.values()] == [0] * len(sinks)


@pytest.mark.parametrize(
    ("name", "klass"),
    [
        ("organisations", "org:Organization"),
        ("initiatives", "pai:Initiative"),
        ("outcomes", "pai:Measurement"),
    ],
)
def test_every_row_is_a_thing_of_its_class(ask: Ask, name: str, klass: str) -> None:
    ids = {row["id"] for row in table(name)}
    found = ask(f"SELECT ?thing {{ ?thing a {klass} }}")
    assert {iri.rpartition("/")[2] for (iri,) in found} == ids


def test_findings_are_those_of_both_tables(ask: Ask) -> None:
    ids = {row["id"] for name in ("findings", "consultation_findings") for row in table(name)}
    found = ask("SELECT ?thing { ?thing a pai:Finding }")
    assert {iri.rpartition("/")[2] for (iri,) in found} == ids


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
CODED = ("https://w3id.org/pes-ai/code/", "https://w3id.org/pes-ai/id/")


def written(text: str) -> str:
    """A value of a cell and the end of an IRI, in one spelling."""
    if text.startswith(CODED):
        text = text.rpartition("/")[2]
    return text


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


def test_names_of_initiatives_keep_their_language(ask: Ask) -> None:
    found = set(
        ask(
            "SELECT ?s ?name (lang(?name) AS ?language) {"
            "?s a pai:Initiative ; dcterms:title|dcterms:alternative ?name }"
        )
    )
    begin = "https://w3id.org/pes-ai/id/initiative/"
    wanted = {(begin + row["id"], row["name"], "en") for row in table("initiatives")} | {
        (begin + row["id"], row["name_original"], row["lang_original"])
        for row in table("initiatives")
        if row["name_original"]
    }
    assert found == wanted


def test_names_of_organisations_keep_their_language(ask: Ask) -> None:
    found = set(ask(
        "SELECT ?s ?name (lang(?name) AS ?language) { ?s a org:Organization ; dcterms:title ?name }"
    ))  # fmt: skip
    begin = "https://w3id.org/pes-ai/id/organisation/"
    wanted = {(begin + row["id"], row["name_en"], "en") for row in table("organisations")} | {
        (begin + row["id"], row["name_original"], row["lang_original"])
        for row in table("organisations")
        if row["lang_original"] not in ("", "en")
    }
    assert found == wanted


def test_unknown_status_has_no_value(ask: Ask) -> None:
    wanted = Counter(row["status"] for row in table("initiatives"))
    assert wanted.pop("unknown") > 0
    found = ask("SELECT ?code (COUNT(?s) AS ?n) { ?s pai:hasMaturity ?code } GROUP BY ?code")
    assert {written(code): int(n) for code, n in found} == wanted


NOTATION = re.compile(r"country:(\w+) a skos:Concept ;.*?skos:notation \"(\w\w)\"", re.DOTALL)


def test_countries_are_those_of_the_tables(ask: Ask) -> None:
    turtle = (files("ontology") / "imports" / "countries.ttl").read_text(encoding="utf-8")
    begin = "http://publications.europa.eu/resource/authority/country/"
    iris = {two: begin + name for name, two in NOTATION.findall(turtle)}
    for name, klass, column in (
        ("organisations", "org:Organization", "country"),
        ("initiatives", "pai:Initiative", "countries"),
    ):
        wanted = {
            (row["id"], iris[code])
            for row in table(name)
            for code in row[column].split(";")
            if code
        }
        found = ask(f"SELECT ?s ?country {{ ?s a {klass} ; pai:inCountry ?country }}")
        assert {(written(s), country) for s, country in found} == wanted


def test_values_in_words_and_indicators_are_as_given(ask: Ask) -> None:
    found = ask("SELECT ?m ?text ?code { ?m pai:valueText ?text ; pai:ofIndicator ?code }")
    assert {(written(m), text, written(code)) for m, text, code in found} == {
        (
            row["id"],
            f"{row['value']} {row['unit']}".strip(),
            row["metric_code"].replace("_", "-"),
        )
        for row in table("outcomes")
    }


@pytest.mark.parametrize("scheme", ["role", "skill"])
def test_labels_and_counterparts_of_the_consultation_stand_in_the_ontology(scheme: str) -> None:
    turtle = (files("ontology") / "codes" / f"{scheme}.ttl").read_text(encoding="utf-8")
    path = files("ontology") / "alignments" / f"{scheme}-esco.sssom.tsv"
    mappings = path.read_text(encoding="utf-8").splitlines()
    for row in table(f"consultation_{scheme}s"):
        name = row["id"].removeprefix(f"{scheme}-")
        concept = turtle.split(f"/code/{scheme}/{name}> a ")[1].split("\n\n")[0]
        assert f'"{row["label_en"]}"@en , "{row["label_fr"]}"@fr' in concept
        start = f"pai{scheme}:{name}\t"
        end = row["esco_uri"].rpartition("/")[2]
        assert any(
            line.startswith(start)
            and f"\t{row['predicate']}\t" in line
            and end in line
            and f"\t{row['esco_version']}\t" in line
            for line in mappings
        )


def test_partnerships_have_their_roles(ask: Ask) -> None:
    wanted = {
        (row["id"], partner, role)
        for row in table("initiatives")
        for partner, role in zip(
            row["partner_ids"].split(";"), row["partner_roles"].split(";"), strict=True
        )
        if partner
    }
    found = ask(
        "SELECT ?initiative ?partner ?role { ?p a pai:Partnership ; pai:supports ?initiative ;"
        "pai:partner ?partner ; pai:partnerRole ?role . ?initiative pai:hasPartner ?partner }"
    )
    assert {tuple(map(written, row)) for row in found} == wanted
    ((without,),) = ask(
        "SELECT (COUNT(*) AS ?n) { ?p a pai:Partnership MINUS { ?p pai:partnerKind ?kind } }"
    )
    assert without == "0"


def test_solutions_are_the_tools_that_rest_on_ai(ask: Ask) -> None:
    wanted = {
        row["id"]
        for row in table("initiatives")
        if row["kind"] == "tool" and row["ai_evidence"] not in {"rules", "none-stated"}
    }
    found = ask("SELECT ?s { ?i pai:hasSolution ?s . ?s a pai:AISolution ; pai:isSolutionOf ?i }")
    assert {written(iri) for (iri,) in found} == wanted
    measured = ask("SELECT ?m ?s { ?m pai:measures ?s . ?s a pai:AISolution }")
    assert {written(m) for m, _ in measured} == {
        row["id"] for row in table("outcomes") if row["initiative_id"] in wanted
    }


def test_members_belong_to_the_network(ask: Ask) -> None:
    found = ask("SELECT ?member { ?member org:memberOf ?network }")
    assert {written(iri) for (iri,) in found} == {row["pes_id"] for row in table("survey_members")}


def test_positions_are_of_the_five_classes(ask: Ask) -> None:
    wanted = Counter(row["position"] for row in table("positions"))
    wanted["interest"] += len(table("consultation_interests"))
    classes = {"interest": "Interest", "need": "Need", "offer": "Offer",
               "exchange-held": "ExchangeHeld", "agreement": "Agreement"}  # fmt: skip
    found = {
        name: len(ask(f"SELECT ?p {{ ?p a pai:{klass}, pai:Position }}"))
        for name, klass in classes.items()
    }
    assert found == wanted
    held = ask("SELECT ?p ?e { ?p a pai:ExchangeHeld ; pai:about ?e . ?e a pai:BilateralExchange }")
    assert len(held) == wanted["exchange-held"]
    for verb in ("Interest", "Need", "Offer"):
        linked = ask(f"SELECT ?p {{ ?o pai:has{verb} ?p . ?p pai:statedBy ?o }}")
        assert len(linked) == found[verb.lower()]


def test_waves_are_the_surveys_that_services_answered(ask: Ask) -> None:
    wanted = {row["id"] for row in table("findings") if row["is_pes_survey"] == "true"}
    wanted |= {row["id"] for row in table("consultation_findings")}
    found = ask("SELECT ?f { ?f pai:inWave ?w ; pai:inStudy ?w . ?w a pai:SurveyWave, pai:Study }")
    assert {written(iri) for (iri,) in found} == wanted


def test_areas_are_the_themes_of_the_five_sections(ask: Ask) -> None:
    found = ask("SELECT ?f ?theme { ?f pai:hasArea ?theme ; pai:hasTheme ?theme }")
    assert {(written(f), written(theme)) for f, theme in found} == {
        (row["id"], row["theme"])
        for row in table("consultation_findings")
        if row["section"].isdigit()
    }


def test_roles_skills_and_scope_hang_on_their_findings(ask: Ask) -> None:
    for name, prefix, verb in (
        ("consultation_roles", "role-", "mentionsRole"),
        ("consultation_skills", "skill-", "mentionsSkill"),
    ):
        found = ask(f"SELECT ?f ?code {{ ?f pai:{verb} ?code }}")
        assert {(written(f), prefix + written(code)) for f, code in found} == {
            (row["finding_id"], row["id"]) for row in table(name)
        }
    found = ask("SELECT ?f ?place { ?f pai:intendedScope ?place }")
    assert {(written(f), written(place)) for f, place in found} == {
        (row["finding_id"], row["value"].replace("M49 ", "m49-"))
        for row in table("consultation_scope")
    }


def test_taxonomies_in_words_have_their_codes(ask: Ask) -> None:
    codes = {row["words"]: row["code"] for row in table("taxonomies_named")}
    wanted = {
        (row["id"], "plansTaxonomy" if "planned" in words else "usesTaxonomy", codes[words])
        for row in table("initiatives")
        for words in row["taxonomy_used"].split(";")
        if words
    }
    found = {
        (written(thing), verb, written(code))
        for verb in ("usesTaxonomy", "plansTaxonomy")
        for thing, code in ask(f"SELECT ?s ?code {{ ?s pai:{verb} ?code }}")
    }
    assert found == wanted


def test_checks_are_counted(ask: Ask) -> None:
    wanted = Counter(row["checked"] for row in table("initiatives"))
    found = ask("SELECT ?n (COUNT(?s) AS ?times) { ?s pai:timesChecked ?n } GROUP BY ?n")
    assert {row[0]: row[1] for row in found} == {
        "1": str(wanted["once"]),
        "2": str(wanted["twice"]),
    }


def test_the_first_source_is_the_main_one(ask: Ask) -> None:
    found = {written(s): url for s, url in ask("SELECT ?s ?u { ?s pai:mainSource ?u }")}
    for row in table("initiatives"):
        assert found[row["id"]] == row["source_urls"].split(";")[0]


def test_every_thing_names_its_row(ask: Ask) -> None:
    found = {
        written(s): row for s, row in ask("SELECT ?s ?row { ?s a pai:Finding ; pai:fromRow ?row }")
    }
    for number, row in enumerate(table("findings"), start=2):
        source = "https://w3id.org/pes-ai/id/source/findings-observatory"
        assert found[row["id"]] == f"{source}#row={number}"
    for number, row in enumerate(table("consultation_findings"), start=2):
        assert found[row["id"]].endswith(f"-consultation_findings#row={number}")


def test_the_readme_counts_the_rows_rightly() -> None:
    readme = (files("data") / "README.md").read_text(encoding="utf-8")
    listed = readme.partition("## Files")[2].partition("\n## ")[0]
    counted: dict[str, int] = {}
    for line in listed.splitlines():
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) > 3 and ".csv" in cells[1]:
            names = [name.removesuffix(".csv") for name in cells[1].split(", ")]
            counted |= dict(zip(names, map(int, cells[2].split(", ")), strict=True))
    assert counted == {path.stem: len(table(path.stem)) for path in files("data").glob("*.csv")}
