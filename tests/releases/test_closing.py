"""Today's rights decide who reads an older release, whatever its manifests say of it."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pesai.access.audiences import PARTNERS, PUBLIC, THE_PUBLIC, Reader
from pesai.errors import Conflict, Gone
from pesai.loading.loader import Source
from pesai.namespaces import Base
from pesai.releases import graphs
from pesai.releases.closing import Closures
from pesai.releases.intake import Load, load
from pesai.releases.locate import locator
from pesai.releases.lock import publisher_lock
from pesai.releases.publisher import Change, publish_held
from pesai.releases.rebuild import rebuild
from pesai.releases.rollback import roll_back

if TYPE_CHECKING:
    from tests.releases.conftest import Kit

PARTNER = Reader("partners")
ANOTHER = Base("https://another.example/")


def _closed(kit: "Kit", release: str, why: str) -> None:
    """The public gets neither the store nor the dump beside it; partners get both."""
    folder = kit.home.release(release)
    with pytest.raises(Gone, match=why):
        locator(kit.home)(THE_PUBLIC, release)
    with pytest.raises(Gone, match=rf"closed to you since \d{{4}}-\d\d-\d\d: .*{why}"):
        Closures(kit.home).check(THE_PUBLIC, folder)
    found = locator(kit.home)(PARTNER, release)
    assert found.release == folder.id
    Closures(kit.home).check(PARTNER, folder)
    assert (found.path.parent / "data.nq.gz").is_file()


def _mistaken(kit: "Kit") -> None:
    """Release 2 holds b for the public, by mistake, and 1 is served again."""
    kit.put(a=("public", [kit.triple("a", "1")]))
    kit.put(b=("public", [kit.triple("b", "secret")]))
    with publisher_lock(kit.home) as held:
        roll_back(held, "1", who="ana", why="b is not for the public")


def test_a_release_that_was_rolled_back_is_closed_by_what_was_loaded_instead(kit: "Kit") -> None:
    _mistaken(kit)
    locate = locator(kit.home)
    assert locate(THE_PUBLIC, "2").release == "000002"
    kit.put(b=("partners", [kit.triple("b", "secret")]))
    with pytest.raises(Gone):
        locate(THE_PUBLIC, "2")
    _closed(kit, "2", "no longer for this audience")
    assert locate(THE_PUBLIC, "1").release == "000001"
    assert locate(THE_PUBLIC, "3").release == "000003"
    with publisher_lock(kit.home) as held:
        with pytest.raises(Conflict, match="fewer readers"):
            roll_back(held, "2", who="ana", why="")
        graphs.change_audience(held, kit.base, "rdf/b", PUBLIC, who="ana", why="now")
    assert locate(THE_PUBLIC, "2").release == "000002"


def test_a_widening_that_was_rolled_back_is_closed(kit: "Kit") -> None:
    kit.put(a=("public", [kit.triple("a", "1")]), b=("partners", [kit.triple("b", "secret")]))
    with publisher_lock(kit.home) as held:
        graphs.change_audience(held, kit.base, "rdf/b", PUBLIC, who="ana", why="by mistake")
        roll_back(held, "1", who="ana", why="")
    _closed(kit, "2", "no longer for this audience")


def _under_another_base(kit: "Kit", folder: Path) -> None:
    """Release 1 and, under another base, 2 hold a and b for the public."""
    loads = []
    for name in ("a", "b"):
        path = folder / f"{name}.ttl"
        path.write_text(f'<urn:{name}> <urn:p> "x" .\n', encoding="utf-8")
        loads.append(Load(Source("rdf", name, (path,))))
    load(kit.home, kit.base, loads, who="ana", why="first")
    with publisher_lock(kit.home) as held:
        rebuild(held, ANOTHER, who="ana", why="moved")
    one, two = ({g.iri for g in kit.home.release(n).manifest().graphs} for n in ("1", "2"))
    assert len(one) == len(two) == 2
    assert one.isdisjoint(two)


def test_narrowing_under_another_base_closes_older_releases(kit: "Kit", tmp_path: Path) -> None:
    _under_another_base(kit, tmp_path)
    with publisher_lock(kit.home) as held:
        graphs.change_audience(held, ANOTHER, "rdf/b", PARTNERS, who="ana", why="not yet")
    _closed(kit, "1", "not yet")
    _closed(kit, "2", "not yet")


def test_taking_back_under_another_base_closes_older_releases(kit: "Kit", tmp_path: Path) -> None:
    _under_another_base(kit, tmp_path)
    with publisher_lock(kit.home) as held:
        graphs.remove(held, ANOTHER, "rdf/b", who="ana", why="personal data")
    for reader in (THE_PUBLIC, PARTNER):
        with pytest.raises(Gone, match="personal data"):
            locator(kit.home)(reader, "1")


def test_what_was_rolled_back_before_the_base_changed_is_closed(kit: "Kit", tmp_path: Path) -> None:
    _mistaken(kit)
    path = tmp_path / "b.ttl"
    path.write_text('<urn:b> <urn:p> "x" .\n', encoding="utf-8")
    with publisher_lock(kit.home) as held:
        publish_held(held, ANOTHER, Change(only=True), who="ana", why="moved", fresh=True)
    load(kit.home, ANOTHER, [Load(Source("rdf", "b", (path,)), PARTNERS)], who="ana", why="new")
    _closed(kit, "2", "no longer for this audience")
