"""What the sheet of an organisation shows beside its own facts."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import LazyString, gettext, lazy_gettext
from pyoxigraph import NamedNode

from pesai.namespaces import DCTERMS, FOAF, PAI
from pesai.web.cards import Card, cards
from pesai.web.codelists import themes
from pesai.web.labels import last_part
from pesai.web.records import EXCHANGE, POSITION, Record, records
from pesai.web.rows import ask, filled
from pesai.web.sorting import natural
from pesai.web.takeaway import behind
from pesai.web.things import Thing
from pesai.web.values import Shown, show

__all__ = ["POSITIONS", "Themed", "organisation"]

POSITIONS: Mapping[str, LazyString] = {
    "interest": lazy_gettext("Is interested in"),
    "need": lazy_gettext("Needs"),
    "offer": lazy_gettext("Offers"),
    "agreement": lazy_gettext("Has agreed"),
    "exchange-held": lazy_gettext("Reports an exchange"),
}
"""Kinds of positions, in the order of pages."""


@dataclass(frozen=True)
class Themed:
    """The initiatives of an organisation on one theme."""

    theme: Shown
    slug: str
    cards: tuple[Card, ...]


def organisation(thing: Thing) -> dict[str, object]:
    """Initiatives by theme, positions, exchanges, and what is not documented.

    Raises:
        Problem: the engine could not answer.
    """
    this = {"this": [NamedNode(thing.iri)]}
    beside: dict[str, list[str]] = defaultdict(list)
    for row in ask("organisation-beside", many=this):
        beside[row["what"].value].append(row["other"].value)
    carried = cards(beside["carried"])
    positions = {
        str(text): records(beside[name], POSITION, evidence=True)
        for name, text in POSITIONS.items()
        if beside[name]
    }
    return {
        "carried": carried,
        "also_called": _also_called(thing),
        "slug": thing.iri.rpartition("/")[2],
        "by_theme": _by_theme(carried),
        "partner_in": cards(beside["partner"]),
        "positions": positions,
        "named_in": records(beside["named"], POSITION, evidence=True),
        "exchanges": records(beside["exchange"], EXCHANGE),
        "missing": _missing(thing, carried, [one for each in positions.values() for one in each]),
        "query": behind(filled("organisation-beside", this)),
    }


def _also_called(thing: Thing) -> list[Shown]:
    """Its names beside that of the heading."""
    names = [
        name
        for fact in (*thing.main, *thing.more)
        if fact.property.iri in (DCTERMS.title.value, PAI.originalName.value)
        for name in fact.values
    ]
    found = {name.text: name for name in reversed(names) if name.text != thing.label.text}
    return list(reversed(found.values()))


def _by_theme(carried: Iterable[Card]) -> list[Themed]:
    found: dict[str, list[Card]] = defaultdict(list)
    names: dict[str, Shown] = {}
    for card in carried:
        for theme in card.record.all("themes"):
            found[theme.iri].append(card)
            names[theme.iri] = theme
    ordered = sorted(found, key=lambda iri: (-len(found[iri]), natural(names[iri].text)))
    return [Themed(names[iri], last_part(iri), tuple(found[iri])) for iri in ordered]


def _missing(thing: Thing, carried: list[Card], positions: list[Record]) -> list[str]:
    """What no source that was read tells of an organisation, in sentences."""
    told = {fact.property.iri for fact in (*thing.main, *thing.more) if fact.values}
    said = []
    if FOAF.homepage.value not in told:
        said.append(gettext("its home page"))
    if PAI.inCountry.value not in told:
        said.append(gettext("its country"))
    undated = sum(not card.record.one("stage") for card in carried)
    if undated:
        said.append(gettext("the stage of %(number)s of its initiatives", number=undated))
    if not positions:
        said.append(gettext("what it seeks, and what it offers"))
    covered = {theme.iri for card in carried for theme in card.record.all("themes")}
    covered |= {theme.iri for one in positions for theme in one.all("theme")}
    silent = [one.text for one in show(map(NamedNode, themes())) if one.iri not in covered]
    if silent:
        said.append(gettext("anything on: %(themes)s", themes=", ".join(silent)))
    return [*said, gettext("which role to contact")]
