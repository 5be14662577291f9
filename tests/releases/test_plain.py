"""A plain node: the default graph is a graph of its own, and blank nodes stay."""

from datetime import UTC, datetime
from pathlib import Path
from subprocess import CompletedProcess
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from pesai.access.audiences import THE_PUBLIC
from pesai.errors import Conflict
from pesai.namespaces import Base
from pesai.releases.layout import Home, ReleaseFolder
from pesai.releases.lock import publisher_lock
from pesai.releases.manifest import GraphEntry
from pesai.releases.prune import prune
from pesai.releases.publisher import Change, publish
from pesai.releases.restore import rebuild_release
from pesai.releases.verify import verify
from pesai.releases.withdraw import cite

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = Base("https://example.org/", plain=True)
NAMED = "http://elsewhere.example/g"


def put(home: Home, base: Base = PLAIN, **graphs: list[str]) -> ReleaseFolder:
    change = Change()
    for name, lines in graphs.items():
        iri = base.graph("rdf", "default").value if name == "default" else f"{NAMED}/{name}"
        entry = GraphEntry(
            iri=iri, kind="rdf", name=name, audience="public", checksum="", triples=0,
            loaded=datetime(2026, 1, 1, tzinfo=UTC),
        )  # fmt: skip
        change.put.append((entry, tuple(sorted(lines))))
    assert publish(home, base, change, who="tests", why="a test") is not None
    return home.release()


def held(release: ReleaseFolder) -> set[str]:
    store = ox.Store.read_only(str(release.store(THE_PUBLIC)))
    return {str(quad) for quad in store}


@pytest.mark.parametrize("more", [0, 40])
def test_each_triple_is_where_it_was_put(tmp_path: Path, more: int) -> None:
    """In bulk, and as a difference where little changes."""
    home = Home(tmp_path)
    many = [f"<urn:s{n}> <urn:p> <urn:o> ." for n in range(more)]
    put(home, default=['_:a <urn:p> "own" .', *many], g=["_:a <urn:p> _:b ."])
    release = put(home, default=['_:a <urn:p> "new" .', *many])
    wanted = {'_:a <urn:p> "new"', f"_:a <urn:p> _:b <{NAMED}/g>", *(m[:-2] for m in many)}
    assert held(release) == wanted
    assert verify(release) == []
    assert release.entry(THE_PUBLIC).triples == 1 + more
    assert release.entry(THE_PUBLIC).derived == {}


def test_a_pruned_release_is_made_again_with_its_blank_nodes(tmp_path: Path) -> None:
    home = Home(tmp_path)
    old = put(home, default=["_:a <urn:p> _:b ."], g=["_:b <urn:q> _:a ."])
    before, checksum = held(old), old.checksum(THE_PUBLIC)
    put(home, g=["_:b <urn:q> _:c ."])
    with publisher_lock(home) as lock:
        cite(lock, old.id, who="ana", why="")
        prune(lock, keep=1, who="ana")
        rebuild_release(lock, old.id)
    assert (held(old), old.checksum(THE_PUBLIC)) == (before, checksum)
    assert verify(old) == []


def test_a_home_stays_what_it_is(tmp_path: Path) -> None:
    home = Home(tmp_path)
    put(home, g=["<urn:s> <urn:p> <urn:o> ."])
    with pytest.raises(Conflict, match="PESAI_DATASET=plain"):
        put(home, Base("https://example.org/"), g=["<urn:s> <urn:p> <urn:o2> ."])


def test_loading_keeps_blank_nodes(
    tmp_path: Path, run_pesai: "Callable[..., CompletedProcess[str]]"
) -> None:
    source = tmp_path / "people.ttl"
    source.write_text("[] <urn:knows> [ <urn:name> 'B' ] .", encoding="utf-8")
    home = tmp_path / "var"
    done = run_pesai(home, "load", "rdf", str(source), PESAI_DATASET="plain")
    assert done.returncode == 0, done.stderr
    query = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o FILTER(isBlank(?s)) } }"
    done = run_pesai(home, "query", "-e", query, "--format", "csv", PESAI_DATASET="plain")
    assert done.stdout.split() == ["n", "2"], done.stderr
    done = run_pesai(home, "query", "-e", "ASK { ?s ?p ?o }", PESAI_DATASET="plain")
    assert "false" in done.stdout
