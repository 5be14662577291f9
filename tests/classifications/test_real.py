"""The published files: counts and joins, each counted from the files by this test on its own."""

import csv
import io
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from pesai.access.audiences import Reader
from pesai.alignment.versions import compare
from pesai.alignment.versions import read as read_version
from pesai.engine.syntax.bindings import bind as bind_terms
from pesai.loading.discovery import loader
from pesai.loading.loader import Source
from pesai.namespaces import Base
from pesai.releases.bundled import bundled
from pesai.releases.intake import Load, Outcome, load
from pesai.releases.layout import Home
from pesai.sparql.catalogue import Catalogue, bind
from tests.classifications.conftest import Read

DCT = "http://purl.org/dc/terms/"
BASE = "https://w3id.org/pes-ai/"
ESCO_EN = "ESCO dataset - v1.1.1 - classification - en - csv.zip"
ESCO = "ESCO dataset - v1.1.1 - classification -  - csv.zip"
DATA_SCIENTIST = "http://data.europa.eu/esco/occupation/258e46f9-0075-4a2e-adae-1ff0477e0f30"
PREFIXES = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX esco: <http://data.europa.eu/esco/model#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX sssom: <https://w3id.org/sssom/>
PREFIX pai: <https://w3id.org/pes-ai/def#>
PREFIX isco: <http://data.europa.eu/esco/isco/C>
PREFIX rome: <https://w3id.org/pes-ai/code/rome/>
PREFIX code: <https://w3id.org/pes-ai/code/>
"""

LINKED = ("skill", "macro-skill", "knowledge", "context")
Rows = list[dict[str, str]]
Ask = Callable[[str], list[tuple[str, ...]]]


@pytest.fixture(autouse=True, scope="module")
def _long_cells() -> Iterator[None]:
    before = csv.field_size_limit(1 << 24)
    yield
    csv.field_size_limit(before)


def table(content: bytes, encoding: str = "utf-8-sig", skip: int = 0) -> Rows:
    lines = io.StringIO(content.decode(encoding), newline="")
    for _ in range(skip):
        next(lines)
    return list(csv.DictReader(lines))


def zipped(archive: Path, name: str) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        inner = next(each for each in opened.namelist() if each.endswith(name))
        return opened.read(inner)


def tarred(archive: Path, name: str) -> bytes:
    with tarfile.open(archive) as opened:
        inner = next(each for each in opened.getnames() if each.endswith(name))
        handle = opened.extractfile(inner)
        assert handle is not None
        return handle.read()


@pytest.fixture(scope="module")
def rome(taxonomies: Path) -> Callable[[str], Rows]:
    archive = taxonomies / "rome-4.60.tar.gz"
    return lambda name: table(tarred(archive, f"rome-4.60/unix_{name}_v460_utf8.csv"))


@pytest.fixture(scope="module")
def esco(taxonomies: Path) -> Callable[[str], Rows]:
    def find(name: str) -> Rows:
        archive = ESCO_EN if name.endswith("_en") else ESCO
        return table(zipped(taxonomies / archive, f"{name}.csv"))

    return find


@pytest.fixture(scope="module")
def crosswalks(taxonomies: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The tables of mappings, by a short name."""
    folder = tmp_path_factory.mktemp("crosswalks")
    names = {
        "fr": "FR_20230607_mapping_esco_rome.csv",
        "se": "SE_mapping Occupations v1.1.1.csv",
        "de": "DE_mapping_18.05.22.csv",
        "nl": "NL_mapping.csv",
        "onet": "crosswalk_esco_onet.csv",
        "reverse": "crosswalk_esco_onet_reverse.csv",
        "reverse-book": "ESCO_to_ONET-SOC.xlsx",
        "soc": "ISCO_SOC_Crosswalk.xls",
    }
    for name in names.values():
        (folder / name).write_bytes(tarred(taxonomies / "crosswalks.tar.gz", name))
    return {short: folder / name for short, name in names.items()}


@pytest.fixture(scope="module")
def sources(taxonomies: Path, crosswalks: dict[str, Path]) -> list[Source]:
    def source(kind: str, name: str, *files: str) -> Source:
        return Source(kind, name, tuple(taxonomies / file for file in files))

    return [
        source("esco", "1.1.1", ESCO_EN, ESCO, "esco-1.1.1-fr.tar.gz"),
        source("esco", "1.0.x-labels-fr", "esco-1.0.x-skills-fr.tar.gz"),
        source("rome", "4.60", "rome-4.60.tar.gz"),
        source("onet", "29.2", "onet-29.2-subset.tar.gz"),
        source("nace", "2", "nace-rev2.tar.gz"),
        source("m49", "2026-05", "country-codes-m49.tar.gz"),
        Source("crosswalk", "fr", (crosswalks["fr"],)),
        Source("crosswalk", "onet", (crosswalks["onet"],)),
        Source("crosswalk", "reverse", (crosswalks["reverse"],)),
    ]


@pytest.fixture(scope="module")
def loaded(sources: list[Source], tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Outcome]:
    """A home with the bundled graph and the classifications."""
    home = Home(tmp_path_factory.mktemp("classified") / "var")
    every = [Load(source) for source in (*bundled(), *sources)]
    return home, load(home, Base(BASE), every, who="test", why="test")


@pytest.fixture(scope="module")
def store(loaded: tuple[Home, Outcome]) -> Store:
    current = loaded[0].current()
    assert current is not None
    return Store.read_only(str(current.store(Reader("public"))))


@pytest.fixture(scope="module")
def ask(store: Store) -> Ask:
    def run(query: str) -> list[tuple[str, ...]]:
        found = store.query(query if "PREFIX" in query else PREFIXES + query)
        assert isinstance(found, QuerySolutions)
        return [tuple(getattr(term, "value", "") for term in row) for row in found]

    return run


def count(ask: Ask, pattern: str) -> int:
    return int(ask(f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")[0][0])


def in_graph(graph: str, pattern: str) -> str:
    return f"GRAPH <{BASE}graph/{graph}> {{ {pattern} }}"


# ---- ESCO


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


# ---- ROME, O*NET


def test_every_list_of_rome_is_there(ask: Ask, rome: Callable[[str], Rows]) -> None:
    skills = Counter(row["nature"] for row in rome("referentiel_competence"))
    expected = {
        "card": len(rome("referentiel_code_rome")),
        "title": len(rome("referentiel_appellation")),
        "skill": skills["Compétence"],
        "macro-skill": skills["Macro-compétence"],
        "knowledge": len(rome("referentiel_savoir")),
        "context": len(rome("referentiel_contexte_travail")),
        "domain": len(rome("grand_domaine")) + len(rome("domaine_professionnel")),
    }
    assert (expected["card"], expected["title"], expected["skill"]) == (1584, 13120, 17810)
    for part, number in expected.items():
        pattern = in_graph("rome/4.60", f"?c skos:inScheme <{BASE}code/rome-{part}>")
        assert count(ask, pattern) == number, part


def test_every_link_of_rome_is_there(ask: Ask, rome: Callable[[str], Rows]) -> None:
    links, moves = len(rome("coherence_item")), len(rome("rubrique_mobilite"))
    assert (links, moves) == (104219, 14912)
    card = f"?a skos:related ?b . ?b skos:inScheme <{BASE}code/rome-card>"
    assert count(ask, in_graph("rome/4.60", card)) == moves
    lists = " ".join(f"<{BASE}code/rome-{part}>" for part in LINKED)
    linked = f"VALUES ?l {{ {lists} }} ?a skos:related ?b . ?b skos:inScheme ?l"
    assert count(ask, in_graph("rome/4.60", linked)) == links


def test_onet_is_whole(ask: Ask) -> None:
    assert count(ask, f"?c skos:inScheme <{BASE}code/onet>") == 1016
    assert count(ask, f"?c skos:inScheme <{BASE}code/onet-task>") == 18796


def test_nace_says_the_same_in_every_format(read: Read, taxonomies: Path, tmp_path: Path) -> None:
    names = ("(original) nace_r2.ttl", "(original) nace_r2.rdf", "nace_rev2.csv")
    made: list[set[str]] = []
    for name in names:
        path = tmp_path / name
        path.write_bytes(tarred(taxonomies / "nace-rev2.tar.gz", name))
        lines = read("nace", [path]).lines()
        wanted = ("#notation>", "#broader>", "#prefLabel>")
        made.append({line for line in lines if line.split(" ")[1].endswith(wanted)})
        assert sum("#type>" in line and "#Concept>" in line for line in lines) == 996, name
    assert made[0] == made[1]
    notations = [{line for line in each if "#notation>" in line} for each in made]
    assert notations[0] == notations[2]
    assert len([line for line in made[2] if "#broader>" in line]) == 975


def test_m49_has_six_languages(ask: Ask, taxonomies: Path) -> None:
    rows = table(tarred(taxonomies / "country-codes-m49.tar.gz", "UNSD-en.csv"))
    countries = {row["ISO-alpha3 Code"] for row in rows}
    graph = in_graph("m49/2026-05", "?c pai:inRegion ?r")
    assert count(ask, graph) == sum(bool(row["Region Code"]) for row in rows)
    for language in ("ar", "es", "ru", "zh"):
        named = f"?c pai:inRegion|<{DCT}identifier> ?x ; skos:prefLabel ?l"
        query = in_graph("m49/2026-05", f"{named} FILTER (LANG(?l) = '{language}')")
        assert len(ask(f"SELECT DISTINCT ?c {{ {query} }}")) == len(countries)


# ---- Crosswalks


@pytest.mark.parametrize(
    ("name", "rows", "skip", "column"),
    [
        ("fr", 11118, 15, "mapping relation"),
        ("se", 5529, 17, "Mapping relation"),
        ("de", 8735, 16, "Mapping relation"),
        ("nl", 5651, 16, "Mapping relation"),
        ("onet", 4253, 16, "Type of Match"),
    ],
)
def test_every_row_of_a_crosswalk_is_a_mapping(  # noqa: PLR0917 - parameters of the table
    name: str, rows: int, skip: int, column: str, crosswalks: dict[str, Path], read: Read
) -> None:
    found = table(crosswalks[name].read_bytes(), skip=skip)
    assert len(found) == rows
    sink = read("crosswalk", [crosswalks[name]], name)
    kinds = Counter(row[column].removeprefix("skos:") for row in found)
    kinds["exactMatch"] += kinds.pop("exactISCO", 0)
    kinds["relatedMatch"] = kinds.pop("no relation", 0)
    predicates = [line for line in sink.lines() if "annotatedProperty" in line]
    said = Counter(line.rpartition("#")[2][:-3] for line in predicates)
    assert said == +kinds
    assert len(predicates) == rows
    assert sum("source_version" in line for line in sink.lines()) == 2 * rows
    assert not sink.errors
    if name == "fr":
        assert kinds == {
            "exactMatch": 1144, "closeMatch": 4597, "broadMatch": 5086, "narrowMatch": 291,
            "relatedMatch": 0,
        }  # fmt: skip


def test_all_codes_of_the_french_table_are_in_rome(
    ask: Ask, rome: Callable[[str], Rows], esco: Callable[[str], Rows], crosswalks: dict[str, Path]
) -> None:
    rows = table(crosswalks["fr"].read_bytes(), skip=15)
    titles = {row["code_ogr"] for row in rome("referentiel_appellation")}
    known = {row["conceptUri"] for row in [*esco("occupations_en"), *esco("ISCOGroups_en")]}
    assert sum(row["classification 2 ID"] in titles for row in rows) == 11118
    assert sum(row["classification 1 ID"] in known for row in rows) == 11113
    graph = in_graph("crosswalk/fr", "?m owl:annotatedSource ?e ; owl:annotatedTarget ?r")
    title = in_graph("rome/4.60", f"?r skos:inScheme <{BASE}code/rome-title>")
    assert count(ask, f"{graph} {title}") == 11118
    assert count(ask, f"{graph} {in_graph('esco/1.1.1', '?e a skos:Concept')}") == 11113


def test_all_codes_of_the_table_of_onet_are_in_onet(ask: Ask, crosswalks: dict[str, Path]) -> None:
    rows = table(crosswalks["onet"].read_bytes(), skip=16)
    codes = {row["O*NET Id"] for row in rows}
    graph = in_graph("crosswalk/onet", "?m owl:annotatedSource ?o")
    there = in_graph("onet/29.2", f"?o skos:inScheme <{BASE}code/onet>")
    assert int(ask(f"SELECT (COUNT(DISTINCT ?o) AS ?n) {{ {graph} {there} }}")[0][0]) == 940
    assert len(codes) == 940


def test_the_way_back_finds_its_occupations_by_code(
    loaded: tuple[Home, Outcome], ask: Ask, crosswalks: dict[str, Path], esco: Callable[[str], Rows]
) -> None:
    rows = [r for r in table(crosswalks["reverse"].read_bytes()) if r["ESCO/ISCO Code"]]
    known = {row["code"] for row in [*esco("occupations_en"), *esco("ISCOGroups_en")]}
    found = [row for row in rows if row["ESCO/ISCO Code"] in known]
    pattern = in_graph("crosswalk/reverse", "?m owl:annotatedSource ?e")
    assert count(ask, pattern) == len(found)
    item = next(each for each in loaded[1].loaded if each.source.name == "reverse")
    assert item.entry is not None
    assert item.entry.skipped == len(rows) - len(found) == 90


def test_the_workbook_says_what_the_table_says(crosswalks: dict[str, Path], read: Read) -> None:
    links = []
    for name in ("reverse", "reverse-book"):
        lines = read("crosswalk", [crosswalks[name]], name).lines()
        links.append({line for line in lines if "#relatedMatch>" in line.split(" ")[1]})
    assert links[0] == links[1]
    assert links[0]


def test_isco_soc_is_read_from_its_old_workbook(crosswalks: dict[str, Path], read: Read) -> None:
    sink = read("crosswalk", [crosswalks["soc"]], "soc")
    assert sink.rows_read == 1125
    assert not sink.errors
    assert any(
        line.startswith("<http://data.europa.eu/esco/isco/C0110> ")
        and line.endswith("<https://w3id.org/pes-ai/code/soc-2010/55-1011> .")
        for line in sink.lines()
    )


# ---- All together

FORTH = """
SELECT DISTINCT ?occupation ?onet ?finding {
    ?title skos:prefLabel "Data scientist"@fr ; skos:inScheme code:rome-title .
    ?occupation skos:exactMatch|skos:closeMatch ?title ; a esco:Occupation .
    ?onet skos:exactMatch|skos:closeMatch|skos:broadMatch|skos:narrowMatch ?occupation ;
        skos:inScheme code:onet .
    ?role skos:exactMatch ?occupation .
    ?finding a pai:Finding ; pai:mentionsRole ?role .
}"""
BACK = """
SELECT DISTINCT ?title {
    ?finding a pai:Finding ; pai:mentionsRole ?role .
    ?role skos:exactMatch ?occupation .
    <https://w3id.org/pes-ai/code/onet/15-2051.00>
        skos:exactMatch|skos:closeMatch|skos:broadMatch|skos:narrowMatch ?occupation .
    ?occupation skos:exactMatch|skos:closeMatch ?title .
    ?title skos:inScheme code:rome-title .
}"""


def test_one_query_goes_from_rome_to_the_findings_and_one_back(ask: Ask) -> None:
    rows = ask(FORTH)
    assert {row[0] for row in rows} == {DATA_SCIENTIST}
    assert f"{BASE}code/onet/15-2051.00" in {row[1] for row in rows}
    assert {row[2] for row in rows}
    assert (f"{BASE}code/rome/38972",) in ask(BACK)


def test_every_graph_says_version_licence_and_attribution(loaded: tuple[Home, Outcome]) -> None:
    entries = {item.source.kind: item.entry for item in loaded[1].loaded}
    esco_entry, rome_entry, onet_entry = (entries[kind] for kind in ("esco", "rome", "onet"))
    assert esco_entry is not None
    assert rome_entry is not None
    assert onet_entry is not None
    sentence = "This service uses the ESCO classification of the European Commission."
    assert esco_entry.attribution == sentence
    assert (rome_entry.version, onet_entry.version) == ("4.60", "29.2")
    assert esco_entry.licence.endswith("/authority/licence/COM_REUSE")
    assert "licence-ouverte" in rome_entry.licence
    assert "O*NET 29.2 Database" in onet_entry.attribution


def test_a_second_load_changes_nothing(loaded: tuple[Home, Outcome], sources: list[Source]) -> None:
    again = [
        Load(source) for source in sources if source.kind in {"onet", "nace", "m49", "crosswalk"}
    ]
    before = loaded[0].current()
    outcome = load(loaded[0], Base(BASE), again, who="test", why="again")
    assert outcome.manifest is None
    after = loaded[0].current()
    assert before is not None
    assert after is not None
    assert before.id == after.id


def test_the_names_of_the_graphs_come_from_the_files(taxonomies: Path) -> None:
    named = {
        "esco": (ESCO_EN, "1.1.1"),
        "rome": ("rome-4.60.tar.gz", "4.60"),
        "onet": ("onet-29.2-subset.tar.gz", "29.2"),
    }
    for kind, (file, name) in named.items():
        suggested = getattr(loader(kind), "name")  # noqa: B009 - not part of the protocol yet
        assert suggested([taxonomies / file]) == name


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("from-a-title-to-findings", {"title": f"{BASE}code/rome/38972"}),
        ("from-findings-to-titles", {}),
    ],
)
def test_the_ways_there_and_back_are_stored_queries(
    ask: Ask, name: str, parameters: dict[str, str]
) -> None:
    query = Catalogue.read().get("labour-market-ontology", name)
    rows = ask(bind_terms(query.text, bind(query, parameters, Base(BASE))))
    found = {value for row in rows for value in row}
    assert {f"{BASE}code/rome/38972", DATA_SCIENTIST, f"{BASE}code/onet/15-2051.00"} <= found
    assert any("/id/finding/" in value for value in found)
