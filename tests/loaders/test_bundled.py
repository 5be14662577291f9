"""The bundled tables load without a problem, and nothing of them is lost.

The tables are read here on their own, with the csv module alone, and counted; SPARQL over what
the loaders made must give the same figures.
"""

import re
from collections import Counter
from collections.abc import Callable

import pytest

from pesai.loading.sink import Sink
from pesai.resources import files
from tests.loaders.runs import table, written

Ask = Callable[[str], list[tuple[str, ...]]]


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
