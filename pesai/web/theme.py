"""What the sheet of a theme shows beside its definition."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from pesai.web.cards import cards
from pesai.web.codelists import codes
from pesai.web.collections import INITIATIVES
from pesai.web.facets import Held, Selection, held
from pesai.web.labels import last_part
from pesai.web.organisation import POSITIONS
from pesai.web.records import FIGURE, FINDING, POSITION, Record, records
from pesai.web.rows import ask, filled
from pesai.web.takeaway import behind
from pesai.web.things import Thing
from pesai.web.values import Shown, show

__all__ = ["Count", "counts_by_stage", "theme"]

SHOWN = 12
"""Initiatives that the sheet names; the list has all."""


@dataclass(frozen=True)
class Count:
    """How many initiatives are at a stage, where they are listed, and the query behind it."""

    stage: Shown | None
    count: int
    href: str
    query: str


def theme(thing: Thing) -> dict[str, object]:
    """Findings, initiatives, positions and results on a theme.

    Raises:
        Problem: the engine could not answer.
    """
    this = {"this": [NamedNode(thing.iri)]}
    beside: dict[str, list[str]] = defaultdict(list)
    for row in ask("theme-beside", many=this):
        beside[row["what"].value].append(row["other"].value)
    there, name = held(INITIATIVES), last_part(thing.iri)
    here = Selection(INITIATIVES, {"theme": frozenset({name})})
    figures = records(beside["evaluation"], FIGURE, evidence=True)
    evaluated = there.chosen(here.having("results", "evaluated"))
    return {
        "total": len(there.chosen(here)),
        "address": here.address(),
        "total_query": here.count_address(),
        "stages": counts_by_stage(there, here),
        "initiatives": cards(_first(there, here, evaluated)),
        "figures": figures,
        "positions": _positions(beside),
        "studies": by_study(records(beside["finding"], FINDING, evidence=True)),
        "query": behind(filled("theme-beside", this)),
    }


def counts_by_stage(there: Held, selection: Selection) -> list[Count]:
    """How many of the chosen initiatives are at each stage; last those of unknown stage."""
    counts = there.counts(selection, "stage")
    stages = [iri for iri in codes("maturity") if counts.get(last_part(iri))]
    found = [
        _count(selection, one, last_part(one.iri), counts[last_part(one.iri)])
        for one in show(map(NamedNode, stages))
    ]
    if counts.get("none"):
        found.append(_count(selection, None, "none", counts["none"]))
    return found


def _count(selection: Selection, stage: Shown | None, name: str, count: int) -> Count:
    chosen = selection.having("stage", name)
    return Count(stage, count, chosen.address(), chosen.count_address())


def _first(there: Held, here: Selection, evaluated: frozenset[str]) -> list[str]:
    """The initiatives to name first: those that were evaluated, then those in production."""
    running = there.chosen(here.having("stage", "production"))
    listed = there.chosen(here)
    ordered = sorted(listed, key=lambda iri: (iri not in evaluated, iri not in running, iri))
    return ordered[:SHOWN]


def _positions(beside: Mapping[str, list[str]]) -> dict[str, list[Record]]:
    return {
        str(text): records(beside[name], POSITION, evidence=True)
        for name, text in POSITIONS.items()
        if beside.get(name)
    }


def by_study(findings: list[Record]) -> list[tuple[Shown | None, list[Record]]]:
    """Findings by the study that they are from, the study with most of them first."""
    found: dict[str, list[Record]] = defaultdict(list)
    names: dict[str, Shown | None] = {}
    for one in findings:
        study = one.one("study")
        key = study.iri if study else ""
        found[key].append(one)
        names[key] = study
    return [(names[key], found[key]) for key in sorted(found, key=lambda k: (-len(found[k]), k))]
