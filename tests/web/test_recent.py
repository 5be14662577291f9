"""The small results in memory: bounded, and the one used last stays longest."""

from pesai.web.recent import Recent


def test_what_was_not_used_for_longest_makes_place() -> None:
    recent = Recent(limit=6, largest=3)
    recent.put("a", b"aa")
    recent.put("b", b"bb")
    recent.put("c", b"cc")
    assert recent.get("a") == b"aa"
    recent.put("d", b"dd")
    assert recent.get("b") is None
    assert [recent.get(key) for key in "acd"] == [b"aa", b"cc", b"dd"]


def test_what_is_put_again_counts_once() -> None:
    recent = Recent(limit=4, largest=4)
    for _ in range(3):
        recent.put("a", b"aa")
    recent.put("b", b"bb")
    assert recent.get("a") == b"aa"


def test_what_is_too_large_or_not_wanted_is_not_kept() -> None:
    recent = Recent(limit=10, largest=3)
    recent.put("a", b"aaaa")
    assert recent.get("a") is None
    nothing = Recent(limit=0)
    nothing.put("a", b"a")
    assert nothing.get("a") is None
