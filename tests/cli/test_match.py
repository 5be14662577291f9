"""``pesai match`` as a user runs it."""

import json
from pathlib import Path

import pytest

from tests.conftest import RunPesai


def test_matches_of_an_organisation(bundled_home: Path, run_pesai: RunPesai) -> None:
    done = run_pesai(bundled_home, "match", "--org", "actiris", "--theme", "data-management")
    assert done.returncode == 0, done.stderr
    head, first, *_more = done.stdout.splitlines()
    assert head.split("\t")[:4] == ["place", "points", "could inform", "whom"]
    place, points, provider, seeker, theme, reasons = first.split("\t")
    assert (place, provider, theme) == ("1", "France Travail", "data-management")
    assert "Brussels" in seeker
    assert "need stated +20" in reasons
    worth = [int(one.rpartition(" ")[2]) for one in reasons.split(", ")]
    assert sum(worth) == int(points)


def test_weights_and_sides_for_programs(bundled_home: Path, run_pesai: RunPesai) -> None:
    usual, other = (
        json.loads(run_pesai(bundled_home, "match", "--json", "--org", "uwv", "--side",
                             "provider", "--theme", "ethics", *more).stdout)
        for more in ((), ("--weight", "offer=100"))
    )  # fmt: skip
    assert usual["total"] == other["total"] > 0
    before = {one["match"]: one["points"] for one in usual["matches"]}
    for one in other["matches"]:
        assert one["provider"].endswith("/uwv")
        assert one["points"] == before[one["match"]] + 85


def test_groups_keep_to_the_cap_and_explain(bundled_home: Path, run_pesai: RunPesai) -> None:
    done = run_pesai(
        bundled_home, "match", "--theme", "data-management", "--groups", "--cap", "1", "--json"
    )
    told = json.loads(done.stdout)
    hosts = [one["provider"] for one in told["pairs"]]
    assert len(hosts) == len(set(hosts)) > 3
    covered = {one["seeker"] for one in told["pairs"]}
    for one in told["left_out"]:
        assert (one["seeker"] in covered) == one["covered"]
        assert len(one["guests"]) <= 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "--org"),
        (("--org", "no-such"), "no organisation 'no-such'"),
        (("--theme", "no-such"), "labour-market-ontology"),
        (("--theme", "ethics", "--side", "both"), "seeker or provider"),
        (("--theme", "ethics", "--weight", "need"), "REASON=POINTS"),
        (("--theme", "ethics", "--weight", "nead=1"), "There are: need"),
        (("--theme", "ethics", "--weight", "need=101"), "0 to 100"),
        (("--org", "uwv", "--groups"), "groups are made on a theme"),
    ],
)
def test_wrong_use_says_what_would_be_right(
    bundled_home: Path, run_pesai: RunPesai, arguments: tuple[str, ...], words: str
) -> None:
    done = run_pesai(bundled_home, "match", *arguments)
    assert done.returncode == 2
    assert words in done.stderr
