"""Answers of stored queries against the tables themselves, read without any of our loaders."""

import csv
import json
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from pesai.resources import files

Record = dict[str, str]


def table(name: str) -> list[Record]:
    with (files("data") / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def answer(service: str, path: str) -> list[Record]:
    request = urllib.request.Request(
        f"{service}/queries/{path}", headers={"Accept": "application/sparql-results+json"}
    )
    with urllib.request.urlopen(request, timeout=150) as found:
        rows = json.load(found)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in rows]


def last(iri: str) -> str:
    return iri.rpartition("/")[2]


@pytest.fixture(scope="module")
def services() -> set[str]:
    """The organisations that are public employment services."""
    return {row["id"] for row in table("organisations") if row["kind"] == "PES"}


def is_ai_tool(row: Record) -> bool:
    return row["kind"] == "tool" and row["ai_evidence"] not in {"rules", "none-stated", ""}


def test_initiatives_of_each_service(service: str, services: set[str]) -> None:
    found = {
        (last(row["service"]), last(row["initiative"]), last(row.get("stage", "unknown")))
        for row in answer(service, "initiatives/initiatives-of-each-service")
    }
    rows = [row for row in table("initiatives") if row["pes_id"] in services]
    assert found == {(row["pes_id"], row["id"], row["status"]) for row in rows}


def test_services_with_matching_in_production(service: str, services: set[str]) -> None:
    found = answer(service, "initiatives/services-with-a-task-in-production?task=matching")
    assert {(last(row["service"]), last(row["solution"])) for row in found} == {
        (row["pes_id"], row["id"])
        for row in table("initiatives")
        if is_ai_tool(row) and row["status"] == "production" and row["pes_id"] in services
        if "matching" in row["task"].split(";")
    }


def test_stages_by_country(service: str) -> None:
    found = Counter[tuple[str, str]]()
    for row in answer(service, "initiatives/stages-by-country?country=FR"):
        found[last(row["stage"]), row.get("asOf", "")] += int(row["initiatives"])
    assert found == Counter(
        (row["status"], row["status_as_of"])
        for row in table("initiatives")
        if "FR" in row["countries"].split(";") and row["status"] != "unknown"
    )


def test_ai_tools_by_task(service: str) -> None:
    found = {(last(r["solution"]), last(r["task"])) for r in answer(service, TOOLS)}
    assert found == {
        (row["id"], task)
        for row in table("initiatives")
        if is_ai_tool(row)
        for task in row["task"].split(";")
    }


TOOLS = "initiatives/ai-tools-by-task"


@pytest.mark.parametrize(
    ("path", "column", "values"),
    [
        ("results/measured-effects", "is_effect", {"true"}),
        ("results/planned-or-estimated", "value_role", {"target", "estimate", "requirement"}),
        ("results/figures-not-confirmed", "verdict", {"not-found", "partly", "second-hand"}),
        ("results/figures-of-an-indicator?indicator=cost", "metric_code", {"cost"}),
    ],
)
def test_measurements(service: str, path: str, column: str, values: set[str]) -> None:
    found = sorted(last(row["measurement"]) for row in answer(service, path))
    assert found == sorted(row["id"] for row in table("outcomes") if row[column] in values)


def test_recommendations(service: str) -> None:
    rows = table("findings") + table("consultation_findings")
    assert sorted(last(row["finding"]) for row in answer(service, "surveys/recommendations")) == (
        sorted(row["id"] for row in rows if row["kind"] == "recommendation")
    )


def test_members_of_the_network(service: str) -> None:
    carried = Counter(row["pes_id"] for row in table("initiatives"))
    tools = Counter(row["pes_id"] for row in table("initiatives") if is_ai_tool(row))
    found = answer(service, "governance/members-of-the-european-network")
    assert {
        last(row["member"]): (int(row["initiatives"]), int(row["solutions"])) for row in found
    } == {
        row["pes_id"]: (carried[row["pes_id"]], tools[row["pes_id"]])
        for row in table("survey_members")
    }


def test_who_can_help_whom(service: str) -> None:
    positions = table("positions")
    needs = {(r["organisation_id"], r["theme"]) for r in positions if r["position"] == "need"}
    offers = {(r["organisation_id"], r["theme"]) for r in positions if r["position"] == "offer"}
    found = {
        (last(row["seeker"]), last(row["theme"]), last(row["provider"]), last(row["offered"]))
        for row in answer(service, "exchange/who-can-help-whom")
    }
    same = {row for row in found if row[1] == row[3]}
    assert same == {
        (seeker, theme, provider, theme)
        for seeker, theme in needs
        for provider, offered in offers
        if theme == offered and seeker != provider
    }


def test_nothing_else_is_in_the_folder() -> None:
    """A file that is not read would never be tried."""
    others = {path.suffix for path in Path(files("queries")).rglob("*") if path.is_file()}
    assert others == {".rq", ".toml"}
