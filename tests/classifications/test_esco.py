"""ESCO: layouts, traps and bad input, on made-up files (tests/data/classifications/README.md)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from loaders._esco_names import ISO_THES
from loaders.esco import EscoLoader
from pesai.errors import InputProblem
from pesai.loading.loader import Source
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, ESCO, OWL, RDF, SKOS, XSD
from tests.classifications.conftest import Graph, Read, Write

DATA = Path(__file__).parent.parent / "data" / "classifications"
ID = "http://data.europa.eu/esco/{}/00000000-0000-0000-0000-{:012d}"
ISCO = "http://data.europa.eu/esco/isco/C"
HEADER = "conceptType,conceptUri,iscoGroup,preferredLabel,altLabels,modifiedDate,inScheme,code"


def occupation(number: int) -> NamedNode:
    return NamedNode(ID.format("occupation", number))


def skill(number: int) -> NamedNode:
    return NamedNode(ID.format("skill", number))


def objects(store: Store, subject: NamedNode, predicate: NamedNode) -> set[str]:
    return {
        quad.object.value
        for quad in store.quads_for_pattern(subject, predicate, None)
        if isinstance(quad.object, NamedNode | Literal)
    }


def said(sink: Sink) -> list[str]:
    return [str(issue) for issue in sink.issues]


@pytest.mark.parametrize("version", ["1.2.0", "1.2.1"])
def test_each_layout_gives_the_same_concepts(version: str, read: Read, graph: Graph) -> None:
    sink = read("esco", [DATA / f"esco-{version}"], version)
    store = graph(sink)
    adviser = occupation(1)
    assert objects(store, adviser, RDF.type) == {SKOS.Concept.value, ESCO.Occupation.value}
    assert objects(store, adviser, SKOS.altLabel) == {"made-up counsellor", "made-up adviser"}
    assert objects(store, adviser, SKOS.notation) == {"0110.1"}
    assert objects(store, adviser, ESCO.memberOfISCOGroup) == {f"{ISCO}0110"}
    assert objects(store, adviser, SKOS.broader) == {f"{ISCO}0110"}
    assert objects(store, adviser, ESCO.relatedEssentialSkill) == {skill(1).value}
    assert objects(store, adviser, ESCO.relatedOptionalSkill) == {skill(2).value}
    assert objects(store, skill(1), ESCO.relatedOptionalSkill) == {skill(2).value}
    assert objects(store, skill(2), SKOS.hiddenLabel) == {"madeup law"}
    assert objects(store, skill(2), SKOS.altLabel) == {"law of the made-up", "made-up rules"}
    scheme = NamedNode("http://data.europa.eu/esco/concept-scheme/occupations")
    assert objects(store, scheme, OWL.versionInfo) == {version}
    assert objects(store, scheme, SKOS.hasTopConcept) == {f"{ISCO}0"}
    assert not sink.errors
    assert sink.rows_skipped == 0


def test_the_archive_of_1_2_is_read_like_its_folder(
    zipped: Callable[[str, dict[str, str]], Path], read: Read
) -> None:
    files = {p.name: p.read_text(encoding="utf-8") for p in (DATA / "esco-1.2.0").iterdir()}
    archive = zipped("ESCO dataset - v1.2.0 - classification - en - csv.zip", files)
    assert EscoLoader().name([archive]) == "1.2.0"
    one, other = (read("esco", [path], "1.2.0") for path in (archive, DATA / "esco-1.2.0"))
    assert one.lines() == other.lines()


def test_1_2_1_repeats_concepts_with_another_date_and_the_later_one_is_kept(
    read: Read, graph: Graph
) -> None:
    sink = read("esco", [DATA / "esco-1.2.1"], "1.2.1")
    modified = objects(graph(sink), occupation(1), DCTERMS.modified)
    assert modified == {"2024-06-01T10:00:00Z"}
    assert any(
        "a concept is repeated and differs only in modifiedDate" in line for line in said(sink)
    )


def test_1_2_1_has_nace_codes(read: Read, graph: Graph) -> None:
    store = graph(read("esco", [DATA / "esco-1.2.1"], "1.2.1"))
    assert objects(store, occupation(1), ESCO.hasNACECode) == {
        "http://data.europa.eu/ux2/nace2.1/7810"
    }


def test_traps_are_told_once_a_file_with_their_count(read: Read) -> None:
    lines = said(read("esco", [DATA / "esco-1.2.0"], "1.2.0"))
    told = "\n".join(lines)
    assert "occupations_en.csv:2:altLabels: warning: the preferred label is repeated" in told
    assert "skills_en.csv:4:skillType: note: a skill has none" in told
    assert "occupationSkillRelations_en.csv:4:occupationUri: warning: in no table" in told
    assert len(lines) == len(set(lines)) == 4


def test_a_dangling_link_is_kept_as_published(read: Read, graph: Graph) -> None:
    store = graph(read("esco", [DATA / "esco-1.2.0"], "1.2.0"))
    assert objects(store, occupation(9), ESCO.relatedOptionalSkill) == {skill(2).value}


def test_labels_alone_bring_nothing_else(read: Read, write: Write, graph: Graph) -> None:
    path = write(
        "esco-1.0.x/skills_fr.csv",
        "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,altLabels,description",
        f"KnowledgeSkillCompetence,{skill(1).value},knowledge,transversal,écouter,,Texte inventé",
    )
    sink = read("esco", [path], "1.0.x-labels-fr")
    assert sink.lines() == (f'{skill(1)} {SKOS.prefLabel} "écouter"@fr .',)
    about = EscoLoader().describe(Source("esco", "1.0.x-labels-fr", (path,)))
    assert about.title_en == "ESCO 1.0.x, labels only (fr)"
    assert about.title_fr == "ESCO 1.0.x, libellés seulement (fr)"
    assert about.attribution.startswith("This service uses the ESCO classification")


def test_two_versions_together_are_refused(write: Write, read: Read) -> None:
    one = write("esco-1.1.1/skills_en.csv", "x")
    with pytest.raises(InputProblem, match=r"is of ESCO 1.1.1, and this graph is to hold 1.2.0"):
        read("esco", [one], "1.2.0")


def test_another_folder_is_refused_with_what_is_wanted(write: Write, read: Read) -> None:
    with pytest.raises(InputProblem, match=r"no table of ESCO among holiday\.csv"):
        read("esco", [write("holiday.csv", "a,b", "1,2")])


def test_the_official_turtle_is_another_thing_and_both_ways_are_told(
    write: Write, read: Read
) -> None:
    with pytest.raises(InputProblem, match=r"choose the file type 'csv' at .*'pesai load rdf'"):
        read("esco", [write("esco-v1.2.0.ttl", "# descriptions are nodes there")])


@pytest.mark.parametrize("name", ["ictSkillsCollection", "digitalSkillsCollection"])
def test_a_collection_that_changed_its_name_is_one_scheme(
    name: str, read: Read, write: Write, graph: Graph
) -> None:
    row = f"KnowledgeSkillCompetence,{skill(2).value},made-up law,released"
    path = write(f"{name}_en.csv", "conceptType,conceptUri,preferredLabel,status", row)
    digital = "http://data.europa.eu/esco/concept-scheme/6c930acd-c104-4ece-acf7-f44fd7333036"
    assert objects(graph(read("esco", [path], "1.2.0")), skill(2), SKOS.inScheme) == {digital}


def test_reuse_level_type_and_status_are_kept_as_published(
    read: Read, write: Write, graph: Graph
) -> None:
    path = write(
        "skills_en.csv",
        "conceptType,conceptUri,skillType,reuseLevel,preferredLabel,status",
        f"KnowledgeSkillCompetence,{skill(1).value},knowledge,cross-sector,a,released",
        f"KnowledgeSkillCompetence,{skill(2).value},skill/competence,everywhere,b,obsolete",
    )
    sink = read("esco", [path], "1.2.0")
    store, kept = graph(sink), "http://data.europa.eu/esco/"
    assert objects(store, skill(1), ESCO.skillType) == {f"{kept}skill-type/knowledge"}
    assert objects(store, skill(1), ESCO.skillReuseLevel) == {
        f"{kept}skill-reuse-level/cross-sector"
    }
    assert objects(store, skill(2), ISO_THES.status) == {"obsolete"}
    assert not objects(store, skill(2), ESCO.skillReuseLevel)
    assert any(
        "reuseLevel: warning: is not known and left out ('everywhere'" in x for x in said(sink)
    )


def test_a_column_that_is_not_known_is_told_and_costs_nothing(
    read: Read, write: Write, graph: Graph
) -> None:
    row = f"Occupation,{occupation(1).value},0110,a,,,,0110.1,remark"
    path = write("occupations_en.csv", f"{HEADER},ourRemarks", row)
    sink = read("esco", [path], "1.2.0")
    assert any("'ourRemarks'" in line and "error" not in line for line in said(sink))
    assert objects(graph(sink), occupation(1), SKOS.notation) == {"0110.1"}


def test_a_missing_file_is_named_with_its_use(write: Write, read: Read) -> None:
    path = write("occupations_en.csv", HEADER, f"Occupation,{occupation(1).value},0110,a,,,,0110.1")
    told = "\n".join(said(read("esco", [path], "1.1.1")))
    assert "there is no file broaderRelationsOccPillar.csv beside it: it holds" in told
    assert "it is in the archive whose language is empty" in told


def test_codes_without_their_zero_cost_the_row_and_what_is_right_is_told(
    read: Read, write: Write, graph: Graph
) -> None:
    path = write(
        "occupations_en.csv",
        HEADER,
        f"Occupation,{occupation(1).value},110,a,,,,110.1",
        f"Occupation,{occupation(2).value},0110,b,,,,0110.2",
    )
    sink = read("esco", [path], "1.1.1")
    assert any(
        "occupations_en.csv:2:code: error: the code has lost its leading zero, or is none "
        "('110.1'; 0110.1: four digits before the first point)" in line
        for line in said(sink)
    )
    assert sink.rows_skipped == 1
    assert objects(graph(sink), occupation(2), SKOS.notation) == {"0110.2"}
    assert not objects(graph(sink), occupation(1), RDF.type)


def test_an_isco_code_that_is_not_the_one_in_its_iri_is_told(read: Read, write: Write) -> None:
    path = write(
        "ISCOGroups_en.csv",
        "conceptType,conceptUri,code,preferredLabel",
        f"ISCOGroup,{ISCO}0110,110,made-up",
        f"ISCOGroup,{ISCO}011,011,made-up",
    )
    assert any("('110'; 0110)" in line for line in said(read("esco", [path], "1.1.1")))


def test_one_id_in_two_different_rows_names_both(read: Read, write: Write, graph: Graph) -> None:
    path = write(
        "occupations_en.csv",
        HEADER,
        f"Occupation,{occupation(1).value},0110,first,,,,0110.1",
        f"Occupation,{occupation(1).value},0110,second,,,,0110.1",
    )
    sink = read("esco", [path], "1.1.1")
    assert any("is in rows 2 and 3, which differ in preferredLabel" in line for line in said(sink))
    assert objects(graph(sink), occupation(1), SKOS.prefLabel) == {"first"}


def test_bad_cells_are_told_and_good_rows_are_loaded(
    read: Read, write: Write, graph: Graph
) -> None:
    path = write(
        "occupations_en.csv",
        HEADER,
        "Occupation,not an iri,0110,a,,,,0110.1",
        f"Job,{occupation(2).value},0110,b,,,,0110.2",
        f"Occupation,{occupation(3).value},0110,,,,,0110.3",
        f"Occupation,{occupation(4).value},0110,d,,yesterday,,0110.4",
        f"Occupation,{occupation(5).value},0110,=1+1,,2024-01-01T00:00:00Z,,0110.5",
    )
    sink = read("esco", [path], "1.1.1")
    told = "\n".join(said(sink))
    assert "occupations_en.csv:2:conceptUri: error: is no IRI ('not an iri'" in told
    assert "occupations_en.csv:3:conceptType: error: is no kind of concept ('Job'" in told
    assert "occupations_en.csv:4:preferredLabel: error: is missing, or lost in a" in told
    assert "occupations_en.csv:5:modifiedDate: warning: is no date and time" in told
    assert sink.rows_skipped == 3
    store = graph(sink)
    assert objects(store, occupation(5), SKOS.prefLabel) == {"=1+1"}
    dates = {q.object for q in store.quads_for_pattern(None, DCTERMS.modified, None)}
    assert dates == {Literal("2024-01-01T00:00:00Z", datatype=XSD.dateTime)}


def test_an_unknown_kind_of_relation_is_told(read: Read, write: Write) -> None:
    path = write(
        "occupationSkillRelations.csv",
        "occupationUri,relationType,skillType,skillUri",
        f"{occupation(1).value},necessary,knowledge,{skill(1).value}",
        f"{occupation(1).value},essential,knowledge,{skill(1).value}",
        f"{occupation(1).value},optional,knowledge,{skill(1).value}",
    )
    told = "\n".join(said(read("esco", [path], "1.1.1")))
    assert ":2:relationType: error: is no kind of relation ('necessary'; one of essential" in told
    assert "the pair stands in rows 2 and 3" in told or "the pair stands in rows 3 and 4" in told
