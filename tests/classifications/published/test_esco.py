"""ESCO as published: counted from the files by these tests on their own."""

import tarfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from pyoxigraph import Store

from pesai.alignment.versions import compare
from pesai.alignment.versions import read as read_version
from pesai.releases.intake import Outcome
from pesai.releases.layout import Home
from tests.classifications.published.files import (
    BASE,
    DATA_SCIENTIST,
    Ask,
    Rows,
    count,
    in_graph,
    table,
    tarred,
)


def test_every_concept_of_esco_is_there(ask: Ask, esco: Callable[[str], Rows]) -> None:
    for table_name, kind in (("occupations_en", "Occupation"), ("skills_en", "Skill")):
        rows = esco(table_name)
        assert count(ask, in_graph("esco/1.1.1", f"?c a esco:{kind}")) == len(rows)
    assert len(esco("occupations_en")) == 3007
    assert len(esco("skills_en")) == 13896
    groups = len(esco("ISCOGroups_en")) + len(esco("skillGroups_en"))
    plain = "?c a skos:Concept MINUS { ?c a esco:Occupation } MINUS { ?c a esco:Skill }"
    assert count(ask, in_graph("esco/1.1.1", plain)) == groups == 619 + 640


def test_every_relation_of_esco_is_there(ask: Ask, esco: Callable[[str], Rows]) -> None:
    rows = esco("occupationSkillRelations")
    kinds = Counter(row["relationType"] for row in rows)
    assert kinds == {"essential": 64946, "optional": 58909}
    both = esco("skillSkillRelations")
    kinds += Counter(row["relationType"] for row in both)
    assert len(both) == 5899
    for kind, term in (("essential", "Essential"), ("optional", "Optional")):
        assert count(ask, in_graph("esco/1.1.1", f"?a esco:related{term}Skill ?b")) == kinds[kind]
    broader = [len(esco(f"broaderRelations{pillar}Pillar")) for pillar in ("Skill", "Occ")]
    assert broader == [20656, 3617]
    assert count(ask, in_graph("esco/1.1.1", "?a skos:broader ?b")) == sum(broader)


def test_skills_have_several_parents_and_no_concept_is_above_itself(
    ask: Ask, esco: Callable[[str], Rows]
) -> None:
    skills = {row["conceptUri"] for row in esco("skills_en")}
    parents = Counter(row["conceptUri"] for row in esco("broaderRelationsSkillPillar"))
    several = {concept for concept, number in parents.items() if number > 1} & skills
    assert len(several) == 4646
    held = in_graph("esco/1.1.1", "?c a esco:Skill ; skos:broader ?a, ?b FILTER (?a != ?b)")
    found = {concept for (concept,) in ask(f"SELECT DISTINCT ?c {{ {held} }}")}
    assert found == several
    assert ask("SELECT ?c { ?c skos:broader+ ?c } LIMIT 1") == []


def test_a_change_report_counts_as_the_files_do(
    store: Store, taxonomies: Path, esco: Callable[[str], Rows]
) -> None:
    old = table(tarred(taxonomies / "esco-1.0.x-skills-fr.tar.gz", "skills_fr.csv"))
    names = ("1.0.x-labels-fr", "1.1.1")
    found = compare(*(read_version(store, f"{BASE}graph/esco/{name}") for name in names))
    before = {row["conceptUri"] for row in old}
    now = {row["conceptUri"] for row in esco("skills_en")}
    dropped = {one.concept for one in found.changes["dropped"]}
    assert dropped == before - now
    assert now - before <= {one.concept for one in found.changes["added"]}
    french = {one.concept for one in found.changes["renamed"]}
    assert french <= before & now
    assert {one.language for one in found.changes["renamed"]} == {"fr"}


def test_alternative_labels_are_split_and_kept(ask: Ask, esco: Callable[[str], Rows]) -> None:
    expected, repeated = set(), 0
    for name in ("occupations_en", "skills_en", "skillGroups_en", "ISCOGroups_en"):
        for row in esco(name):
            labels = {text.strip() for text in row["altLabels"].split("\n")} - {""}
            expected |= {(row["conceptUri"], label) for label in labels}
            repeated += row["preferredLabel"].strip() in labels
    english = 'FILTER (LANG(?l) = "en")'
    assert repeated == 14908
    assert count(ask, in_graph("esco/1.1.1", f"?c skos:altLabel ?l {english}")) == len(expected)
    both = f"?c skos:prefLabel ?l ; skos:altLabel ?l {english}"
    assert count(ask, in_graph("esco/1.1.1", both)) == repeated


def test_the_traps_of_esco_are_told_with_their_counts(loaded: tuple[Home, Outcome]) -> None:
    by_name = {(item.source.kind, item.source.name): item for item in loaded[1].loaded}
    item = by_name["esco", "1.1.1"]
    told = "\n".join(str(issue) for issue in item.issues)
    assert "repeated among the alternative ones: 12189 times" in told
    assert "repeated among the alternative ones: 2715 times" in told
    assert "repeated among the alternative ones: 4 times" in told
    assert "156 preferred labels in 'en' belong to several concepts" in told
    assert "in no table of concepts, 1 in all: 67 times" in told
    assert "in no table of concepts, 7 in all: 7 times" in told
    assert "skillType: note: a skill has none: 6 times" in told
    assert "reuseLevel: note: a skill has none: 5 times" in told
    assert not any(issue.severity == "error" for issue in item.issues)
    assert item.entry is not None
    assert item.entry.skipped == 0


def test_french_labels_of_another_version_are_in_a_graph_of_their_own(
    ask: Ask, taxonomies: Path, esco: Callable[[str], Rows]
) -> None:
    old = table(tarred(taxonomies / "esco-1.0.x-skills-fr.tar.gz", "skills_fr.csv"))
    graph = "esco/1.0.x-labels-fr"
    assert count(ask, in_graph(graph, "?c skos:prefLabel ?l")) == len(old)
    assert count(ask, in_graph(graph, "?c a ?kind")) == 0
    archive = taxonomies / "esco-1.1.1-fr.tar.gz"
    with tarfile.open(archive) as opened:
        names = [n for n in opened.getnames() if n.endswith("SkillsCollection_fr.csv")]
    french = {row["conceptUri"] for row in old}
    for name in names:
        french |= {row["conceptUri"] for row in table(tarred(archive, name))}
    now = {row["conceptUri"] for row in esco("skills_en")}
    covered = "SELECT DISTINCT ?c { ?c a esco:Skill ; skos:prefLabel ?l FILTER (LANG(?l) = 'fr') }"
    assert len(ask(covered)) == len(now & french) == 13695


def test_data_scientist(ask: Ask) -> None:
    one = f"<{DATA_SCIENTIST}>"
    assert ask(f"SELECT ?n ?g {{ {one} skos:notation ?n ; esco:memberOfISCOGroup ?g }}") == [
        ("2511.4", "http://data.europa.eu/esco/isco/C2511")
    ]
    assert count(ask, in_graph("esco/1.1.1", f"{one} esco:relatedEssentialSkill ?s")) == 54
    assert count(ask, in_graph("esco/1.1.1", f"{one} esco:relatedOptionalSkill ?s")) == 21
    assert count(ask, "rome:38972 skos:broader rome:M1405 ; skos:notation '38972'") == 1
