"""Stored matches, ranked by the weights that a reader chose."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter

from pesai.errors import WrongUse
from pesai.exchange.table import Kind, kinds

__all__ = ["Given", "Missing", "Ranked", "missing", "ranked", "weights"]

Row = Mapping[str, str]
"""A row of the stored query ``matching/matches``: values by variable."""

_TABLE = {kind.name: kind for kind in kinds()}


@dataclass(frozen=True, slots=True)
class Given:
    """The points that one reason gives by the chosen weights."""

    kind: Kind
    points: int
    times: int
    iri: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A match with its place: one more than the number of matches with more points."""

    iri: str
    seeker: str
    provider: str
    theme: str
    ground: str
    reasons: tuple[Given, ...]
    points: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Missing:
    """A kind of reason that would lift a match to the next place or beyond, were it documented."""

    kind: Kind
    gain: int


def weights(given: Mapping[str, str]) -> dict[str, int]:
    """The weight of every kind of reason: as given by name, else as in the table.

    Raises:
        WrongUse: a name is unknown, or a weight is no whole number within its bounds.
    """
    for name in given:
        if name not in _TABLE:
            raise WrongUse(
                "There is no reason '{name}' to weigh. There are: {known}.",
                name=name[:40],
                known=", ".join(_TABLE),
            )
    return {name: _weight(kind, given.get(name, "").strip()) for name, kind in _TABLE.items()}


def _weight(kind: Kind, text: str) -> int:
    if not text:
        return kind.weight
    least, most = kind.bounds
    digits = text.removeprefix("-").removeprefix("−")
    negative = digits != text
    number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 4 else None
    value = None if number is None else -number if negative else number
    if value is None or not least <= value <= most:
        raise WrongUse(
            "The weight of '{name}' is a whole number from {least} to {most}, not {value}.",
            name=kind.name,
            least=least,
            most=most,
            value=ascii(text[:40]),
        )
    return value


def ranked(
    rows: Iterable[Row], chosen: Mapping[str, int], name: Callable[[str], str]
) -> list[Ranked]:
    """Matches from the most points to the fewest; ties in the order of names.

    Args:
        rows: one for each reason of each match.
        chosen: the weight of every kind of reason.
        name: what an IRI is called, for the order of ties.
    """
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["match"], []).append(row)
    made = [_read(listed, chosen) for listed in found.values()]

    def order(one: Ranked) -> tuple[object, ...]:
        names = (name(one.provider), name(one.seeker), name(one.theme))
        return -one.points, *(text.casefold() for text in names), one.iri

    placed: list[Ranked] = []
    for number, one in enumerate(sorted(made, key=order), 1):
        tied = placed and placed[-1].points == one.points
        placed.append(_placed(one, placed[-1].place if tied else number))
    return placed


def missing(listed: list[Ranked], at: int) -> list[Missing]:
    """Facts that are not documented and would lift the match at that index, the greatest first."""
    one = listed[at]
    above = next((other.points for other in reversed(listed[:at]) if other.points > one.points), 0)
    if not above:
        return []
    wanted = above - one.points
    gains = [Missing(kind, _gain(one, kind)) for kind in _TABLE.values()]
    return sorted((gain for gain in gains if gain.gain >= wanted), key=lambda m: -m.gain)


def _gain(one: Ranked, kind: Kind) -> int:
    """Points that a kind of reason could still give; by the published table where it is absent."""
    held = next((reason for reason in one.reasons if reason.kind is kind), None)
    if kind.weight < 0:
        return -held.points if held else 0
    if held is None:
        return kind.weight * kind.most
    return held.points // held.times * (kind.most - held.times)


def _read(listed: list[Row], chosen: Mapping[str, int]) -> Ranked:
    first = listed[0]
    reasons = [_given(row, chosen) for row in listed]
    reasons.sort(key=lambda reason: list(_TABLE).index(reason.kind.name))
    return Ranked(
        first["match"], first["seeker"], first["provider"], first["theme"], first["ground"],
        tuple(reasons), sum(map(attrgetter("points"), reasons)),
    )  # fmt: skip


def _given(row: Row, chosen: Mapping[str, int]) -> Given:
    kind = _TABLE[row["kind"].rpartition("/")[2]]
    times = int(row["given"]) // kind.weight
    return Given(kind, chosen[kind.name] * times, times, row["reason"])


def _placed(one: Ranked, place: int) -> Ranked:
    return Ranked(
        one.iri, one.seeker, one.provider, one.theme, one.ground, one.reasons, one.points, place
    )
