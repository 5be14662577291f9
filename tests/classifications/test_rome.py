"""ROME: files, places in the graph and bad input, with made-up rows."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from loaders.rome import RomeLoader
from pesai.errors import InputProblem
from pesai.loading.loader import Source
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, OWL, SKOS
from tests.classifications.conftest import Graph, Read

ROME = "https://w3id.org/pes-ai/code/rome/"
TABLES = {
    "grand_domaine": ('"code_grand_domaine","libelle_grand_domaine"', '"M","Inventé"'),
    "domaine_professionnel": (
        '"code_domaine_professionnel","libelle_domaine_professionnel"',
        '"M14","Inventé aussi"',
    ),
    "referentiel_code_rome": (
        '"code_rome","code_ogr","libelle_rome"',
        '"M1405","900001","Métier inventé"',
        '"M1406","900002","Autre métier inventé"',
    ),
    "referentiel_appellation": (
        '"code_ogr","libelle_appellation_long","libelle_appellation_court","code_rome"',
        '"900010","Titre / Titresse inventé","Titre inventé","M1405"',
    ),
    "referentiel_competence": (
        '"code_ogr","nature","libelle_competence","code_ogr_macro_comp","code_macro_comp"',
        '"900020","Compétence","Inventer","900021",""',
        '"900021","Macro-compétence","Imaginer","","1A101"',
    ),
    "referentiel_savoir": (
        '"code_ogr_savoir","libelle_savoir","categorie_savoir","sous_categorie_savoir"',
        '"900030","Art d\'inventer","Arts","Imagination"',
    ),
    "referentiel_contexte_travail": (
        '"code_ogr","libelle_cont_travail","libelle_type_cont_trav"',
        '"900040","En rêve","Lieux"',
    ),
    "texte": (
        '"code_rome","libelle_type_texte","position_phrase","libelle_texte"',
        '"M1405","definition","2","Le soir."',
        '"M1405","definition","1","Invente l\'\'avenir."',
        '"M1405","acces_metier","1","Sans diplôme."',
    ),
    "coherence_item": (
        '"code_rome","code_ogr"',
        '"M1405","900020"',
        '"M1405","900030"',
        '"M1405","900040"',
    ),
    "rubrique_mobilite": ('"code_rome","code_rome_cible"', '"M1405","M1406"'),
}

Pack = Callable[..., list[Path]]


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """``pack(version="999", texte=[...])``: the files of a made-up version, some replaced."""

    def make(version: str = "999", **changed: tuple[str, ...]) -> list[Path]:
        folder = tmp_path / f"rome-{version[0]}.{version[1:]}"
        folder.mkdir(exist_ok=True)
        for name, rows in {**TABLES, **changed}.items():
            if rows:
                path = folder / f"unix_{name}_v{version}_utf8.csv"
                path.write_text("\n".join(rows) + "\n", encoding="utf-8")
        return [folder]

    return make


def objects(store: Store, code: str, predicate: NamedNode) -> set[str]:
    found = store.quads_for_pattern(NamedNode(ROME + code), predicate, None)
    terms = [quad.object for quad in found]
    return {term.value for term in terms if isinstance(term, NamedNode | Literal)}


def said(sink: Sink) -> str:
    return "\n".join(str(issue) for issue in sink.issues)


def test_every_list_has_its_place(read: Read, pack: Pack, graph: Graph) -> None:
    sink = read("rome", pack(), "9.99")
    store = graph(sink)
    assert objects(store, "M14", SKOS.broader) == {f"{ROME}M"}
    assert objects(store, "M1405", SKOS.broader) == {f"{ROME}M14"}
    assert objects(store, "M1405", DCTERMS.identifier) == {"900001"}
    assert objects(store, "900010", SKOS.broader) == {f"{ROME}M1405"}
    assert objects(store, "900010", SKOS.prefLabel) == {"Titre / Titresse inventé"}
    assert objects(store, "900010", SKOS.altLabel) == {"Titre inventé"}
    assert objects(store, "900020", SKOS.broader) == {f"{ROME}900021"}
    assert objects(store, "900030", SKOS.note) == {"Arts > Imagination"}
    assert objects(store, "M1405", SKOS.definition) == {"Invente l''avenir. Le soir."}
    assert objects(store, "M1405", SKOS.related) == {
        f"{ROME}{code}" for code in ("900020", "900030", "900040", "M1406")
    }
    scheme = "https://w3id.org/pes-ai/code/rome"
    assert objects(store, "900020", SKOS.inScheme) == {scheme, f"{scheme}-skill"}
    versions = store.quads_for_pattern(NamedNode(scheme), OWL.versionInfo, None)
    assert {quad.object for quad in versions} == {Literal("9.99")}
    assert said(sink) == (
        "unix_texte_v999_utf8.csv:3: note: apostrophes are doubled "
        "(\"Invente l''avenir.\"; kept as published)"
    )


def test_the_version_is_told_by_the_names(pack: Pack) -> None:
    (folder,) = pack("461")
    assert RomeLoader().name([folder]) == "4.61"
    about = RomeLoader().describe(Source("rome", "4.61", tuple(sorted(folder.iterdir()))))
    assert (about.version, about.title_fr) == ("4.61", "ROME 4.61")


def test_another_version_under_this_name_is_refused(read: Read, pack: Pack) -> None:
    with pytest.raises(InputProblem, match=r"of version 461, and the graph is called 4\.60"):
        read("rome", pack("461"), "4.60")


def test_a_missing_file_is_named_with_its_use(read: Read, pack: Pack) -> None:
    told = said(read("rome", pack(coherence_item=()), "9.99"))
    assert "there is no file unix_coherence_item_v….csv: it links job cards to skills" in told


def test_of_two_copies_the_upper_one_is_taken_and_the_other_named(
    read: Read, pack: Pack, graph: Graph
) -> None:
    (folder,) = pack()
    lower = folder / "again"
    lower.mkdir()
    name = "unix_grand_domaine_v999_utf8.csv"
    (lower / name).write_text('"code_grand_domaine","libelle_grand_domaine"\n"M","Autre"\n')
    archive = folder.parent / "rome-9.99.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.rglob("*.csv")):
            packed.write(path, path.relative_to(folder.parent))
    sink = read("rome", [archive], "9.99")
    assert "stands twice, with another content: rome-9.99/again/" in said(sink)
    assert objects(graph(sink), "M", SKOS.prefLabel) == {"Inventé"}


def test_latin_1_is_told_and_read(read: Read, pack: Pack, graph: Graph) -> None:
    (folder,) = pack()
    rows = (
        '"code_secteur_naf","libelle_secteur_naf","code_rome"',
        '"1","Élevage inventé","M1405"',
        '"62","Inventions","M1405"',
    )
    path = folder / "unix_arborescence_secteur_naf_v999_utf8.csv"
    path.write_bytes("\n".join(rows).encode("latin-1"))
    sink = read("rome", [folder], "9.99")
    told = said(sink)
    assert f"{path.name}:2: warning: is not UTF-8 but latin-1, and is read so" in told
    assert "the code has lost its leading zero ('1'; 01; kept as published)" in told
    naf = NamedNode("https://w3id.org/pes-ai/code/naf/1")
    labels = graph(sink).quads_for_pattern(naf, SKOS.prefLabel, None)
    assert {quad.object for quad in labels} == {Literal("Élevage inventé", language="fr")}


def test_bad_rows_are_told_and_good_ones_are_loaded(read: Read, pack: Pack, graph: Graph) -> None:
    titles = (
        *TABLES["referentiel_appellation"],
        '"900010","Le même numéro","","M1406"',
        '"","Sans numéro","","M1406"',
        '"900011","","","M1406"',
        '"900012","Sans métier","","M9999"',
        '"900013","Bon","","M1406"',
    )
    sink = read("rome", pack(referentiel_appellation=titles), "9.99")
    told = said(sink)
    file = "unix_referentiel_appellation_v999_utf8.csv"
    assert f"{file}:3: error: the code is also in row 2 of {file} ('900010'" in told
    assert f"{file}:4: error: the code is missing ('Sans numéro'" in told
    assert f"{file}:5: error: the label is missing ('900011'" in told
    assert f"{file}:6:code_rome: warning: is in no list of ROME ('M9999'" in told
    assert sink.rows_skipped == 3
    assert objects(graph(sink), "900013", SKOS.prefLabel) == {"Bon"}


def test_another_folder_is_refused(read: Read, tmp_path: Path) -> None:
    (tmp_path / "holiday.csv").write_text("a\n1\n")
    with pytest.raises(InputProblem, match=r"no file of ROME among holiday\.csv"):
        read("rome", [tmp_path], "9.99")
