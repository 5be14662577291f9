"""The code lists hold every code that the bundled tables use."""

import csv
from collections.abc import Iterator

import pytest
from rdflib import SKOS, URIRef

from pesai.namespaces import slug
from pesai.resources import files
from pesai.vocabulary.catalogue import codes

CODE = "https://w3id.org/pes-ai/code/"

# table, column, code list, several values in a cell
COLUMNS = [
    ("initiatives.csv", "kind", "initiative-kind", False),
    ("initiatives.csv", "themes", "theme", True),
    ("initiatives.csv", "task", "task-type", True),
    ("initiatives.csv", "ai_evidence", "ai-evidence", False),
    ("initiatives.csv", "status", "maturity", False),
    ("initiatives.csv", "target_users", "population", True),
    ("initiatives.csv", "partner_roles", "partner-role", True),
    ("initiatives.csv", "confidence", "confidence", False),
    ("initiatives.csv", "region", "region", False),
    ("outcomes.csv", "metric_code", "indicator", False),
    ("outcomes.csv", "unit_code", "unit", False),
    ("outcomes.csv", "value_role", "value-role", False),
    ("outcomes.csv", "verdict", "verdict", False),
    ("outcomes.csv", "design", "design", False),
    ("findings.csv", "kind", "finding-kind", False),
    ("findings.csv", "population_code", "population", False),
    ("findings.csv", "quantifier_code", "quantifier", False),
    ("findings.csv", "unit_code", "unit", False),
    ("findings.csv", "theme", "theme", False),
    ("consultation_findings.csv", "kind", "finding-kind", False),
    ("consultation_findings.csv", "quantifier_code", "quantifier", False),
    ("consultation_findings.csv", "theme", "theme", False),
    ("consultation_interests.csv", "theme", "theme", False),
    ("consultation_roles.csv", "trend", "change-kind", False),
    ("positions.csv", "theme", "theme", False),
    ("positions.csv", "confidence", "confidence", False),
    ("organisations.csv", "kind", "organisation-kind", False),
]


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (files("data") / file).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)


@pytest.mark.parametrize(("file", "column", "scheme", "several"), COLUMNS)
def test_every_value_of_a_column_is_a_code(
    file: str, column: str, scheme: str, several: bool
) -> None:
    known = {str(concept) for concept in codes().subjects(SKOS.inScheme, URIRef(CODE + scheme))}
    values = {
        value
        for row in _rows(file)
        for value in (row[column].split(";") if several else [row[column]])
        if value and not (scheme == "maturity" and value == "unknown")
    }
    assert values
    named = {value if scheme == "region" else slug(value) for value in values}
    assert {f"{CODE}{scheme}/{value}" for value in named} <= known


@pytest.mark.parametrize(
    ("file", "prefix", "scheme"),
    [
        ("consultation_roles.csv", "role-", "role"),
        ("consultation_skills.csv", "skill-", "skill"),
    ],
)
def test_roles_and_skills_have_the_labels_of_the_tables(
    file: str, prefix: str, scheme: str
) -> None:
    graph = codes()
    for row in _rows(file):
        concept = URIRef(f"{CODE}{scheme}/{row['id'].removeprefix(prefix)}")
        labels = {(label.language, str(label)) for label in graph.objects(concept, SKOS.prefLabel)}  # type: ignore[attr-defined]
        assert labels == {("en", row["label_en"]), ("fr", row["label_fr"])}


def test_every_unit_has_a_notation_of_its_own() -> None:
    graph = codes()
    units = set(graph.subjects(SKOS.inScheme, URIRef(f"{CODE}unit")))
    notations = {str(graph.value(unit, SKOS.notation)) for unit in units}
    assert len(notations) == len(units)
    assert {"%", "EUR", "{person}", "min"} <= notations
