"""The rules of hygiene: none is broken here, and each finds what it is for."""

import pytest
from rdflib import Graph, URIRef

from pesai.checks.rules import Rule, check_data, data_rules, ontology_rules, run
from pesai.inference import consistency
from pesai.vocabulary import hygiene
from pesai.vocabulary.hygiene import check_ontology, graphs
from tests.ontology.defects import DATA_DEFECTS, DEFECTS, PREFIXES
from tests.ontology.world import example


def test_the_ontology_is_clean() -> None:
    assert [one for one in check_ontology() if one.severity != "note"] == []


def test_without_java_the_check_says_that_it_was_not_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consistency, "java", lambda: None)
    notes = [one for one in check_ontology() if one.severity == "note"]
    assert [(one.rule, one.message) for one in notes] == [
        ("consistency", "not run: install pesai[check]")
    ]


@pytest.fixture
def without_reasoner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves out HermiT where it is not what is tested: it takes two seconds."""
    monkeypatch.setattr(consistency, "java", lambda: None)


def _by_name(rules: list[Rule]) -> dict[str, Rule]:
    return {rule.name: rule for rule in rules}


def test_every_rule_has_a_defect_to_find() -> None:
    assert sorted(DEFECTS) == sorted(_by_name(ontology_rules()))
    assert sorted(DATA_DEFECTS) == sorted(_by_name(data_rules()))


def test_every_rule_speaks_english_and_french() -> None:
    for rule in (*ontology_rules(), *data_rules()):
        assert all(rule.messages[language].endswith(".") for language in ("en", "fr"))


@pytest.mark.parametrize("name", sorted(DEFECTS))
def test_a_rule_finds_its_defect(name: str) -> None:
    place, triples = DEFECTS[name]
    seeded = graphs()
    extra = Graph().parse(data=PREFIXES + triples, format="turtle")
    seeded[place] = seeded.get(place, Graph()) + extra
    found = run([_by_name(ontology_rules())[name]], seeded)
    assert {one.rule for one in found} == {name}
    if name == "ontology-imports":
        return
    told = {term for triple in extra for term in triple if isinstance(term, URIRef)}
    assert all(URIRef(one.subject) in told for one in found), found


@pytest.mark.parametrize("name", sorted(DATA_DEFECTS))
def test_a_data_rule_finds_its_defect(name: str) -> None:
    data = Graph().parse(data=PREFIXES + DATA_DEFECTS[name], format="turtle")
    assert name in {one.rule for one in check_data(data)}


def test_the_example_keeps_the_data_rules() -> None:
    assert check_data(example()) == []


def test_what_the_data_refer_to_may_stand_elsewhere() -> None:
    data = Graph().parse(data=PREFIXES + "x:m pai:measures x:i .", format="turtle")
    elsewhere = Graph().parse(data=PREFIXES + "x:i a pai:Initiative .", format="turtle")
    assert [one.rule for one in check_data(data)] == ["data-measured"]
    assert check_data(data, elsewhere) == []


def test_a_consultation_row_that_the_alignment_lacks_is_told(
    monkeypatch: pytest.MonkeyPatch, without_reasoner: None
) -> None:
    from dataclasses import replace

    from pesai.vocabulary.alignments import alignments

    fewer = [
        replace(one, mappings=one.mappings[1:]) if one.name == "skill-esco" else one
        for one in alignments()
    ]
    monkeypatch.setattr(hygiene, "alignments", lambda: fewer)
    found = [one for one in check_ontology() if one.severity == "error"]
    assert [one.rule for one in found] == ["consultation"]
    assert found[0].subject.startswith("consultation_skills.csv:")


def test_a_mapping_to_nowhere_is_told(
    monkeypatch: pytest.MonkeyPatch, without_reasoner: None
) -> None:
    from dataclasses import replace

    from pesai.vocabulary.alignments import alignments

    broken = []
    for one in alignments():
        first = replace(one.mappings[0], object=one.mappings[0].object + "-gone")
        broken.append(replace(one, mappings=(first,)) if one.name == "role-rome" else one)
    monkeypatch.setattr(hygiene, "alignments", lambda: broken)
    found = [one for one in check_ontology() if one.rule == "mapping-target"]
    assert len(found) == 1
