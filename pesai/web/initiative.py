"""What the sheet of an initiative shows beside its own facts."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import LazyString, lazy_gettext
from pyoxigraph import NamedNode

from pesai.namespaces import CODE, DCTERMS, PAI
from pesai.web.cards import Card, cards
from pesai.web.i18n import language
from pesai.web.labels import labels_for
from pesai.web.records import FIGURE, Record, records
from pesai.web.rows import Row, ask, filled
from pesai.web.takeaway import behind
from pesai.web.things import Thing
from pesai.web.values import Shown, shown

__all__ = ["Link", "Related", "initiative"]

RELATED = 8
"""Related initiatives that a sheet names."""

_FACTS = {
    "carriers": PAI.undertakenBy, "kind": PAI.initiativeKind, "country": PAI.inCountry,
    "region": PAI.inRegion, "themes": PAI.hasTheme, "tasks": PAI.hasTaskType,
    "stage": PAI.hasMaturity, "as_of": PAI.statusAsOf, "period": DCTERMS.temporal,
    "evidence": PAI.aiEvidence, "technique": PAI.technique, "users": PAI.hasTargetUser,
    "data": PAI.dataUsed, "uses": PAI.usesTaxonomy, "plans": PAI.plansTaxonomy,
    "words": PAI.taxonomyNamed, "confidence": PAI.confidence,
}  # fmt: skip
_PARTNERSHIP = {"partner": PAI.partner, "role": PAI.partnerRole, "kind": PAI.partnerKind}
_SAFEGUARD = {"principle": PAI.addressesPrinciple}
_RISK = {"class": PAI.riskClass, "date": DCTERMS.date}

_LINKS: Mapping[str, LazyString] = {
    "whole": lazy_gettext("Part of"),
    "part": lazy_gettext("Has as parts"),
    "forerunner": lazy_gettext("Succeeds"),
    "successor": lazy_gettext("Was succeeded by"),
    "study": lazy_gettext("Evaluated by"),
    "studied": lazy_gettext("Evaluates"),
}
_REASONS: Mapping[str, LazyString] = {
    "task": lazy_gettext("same theme and task"),
    "taxonomy": lazy_gettext("same classification"),
    "partner": lazy_gettext("same partner"),
    "carrier": lazy_gettext("same organisation"),
}


@dataclass(frozen=True)
class Link:
    """How other initiatives stand to this one."""

    name: str
    things: tuple[Shown, ...]


@dataclass(frozen=True)
class Related:
    """An initiative that is near to this one, and why: reason and what is shared."""

    card: Card
    reasons: tuple[tuple[str, tuple[Shown, ...]], ...]


def initiative(thing: Thing) -> dict[str, object]:
    """Results, safeguards, partners, links and neighbours of an initiative.

    Raises:
        Problem: the engine could not answer.
    """
    this = {"this": [NamedNode(thing.iri)]}
    beside: dict[str, list[str]] = defaultdict(list)
    for row in ask("initiative-beside", many=this):
        beside[row["what"].value].append(row["other"].value)
    facts = records([thing.iri], _FACTS)[0]
    classified = (*facts.all("uses"), *facts.all("plans"))
    return {
        "card": cards([thing.iri])[0],
        "results": _strongest_first(records(beside["figure"], FIGURE, evidence=True)),
        "safeguards": records(beside["safeguard"], _SAFEGUARD),
        "risks": records(beside["risk"], _RISK, evidence=True),
        "partnerships": records(beside["partnership"], _PARTNERSHIP),
        "facts": facts,
        "carriers": [one.iri for one in facts.all("carriers")],
        "esco": any(one.iri == CODE["taxonomy/esco"].value for one in classified),
        "links": _links(beside),
        "related": _related(ask("initiative-related", many=this)),
        "related_query": behind(filled("initiative-related", this)),
        "results_query": behind(filled("initiative-figures", this)),
    }


def _strongest_first(listed: list[Record]) -> list[Record]:
    """Effects before figures with a comparison before the others."""
    strong = ("randomised", "quasi-experiment", "before-after")
    return sorted(
        listed,
        key=lambda one: (
            one.code("design") not in strong,
            one.one("comparison") is None,
            one.shown.text.casefold(),
        ),
    )


def _links(beside: Mapping[str, list[str]]) -> list[Link]:
    labels = labels_for([iri for name in _LINKS for iri in beside.get(name, ())], language())
    return [
        Link(str(text), tuple(shown(NamedNode(iri), labels) for iri in beside[name]))
        for name, text in _LINKS.items()
        if beside.get(name)
    ]


def _related(rows: list[Row]) -> list[Related]:
    """The nearest first: those with most reasons, then with most that is shared, then by IRI."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[row["other"].value][row["reason"].value].append(row["shared"].value)

    def nearness(iri: str) -> tuple[int, int, str]:
        reasons = found[iri]
        return -len(reasons), -sum(len(shared) for shared in reasons.values()), iri

    nearest = sorted(found, key=nearness)[:RELATED]
    shared = {iri for one in nearest for values in found[one].values() for iri in values}
    labels = labels_for(shared, language())
    return [
        Related(
            card,
            tuple(
                (
                    str(text),
                    tuple(shown(NamedNode(iri), labels) for iri in found[one][reason][:3]),
                )
                for reason, text in _REASONS.items()
                if reason in found[one]
            ),
        )
        for one, card in zip(nearest, cards(nearest), strict=True)
    ]
