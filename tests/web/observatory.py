"""The bundled tables, read as they are: counts that owe nothing to the graph or to the pages."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import rdflib
from rdflib.namespace import SKOS

ROOT = Path(__file__).parents[2]
PAI = rdflib.Namespace("https://w3id.org/pes-ai/def#")
EVALUATED = {"randomised", "quasi-experiment", "before-after"}
NOT_AI = {"rules", "none-stated"}

Row = dict[str, str]


@cache
def table(name: str) -> list[Row]:
    """The rows of ``data/{name}.csv``."""
    with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def several(cell: str) -> set[str]:
    """The values of a cell."""
    return set(cell.split(";")) - {""}


def is_ai_tool(row: Row) -> bool:
    return row["kind"] == "tool" and row["ai_evidence"] not in {*NOT_AI, ""}


@cache
def outcomes() -> Mapping[str, list[Row]]:
    """Figures by initiative."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in table("outcomes"):
        found[row["initiative_id"]].append(row)
    return found


def is_evaluated(row: Row) -> bool:
    return any(one["design"] in EVALUATED for one in outcomes().get(row["id"], ()))


@cache
def places() -> tuple[dict[str, str], dict[str, set[str]]]:
    """The name in addresses of each country code, and the regions above each name."""
    graph = rdflib.Graph()
    graph.parse(ROOT / "ontology" / "imports" / "countries.ttl")
    graph.parse(ROOT / "ontology" / "codes" / "region.ttl")
    names, above = {}, {}
    for country, code in graph.subject_objects(SKOS.notation):
        name = str(country).rpartition("/")[2]
        names[str(code)] = name
        regions = {
            region
            for start in (*graph.objects(country, PAI.inRegion), country)
            for region in graph.transitive_objects(start, SKOS.broader)
        }
        above[name] = {str(region).rpartition("/")[2] for region in regions} - {"m49-001", name}
    return names, above


@cache
def taxonomies() -> dict[str, str]:
    return {row["words"]: row["code"] for row in table("taxonomies_named")}


def values(row: Row, facet: str) -> set[str]:
    """The values of an initiative for a facet of the pages, from its row."""
    names, above = places()
    countries = {names[code] for code in several(row["countries"])}
    reported = outcomes().get(row["id"], [])
    effect = any(one["is_effect"] == "true" for one in reported)
    named = {words for words in several(row["taxonomy_used"]) if "planned" not in words}
    region = {row["region"]} if row["region"] else set()
    regions = set().union(*(above[one] for one in countries), *(above[r] | {r} for r in region))
    return {
        "theme": several(row["themes"]),
        "results": {
            name
            for name, has in (
                ("figures", bool(reported)), ("effect", effect), ("evaluated", is_evaluated(row))
            )
            if has
        },
        "stage": {row["status"]} - {"unknown", ""},
        "task": several(row["task"]),
        "country": countries,
        "region": regions,
        "organisation": {row["pes_id"]},
        "kind": {row["kind"]},
        "evidence": {row["ai_evidence"]} - {""},
        "users": several(row["target_users"]),
        "taxonomy": {taxonomies()[words] for words in named if words in taxonomies()},
        "year": {row["start_year"]} - {""},
        "confidence": {row["confidence"]} - {""},
    }[facet]  # fmt: skip


def chosen(pairs: Iterable[tuple[str, str]]) -> list[Row]:
    """The initiatives that the parameters of an address choose."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for facet, value in pairs:
        wanted[facet].add(value)
    return [
        row
        for row in table("initiatives")
        if all((values(row, facet) or {"none"}) & some for facet, some in wanted.items())
    ]


def numbers(text: str, start: str) -> list[tuple[str, int]]:
    """The numbers of a page that link to addresses with a start, with those addresses."""
    found = re.findall(
        rf'href="({re.escape(start)}[^"]*)"[^>]*>\s*([\d\s\u202f\u00a0,]+?)\s*<', text
    )
    return [(href.replace("&amp;", "&"), int(re.sub(r"\D", "", count))) for href, count in found]
