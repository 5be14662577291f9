"""What changed between two releases, thing by thing, and only what the reader may read."""

from typing import TYPE_CHECKING

import pytest
from pyoxigraph import Literal

from pesai.access.audiences import THE_PUBLIC, Reader
from pesai.errors import Gone
from pesai.releases import changes as module
from pesai.releases import graphfile
from pesai.releases.changes import Changes, Statement, changed_graphs, changes
from pesai.releases.lock import publisher_lock
from pesai.releases.withdraw import withdraw

if TYPE_CHECKING:
    from tests.releases.conftest import Kit

PARTNER = Reader("partners")
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
TITLE = "http://purl.org/dc/terms/title"
ROW = "https://w3id.org/pes-ai/def#fromRow"


def _thing(name: str, title: str, row: int = 1) -> list[str]:
    """A thing of a fictional service, as a loader would make it."""
    return [
        f"<urn:{name}> <{TYPE}> <urn:Tool> .",
        f'<urn:{name}> <{TITLE}> "{title}"@en .',
        f"<urn:{name}> <{ROW}> <urn:file#row={row}> .",
    ]


def _between(kit: "Kit", old: str, new: str, reader: Reader = THE_PUBLIC) -> Changes:
    return changes(kit.home.release(old), kit.home.release(new), reader)


def test_things_that_came_went_and_changed(kit: "Kit") -> None:
    kit.put(a=("public", [*_thing("stays", "Stays"), *_thing("goes", "Goes", 2),
                          *_thing("new-name", "Before", 3)]))  # fmt: skip
    kit.put(a=("public", [*_thing("comes", "Comes"), *_thing("stays", "Stays", 2),
                          *_thing("new-name", "After", 3)]))  # fmt: skip
    found = _between(kit, "1", "2")
    assert [(one.iri, one.state) for one in found.things] == [
        ("urn:comes", "added"), ("urn:goes", "removed"), ("urn:new-name", "changed"),
    ]  # fmt: skip
    changed = found.things[2]
    assert changed.gained == (Statement(TITLE, Literal("After", language="en")),)
    assert changed.lost == (Statement(TITLE, Literal("Before", language="en")),)
    assert changed.classes == ("urn:Tool",)
    assert changed.names == (Literal("After", language="en"),)
    assert found.things[1].names == (Literal("Goes", language="en"),)
    assert [(g.iri, g.state, g.before, g.after) for g in found.graphs] == [
        (kit.iri("a"), "changed", 9, 9)
    ]


def test_both_ways_are_mirrored_and_one_release_equals_itself(kit: "Kit") -> None:
    kit.put(a=("public", _thing("x", "One")))
    kit.put(a=("public", _thing("y", "Two")))
    forth, back = _between(kit, "1", "2"), _between(kit, "2", "1")
    swapped = {"added": "removed", "removed": "added", "changed": "changed"}
    assert [(t.iri, swapped[t.state], t.lost, t.gained) for t in back.things] == [
        (t.iri, t.state, t.gained, t.lost) for t in forth.things
    ]
    assert _between(kit, "2", "2") == Changes()


def test_what_moves_to_another_graph_did_not_change(kit: "Kit") -> None:
    kit.put(a=("public", _thing("x", "X")), b=("public", _thing("y", "Y")))
    kit.put(a=("public", [kit.triple("z", "z")]), b=("public", _thing("y", "Y") + _thing("x", "X")))
    assert [one.iri for one in _between(kit, "1", "2").things] == ["urn:z"]


def test_a_thing_known_from_an_unchanged_graph_is_changed_not_added(kit: "Kit") -> None:
    kit.put(a=("public", _thing("x", "X")), b=("public", [kit.triple("other", "1")]))
    kit.put(b=("public", [kit.triple("other", "1"), kit.triple("x", "more")]))
    assert [(t.iri, t.state) for t in _between(kit, "1", "2").things] == [("urn:x", "changed")]


def test_what_is_for_others_is_nowhere(kit: "Kit") -> None:
    kit.put(a=("public", _thing("x", "X")), b=("partners", _thing("secret", "Secret")))
    kit.put(b=("partners", _thing("secret", "Secret and changed")))
    assert _between(kit, "1", "2") == Changes()
    seen = _between(kit, "1", "2", PARTNER)
    assert [one.iri for one in seen.things] == ["urn:secret"]


def test_a_graph_made_wider_is_new_to_those_who_could_not_read_it(kit: "Kit") -> None:
    kit.put(a=("public", _thing("x", "X")), b=("partners", _thing("was-secret", "S")))
    kit.put(b=("public", _thing("was-secret", "S")))
    assert [(t.iri, t.state) for t in _between(kit, "1", "2").things] == [
        ("urn:was-secret", "added")
    ]
    assert _between(kit, "1", "2", PARTNER).things == ()


def test_a_large_graph_is_told_by_its_size(kit: "Kit", monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 3)
    kit.put(a=("public", _thing("x", "X")), b=("public", _thing("y", "Y")))
    kit.put(a=("public", _thing("x", "Z")), b=("public", _thing("y", "Y") + _thing("z", "Z")))
    found = _between(kit, "1", "2")
    assert [(g.iri, g.before, g.after, g.listed) for g in found.graphs] == [
        (kit.iri("a"), 3, 3, True), (kit.iri("b"), 3, 6, False),
    ]  # fmt: skip
    assert [one.iri for one in found.things] == ["urn:x"]


def test_a_release_says_how_many_triples_came_and_went(
    kit: "Kit", monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was counted when the release was made: no graph is read for it, however large."""
    kit.put(a=("public", _thing("x", "X")), b=("public", _thing("y", "Y")))
    kit.put(a=("public", _thing("x", "Z")), c=("partners", _thing("z", "Z")))
    kit.put(c=("public", _thing("z", "Z")))

    def counts(old: str, new: str, reader: Reader = THE_PUBLIC) -> list[tuple[str, object, object]]:
        releases = kit.home.release(old), kit.home.release(new)
        return [(g.iri[-1], g.added, g.removed) for g in changed_graphs(*releases, reader)]

    monkeypatch.setattr(graphfile, "read", None)
    assert counts("1", "2") == [("a", 1, 1)]
    assert counts("1", "2", PARTNER) == [("a", 1, 1), ("c", 3, 0)]
    assert counts("2", "3") == [("c", 3, 0)], "for the public it is new"
    assert counts("2", "3", PARTNER) == []
    assert counts("1", "3") == [("a", None, None), ("c", 3, 0)], "not one after the other"


def test_many_graphs_together_are_bounded_too(kit: "Kit", monkeypatch: pytest.MonkeyPatch) -> None:
    """Small graphs go first, whatever they are called."""
    monkeypatch.setattr(module, "LARGEST", 8)
    kit.put(base=("public", _thing("x", "X")))
    kit.put(
        a=("public", _thing("y", "Y") + _thing("z", "Z")),
        b=("public", _thing("v", "V")),
        c=("public", _thing("w", "W")),
    )
    found = _between(kit, "1", "2")
    assert [(g.iri, g.listed) for g in found.graphs] == [
        (kit.iri("a"), False), (kit.iri("b"), True), (kit.iri("c"), True),
    ]  # fmt: skip
    assert [one.iri for one in found.things] == ["urn:v", "urn:w"]


def test_a_release_that_is_gone_says_so(kit: "Kit") -> None:
    kit.put(a=("public", _thing("x", "X")))
    kit.put(a=("public", _thing("y", "Y")))
    with publisher_lock(kit.home) as held:
        withdraw(held, "1", who="ana", why="wrong figures")
    with pytest.raises(Gone, match="wrong figures"):
        _between(kit, "1", "2")
