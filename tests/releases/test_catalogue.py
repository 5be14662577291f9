"""The catalogue that each reader gets, and how derived steps behave."""

from collections.abc import Iterator
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, ClassVar

import pytest
from pyoxigraph import QuerySolutions, Store

from pesai.access.audiences import THE_PUBLIC, Reader
from pesai.releases import steps
from pesai.releases.publisher import Change
from pesai.releases.verify import verify

if TYPE_CHECKING:
    from tests.releases.conftest import Kit

CATALOGUE = "https://example.org/graph/derived/catalogue"


def _described(kit: "Kit", reader: Reader) -> set[str]:
    store = Store.read_only(str(kit.current().store(reader)))
    found = store.query(
        "PREFIX void: <http://rdfs.org/ns/void#>"
        f"SELECT ?g {{ GRAPH <{CATALOGUE}> {{ ?g a void:Dataset }} }}"
    )
    assert isinstance(found, QuerySolutions)
    return {row["g"].value for row in found}


def test_each_reader_gets_a_description_of_what_it_may_read(kit: "Kit") -> None:
    kit.put(
        a=("public", [kit.triple("a", "1")]),
        b=("partners", [kit.triple("b", "1")]),
        c=("owners:xa,xb", [kit.triple("c", "1")]),
    )
    assert _described(kit, THE_PUBLIC) == {kit.iri("a")}
    assert _described(kit, Reader("partners")) == {kit.iri("a"), kit.iri("b")}
    assert _described(kit, Reader("owner", "xb")) == {kit.iri(n) for n in "abc"}
    catalogue = kit.in_dump(kit.current().path / "public")[CATALOGUE]
    listed = [line for line in catalogue if "dcat#dataset>" in line]
    assert listed == [f"<{CATALOGUE}> <http://www.w3.org/ns/dcat#dataset> <{kit.iri('a')}> ."]
    for folder in ("public", "partners"):
        held = kit.in_dump(kit.current().path / folder)
        assert not any("organisation/xa" in line for lines in held.values() for line in lines)
    catalogue = kit.in_dump(kit.current().path / "owner-xa")[CATALOGUE]
    attributed = [line for line in catalogue if "wasAttributedTo" in line]
    assert sorted(line.split("/")[-1][:2] for line in attributed) == ["xa", "xb"]


def test_a_new_title_reaches_the_catalogue_without_new_content(kit: "Kit") -> None:
    kit.put(a=("public", [kit.triple("a", "1")]))
    held = kit.entry("a", title="Another title")
    kit.publish(Change(put=[(held, kit.lines([kit.triple("a", "1")]))]))
    lines = kit.in_dump(kit.current().path / "public")[CATALOGUE]
    assert any('"Another title"@en' in line for line in lines)
    assert not any('"a"@en' in line for line in lines)


class CountingStep:
    """Counts the subjects of graph a, writes a file, and notes each time it is run."""

    name: ClassVar[str] = "counting"
    version: ClassVar[str] = "1"
    after: ClassVar[tuple[str, ...]] = ()
    runs: ClassVar[list[str]] = []

    def reads(self, kind: str, iri: str) -> bool:  # noqa: ARG002
        return iri.endswith("/a")

    def run(self, context: steps.StepContext) -> steps.StepResult:
        self.runs.append(str(context.reader))
        found = context.query("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")
        assert isinstance(found, QuerySolutions)
        count = next(iter(found))["n"].value
        (context.folder / "count.sqlite").write_text(count)
        (context.folder / "count.txt").write_text(count)
        line = f'<urn:count> <urn:is> "{count}" .'
        graph = context.base.graph("derived", "count").value
        return steps.StepResult({graph: (line,)}, ("count.sqlite", "count.txt"))


class DoublingStep(CountingStep):
    """Reads what counting wrote."""

    name: ClassVar[str] = "doubling"
    after: ClassVar[tuple[str, ...]] = ("counting",)
    runs: ClassVar[list[str]] = []

    def reads(self, kind: str, iri: str) -> bool:  # noqa: ARG002
        return kind == "derived"

    def run(self, context: steps.StepContext) -> steps.StepResult:
        self.runs.append(str(context.reader))
        assert context.inputs == (context.base.graph("derived", "count").value,)
        found = context.query("SELECT ?n { ?s ?p ?n }")
        assert isinstance(found, QuerySolutions)
        double = 2 * int(next(iter(found))["n"].value)
        graph = context.base.graph("derived", "double").value
        return steps.StepResult({graph: (f'<urn:double> <urn:is> "{double}" .',)})


@pytest.fixture
def plugins(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[EntryPoint]]:
    """Two steps of another package, found by entry point as an installed package's would be."""
    points = [
        EntryPoint("counting", f"{__name__}:CountingStep", steps.GROUP),
        EntryPoint("doubling", f"{__name__}:DoublingStep", steps.GROUP),
    ]
    CountingStep.runs.clear()
    DoublingStep.runs.clear()
    monkeypatch.setattr(steps, "entry_points", lambda **_: points)
    steps.steps.cache_clear()
    yield points
    steps.steps.cache_clear()


def test_a_step_runs_only_when_what_it_reads_changes(kit: "Kit", plugins: list[EntryPoint]) -> None:
    kit.put(a=("public", [kit.triple("x", "1"), kit.triple("y", "1")]))
    assert (CountingStep.runs, DoublingStep.runs) == (["public"], ["public"])
    kit.put(b=("public", [kit.triple("z", "1")]))
    assert (CountingStep.runs, DoublingStep.runs) == (["public"], ["public"])
    kit.put(a=("public", [kit.triple("x", "1"), kit.triple("w", "1")]))
    assert len(CountingStep.runs) == 2
    assert len(DoublingStep.runs) == 1, "what it reads did not change"
    kit.put(a=("public", [kit.triple("x", "1")]))
    assert (len(CountingStep.runs), len(DoublingStep.runs)) == (3, 2)
    held = kit.in_store(kit.current().path / "public")
    assert held["https://example.org/graph/derived/double"] == {'<urn:double> <urn:is> "2" .'}
    assert verify(kit.current()) == []


def test_files_are_shared_but_sqlite_is_copied(kit: "Kit", plugins: list[EntryPoint]) -> None:
    kit.put(a=("public", [kit.triple("x", "1")]))
    first = kit.current().path / "public"
    kit.put(b=("public", [kit.triple("z", "1")]))
    second = kit.current().path / "public"
    assert (first / "count.txt").samefile(second / "count.txt")
    assert not (first / "count.sqlite").samefile(second / "count.sqlite")
    assert (second / "count.sqlite").read_text() == "1"


def test_what_a_step_made_goes_when_the_step_goes(kit: "Kit", plugins: list[EntryPoint]) -> None:
    kit.put(a=("public", [kit.triple("x", "1")]))
    del plugins[1]
    steps.steps.cache_clear()
    made = kit.put(a=("public", [kit.triple("x", "1")]))
    assert made is not None, "other steps make another release"
    held = kit.in_store(kit.current().path / "public")
    assert "https://example.org/graph/derived/double" not in held
    assert verify(kit.current()) == []


def test_steps_that_wait_for_each_other_are_named(
    plugins: list[EntryPoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CountingStep, "after", ("doubling",))
    with pytest.raises(ValueError, match="counting, doubling"):
        steps.steps()


def test_a_step_may_not_write_another_graph(
    kit: "Kit", plugins: list[EntryPoint], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CountingStep, "run", lambda *_: steps.StepResult({kit.iri("a"): ()}))
    with pytest.raises(ValueError, match="may not write"):
        kit.put(a=("public", [kit.triple("x", "1")]))
    assert kit.home.current() is None
    assert kit.debris() == []
