"""List, roll back, verify, prune, withdraw, restore; who may read what afterwards."""

import gzip
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pesai.access.audiences import PARTNERS, PUBLIC, THE_PUBLIC, Audience, Reader
from pesai.errors import Conflict, Gone, NotFound
from pesai.releases import graphs
from pesai.releases.locate import locator
from pesai.releases.lock import publisher_lock
from pesai.releases.prune import prune
from pesai.releases.restore import rebuild_release
from pesai.releases.rollback import roll_back
from pesai.releases.verify import verify
from pesai.releases.withdraw import cite, withdraw

if TYPE_CHECKING:
    from tests.releases.conftest import Kit

PARTNER = Reader("partners")


def _two_releases(kit: "Kit") -> None:
    kit.put(a=("public", [kit.triple("a", "1")]), b=("partners", [kit.triple("b", "1")]))
    kit.put(a=("public", [kit.triple("a", "2")]))


def test_a_release_is_verified_down_to_its_triples(kit: "Kit") -> None:
    _two_releases(kit)
    for release in kit.home.all_releases():
        assert verify(release) == []


def _corrupt_master(folder: Path) -> None:
    target = next((folder / "master").iterdir())
    text = gzip.decompress(target.read_bytes()).replace(b'"', b'"!', 1)
    target.unlink()
    target.write_bytes(gzip.compress(text))


def _cut_dump(folder: Path) -> None:
    dump = folder / "public" / "data.nq.gz"
    content = dump.read_bytes()
    dump.unlink()
    dump.write_bytes(content[: len(content) // 2])


def _turn_bits(path: Path) -> None:
    content = bytearray(path.read_bytes())
    for place in range(len(content) // 3, len(content) // 3 + 8):
        content[place] ^= 0xFF
    path.unlink()
    path.write_bytes(content)


def _add_to_store(folder: Path) -> None:
    from pyoxigraph import Literal, NamedNode, Quad, Store

    store = Store(str(folder / "public" / "store"))
    store.add(Quad(NamedNode("urn:x"), NamedNode("urn:p"), Literal("planted")))
    store.flush()


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (_corrupt_master, "master/"),
        (_cut_dump, "public/data.nq.gz"),
        (lambda folder: _turn_bits(folder / "public" / "data.nq.gz"), "public/data.nq.gz"),
        (
            lambda folder: [*map(_turn_bits, (folder / "public/store").glob("*.sst"))],
            "public/store",
        ),
        (_add_to_store, "public/store"),
        (lambda folder: shutil.rmtree(folder / "partners"), "partners"),
        (lambda folder: shutil.copytree(folder / "public", folder / "owner-xa"), "owner-xa"),
        (lambda folder: (folder / "public" / "checksum").write_text("0\n"), "public/checksum"),
    ],
)
def test_verification_finds_what_was_changed(kit: "Kit", damage: object, where: str) -> None:
    kit.put(a=("public", [kit.triple("a", "1")]), b=("partners", [kit.triple("b", "1")]))
    assert callable(damage)
    damage(kit.current().path)
    defects = verify(kit.current())
    assert any(defect.where.startswith(where) for defect in defects), defects


def test_rolling_back_moves_the_pointer_and_says_who_did_it(kit: "Kit") -> None:
    _two_releases(kit)
    with publisher_lock(kit.home) as held:
        roll_back(held, "1", who="ana", why="2 was a mistake")
    assert kit.current().id == "000001"
    (note,) = kit.current().status().served_again
    assert (note.who, note.why) == ("ana", "2 was a mistake")
    made = kit.put(c=("public", [kit.triple("c", "1")]))
    assert made is not None
    assert (made.id, made.parent) == ("000003", "000001")
    assert kit.in_store(kit.current().path / "public")[kit.iri("a")] == {kit.triple("a", "1")}


def test_no_way_back_to_what_was_taken_back(kit: "Kit") -> None:
    _two_releases(kit)
    with publisher_lock(kit.home) as held:
        graphs.remove(held, kit.base, kit.iri("a"), who="ana", why="a person asked for it")
        with pytest.raises(Conflict, match="taken back"):
            roll_back(held, "2", who="ana", why="")
    assert kit.current().id == "000003"


def test_the_last_of_several_wishes_to_remove_closes_older_releases(kit: "Kit") -> None:
    kit.put(a=("public", [kit.triple("a", "1")]), b=("public", [kit.triple("b", "1")]))
    locate = locator(kit.home)
    assert locate(THE_PUBLIC, "1").release == "000001"
    with publisher_lock(kit.home) as held:
        graphs.remove(held, kit.base, "rdf/a", who="ana", why="personal data")
    with pytest.raises(Gone, match=r"closed to you since \d{4}-.*personal data"):
        locate(THE_PUBLIC, "1")
    assert locate(THE_PUBLIC, None).release == "000002"


def test_loading_it_again_opens_nothing_that_was_taken_back(kit: "Kit") -> None:
    kit.put(a=("public", [kit.triple("a", "secret")]), b=("public", [kit.triple("b", "1")]))
    with publisher_lock(kit.home) as held:
        graphs.remove(held, kit.base, "rdf/a", who="ana", why="personal data")
    kit.put(a=("public", [kit.triple("a", "clean")]))
    with pytest.raises(Gone):
        locator(kit.home)(THE_PUBLIC, "1")


def test_narrowing_closes_and_widening_opens(kit: "Kit") -> None:
    kit.put(a=("public", [kit.triple("a", "1")]), b=("public", [kit.triple("b", "1")]))
    locate = locator(kit.home)
    with publisher_lock(kit.home) as held:
        graphs.change_audience(held, kit.base, "rdf/a", PARTNERS, who="ana", why="not yet")
        with pytest.raises(Gone, match="not yet"):
            locate(THE_PUBLIC, "1")
        assert locate(PARTNER, "1").release == "000001"
        graphs.change_audience(held, kit.base, "rdf/a", PUBLIC, who="ana", why="now")
    assert locate(THE_PUBLIC, "1").release == "000001"
    assert locate(THE_PUBLIC, "2").release == "000002"


def test_narrowing_twice_and_widening_once_leaves_the_first_closed(kit: "Kit") -> None:
    kit.put(a=("public", [kit.triple("a", "1")]))
    locate = locator(kit.home)
    with publisher_lock(kit.home) as held:
        for audience in (PARTNERS, Audience.parse("owners:xa"), PARTNERS):
            graphs.change_audience(held, kit.base, "rdf/a", audience, who="ana", why="w")
    assert locate(PARTNER, "2").release == "000002"
    with pytest.raises(Gone):
        locate(THE_PUBLIC, "1")


def test_loading_for_fewer_readers_narrows_as_well(kit: "Kit") -> None:
    kit.put(a=("public", [kit.triple("a", "1")]))
    kit.put(a=("partners", [kit.triple("a", "2")]))
    with pytest.raises(Gone):
        locator(kit.home)(THE_PUBLIC, "1")


def test_a_release_made_again_without_the_closed_graph_is_open(kit: "Kit") -> None:
    kit.put(a=("public", [kit.triple("a", "1")]), b=("public", [kit.triple("b", "1")]))
    locate = locator(kit.home)
    before = locate(THE_PUBLIC, "1").checksum
    with publisher_lock(kit.home) as held:
        graphs.change_audience(held, kit.base, "rdf/a", PARTNERS, who="ana", why="not yet")
        rebuild_release(held, "1")
    after = locate(THE_PUBLIC, "1")
    assert after.checksum != before
    assert kit.own(kit.in_store(after.path.parent)) == {kit.iri("b"): {kit.triple("b", "1")}}
    assert kit.triple("a", "1") not in kit.in_store(after.path.parent)[""]
    assert verify(kit.home.release("1")) == []
    # Its manifest still gives the graph to the public: no release is to be made from it.
    with publisher_lock(kit.home) as held, pytest.raises(Conflict, match="fewer readers"):
        roll_back(held, "1", who="ana", why="")


def test_a_withdrawn_release_says_so(kit: "Kit") -> None:
    _two_releases(kit)
    with publisher_lock(kit.home) as held:
        with pytest.raises(Conflict, match="is served"):
            withdraw(held, "2", who="ana", why="wrong")
        withdraw(held, "1", who="ana", why="figures of another year")
    with pytest.raises(Gone, match=r"withdrawn on .* figures of another year"):
        locator(kit.home)(THE_PUBLIC, "1")
    with publisher_lock(kit.home) as held, pytest.raises(Gone):
        roll_back(held, "1", who="ana", why="")


def test_pruning_keeps_the_newest_the_served_and_the_n_quads_of_the_cited(kit: "Kit") -> None:
    for number in range(5):
        kit.put(a=("public", [kit.triple("a", str(number))]), b=("partners", [kit.triple("b", "")]))
    with publisher_lock(kit.home) as held:
        roll_back(held, "1", who="ana", why="")
        cite(held, "2", who="ana", why="report 7")
        checksum = kit.home.release("2").checksum(THE_PUBLIC)
        done = prune(held, keep=2, who="ana")
        assert [(item.id, item.restorable) for item in done] == [
            ("000002", True),
            ("000003", False),
        ]
        assert prune(held, keep=2, who="ana") == []
        for gone in ("2", "3"):
            with pytest.raises(Gone, match="to save space"):
                locator(kit.home)(THE_PUBLIC, gone)
        assert {p.name for p in kit.home.release("3").path.iterdir()} == {
            "manifest.json",
            "status.json",
        }
        with pytest.raises(Gone):
            rebuild_release(held, "3")
        restored = rebuild_release(held, "2")
    assert restored.checksum(THE_PUBLIC) == checksum
    assert verify(restored) == []
    assert kit.current().id == "000001"
    assert verify(kit.current()) == []


def test_numbers_are_never_given_twice(kit: "Kit") -> None:
    _two_releases(kit)
    with publisher_lock(kit.home) as held:
        prune(held, keep=1, who="ana")
    made = kit.put(a=("public", [kit.triple("a", "9")]))
    assert made is not None
    assert made.id == "000003"


def test_what_is_not_there_is_named(kit: "Kit") -> None:
    _two_releases(kit)
    with publisher_lock(kit.home) as held:
        for number in ("7", "0", "x", "../1", "²"):
            with pytest.raises(NotFound):
                roll_back(held, number, who="ana", why="")
        with pytest.raises(NotFound, match="graphs list"):
            graphs.remove(held, kit.base, "rdf/nothing", who="ana", why="")
