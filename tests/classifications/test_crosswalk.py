"""Tables of mappings in the layouts of their publishers, with made-up rows."""

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from loaders.crosswalk import CrosswalkLoader
from pesai.errors import InputProblem
from pesai.loading.discovery import loader
from pesai.loading.loader import Context, Source
from pesai.loading.sink import Sink
from pesai.namespaces import OWL, PAI, RDF, RDFS, SKOS, SSSOM
from tests.classifications.conftest import BASE, Graph, Read, Write

OCCUPATION = "http://data.europa.eu/esco/occupation/00000000-0000-0000-0000-00000000000"
ROME = "https://w3id.org/pes-ai/code/rome/"
HEAD = (
    "Mapping project name,Made-up - ROME,,,",
    "Mapping project author,default-author,,,",
    "Mapping project version,V1,,,",
    "Mapping project version date,2022-06-07,,,",
    "Classification 1 Name,ESCO,,,",
    "Classification 1 Version,1.0.9,,,",
    "Classification 2 Name,ROME ,,,",
    "Classification 2 Version,V3.0,,,",
    ",,,,",
)
FRENCH = (
    "classification 1 ID,classification 1 prefered label,classification 2 ID,"
    "classification 2 prefered label,mapping relation"
)


def said(sink: Sink) -> str:
    return "\n".join(str(issue) for issue in sink.issues)


def texts(store: Store, subject: NamedNode, predicate: NamedNode) -> set[str]:
    found = {quad.object for quad in store.quads_for_pattern(subject, predicate, None)}
    return {term.value for term in found if isinstance(term, NamedNode | Literal)}


def mappings(store: Store) -> list[NamedNode]:
    found = [q.subject for q in store.quads_for_pattern(None, RDF.type, SSSOM.Mapping)]
    return [node for node in found if isinstance(node, NamedNode)]


def test_a_row_is_a_mapping_with_both_versions_and_a_plain_link(
    read: Read, write: Write, graph: Graph
) -> None:
    path = write("FR.csv", *HEAD, FRENCH, f"{OCCUPATION}1,inventé,15244,Inventé,skos:narrowMatch")
    sink = read("crosswalk", [path], "fr")
    assert said(sink) == ""
    store = graph(sink)
    (mapping,) = mappings(store)
    assert mapping.value.startswith(f"{BASE.iri}id/mapping/fr-")
    expected = {
        OWL.annotatedSource: f"{OCCUPATION}1",
        OWL.annotatedProperty: SKOS.narrowMatch.value,
        OWL.annotatedTarget: f"{ROME}15244",
        SSSOM.mapping_justification: "https://w3id.org/semapv/vocab/UnspecifiedMatching",
        SSSOM.subject_label: "inventé",
        SSSOM.object_label: "Inventé",
        SSSOM.subject_source_version: "1.0.9",
        SSSOM.object_source_version: "V3.0",
        PAI.fromRow: f"{BASE.iri}id/source/crosswalk-fr#row=11",
    }
    for predicate, value in expected.items():
        assert texts(store, mapping, predicate) == {value}, predicate
    assert texts(store, NamedNode(f"{OCCUPATION}1"), SKOS.narrowMatch) == {f"{ROME}15244"}


def test_the_publishers_tool_is_no_author(write: Write) -> None:
    path = write("FR.csv", *HEAD, FRENCH, f"{OCCUPATION}1,a,15244,b,skos:exactMatch")
    about = CrosswalkLoader().describe(Source("crosswalk", "fr", (path,)))
    assert (about.title_en, about.version, about.attribution) == (
        "Crosswalk Made-up - ROME",
        "V1",
        "",
    )


def test_bad_rows_are_told_and_good_ones_are_loaded(read: Read, write: Write, graph: Graph) -> None:
    path = write(
        "FR.csv",
        *HEAD,
        FRENCH,
        f"{OCCUPATION}1,a,15244,b,skos:alikeMatch",
        f"{OCCUPATION}2,a,,b,skos:exactMatch",
        f"{OCCUPATION}3,a,15246,b,skos:exactMatch",
        f"{OCCUPATION}3,a,15246,b,skos:exactMatch",
        f"{OCCUPATION}4,a,,,no relation",
        ",,Made for fun,,",
        f"{OCCUPATION}5,a,#N/A,b,skos:exactMatch",
        f"{OCCUPATION}6,a,1.3465E+04,b,skos:exactMatch",
        "htp://data.europa.eu/esco/occupation/7,a,15247,b,skos:exactMatch",
    )
    sink = read("crosswalk", [path], "fr")
    told = said(sink)
    assert "FR.csv:11: error: 'skos:alikeMatch' is no kind of match" in told
    assert "FR.csv:12: error: is empty" in told
    assert "FR.csv:14: warning: says the same as row 13" in told
    assert "FR.csv:16: note: is a remark and no row ('Made for fun')" in told
    assert "FR.csv:17: error: is an error of a spreadsheet, not a value" in told
    assert "FR.csv:18: error: is a number that a spreadsheet made of a code" in told
    assert "FR.csv:19: error: is no code of this classification" in told
    assert "the address of an occupation, or four digits" in told
    store = graph(sink)
    assert len(mappings(store)) == 2
    assert texts(store, NamedNode(f"{OCCUPATION}3"), SKOS.exactMatch) == {f"{ROME}15246"}


def test_no_relation_is_a_mapping_to_nothing_and_no_link(
    read: Read, write: Write, graph: Graph
) -> None:
    path = write("SE.csv", *HEAD, FRENCH, f"{OCCUPATION}4,a,,,no relation")
    store = graph(read("crosswalk", [path]))
    (mapping,) = mappings(store)
    assert texts(store, mapping, OWL.annotatedTarget) == {SSSOM.NoTermFound.value}
    assert not texts(store, NamedNode(f"{OCCUPATION}4"), SKOS.relatedMatch)


def test_what_spreadsheet_programs_leave_behind_is_told(read: Read, write: Write) -> None:
    path = write(
        "NL.csv",
        "Mapping project name,Made-up,Unnamed: 2,Unnamed: 3,Unnamed: 4",
        "Mapping project version date,csv_generator$today@1751f89f,,,",
        *HEAD[4:],
        FRENCH,
        f"{OCCUPATION}1,a,15244,b,skos:exactMatch",
    )
    told = said(read("crosswalk", [path]))
    assert "holds what a spreadsheet program left behind ('Unnamed: 2, Unnamed: 3" in told
    assert "the date of the version is what a program left behind" in told


def test_codes_find_their_occupation_among_those_that_are_loaded(
    write: Write, graph: Graph
) -> None:
    path = write(
        "reverse.csv",
        "ESCO/ISCO Code,ESCO/ISCO Title,O*NET-SOC 2019 Code,O*NET-SOC 2019 Title",
        "0110.1,a,33-1011.00,b",
        "110.1,a,33-1011.00,b",
        "2511,a,15-1211.00,b",
        "9999.9,a,15-1211.00,b",
        ",Made with ESCO v1.1.0 used.,,",
    )
    sink = Sink()
    context = Context(
        BASE,
        knows=lambda _: True,
        said=lambda iri: [f'<{iri}> {SKOS.notation} "0110.{iri[-1]}" .'],
        things=lambda _: [f"{OCCUPATION}1", f"{OCCUPATION}2"],
    )
    loader("crosswalk").load(Source("crosswalk", "r", (path,)), context, sink)
    store = graph(sink)
    onet = "https://w3id.org/pes-ai/code/onet/"
    assert texts(store, NamedNode(f"{OCCUPATION}1"), SKOS.relatedMatch) == {f"{onet}33-1011.00"}
    group = NamedNode("http://data.europa.eu/esco/isco/C2511")
    assert texts(store, group, SKOS.relatedMatch) == {f"{onet}15-1211.00"}
    told = said(sink)
    assert "reverse.csv:3: error: the code has lost its leading zero" in told
    assert "; 0110.1)" in told
    assert "reverse.csv:5: error: no ESCO occupation that is loaded has this code" in told
    versions = {texts(store, m, SSSOM.subject_source_version).pop() for m in mappings(store)}
    assert versions == {"1.1.0"}
    comments = {texts(store, m, RDFS.comment).pop() for m in mappings(store)}
    assert comments == {"the table does not say which kind of match it is"}


def test_dangling_targets_are_told_when_most_are_known(write: Write) -> None:
    rows = [f"{OCCUPATION}1,a,{n},b,skos:exactMatch" for n in range(1, 6)]
    path = write("FR.csv", *HEAD, FRENCH, *rows)
    sink = Sink()
    context = Context(BASE, knows=lambda iri: not iri.endswith("/5"))
    loader("crosswalk").load(Source("crosswalk", "r", (path,)), context, sink)
    assert f"('{ROME}5'; kept as published)" in said(sink)
    assert sink.rows_skipped == 0


@pytest.mark.parametrize(
    ("name", "rows", "message"),
    [
        ("a.csv", ["a,b", "1,2"], "has no header of a table of mappings"),
        ("a.csv", ["Mapping project name;x", "a;b"], "separated by semicolons"),
        ("a.xlsx", ["this is no workbook"], "is not a spreadsheet that can be read"),
    ],
)
def test_other_files_are_told(
    name: str, rows: list[str], message: str, read: Read, write: Write
) -> None:
    sink = read("crosswalk", [write(name, *rows)])
    assert message in said(sink)
    assert sink.errors
    assert not sink.lines()


def test_no_table_at_all_is_refused(read: Read, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    with pytest.raises(InputProblem, match=r"no table of mappings among a\.pdf"):
        read("crosswalk", [tmp_path / "a.pdf"])
