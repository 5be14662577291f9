"""O*NET, NACE, ISCO and M49: layouts and bad input, with made-up rows."""

from pathlib import Path

import pytest
from openpyxl import Workbook
from pyoxigraph import Literal, NamedNode, Store

from loaders.onet import OnetLoader
from pesai.errors import InputProblem
from pesai.loading.loader import Source
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, PAI, SKOS
from tests.classifications.conftest import Graph, Read, Write

CODE = "https://w3id.org/pes-ai/code/"
NACE = "http://ec.europa.eu/eurostat/ramon/rdfdata/nace_r2/"
ISCO = "http://data.europa.eu/esco/isco/C"
Rows = list[list[object]]
OCCUPATIONS: Rows = [
    ["O*NET-SOC Code", "Title", "Description"],
    ["99-0001.00", "Made-up Managers", "Make things up."],
    ["99-0002.00", "Made-up Analysts", "Analyse what was made up."],
]
TASKS: Rows = [
    ["O*NET-SOC Code", "Title", "Task ID", "Task", "Task Type"],
    ["99-0001.00", "Made-up Managers", 8823, "Make something up.", "Core"],
]
RELATED: Rows = [
    ["O*NET-SOC Code", "Title", "Related O*NET-SOC Code", "Related Title"],
    ["99-0001.00", "Made-up Managers", "99-0002.00", "Made-up Analysts"],
]
TECHNOLOGY: Rows = [
    ["O*NET-SOC Code", "Title", "Example", "Commodity Code", "Commodity Title"],
    ["99-0001.00", "Made-up Managers", "C++", 43230000, "Made-up software"],
    ["99-0001.00", "Made-up Managers", "C#", 43230000, "Made-up software"],
]
TITLES: Rows = [
    ["O*NET-SOC Code", "Title", "Alternate Title", "Short Title", "Source(s)"],
    ["99-0001.00", "Made-up Managers", "Inventor in Chief", "", "1"],
]
RELEASE = {
    "Occupation Data": OCCUPATIONS,
    "Task Statements": TASKS,
    "Related Occupations": RELATED,
    "Technology Skills": TECHNOLOGY,
    "Alternate Titles": TITLES,
}


def objects(store: Store, subject: str, predicate: NamedNode) -> set[str]:
    found = [q.object for q in store.quads_for_pattern(NamedNode(subject), predicate, None)]
    return {term.value for term in found if isinstance(term, NamedNode | Literal)}


def said(sink: Sink) -> str:
    return "\n".join(str(issue) for issue in sink.issues)


def workbook(folder: Path, name: str, rows: Rows, merge: str = "") -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    if merge:
        sheet.merge_cells(merge)
    book.save(folder / f"{name}.xlsx")


def release(folder: Path, *, text: bool) -> Path:
    folder.mkdir()
    for name, rows in RELEASE.items():
        if text:
            lines = ["\t".join(map(str, row)) for row in rows]
            (folder / f"{name}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        else:
            workbook(folder, name, rows)
    return folder


@pytest.mark.parametrize("text", [False, True])
def test_onet_is_read_from_workbooks_and_from_text(
    text: bool,
    tmp_path: Path,
    read: Read,
    graph: Graph,
) -> None:
    folder = release(tmp_path / "db_29_2", text=text)
    sink = read("onet", [folder], "29.2")
    store = graph(sink)
    manager = f"{CODE}onet/99-0001.00"
    assert said(sink) == ""
    assert objects(store, manager, SKOS.notation) == {"99-0001.00"}
    assert objects(store, manager, SKOS.prefLabel) == {"Made-up Managers"}
    assert objects(store, manager, SKOS.altLabel) == {"Inventor in Chief"}
    assert objects(store, manager, SKOS.related) == {
        f"{CODE}onet/99-0002.00",
        f"{CODE}onet-task/8823",
        f"{CODE}onet-technology/C%2B%2B",
        f"{CODE}onet-technology/C%23",
    }
    assert objects(store, f"{CODE}onet-technology/C%23", SKOS.broader) == {
        f"{CODE}onet-technology/43230000"
    }
    assert OnetLoader().name([folder]) == "29.2"
    about = OnetLoader().describe(Source("onet", "29.2", (folder,)))
    assert "O*NET 29.2 Database" in about.attribution


def test_onet_with_merged_cells_and_lost_codes(tmp_path: Path, read: Read, graph: Graph) -> None:
    rows: Rows = [
        *OCCUPATIONS,
        ["99-0001.00", "Again", ""],
        [990003, "No code", ""],
        ["99-0004.00", "Good", "x"],
    ]
    workbook(tmp_path, "Occupation Data", rows)
    tasks: Rows = [
        *TASKS,
        ["99-0001.00", "x", 8824, "One", "Core"],
        ["99-0001.00", "x", 8825, "Two", ""],
    ]
    workbook(tmp_path, "Task Statements", tasks, merge="A3:A4")
    sink = read("onet", [tmp_path])
    told = said(sink)
    assert "Occupation Data.xlsx:4: error: the code is also in row 2 ('99-0001.00'" in told
    assert "Occupation Data.xlsx:5: error: is no O*NET-SOC code with a title ('990003" in told
    assert "1 areas of merged cells; the first cell holds the value ('A3:A4')" in told
    assert "Task Statements.xlsx:4: error: is no O*NET-SOC code (11-1011.00; no merged" in told
    assert "there is no file 'Technology Skills': it holds the technologies" in told
    assert objects(graph(sink), f"{CODE}onet/99-0004.00", SKOS.prefLabel) == {"Good"}


TABLE = "Order,Level,Code,Parent,Description,This item includes"
TURTLE = f"""
@prefix : <http://ec.europa.eu/eurostat/ramon/ontologies/nace.rdf#> .
<{NACE}A> a :Activity, :Section ; :code "A" ; :name "MADE UP" .
<{NACE}01> a :Activity, :Division ; :code "01" ; :name "Made up too" ; :broader <{NACE}A> .
"""


def test_nace_is_the_same_from_a_table_and_from_turtle(read: Read, write: Write) -> None:
    table = write("nace.csv", TABLE, "1,1,A,,MADE UP,", "2,2,01,A,Made up too,")
    turtle = write("nace.ttl", TURTLE)
    assert read("nace", [table]).lines() == read("nace", [turtle]).lines()


def test_nace_in_skos_keeps_its_names(read: Read, write: Write, graph: Graph) -> None:
    iri = "http://data.europa.eu/ux2/nace2.1/A"
    path = write(
        "nace.rdf",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:skos="http://www.w3.org/2004/02/skos/core#">',
        f'<skos:Concept rdf:about="{iri}"><skos:prefLabel xml:lang="fr">Inventé</skos:prefLabel>',
        "</skos:Concept></rdf:RDF>",
    )
    assert objects(graph(read("nace", [path])), iri, SKOS.prefLabel) == {"Inventé"}


def test_nace_codes_without_their_zero_are_told(read: Read, write: Write, graph: Graph) -> None:
    rows = ("2,2,1,A,No zero,", "3,3,01.1,01,Good,", "4,3,01.1,01,Again,")
    sink = read("nace", [write("nace.csv", TABLE, *rows)])
    told = said(sink)
    assert (
        "nace.csv:2:Code: error: the code has lost its leading zero, or is none ('1'; 01)" in told
    )
    assert "nace.csv:4: error: the code is also in row 3 ('01.1'" in told
    assert objects(graph(sink), f"{NACE}01.1", SKOS.prefLabel) == {"Good"}


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("n.rdf", '<!DOCTYPE x [<!ENTITY a "b">]><x/>', "DOCTYPE"),
        ("n.ttl", "this is no turtle", "cannot be read"),
        ("n.ttl", "<http://a> <http://b> <http://c> .", "holds no concepts of NACE"),
    ],
)
def test_other_documents_are_no_nace(
    name: str, text: str, message: str, read: Read, write: Write
) -> None:
    sink = read("nace", [write(name, text)])
    assert message in said(sink)
    assert not sink.lines()


def test_isco_from_esco_and_from_the_ilo(
    read: Read, write: Write, tmp_path: Path, graph: Graph
) -> None:
    header = "conceptType,conceptUri,code,preferredLabel,description"
    french = write(
        "ISCOGroups_fr.csv",
        header,
        f"ISCOGroup,{ISCO}0,0,Inventé,",
        f"ISCOGroup,{ISCO}01,1,Zéro perdu,",
    )
    folder = tmp_path / "ilo"
    folder.mkdir()
    workbook(
        folder,
        "ISCO-08",
        [
            ["Level", "ISCO 08 Code", "Title EN", "Definition"],
            [1, "0", "Made up", "x"],
            [2, 1, "Zero lost", ""],
            [2, "02", "Good", ""],
        ],
    )
    sink = read("isco", [french, folder])
    told = said(sink)
    assert "ISCOGroups_fr.csv:3:code: error: the code is not the one in the IRI ('1'; 01)" in told
    assert "the code has not as many digits as its level ('1'; 01, if" in told
    store = graph(sink)
    assert objects(store, f"{ISCO}0", SKOS.prefLabel) == {"Inventé", "Made up"}
    assert objects(store, f"{ISCO}02", SKOS.broader) == {f"{ISCO}0"}


M49 = (
    "Global Code,Global Name,Region Code,Region Name,Sub-region Code,Sub-region Name,"
    "Intermediate Region Code,Intermediate Region Name,Country or Area,M49 Code,"
    "ISO-alpha2 Code,ISO-alpha3 Code"
)


def test_m49_names_countries_in_every_language_and_prefers_ours(
    read: Read, write: Write, graph: Graph
) -> None:
    rows = {
        "fr": "001,Monde,150,Europe,155,Europe occidentale,,,La France (inventé),250,FR,FRA",
        "es": "001,Mundo,150,Europa,155,Europa occidental,,,Francia,250,FR,FRA",
        "cn": "001,世界,150,欧洲,155,西欧,,,法国,250,FR,FRA",
    }
    paths = [write(f"UNSD-{language}.csv", M49, row) for language, row in rows.items()]
    store = graph(read("m49", paths))
    france = "http://publications.europa.eu/resource/authority/country/FRA"
    assert objects(store, france, SKOS.prefLabel) == {"Francia", "法国"}
    assert objects(store, france, SKOS.altLabel) == {"La France (inventé)"}
    assert objects(store, france, PAI.inRegion) == {f"{CODE}region/m49-155"}
    assert objects(store, france, DCTERMS.identifier) == {"250", "FRA"}
    assert objects(store, f"{CODE}region/m49-155", SKOS.broader) == {f"{CODE}region/m49-150"}
    languages = {
        quad.object.language
        for quad in store.quads_for_pattern(NamedNode(france), SKOS.prefLabel, None)
        if isinstance(quad.object, Literal)
    }
    assert languages == {"es", "zh"}


def test_m49_codes_without_their_zeros_and_repeated_rows(read: Read, write: Write) -> None:
    row = "001,World,150,Europe,155,Western Europe,,,France,250,FR,FRA"
    cut = "1,World,2,Africa,15,Northern Africa,,,Algeria,12,DZ,DZA"
    told = said(read("m49", [write("UNSD-en.csv", M49, row, row, cut)]))
    assert "UNSD-en.csv:3: error: the code is also in row 2 ('250'" in told
    assert "UNSD-en.csv:4: error: the code has lost its leading zeros ('12'; 012)" in told


def test_m49_as_the_statistics_division_hands_it_out(read: Read, write: Write) -> None:
    row = "001,World,150,Europe,155,Western Europe,,,France,250,FR,FRA"
    path = write("UNSD — Methodology.csv", M49.replace(",", ";"), row.replace(",", ";"))
    sink = read("m49", [path])
    assert said(sink).startswith(f"{path.name}: warning: the language is not in the name")
    assert sink.rows_read == 1


@pytest.mark.parametrize("kind", ["onet", "nace", "isco", "m49"])
def test_other_folders_are_refused(kind: str, read: Read, tmp_path: Path) -> None:
    (tmp_path / "holiday.pdf").write_bytes(b"%PDF")
    with pytest.raises(InputProblem, match=r"holiday\.pdf"):
        read(kind, [tmp_path])
