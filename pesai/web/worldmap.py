"""``/map``: where initiatives are documented, as tiles by continent beside the list of countries.

Tiles have one size and no borders, so that small countries are seen like large ones, and nothing is
said of where frontiers run. Everything on them is in the list as well.
"""

from dataclasses import dataclass

from flask import Blueprint
from flask_babel import gettext
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.namespaces import CODE
from pesai.web.facets import Held, Selection
from pesai.web.kept import kept
from pesai.web.overview import listed, overview, shown_all
from pesai.web.rows import ask
from pesai.web.sorting import natural
from pesai.web.stages import furthest
from pesai.web.values import Shown

__all__ = ["blueprint"]

blueprint = Blueprint("map", __name__)

FILTERS = ("theme", "task", "stage", "kind")
"""Facets by which the map can be narrowed."""

_AREAS = {"019": "americas", "150": "europe", "142": "asia", "002": "africa", "009": "oceania"}
"""Where the tiles of a continent stand, by its M49 code."""
_WEIGHTS = (2, 5, 10)
"""From how many initiatives on a tile weighs more."""


@dataclass(frozen=True)
class Tile:
    """A country, or what is in its place: its name and code, and what is documented there.

    ``weight`` is 0 to 3: how heavy the frame of the tile is; the number says the same.
    """

    name: Shown
    code: str
    count: int
    organisations: int
    stage: Shown | None
    weight: int
    href: str


@dataclass(frozen=True)
class Panel:
    """The tiles of one continent; ``area`` is where they stand."""

    name: str
    area: str
    tiles: tuple[Tile, ...]
    count: int


@blueprint.route("/map")
@kept
def page() -> AnyResponse:
    """The map and its list, narrowed as the address says."""
    return overview("map", gettext("Map of the world"), FILTERS, _values)


def _values(known: Held, selection: Selection) -> dict[str, object]:
    panels = _panels(known, selection)
    return {
        "panels": panels,
        "elsewhere": _tiles(known, selection, "region", _without_country(known)),
        "countries": sum(len(panel.tiles) for panel in panels),
        "total": len(known.chosen(selection)),
        "all": listed(selection),
    }


def _panels(known: Held, selection: Selection) -> list[Panel]:
    """The continents in the order of the page; countries of none are last."""
    countries = [term for term in known.terms["country"].values() if isinstance(term, NamedNode)]
    rows = ask("continents", many={"country": countries}) if countries else []
    continents = {row["country"].value: row["continent"] for row in rows if "continent" in row}
    codes = {row["country"].value: row["code"].value for row in rows if "code" in row}
    names = shown_all(continents.values())
    tiles = _tiles(known, selection, "country", frozenset(known.values["country"]), codes)
    by_panel: dict[str, list[Tile]] = {}
    for tile in tiles:
        found = continents.get(tile.name.iri)
        by_panel.setdefault(found.value if found else "", []).append(tile)
    there = known.chosen(selection)
    panels = []
    for iri, held_ in by_panel.items():
        number = iri.rpartition("-")[2]
        name = names[iri].text if iri else gettext("Elsewhere")
        having = known.values["region"].get(f"m49-{number}", frozenset()) & there
        count = len(having) if iri else sum(tile.count for tile in held_)
        panels.append(Panel(name, _AREAS.get(number, "elsewhere"), tuple(held_), count))
    order = [*_AREAS.values(), "elsewhere"]
    return sorted(panels, key=lambda panel: order.index(panel.area))


def _without_country(known: Held) -> frozenset[str]:
    """Regions that initiatives name themselves, as the European Union: none of M49."""
    return frozenset(
        name
        for name, term in known.terms["region"].items()
        if not term.value.startswith(f"{CODE.iri}region/m49-")
    )


def _tiles(
    known: Held,
    selection: Selection,
    facet: str,
    names: frozenset[str],
    codes: dict[str, str] | None = None,
) -> list[Tile]:
    """A tile for each value of a facet that some of the initiatives have, by name."""
    there = known.chosen(selection)
    having = {name: known.values[facet][name] & there for name in names}
    terms = [known.terms[facet][name] for name, found in having.items() if found]
    labels = shown_all([*terms, *known.terms["stage"].values()])
    tiles = []
    for name, found in having.items():
        if not found:
            continue
        term, stage = known.terms[facet][name], furthest(known, found)
        tiles.append(
            Tile(
                labels[term.value],
                (codes or {}).get(term.value, name),
                len(found),
                sum(1 for others in known.values["organisation"].values() if others & found),
                labels[stage.value] if stage else None,
                sum(len(found) >= least for least in _WEIGHTS),
                listed(selection, **{facet: name}),
            )
        )
    return sorted(tiles, key=lambda tile: natural(tile.name.text))
