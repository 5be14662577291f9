"""Publishers that die, meet each other, or find no room: the old release goes on serving."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pesai.access.audiences import THE_PUBLIC
from pesai.errors import Failed
from pesai.loading.loader import Source
from pesai.releases import rebuild as rebuilding
from pesai.releases.intake import Load, load
from pesai.releases.journal import Journal
from pesai.releases.lock import publisher_lock
from pesai.releases.verify import verify
from tests.shortened import SOAK

if TYPE_CHECKING:
    from tests.releases.conftest import Kit

HERE = Path(__file__).parent
EVERY = 1 if SOAK else 5


def _turtle(folder: Path, text: str) -> Path:
    path = folder / "fresh.ttl"
    path.write_text(f'<urn:fresh> <urn:p> "{text}" .\n', encoding="utf-8")
    return path


def _load(kit: "Kit", path: Path) -> None:
    source = Source("rdf", "fresh", (path,))
    load(kit.home, kit.base, [Load(source)], who="tester", why="test")


def _dying(home: Path, work: Path, file: Path, every: int) -> list[tuple[Path, bool]]:
    """Homes in which a publisher died, each at another moment; in the last one it did not."""
    work.mkdir()
    done = subprocess.run(
        [sys.executable, HERE / "dying.py", home, work, file, str(every)],
        capture_output=True, text=True, check=True, timeout=600,
    )  # fmt: skip
    ended = [line.split(" ") for line in done.stdout.splitlines()]
    assert [how for _, how in ended] == ["killed"] * (len(ended) - 1) + ["0"]
    return [(Path(folder), how == "killed") for folder, how in ended]


def test_a_publisher_killed_at_any_moment_does_no_harm(kit: "Kit", tmp_path: Path) -> None:
    kit.put(
        a=("public", [kit.triple(f"a{n}", "1") for n in range(200)]),
        b=("partners", [kit.triple("b", "1")]),
    )
    old = kit.current().checksum(THE_PUBLIC)
    ended = _dying(kit.home.path, tmp_path / "once", _turtle(tmp_path, "x"), EVERY)
    assert len(ended) * EVERY > 30, "there are more moments than that"
    # What the last of them left is met by others, who die too: also while they clear it away.
    left = tmp_path / "left"
    unborn = [folder for folder, _ in ended if type(kit)(folder).home.about_to_switch()]
    shutil.copytree(unborn[-1], left, symlinks=True)
    ended += _dying(left, tmp_path / "twice", _turtle(tmp_path, "z"), 2 * EVERY)
    for folder, _ in ended:
        _serves_and_goes_on(type(kit)(folder), old, tmp_path)


def _serves_and_goes_on(kit: "Kit", old: str, folder: Path) -> None:
    served = kit.current()
    assert verify(served) == []
    if served.id == "000001":
        assert served.checksum(THE_PUBLIC) == old
        assert [release.id for release in kit.home.all_releases()] == ["000001"]
    _load(kit, _turtle(folder, "y"))
    assert int(kit.current().id) == int(served.id) + 1
    assert verify(kit.current()) == []
    assert kit.debris() == []
    recorded = [line.release for line in Journal(kit.home.sources).lines()]
    assert recorded == [release.id for release in kit.home.all_releases()]
    shutil.rmtree(kit.home.path)


def _pesai(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "pesai"), *arguments]
    return _run(command, home, **more)


def _run(command: list[str], home: Path, **more: str) -> subprocess.CompletedProcess[str]:
    own = {"PESAI_HOME": str(home), "PESAI_BASE_IRI": "https://example.org/"}
    return subprocess.run(
        command,
        env={**os.environ, **own, **more},
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip


@pytest.fixture
def wide(tmp_path: Path) -> Path:
    """A file whose graph does not fit where there is room for 4 MB."""
    path = tmp_path / "wide.nt"
    rows = (f'<urn:s{n}> <urn:p> "{os.urandom(24).hex()}" .\n' for n in range(60_000))
    path.write_text("".join(rows), encoding="ascii")
    return path


def test_a_full_disk_gives_an_error_and_the_old_release(
    kit: "Kit", wide: Path, tmp_path: Path
) -> None:
    kit.put(a=("public", [kit.triple("a", "1")]))
    room = tmp_path / "room"
    room.mkdir()
    pesai = Path(sys.executable).parent / "pesai"
    script = (
        f"mount -t tmpfs -o size=4m tmpfs {room} || exit 77; cp -a {kit.home.path} {room}/var;"
        f"export PESAI_HOME={room}/var; {pesai} load rdf {wide}; echo code $?;"
        f"{pesai} releases verify; echo verified $?; find {room}/var -name '.building*';"
        f"echo '<urn:x> <urn:p> <urn:y> .' > {tmp_path}/small.nt;"
        f"{pesai} load rdf {tmp_path}/small.nt; echo then $?; {pesai} releases verify"
    )
    done = _run(["unshare", "-rm", "sh", "-c", script], kit.home.path)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this machine lets nobody mount a small disk")
    assert "code 4" in done.stdout, done.stdout + done.stderr
    assert "No space left on device" in done.stderr
    assert "verified 0" in done.stdout
    assert ".building" not in done.stdout
    assert "then 0" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_a_limit_on_the_size_of_files_is_like_a_full_disk(kit: "Kit", wide: Path) -> None:
    kit.put(a=("public", [kit.triple("a", "1")]))
    pesai = Path(sys.executable).parent / "pesai"
    done = _run(["sh", "-c", f"ulimit -f 2000; exec {pesai} load rdf {wide}"], kit.home.path)
    assert done.returncode == 4, done.stdout + done.stderr
    assert "the present release stays" in done.stderr
    assert kit.current().id == "000001"
    assert verify(kit.current()) == []
    assert kit.debris() == []


def test_a_home_that_cannot_be_written_to_is_named(kit: "Kit", tmp_path: Path) -> None:
    kit.put(a=("public", [kit.triple("a", "1")]))
    pesai = Path(sys.executable).parent / "pesai"
    script = (
        f"mount --bind {kit.home.path} {kit.home.path} && "
        f"mount -o remount,ro,bind {kit.home.path} || exit 77;"
        f"{pesai} load rdf {_turtle(tmp_path, 'x')}"
    )
    done = _run(["unshare", "-rm", "sh", "-c", script], kit.home.path)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("this machine lets nobody mount a folder read-only")
    assert done.returncode == 4
    assert f"{kit.home.path} cannot be written to" in done.stderr
    assert "PESAI_HOME" in done.stderr


def test_two_publishers_wait_for_each_other_and_both_end_well(kit: "Kit", tmp_path: Path) -> None:
    kit.put(a=("public", [kit.triple("a", "1")]))
    names = ("one", "two", "three")
    for name in names:
        (tmp_path / f"{name}.nt").write_text(f'<urn:{name}> <urn:p> "x" .\n', encoding="ascii")
    pesai = str(Path(sys.executable).parent / "pesai")
    environment = {**os.environ, "PESAI_HOME": str(kit.home.path), "PESAI_BASE_IRI": kit.base.iri}
    with publisher_lock(kit.home):
        running = [
            subprocess.Popen(
                [pesai, "load", "rdf", str(tmp_path / f"{name}.nt")],
                env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
            for name in names
        ]  # fmt: skip
        for process in running:
            assert process.stderr is not None
            assert f"process {os.getpid()}" in process.stderr.readline()
    for process in running:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, out + err
    assert [release.id for release in kit.home.all_releases()][-1] == "000004"
    held = kit.own(kit.in_store(kit.current().path / "public"))
    assert set(held) == {kit.iri("a"), *(kit.iri(name) for name in names)}
    assert verify(kit.current()) == []
    assert kit.debris() == []


def test_the_graph_is_made_again_when_all_releases_are_lost(kit: "Kit", tmp_path: Path) -> None:
    for name, audience in (("one", "public"), ("two", "owners:xa")):
        path = tmp_path / f"{name}.nt"
        path.write_text(f'<urn:{name}> <urn:p> "x" .\n', encoding="ascii")
        done = _pesai(kit.home.path, "load", "rdf", str(path), "--audience", audience)
        assert done.returncode == 0, done.stderr
    before = kit.current().manifest()
    shutil.rmtree(kit.home.releases)  # and ``current`` points nowhere
    with publisher_lock(kit.home) as held:
        outcome = rebuilding.rebuild(held, kit.base, who="ana", why="all was lost")
    assert outcome.manifest is not None
    assert outcome.manifest.id == "000003", "numbers are not given twice"
    again, first = outcome.manifest.graphs, before.graphs
    assert [(g.iri, g.audience, g.checksum) for g in again] == [
        (g.iri, g.audience, g.checksum) for g in first
    ]
    assert set(outcome.manifest.audiences) == {"public", "partners", "owner-xa"}
    assert verify(kit.current()) == []


def test_a_rebuild_reads_the_sources_with_todays_loaders(kit: "Kit", tmp_path: Path) -> None:
    _load(kit, _turtle(tmp_path, "x"))
    kit.put(unsourced=("public", [kit.triple("u", "1")]))
    with publisher_lock(kit.home) as held:
        outcome = rebuilding.rebuild(held, kit.base, who="ana", why="upgrade")
    assert outcome.manifest is not None
    assert {graph.name for graph in outcome.manifest.graphs} == {"fresh", "unsourced"}
    assert verify(kit.current()) == []
    kept = next(path for path in kit.home.sources.iterdir() if path.name != "journal.jsonl")
    kept.write_text("damaged")
    with publisher_lock(kit.home) as held, pytest.raises(Failed, match="missing or damaged"):
        rebuilding.rebuild(held, kit.base, who="ana", why="again")
    assert kit.current().id == outcome.manifest.id


def test_a_manifest_of_another_version_asks_for_a_rebuild(kit: "Kit", tmp_path: Path) -> None:
    _load(kit, _turtle(tmp_path, "x"))
    manifest = kit.current().path / "manifest.json"
    manifest.write_text('{"id": "000001", "made_by": "version 9"}')
    done = _pesai(kit.home.path, "load", "rdf", str(_turtle(tmp_path, "y")))
    assert done.returncode == 4
    assert "pesai rebuild" in done.stderr
    assert _pesai(kit.home.path, "rebuild").returncode == 0
    assert kit.current().id == "000002"
    assert kit.own(kit.in_store(kit.current().path / "public")) == {
        kit.iri("fresh"): {'<urn:fresh> <urn:p> "x" .'}
    }


def test_half_a_line_in_the_journal_is_no_line(kit: "Kit", tmp_path: Path) -> None:
    _load(kit, _turtle(tmp_path, "x"))
    journal = Journal(kit.home.sources)
    with journal.path.open("a", encoding="ascii") as handle:
        handle.write('{"release": "0000')
    _load(kit, _turtle(tmp_path, "y"))
    assert [line.release for line in journal.lines()] == ["000001", "000002"]
