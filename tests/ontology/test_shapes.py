"""Every constraint of the data contract: the good case passes, the bad one gives its violation."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDF, Graph, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from pesai.checks import contract
from pesai.checks.shapes import Violation, validate
from tests.ontology.world import DATA, example, trig

FILES = sorted((DATA / "shapes").glob("*.trig"))
PAS = "https://w3id.org/pes-ai/shapes#"

# What one may do wrong with these is reported by the shape that uses them.
NESTED = {"Period-start", "Period-end", "Period-year"}
_TELLING = {
    SH.minCount: "MinCount",
    SH.maxCount: "MaxCount",
    SH["class"]: "Class",
    SH.pattern: "Pattern",
    SH.datatype: "Datatype",
    SH.nodeKind: "NodeKind",
    SH.uniqueLang: "UniqueLang",
    SH.languageIn: "LanguageIn",
    SH.minInclusive: "MinInclusive",
    SH.minExclusive: "MinExclusive",
    SH.lessThanOrEquals: "LessThanOrEquals",
    SH.disjoint: "Disjoint",
    SH.equals: "Equals",
    SH.qualifiedMinCount: "QualifiedMinCount",
    SH.node: "Node",
    SH.xone: "Xone",
    SH["or"]: "Or",
}


@dataclass(frozen=True)
class Case:
    """A change of a good thing, and the one violation it must give (``good`` gives none)."""

    file: str
    name: str
    focus: URIRef
    triples: frozenset[tuple[Node, Node, Node]]

    @property
    def expected(self) -> list[tuple[str, str]]:
        parts = self.name.split("/")
        return [] if self.name == "good" else [(PAS + parts[0], parts[1])]


def _cases(path: Path) -> Iterator[Case]:
    graphs = {name.removeprefix("case:"): graph for name, graph in trig(path).items()}
    good = frozenset(graphs.get("good", Graph()))
    known = set(example().subjects())
    for number, name in enumerate(sorted({name.split("?")[0] for name in graphs})):
        without = frozenset(graphs.get(f"{name}?without", Graph()))
        with_ = frozenset(graphs.get(f"{name}?with", Graph()))
        assert without <= good, f"{path.name}: {name} takes away what is not there"
        triples = (good - without) | with_
        focus = next(
            (s for s, p, _ in good if p == RDF.type), URIRef("https://w3id.org/pes-ai/id/untyped/x")
        )
        own = {focus} | {s for s, _, _ in with_ if s not in known}
        renamed = {node: URIRef(f"{node}--{path.stem}-{number}") for node in own}
        yield Case(
            path.stem,
            name,
            renamed[focus],
            frozenset((renamed.get(s, s), p, renamed.get(o, o)) for s, p, o in triples),
        )


CASES = [case for path in FILES for case in _cases(path)]


@cache
def report() -> dict[str, list[Violation]]:
    """All cases side by side in one graph, each with things of its own, checked at once."""
    data = Graph()
    for case in CASES:
        for triple in case.triples:
            data.add(triple)
    found: dict[str, list[Violation]] = {}
    for violation in validate(data, example()):
        found.setdefault(violation.focus, []).append(violation)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.file}:{case.name}")
def test_a_case_gives_exactly_its_violation(case: Case) -> None:
    own = {str(s) for s, _, _ in case.triples if "--" in str(s)}
    found = [violation for node in own for violation in report().get(node, [])]
    assert [(one.shape, one.component) for one in found] == case.expected, found
    assert {one.focus for one in found} <= {str(case.focus)}
    for one in found:
        assert set(one.messages) == {"en", "fr"}


def test_every_constraint_has_a_case() -> None:
    shapes = contract.shapes()
    named = {
        s
        for kind in (SH.NodeShape, SH.PropertyShape)
        for s in shapes.subjects(RDF.type, kind)
        if isinstance(s, URIRef)
    }
    wanted = {
        f"{str(shape).removeprefix(PAS)}/{component}"
        for shape in named
        for term, component in _TELLING.items()
        if (shape, term, None) in shapes
    }
    wanted -= {name for name in wanted if name.split("/")[0] in NESTED | {"Selector"}}
    covered = {"/".join(case.name.split("/")[:2]) for case in CASES}
    assert sorted(wanted - covered) == []


def test_every_shape_speaks_english_and_french() -> None:
    shapes = contract.shapes()
    for shape in set(shapes.subjects(SH.path, None)) | set(shapes.subjects(SH.xone, None)):
        if isinstance(shape, URIRef):
            languages = sorted(message.language for message in shapes.objects(shape, SH.message))  # type: ignore[attr-defined]
            assert languages == ["en", "fr"], shape


def test_the_example_is_clean() -> None:
    assert validate(example()) == []


def test_the_data_given_are_not_changed() -> None:
    data = example()
    before = set(data)
    validate(data, example())
    assert set(data) == before


def test_an_untyped_thing_does_not_escape() -> None:
    data = Graph().parse(
        format="turtle",
        data="""
        <https://example.org/x> <https://w3id.org/pes-ai/def#undertakenBy> <https://example.org/y> .
    """,
    )
    assert [one.shape for one in validate(data)] == [f"{PAS}Guard-undertakenBy"]
