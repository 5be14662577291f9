"""Reasoning: HermiT finds no contradiction, and the RL closure says who can learn from whom."""

import owlrl
import pytest
from rdflib import RDF, Graph, URIRef

from pesai.inference.consistency import JavaMissing, check, java
from pesai.vocabulary.merge import merged
from tests.ontology.world import example, vocabulary

PAI = "https://w3id.org/pes-ai/def#"
ID = "https://w3id.org/pes-ai/id/"
needs_java = pytest.mark.skipif(
    java() is None, reason="HermiT NOT RUN: no Java, install pesai[check]"
)


@needs_java
def test_hermit_finds_ontology_codes_and_example_consistent() -> None:
    answer = check(vocabulary("codes") + example())
    assert answer.consistent
    assert answer.unsatisfiable == ()
    assert answer.members[f"{PAI}OperationalInitiative"] == (
        f"{ID}initiative/matching-b",
        f"{ID}initiative/matching-c",
    )


@needs_java
def test_hermit_sees_a_contradiction() -> None:
    clash = merged()
    for kind in ("Need", "Offer"):
        clash.add((URIRef("https://example.org/x"), RDF.type, URIRef(PAI + kind)))
    assert not check(clash).consistent


@needs_java
def test_hermit_sees_a_class_without_possible_members() -> None:
    graph = merged() + Graph().parse(
        format="turtle",
        data=f"""
        @prefix owl: <http://www.w3.org/2002/07/owl#> .
        @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        <{PAI}Both> a owl:Class ; rdfs:subClassOf <{PAI}Need> , <{PAI}Offer> .
    """,
    )
    answer = check(graph)
    assert answer.consistent
    assert answer.unsatisfiable == (f"{PAI}Both",)


def test_without_java_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pesai.inference.consistency.java", lambda: None)
    with pytest.raises(JavaMissing):
        check(merged())


def test_the_rl_closure_has_no_errors_and_derives_who_can_learn_from_whom() -> None:
    graph = merged() + example()
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    errors = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")
    assert not list(graph.subject_objects(errors))
    assert not list(graph.subjects(RDF.type, errors))
    organisation = f"{ID}organisation/"
    learns = set(graph.subject_objects(URIRef(f"{PAI}canLearnFrom")))
    assert learns == {
        (URIRef(f"{organisation}pes-a"), URIRef(f"{organisation}pes-b")),
        (URIRef(f"{organisation}pes-a"), URIRef(f"{organisation}pes-c")),
    }
    operational = set(graph.subjects(RDF.type, URIRef(f"{PAI}OperationalInitiative")))
    assert operational == {URIRef(f"{ID}initiative/matching-{x}") for x in "bc"}
    # What follows for themes follows for statements too: sub-properties are closed.
    assert (
        URIRef(f"{ID}measurement/b"),
        URIRef(f"{PAI}about"),
        URIRef(f"{ID}solution/matching-b"),
    ) in graph
