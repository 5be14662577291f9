"""The change report, on two made-up versions and on the real ones."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from pesai.alignment.versions import Report, compare, read, touch

Run = Callable[..., subprocess.CompletedProcess[str]]

PREFIXES = """@prefix : <https://qm.example/job/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix sssom: <https://w3id.org/sssom/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
"""
OLD = """:jobs a skos:ConceptScheme ; skos:prefLabel "Jobs"@en . :top skos:prefLabel "all"@en .
:1 skos:prefLabel "designer of systems"@en, "concepteur"@fr ; skos:broader :top .
:2 skos:prefLabel "lamplighter"@en ; skos:broader :top .
:3 skos:prefLabel "baker"@en ; skos:broader :top .
:4 skos:prefLabel "clerk"@en ; skos:broader :top ; owl:deprecated false ."""
NEW = """:jobs a skos:ConceptScheme ; skos:prefLabel "Jobs, again"@en .
:top skos:prefLabel "all"@en .
:1 skos:prefLabel "AI engineer"@en, "concepteur"@fr ; skos:broader :top .
:3 skos:prefLabel "baker"@en ; skos:broader :1 .
:4 skos:prefLabel "clerk"@en ; skos:broader :top ; owl:deprecated true .
:5 skos:prefLabel "electrician"@en ; skos:broader :top . :2 dcterms:isReplacedBy :5 ."""
OURS = """:set sssom:mappings :m1, :m2, :m3 .
:m1 owl:annotatedSource :x ; owl:annotatedProperty skos:exactMatch ; owl:annotatedTarget :1 .
:m2 owl:annotatedSource :2 ; owl:annotatedProperty skos:closeMatch ; owl:annotatedTarget :y .
:m3 owl:annotatedSource :x ; owl:annotatedProperty skos:exactMatch ; owl:annotatedTarget :top ."""
JOB = "https://qm.example/job/"


def store(**graphs: str) -> Store:
    found = Store()
    for name, turtle in graphs.items():
        for line in turtle.splitlines():
            assert line
        dataset = f"{PREFIXES} <https://qm.example/graph/{name}> {{ {turtle} }}"
        found.load(dataset, RdfFormat.TRIG)
        found.load(PREFIXES + turtle, RdfFormat.TURTLE)
    return found


def report(old: str = OLD, new: str = NEW, ours: str = OURS) -> Report:
    held = store(old=old, new=new, ours=ours)
    versions = (read(held, f"https://qm.example/graph/{name}") for name in ("old", "new"))
    found = compare(*versions)
    touch(found, held)
    return found


def test_each_kind_of_change_is_told_once() -> None:
    changes = report().changes
    kinds = {
        kind: [one.concept.removeprefix(JOB) for one in held] for kind, held in changes.items()
    }
    assert kinds == {
        "added": ["5"], "dropped": ["2"], "moved": ["3"], "renamed": ["1"], "retired": ["4"]
    }  # fmt: skip
    [renamed] = changes["renamed"]
    assert (renamed.before, renamed.after, renamed.language) == (
        ("designer of systems",), ("AI engineer",), "en"
    )  # fmt: skip
    assert changes["dropped"][0].after == (f"{JOB}5",)
    assert changes["moved"][0].before == (f"{JOB}top",)


def test_mappings_of_what_changed_are_to_be_read_again() -> None:
    touched = {(one.mapping.removeprefix(JOB), one.change) for one in report().touched}
    assert touched == {("m1", "renamed"), ("m2", "dropped")}
    assert {one.alignment for one in report().touched} == {f"{JOB}set"}


def test_the_same_version_changed_nothing() -> None:
    found = report(new=OLD)
    assert not any(found.changes.values())
    assert not found.touched
    assert not found.unseen


def test_what_a_graph_of_labels_does_not_tell_is_not_compared() -> None:
    found = report(new=':1 skos:prefLabel "autre"@de .')
    assert found.changes["moved"] == found.changes["retired"] == found.changes["renamed"] == []
    assert len(found.unseen) == 3


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("versions")

    def run_it(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).parent / "pesai", *map(str, arguments)],
            env={**os.environ, "PESAI_HOME": str(folder / "var")},
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    for name, turtle in (("old", OLD), ("new", NEW), ("ours", OURS)):
        path = folder / f"{name}.ttl"
        path.write_text(PREFIXES + turtle, encoding="utf-8")
        audience = ("--audience", "partners") if name == "new" else ()
        assert run_it("load", "rdf", path, *audience).returncode == 0
    return run_it


def test_the_command_tells_it_to_people_and_programs(run: Run) -> None:
    asked = ("graphs", "diff", "rdf/old", "rdf/new", "--audience", "partners")
    told = run(*asked).stdout
    assert "renamed        1" in told
    assert "AI engineer\tdesigner of systems\tAI engineer\ten\thttps://qm.example/job/1" in told
    assert "mappings       2 to be read again" in told
    found = json.loads(run(*asked, "--json").stdout)
    assert found["changes"]["added"][0]["label"] == "electrician"
    assert len(found["touched"]) == 2


def test_who_may_not_read_a_graph_is_not_told_of_its_changes(run: Run) -> None:
    done = run("graphs", "diff", "rdf/old", "rdf/new")
    assert done.returncode != 0
    assert "'public' may not read rdf/new; see --audience" in done.stderr
    assert "AI engineer" not in done.stdout + done.stderr
