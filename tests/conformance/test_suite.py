"""The W3C suite: what does not pass is named, with its reason, and nothing else does not."""

from collections import Counter

import pytest

from tests.conformance.conftest import EACH
from tests.conformance.running import Outcome
from tests.conformance.table import PAGE, SPECIFICATIONS, known, page
from tests.shortened import SOAK, some

EXPECTED = {
    "query": 328,
    "results": 10,
    "federation": 10,
    "description": 3,
    "protocol": 34,
    "update": 157,
    "graph-store": 13,
}
"""How many tests there are: a suite that shrinks unseen proves nothing."""

pytestmark = pytest.mark.slow
WHOLE = pytest.mark.skipif(not SOAK, reason="the table tells of a whole run: 'make soak'")


@pytest.mark.parametrize("subject", SPECIFICATIONS)
def test_no_failure_is_ours(outcomes: list[Outcome], subject: str) -> None:
    mine = [one for one in outcomes if one.test.subject == subject]
    assert len(mine) == len(some(range(EXPECTED[subject]), EACH.get(subject, 1)))
    failures = [f"{o.test.key}: {o.seen[:300]}" for o in mine if o.kind(known()) == "ours"]
    assert failures == []


def test_what_is_said_to_fail_does(outcomes: list[Outcome]) -> None:
    statuses = {one.test.key: one.status for one in outcomes}
    told = {"engine": "failed", "decision": "refused"}
    for kind, tests in known().items():
        wrong = [test for test in tests if statuses.get(test, told[kind]) != told[kind]]
        assert wrong == []
    assert len(known()["engine"]) == 12


@WHOLE
def test_the_page_tells_how_it_went(outcomes: list[Outcome]) -> None:
    assert PAGE.read_text("utf-8") == page(outcomes), "run python -m tests.conformance.table"
    assert Counter(one.status for one in outcomes)["passed"] > 300
