"""``/timeline``: initiatives by the year of their start, or of what is known of their stage."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from flask import Blueprint, request, url_for
from flask_babel import gettext
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import WrongUse
from pesai.web.facets import NONE, Held, Selection
from pesai.web.kept import kept
from pesai.web.overview import listed, overview, rows_text, shown_all
from pesai.web.rows import Row, ask_text
from pesai.web.sorting import natural
from pesai.web.stages import place
from pesai.web.values import Shown

__all__ = ["blueprint"]

blueprint = Blueprint("timeline", __name__)

FILTERS = ("theme", "region", "country", "kind", "stage")
"""Facets by which the time line can be narrowed."""
WAYS = {"start": "start", "as-of": "stageAsOf"}
"""The years that it can go by: the value of ``by=``, and the variable of the query."""


@dataclass(frozen=True)
class Bar:
    """The initiatives of one year by stage, and all of them; ``width`` is out of 100.

    ``parts`` holds for each stage its number, and where its part of the bar begins and ends.
    """

    year: str
    count: int
    parts: tuple[tuple[Shown | None, int, float, float], ...]
    initiatives: tuple[tuple[Shown, Shown | None], ...]
    href: str


@blueprint.route("/timeline")
@kept
def page() -> AnyResponse:
    """The time line, narrowed as the address says."""
    by = request.args.get("by", "start")
    if by not in WAYS:
        raise WrongUse(
            "'{by}' is not a way to order the time line. There are: {ways}.",
            by=by[:40],
            ways=", ".join(WAYS),
        )
    return overview("timeline", gettext("Time line"), FILTERS, partial(_values, by))


def _values(by: str, known: Held, selection: Selection) -> dict[str, object]:
    rows = ask_text(rows_text("timeline", known, selection))
    dated, undated = _bars(rows, WAYS[by], selection)
    ways = [
        (one, f"{url_for('timeline.page')}?{urlencode([*selection.pairs(), ('by', one)])}")
        for one in WAYS
    ]
    return {
        "by": by,
        "ways": ways,
        "bars": dated,
        "undated": undated,
        "total": len(known.chosen(selection)),
        "hidden": [("by", by)],
    }


def _bars(rows: Iterable[Row], variable: str, selection: Selection) -> tuple[list[Bar], Bar | None]:
    """A bar for each year, the latest first, and one for what has no year."""
    by_year: dict[str, dict[str, NamedNode | None]] = defaultdict(dict)
    for row in rows:
        stage = row.get("stageReached")
        year = row[variable].value[:4] if variable in row else ""
        by_year[year][row["initiative"].value] = stage if isinstance(stage, NamedNode) else None
    labels = shown_all(
        [NamedNode(iri) for found in by_year.values() for iri in found]
        + [stage for found in by_year.values() for stage in found.values() if stage]
    )
    most = max((len(found) for year, found in by_year.items() if year), default=1)
    bars = {}
    for year, found in by_year.items():
        href = listed(selection, year=year or NONE) if variable == WAYS["start"] else ""
        bars[year] = _bar(year, found, labels, most, href)
    undated = bars.pop("", None)
    return [bars[year] for year in sorted(bars, reverse=True)], undated


def _bar(
    year: str,
    found: dict[str, NamedNode | None],
    labels: dict[str, Shown],
    most: int,
    href: str,
) -> Bar:
    counts: dict[str, int] = defaultdict(int)
    for stage in found.values():
        counts[stage.value if stage else ""] += 1
    parts, at = [], 0.0
    for iri in sorted(counts, key=lambda one: (not one, place(one.rpartition("/")[2]), one)):
        width = round(100 * counts[iri] / most, 2)
        parts.append((labels.get(iri), counts[iri], round(at, 2), width))
        at += width
    names = sorted(
        ((labels[iri], labels[stage.value] if stage else None) for iri, stage in found.items()),
        key=lambda pair: natural(pair[0].text),
    )
    return Bar(year, len(found), tuple(parts), tuple(names), href)
