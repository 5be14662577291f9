"""The closure of hierarchies, held against SPARQL's own property paths."""

import random
import time
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from pesai.errors import InputProblem
from pesai.inference import closures
from pesai.inference.closures import ClosureStep
from pesai.inference.integrity import IntegrityStep, integrity_rules
from pesai.releases.steps import StepContext, StepResult
from tests.alignment.conftest import BASE, Given, graph_iri

CLOSURE = BASE.graph("derived", "closure").value
INTEGRITY = BASE.graph("derived", "integrity").value
TREE = ":a skos:broader :b . :b skos:broader :c, :d . :e skos:narrower :d ."


def pairs(result: StepResult) -> set[tuple[str, str]]:
    found = set()
    for line in result.graphs.get(CLOSURE, ()):
        one, predicate, other, _dot = line.split(" ")
        assert predicate.endswith("#broaderTransitive>")
        found.add((one.rpartition("/")[2][:-1], other.rpartition("/")[2][:-1]))
    return found


def by_sparql(store: Store) -> set[tuple[str, str]]:
    answer = store.query(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
        "SELECT ?a ?b { ?a (skos:broader|^skos:narrower)+ ?b }"
    )
    assert isinstance(answer, QuerySolutions)
    return {
        (str(row["a"]).rpartition("/")[2][:-1], str(row["b"]).rpartition("/")[2][:-1])
        for row in answer
    }


def test_everything_above_by_either_direction_and_several_parents(
    given: Given, tmp_path: Path
) -> None:
    result = ClosureStep().run(given(tmp_path, tree=TREE))
    assert pairs(result) == {
        ("a", "b"), ("a", "c"), ("a", "d"), ("a", "e"),
        ("b", "c"), ("b", "d"), ("b", "e"), ("d", "e"),
    }  # fmt: skip


def test_mappings_are_no_hierarchy(given: Given, tmp_path: Path) -> None:
    result = ClosureStep().run(given(tmp_path, tree=":a skos:broadMatch :b ; skos:prefLabel 'a' ."))
    assert not result.graphs


def test_circles_end_and_show_themselves(given: Given, tmp_path: Path) -> None:
    circle = ":a skos:broader :b . :b skos:broader :a . :c skos:broader :a . :d skos:broader :d ."
    result = ClosureStep().run(given(tmp_path, tree=circle))
    assert {one for one, other in pairs(result) if one == other} == {"a", "b", "d"}
    assert ("c", "b") in pairs(result)


@pytest.mark.parametrize("seed", range(5))
def test_as_property_paths_say(given: Given, tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)
    nodes = [f":n{i}" for i in range(30)]
    links = {(dice.choice(nodes), dice.choice(nodes)) for _ in range(35)}
    context = given(tmp_path, tree="".join(f"{a} skos:broader {b} ." for a, b in links))
    assert pairs(ClosureStep().run(context)) == by_sparql(context.store)


def test_lines_are_canonical(given: Given, tmp_path: Path) -> None:
    context = given(tmp_path, tree=TREE)
    result = ClosureStep().run(context)
    result.check("closure", tmp_path, BASE, taken=())


def test_a_chain_without_end_is_refused_in_time(
    given: Given, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closures, "MAX_PAIRS", 10_000)
    chain = "".join(f":n{i} skos:broader :n{i + 1} ." for i in range(500))
    begun = time.monotonic()
    with pytest.raises(InputProblem, match="more than 10000 pairs"):
        ClosureStep().run(given(tmp_path, tree=chain))
    assert time.monotonic() - begun < 60


def test_not_made_again_when_no_link_changed(given: Given, tmp_path: Path) -> None:
    first, second, third = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    made = ClosureStep().run(given(first, tree=TREE, other=":x skos:prefLabel 'x' ."))
    assert made.graphs
    assert not made.kept
    labels = given(second, first, tree=TREE, other=":x skos:prefLabel 'y' .")
    assert ClosureStep().run(labels).kept
    moved = given(third, first, tree=TREE, other=":x skos:broader :a .")
    assert ("x", "e") in pairs(ClosureStep().run(moved))


def test_a_graph_that_went_is_forgotten(given: Given, tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    ClosureStep().run(given(first, tree=TREE, secret=":s skos:prefLabel 's' ."))
    result = ClosureStep().run(given(second, first, tree=TREE))
    assert not result.kept
    assert "secret" not in (second / "closure.json").read_text("utf-8")


WRONG = {
    "skos-s9-scheme-and-concept": ":a a skos:Concept, skos:ConceptScheme ; skos:prefLabel 'a' .",
    "skos-s13-label-in-two-roles": ":a skos:prefLabel 'x'@en ; skos:altLabel 'x'@en, 'x'@fr .",
    "skos-s14-two-preferred-labels": ":a skos:prefLabel 'x'@en, 'y'@en, 'x'@fr .",
    "skos-s27-related-and-broader": (
        ":a skos:broader :b . :b skos:broader :c . :c skos:related :a ."
    ),
    "skos-s46-exact-and-other-match": ":a skos:exactMatch :b ; skos:broadMatch :b .",
    "skos-hierarchy-in-a-circle": ":a skos:broader :b . :b skos:broader :a .",
}
RIGHT = """
:p a skos:Concept ; skos:inScheme :s ; skos:prefLabel 'x'@en, 'x'@fr ; skos:altLabel 'y'@en ;
  skos:broader :q ; skos:related :r ; skos:exactMatch :t ; skos:broadMatch :u .
:s a skos:ConceptScheme .
"""


def counts(
    given: Given, folder: Path, previous: Path | None = None, **graphs: str
) -> dict[tuple[str, str], int]:
    """Rule and graph with the count, from both steps run as the publisher runs them."""
    context = given(folder, previous, **graphs)
    closure = ClosureStep().run(context)
    if closure.kept and previous is not None:
        (folder / "closure.json").write_bytes((previous / "closure.json").read_bytes())
        closure = ClosureStep().run(given(folder, None, **graphs))
    store = context.store
    for line in closure.graphs.get(CLOSURE, ()):
        store.load(f"{line[:-1]}<{CLOSURE}> .".encode(), format=RdfFormat.N_QUADS)
    result = IntegrityStep().run(
        StepContext(
            context.reader, store, context.entries, (*context.inputs, CLOSURE), folder, BASE,
            previous,
        )
    )  # fmt: skip
    result.check("integrity", folder, BASE, taken=())
    return _counts(result)


def _counts(result: StepResult) -> dict[tuple[str, str], int]:
    store = Store()
    for line in result.graphs[INTEGRITY]:
        store.load(f"{line}\n".encode(), format=RdfFormat.N_QUADS)
    answer = store.query(
        "PREFIX dqv: <http://www.w3.org/ns/dqv#> SELECT ?rule ?graph ?n "
        "{ ?m dqv:isMeasurementOf ?rule ; dqv:computedOn ?graph ; dqv:value ?n }"
    )
    assert isinstance(answer, QuerySolutions)
    return {
        (row["rule"].value.rpartition("/")[2], row["graph"].value): int(row["n"].value)
        for row in answer
    }


@pytest.mark.parametrize("rule", WRONG)
def test_each_rule_counts_its_breach_and_only_there(
    given: Given, tmp_path: Path, rule: str
) -> None:
    found = counts(given, tmp_path, wrong=WRONG[rule], right=RIGHT)
    broken = {name for (name, graph), count in found.items() if count}
    assert broken == {rule}
    expected = 2 if rule == "skos-hierarchy-in-a-circle" else 1
    assert found[rule, graph_iri("wrong")] == expected
    assert found.get((rule, graph_iri("right"))) == 0, "none is told as none"


def test_every_rule_has_a_breach_here() -> None:
    assert {rule.name for rule in integrity_rules()} == set(WRONG)


def test_only_what_changed_is_judged_again(given: Given, tmp_path: Path) -> None:
    first, second, third = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    rule = "skos-s13-label-in-two-roles"
    counts(given, first, a=WRONG[rule], b=RIGHT)
    text = (first / "integrity.json").read_text("utf-8")
    (first / "integrity.json").write_text(text.replace("[\n     1,", "[\n     41,"), "utf-8")
    told = counts(given, second, first, a=WRONG[rule], b=RIGHT.replace("'y'", "'z'"))
    assert told[rule, graph_iri("a")] == 41, "taken over from the account"
    again = counts(given, third, first, a=WRONG[rule], b=RIGHT + ":b skos:broader :f .")
    assert again[rule, graph_iri("a")] == 1, "another hierarchy: all are judged again"
