"""Who talks to whom when several meet: pairs that cover the most wishes, with a cap per host.

A flow of the greatest value at the least cost, by networkx: from a source to each wish (an
organisation that has stated a need or an interest), from a wish to whoever could inform it, from
there to a sink by as many as the host may take. The value is the number of wishes covered, and
among the pairs that cover as many the cost gives those with the most points.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec

from pesai.errors import Failed
from pesai.exchange.ranking import Ranked

__all__ = ["Group", "LeftOut", "available", "grouped"]

_WISHES = frozenset(("need", "interest"))


@dataclass(frozen=True)
class LeftOut:
    """A wish of which no pair was made, or whose best host was not taken.

    Attributes:
        match: the best match of the wish that was not taken.
        covered: the wish is covered by another pair.
        guests: whom the host of that match receives instead, by IRI; fewer than the cap only
            where another choice gives more points in all.
    """

    match: Ranked
    covered: bool
    guests: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """The pairs, best first, and what was left out with the reason."""

    pairs: tuple[Ranked, ...]
    left_out: tuple[LeftOut, ...]
    cap: int


def available() -> bool:
    """Whether networkx is installed, which is an extra."""
    return find_spec("networkx") is not None


def grouped(listed: Iterable[Ranked], cap: int) -> Group:
    """Choose pairs among ranked matches on one theme.

    Args:
        listed: in their order, which decides between choices that are equally good.
        cap: how many a host may inform.

    Raises:
        Failed: networkx is not installed.
    """
    wished = [one for one in listed if {given.kind.name for given in one.reasons} & _WISHES]
    chosen = _flow(wished, cap)
    taken = [one for one in wished if (one.seeker, one.provider) in chosen]
    guests: dict[str, list[str]] = {}
    for one in taken:
        guests.setdefault(one.provider, []).append(one.seeker)
    return Group(tuple(taken), tuple(_left_out(wished, taken, guests)), cap)


def _flow(wished: list[Ranked], cap: int) -> set[tuple[str, str]]:
    """Seeker and provider of the pairs chosen.

    Raises:
        Failed: networkx is not installed.
    """
    if not available():
        raise Failed("Groups need networkx: install pesai[groups].")
    if not wished:
        return set()
    import networkx as nx

    graph = nx.DiGraph()
    # A point outweighs any difference of places, which only decide between equals.
    most, scale = max(one.points for one in wished), len(wished) ** 2 + 1
    for number, one in enumerate(wished):
        seeker, provider = ("seeker", one.seeker), ("provider", one.provider)
        graph.add_edge("source", seeker, capacity=1, weight=0)
        graph.add_edge(seeker, provider, capacity=1, weight=(most - one.points) * scale + number)
        graph.add_edge(provider, "sink", capacity=cap, weight=0)
    flow = nx.max_flow_min_cost(graph, "source", "sink")
    return {
        (one.seeker, one.provider)
        for one in wished
        if flow["seeker", one.seeker].get(("provider", one.provider))
    }


def _left_out(
    wished: list[Ranked], taken: list[Ranked], guests: Mapping[str, list[str]]
) -> Iterable[LeftOut]:
    covered = {one.seeker: one for one in taken}
    told: set[str] = set()
    for one in wished:
        if one.seeker in told:
            continue
        told.add(one.seeker)
        mine = covered.get(one.seeker)
        if mine is None or mine.points < one.points:
            yield LeftOut(one, mine is not None, tuple(guests.get(one.provider, ())))
