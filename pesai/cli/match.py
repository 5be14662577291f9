"""``pesai match``: who could talk to whom, about what, and for which reasons."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pesai.cli import console
from pesai.cli.options import As, AtRelease, base, home, reader_of
from pesai.errors import WrongUse

if TYPE_CHECKING:
    from pesai.exchange.groups import Group
    from pesai.exchange.ranking import Ranked

__all__ = ["match"]

Ask = Callable[[str, Mapping[str, str]], list[dict[str, str]]]
"""Rows of a query with terms for its parameters."""


def match(  # noqa: PLR0917 - Typer makes options of them
    org: Annotated[str, typer.Option(help="Id of an organisation: who could inform it.")] = "",
    theme: Annotated[str, typer.Option(help="Only on that theme, such as ethics.")] = "",
    side: Annotated[
        str, typer.Option(help="seeker: who could inform it; provider: whom it could inform.")
    ] = "seeker",
    weight: Annotated[
        list[str] | None,
        typer.Option(
            metavar="REASON=POINTS", help="Weigh a reason otherwise; may be given several times."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=1, help="Pairs that are listed.")] = 20,
    groups: Annotated[
        bool, typer.Option("--groups", help="Pairs for a meeting of several on the theme.")
    ] = False,
    cap: Annotated[int, typer.Option(min=1, max=20, help="Guests of one host, at most.")] = 2,
    release: AtRelease = None,
    audience: As = "public",
) -> None:
    """Say who could talk to whom, about what, and for which reasons.

    Points and reasons are those of the page /matches; what they mean is told in
    docs/reference/matching.md.

    Example: pesai match --org france-travail --theme ethics

    Example: pesai match --org actiris --weight need=40 --weight language=20

    Example: pesai match --theme data-management --groups --cap 1
    """
    from pesai.exchange.ranking import weights

    if not (org or theme):
        raise WrongUse("name an organisation (--org), a theme (--theme), or both")
    if side not in {"seeker", "provider"}:
        raise WrongUse("--side is seeker or provider, not '{side}'", side=side)
    if groups and (org or not theme):
        raise WrongUse("groups are made on a theme (--theme), and not of one organisation")
    chosen = weights(_pairs(weight or []))
    with _asking(release, audience) as ask:
        names = _names(ask)
        listed = _ranked(ask, {side: org, "theme": theme}, chosen, names)
    if groups:
        from pesai.exchange.groups import grouped

        _show_group(grouped(listed, cap), names)
    else:
        _show(listed[:limit], len(listed), names)


def _pairs(given: list[str]) -> dict[str, str]:
    pairs = [item.partition("=") for item in given]
    for name, sign, _value in pairs:
        if not (name and sign):
            raise WrongUse("'{name}' is no weight: write --weight REASON=POINTS", name=name)
    return {name: value for name, _sign, value in pairs}


@contextmanager
def _asking(release: str | None, audience: str) -> Iterator[Ask]:
    """An engine with one worker, which ends with the command."""
    from pesai.engine.embedded.local import LocalEngine
    from pesai.engine.embedded.pool import Pool
    from pesai.engine.protocol import Limits, Query
    from pesai.namespaces import PREFIXES
    from pesai.releases.locate import locator
    from pesai.settings import settings

    limits = Limits(settings().query_seconds, settings().query_memory, settings().result_size)
    pool = Pool(1, limits)
    engine, reader = LocalEngine(pool, locator(home()), PREFIXES), reader_of(audience)

    def ask(text: str, bindings: Mapping[str, str]) -> list[dict[str, str]]:
        query = Query(text, reader, release, bindings=bindings, solutions="json", curated=True)
        with engine.query(query, limits).body as body:
            rows = json.load(body)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in rows]

    try:
        yield ask
    finally:
        pool.close()


def _names(ask: Ask) -> dict[str, str]:
    """Organisations by IRI."""
    from pesai.sparql.catalogue import Catalogue

    query = Catalogue.read().get("catalogue", "choices-of-organisation")
    return {row["value"]: row.get("label", row["value"]) for row in ask(query.text, {})}


def _ranked(
    ask: Ask, given: Mapping[str, str], chosen: Mapping[str, int], names: Mapping[str, str]
) -> "list[Ranked]":
    """The matches, as the page lists them.

    Raises:
        WrongUse: there is no such organisation or theme.
    """
    from pesai.exchange.ranking import ranked
    from pesai.exchange.table import stored
    from pesai.loading.codes import codes
    from pesai.sparql.catalogue import bind

    query = stored("matches")
    bound = bind(query, given, base())
    for name in ("seeker", "provider"):
        if name in bound and bound[name].strip("<>") not in names:
            raise WrongUse("there is no organisation '{name}' here", name=given[name])
    known = {str(iri) for iri in codes("theme").values()}
    if "theme" in bound and bound["theme"] not in known:
        ends = ", ".join(sorted(iri.strip("<>").rpartition("/")[2] for iri in known))
        raise WrongUse(
            "there is no theme '{name}'; there are: {known}", name=given["theme"], known=ends
        )
    return ranked(ask(query.text, bound), chosen, lambda iri: names.get(iri, iri))


def _show(listed: "list[Ranked]", total: int, names: Mapping[str, str]) -> None:
    if console.as_json():
        console.show_json({"total": total, "matches": [_told(one) for one in listed]})
        return
    columns = ("place", "points", "could inform", "whom", "theme", "reasons")
    rows = [
        (one.place, one.points, names.get(one.provider, one.provider),
         names.get(one.seeker, one.seeker), _end(one.theme), _reasons(one))
        for one in listed
    ]  # fmt: skip
    console.show_table(columns, rows, caption=f"{len(listed)} of {total} pairs")


def _show_group(group: "Group", names: Mapping[str, str]) -> None:
    if console.as_json():
        left = [
            {**_told(one.match), "covered": one.covered, "guests": list(one.guests)}
            for one in group.left_out
        ]
        pairs = [_told(one) for one in group.pairs]
        console.show_json({"cap": group.cap, "pairs": pairs, "left_out": left})
        return
    rows = [(names.get(p.seeker), names.get(p.provider), p.points, "") for p in group.pairs]
    for one in group.left_out:
        full = f"left out: the host has {', '.join(names.get(g, g) for g in one.guests)}"
        why = full if len(one.guests) >= group.cap else "left out: another choice is worth more"
        rows.append(
            (names.get(one.match.seeker), names.get(one.match.provider), one.match.points, why)
        )
    console.show_table(("who asks", "host", "points", ""), rows)


def _told(one: "Ranked") -> dict[str, object]:
    return {
        "match": one.iri,
        "place": one.place,
        "points": one.points,
        "seeker": one.seeker,
        "provider": one.provider,
        "theme": one.theme,
        "ground": _end(one.ground),
        "reasons": [
            {"reason": given.iri, "kind": given.kind.name, "points": given.points}
            for given in one.reasons
        ],
    }


def _reasons(one: "Ranked") -> str:
    return ", ".join(f"{given.kind.labels['en']} {given.points:+}" for given in one.reasons)


def _end(iri: str) -> str:
    return iri.rpartition("/")[2]
