"""Ranking by chosen weights, what could change a rank, and pairs for a group."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pesai.errors import WrongUse
from pesai.exchange.groups import Group, grouped
from pesai.exchange.ranking import Ranked, Row, missing, ranked, weights
from pesai.exchange.table import kinds
from tests.exchange.worlds import Triples, example, found, last, turtle

POSITIONS = """
position:{name} a pai:{kind} ; pai:statedBy organisation:{who} ; pai:onTheme theme:ethics .
organisation:{who} a pai:PublicEmploymentService .
"""


def rows(triples: Triples) -> list[Row]:
    """As ``queries/matching/matches.rq`` gives them."""
    return [
        {"match": m.iri, "seeker": m.seeker, "provider": m.provider, "theme": m.theme,
         "ground": m.ground, "kind": f"…/{r.kind}", "given": str(r.points), "reason": r.iri}
        for m in found(triples) for r in m.reasons
    ]  # fmt: skip


def world(**stated: str) -> Triples:
    """Positions on ethics: who has stated what."""
    text = [
        POSITIONS.format(name=f"{who}-{number}", kind=kind, who=who)
        for who, kinds_ in stated.items()
        for number, kind in enumerate(kinds_.split())
    ]
    return turtle("".join(text))


def rank(triples: Triples, **chosen: str) -> list[Ranked]:
    return ranked(rows(triples), weights(chosen), last)


def test_weights_as_chosen_change_points_and_order() -> None:
    triples = example("public", "partners")
    usual = {one.iri: one.points for one in rank(triples)}
    assert max(usual.values()) == 90
    other = rank(triples, ahead="30", exchange="0", need="0")
    assert [(last(one.provider), last(one.theme), one.points) for one in other[:4]] == [
        # offer 15, measured 10, evaluated 20, two stages at 30
        ("pes-b", "ai-solutions", 105),
        ("pes-b", "matching", 105),
        ("pes-c", "ai-solutions", 105),
        ("pes-c", "matching", 105),
    ]


def test_ties_are_in_the_order_of_names_and_share_a_place() -> None:
    listed = rank(world(xa="Need", xd="Offer", xb="Offer", xc="Offer Interest", xe="Interest"))
    told = [(one.place, last(one.seeker), last(one.provider)) for one in listed]
    assert told == [
        # need 20 and offer 15; interest 10, offer 15 and interest on both sides 10
        (1, "xa", "xb"), (1, "xa", "xc"), (1, "xe", "xc"), (1, "xa", "xd"),
        (5, "xc", "xb"), (5, "xe", "xb"), (5, "xc", "xd"), (5, "xe", "xd"),
        (9, "xc", "xe"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["101", "-1", "1.5", "x", "1e2", "٣", "99999", "--1", "1 0"])
def test_a_weight_is_a_whole_number_within_bounds(text: str) -> None:
    with pytest.raises(WrongUse, match="from 0 to 100"):
        weights({"need": text})
    with pytest.raises(WrongUse, match="There are: need"):
        weights({"no-such": "1"})


def test_weights_against_a_talk_stay_below_zero() -> None:
    assert weights({"old": "-100"})["old"] == -100
    assert weights({"old": "0"})["old"] == 0
    with pytest.raises(WrongUse, match="from -100 to 0"):
        weights({"old": "5"})
    assert weights({"need": " "})["need"] == 20


def test_what_could_change_a_rank() -> None:
    listed = rank(world(xa="Need", xb="Offer", xc="Offer Interest", xe="Interest"))
    assert missing(listed, 0) == []
    at = next(i for i, one in enumerate(listed) if last(one.seeker) == "xe" and one.points == 25)
    gains = {one.kind.name: one.gain for one in missing(listed, at)}
    # The next above has 35: ten points or more lift it that far.
    assert listed[0].points == 35
    assert gains["need"] == 20
    assert gains["ahead"] == 20
    assert "language" not in gains
    assert "offer" not in gains, "it has that already"


def test_a_group_covers_the_most_wishes() -> None:
    """The best host of both is one that may take one; the other wish goes to the second best."""
    both = world(xa="Need", xb="Need", xc="Offer", xd="Interest")
    assert told(grouped(rank(both), 1)) == [("xa", "xc")]
    wider = world(xa="Need", xb="Need", xc="Offer", xe="Offer")
    pairs = told(grouped(rank(wider), 1))
    assert [sorted(column) for column in zip(*pairs, strict=True)] == [["xa", "xb"], ["xc", "xe"]]
    assert len(grouped(rank(wider), 2).pairs) == 2


def test_what_is_left_out_of_a_group_is_explained() -> None:
    group = grouped(rank(world(xa="Need", xb="Need", xc="Offer")), 1)
    (left,) = group.left_out
    assert (last(left.match.seeker), left.covered) == ("xb", False)
    assert [last(one) for one in left.guests] == ["xa"]


def told(group: Group) -> list[tuple[str, str]]:
    return [(last(one.seeker), last(one.provider)) for one in group.pairs]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["Need", "Offer", "Need Offer", "Interest"]), max_size=5),
       st.integers(1, 2))  # fmt: skip
def test_no_other_choice_of_pairs_covers_more_or_is_worth_more(stated: list[str], cap: int) -> None:
    """Against every choice there is."""
    listed = rank(world(**{f"x{chr(97 + n)}": text for n, text in enumerate(stated)}))
    group = grouped(listed, cap)
    wished = [one for one in listed if {g.kind.name for g in one.reasons} & {"need", "interest"}]
    by_seeker: dict[str, list[Ranked | None]] = {}
    for one in wished:
        by_seeker.setdefault(one.seeker, [None]).append(one)
    best = (0, 0)
    for choice in product(*by_seeker.values()):
        taken = [one for one in choice if one is not None]
        hosts = [one.provider for one in taken]
        if all(hosts.count(host) <= cap for host in hosts):
            best = max(best, (len(taken), sum(one.points for one in taken)))
    assert (len(group.pairs), sum(one.points for one in group.pairs)) == best
    for one, other in combinations(group.pairs, 2):
        assert one.seeker != other.seeker


def test_every_kind_has_texts_in_both_languages() -> None:
    for kind in kinds():
        for texts in (kind.labels, kind.definitions, kind.why, kind.wanted):
            assert set(texts) == {"en", "fr"}
