"""The alignment bench: from a list to proposals, through a person, to mappings.

The classification and the list are made up.
"""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook

from pesai.alignment.ranking import Concept, Ranker, Reason
from pesai.alignment.schema import Role

Run = Callable[..., subprocess.CompletedProcess[str]]

JOBS = """
@prefix : <https://qm.example/job/> .
@prefix other: <https://xa.example/title/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
:jobs a skos:ConceptScheme ; skos:prefLabel "Jobs"@en ; owl:versionInfo "3" .
:1 a skos:Concept ; skos:inScheme :jobs ; skos:prefLabel "boulanger/boulangère"@fr, "baker"@en ;
  skos:altLabel "artisan boulanger"@fr ; skos:notation "0110" .
:2 a skos:Concept ; skos:inScheme :jobs ; skos:prefLabel "conseiller en emploi"@fr .
:3 a skos:Concept ; skos:inScheme :jobs ; skos:prefLabel "abatteur de volailles"@fr .
:4 a skos:Concept ; skos:inScheme :jobs ; skos:prefLabel "chef de gare"@fr .
other:titles a skos:ConceptScheme .
other:9 a skos:Concept ; skos:inScheme other:titles ; skos:prefLabel "Mitron"@fr .
:1 skos:narrowMatch other:9 .
other:8 a skos:Concept ; skos:inScheme other:titles ; skos:prefLabel "Aiguilleur"@fr ;
  skos:broader other:7 .
other:7 a skos:Concept ; skos:inScheme other:titles ; skos:prefLabel "Métiers de la gare"@fr .
"""
TITLES = ("Boulangère (H/F)", "Artisan boulanger", "Mitron", "Aiguilleur", "Conseillers emploi",
          "=1+1", "0110", "Boulangère (H/F)")  # fmt: skip
SCHEME = "https://qm.example/job/jobs"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The real command, in a home with two made-up classifications."""
    folder = tmp_path_factory.mktemp("bench")

    def run_it(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).parent / "pesai", *map(str, arguments)],
            env={**os.environ, "PESAI_HOME": str(folder / "var")},
            capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip

    turtle = folder / "jobs.ttl"
    turtle.write_text(JOBS, encoding="utf-8")
    done = run_it("load", "rdf", turtle)
    assert done.returncode == 0, done.stderr
    return run_it


@pytest.fixture
def aligned(run: Run, tmp_path: Path) -> tuple[Path, list[dict[str, str]]]:
    """A list, aligned."""
    listed, out = tmp_path / "list.csv", tmp_path / "candidates.sssom.tsv"
    with listed.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("titre",), *((title,) for title in TITLES)])
    done = run("align", listed, "--column", "titre", "--to", SCHEME, "--lang", "fr", "--out", out)
    assert done.returncode == 0, done.stderr
    assert "7 different rows, 6 with proposals" in done.stdout
    return out, rows(out)


def rows(path: Path) -> list[dict[str, str]]:
    lines = [x for x in path.read_text(encoding="utf-8").splitlines() if not x.startswith("#")]
    return list(csv.DictReader(lines, delimiter="\t"))


def test_each_reason_is_told(aligned: tuple[Path, list[dict[str, str]]]) -> None:
    _, found = aligned
    first = {row["subject_label"]: row for row in reversed(found)}
    told = {text: (row["object_id"], row["comment"]) for text, row in first.items()}
    assert told["Boulangère (H/F)"] == ("concept:1", "exact : c’est son nom")
    assert told["Artisan boulanger"] == ("concept:1", "autre libellé : artisan boulanger")
    assert told["0110"] == ("concept:1", "exact : c’est son nom")
    through = "par une table de correspondance, depuis : Mitron"
    assert told["Mitron"] == ("concept:1", through)
    assert told["Aiguilleur"] == ("concept:4", "lexical : chef de gare")
    assert told["Conseillers emploi"] == ("concept:2", "lexical : conseiller en emploi")
    assert "=1+1" not in told
    scores = [float(row["similarity_score"]) for row in found]
    assert all(0 < score <= 1 for score in scores)
    assert first["Boulangère (H/F)"]["similarity_score"] == "1.000"


def test_proposals_are_no_mappings_for_anybody(aligned: tuple[Path, list[dict[str, str]]]) -> None:
    """The predicate, which SSSOM requires, is not there until a person has decided."""
    _, found = aligned
    assert {row["predicate_id"] for row in found} == {""}
    assert {row["review"] for row in found} == {""}


def test_only_what_a_person_marked_is_loaded(
    aligned: tuple[Path, list[dict[str, str]]], run: Run
) -> None:
    out, found = aligned
    refused = run("load", "sssom", out, "--name", "mine")
    assert refused.returncode == 1
    assert "none is marked: write exact, close, broad" in refused.stderr
    marks = iter(("Exacte", "non", "clsoe"))
    text = out.read_text(encoding="utf-8")
    head = [line for line in text.splitlines() if line.startswith("#")]
    body = [line for line in text.splitlines() if not line.startswith("#")]
    lines = [body[0], *(next(marks, "") + line for line in body[1:])]
    out.write_text("\n".join([*head, *lines]) + "\n", encoding="utf-8")
    done = run("load", "sssom", out, "--name", "mine")
    assert done.returncode == 1
    assert f"{len(found) - 3} rows have no mark in 'review' and are left out" in done.stderr
    assert "1 rows are marked 'no' and are left out" in done.stderr
    assert "is no mark ('clsoe'; did you mean 'close'?)" in done.stderr
    asked = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
      PREFIX sssom: <https://w3id.org/sssom/> PREFIX owl: <http://www.w3.org/2002/07/owl#>
      SELECT ?label ?target ?why { ?term skos:exactMatch ?target . ?m owl:annotatedSource ?term ;
        sssom:subject_label ?label ; sssom:mapping_justification ?why }"""
    told = json.loads(run("query", "-e", asked, "--format", "json").stdout)
    [row] = told["results"]["bindings"]
    assert row["label"]["value"] == "Boulangère (H/F)"
    assert row["target"]["value"] == "https://qm.example/job/1"
    assert row["why"]["value"].endswith("ManualMappingCuration")


def test_what_a_person_marked_is_never_overwritten(
    run: Run, aligned: tuple[Path, list[dict[str, str]]]
) -> None:
    out, _ = aligned
    again = ("align", out.parent / "list.csv", "--column", "titre", "--to", SCHEME, "--lang", "fr",
             "--out", out)  # fmt: skip
    assert run(*again).returncode == 0, "nobody marked anything yet"
    fresh = out.read_text(encoding="utf-8")
    for marked in (fresh.replace("\n\t", "\nexact\t", 1), "another file", "\ufeff" + fresh):
        assert marked != fresh
        out.write_text(marked, encoding="utf-8")
        done = run(*again)
        assert (done.returncode, "choose another --out" in done.stderr) == (2, True)
        assert out.read_text(encoding="utf-8") == marked


def test_a_spreadsheet_program_may_save_the_proposals(
    aligned: tuple[Path, list[dict[str, str]]], run: Run, tmp_path: Path
) -> None:
    """Quoted lines of the head, filled up with empty cells; semicolons, as in France."""
    out, _ = aligned
    cells = [line.split("\t") for line in out.read_text(encoding="utf-8").splitlines()]
    width = max(map(len, cells))
    marked = False
    saved = tmp_path / "saved.sssom.csv"
    with saved.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL)
        for row in cells:
            if row[0] == "" and not marked:
                row[0], marked = "exact", True
            table.writerow(row + [""] * (width - len(row)))
    done = run("load", "sssom", saved, "--name", "saved", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "sssom/saved: 1 rows read, 0 skipped" in done.stdout


def test_the_proposals_may_be_saved_as_a_workbook(
    aligned: tuple[Path, list[dict[str, str]]], run: Run, tmp_path: Path
) -> None:
    out, found = aligned
    book, saved = Workbook(), tmp_path / "saved.xlsx"
    sheet = book.active
    assert sheet is not None
    for number, line in enumerate(out.read_text(encoding="utf-8").splitlines()):
        sheet.append(line.split("\t"))
        if line.startswith("\t") and not any(row[0].value == "proche" for row in sheet.iter_rows()):
            sheet.cell(number + 1, 1, "proche")
    book.save(saved)
    done = run("load", "sssom", saved, "--name", "workbook", "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "sssom/workbook: 1 rows read, 0 skipped" in done.stdout
    assert f"{len(found) - 1} rows have no mark in 'review' and are left out" in done.stderr


def test_a_workbook_is_read_and_its_formulas_stay_text(run: Run, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("nr", "titre"), ("a", "chef de gare"), ("b", "-chef")):
        sheet.append(row)
    listed, out = tmp_path / "list.xlsx", tmp_path / "out.sssom.tsv"
    book.save(listed)
    done = run("align", listed, "--column", "titre", "--id", "nr", "--to", "jobs",
               "--lang", "fr", "--out", out, "--json")  # fmt: skip
    assert json.loads(done.stdout)["rows"] == 2
    found = rows(out)
    assert found[0]["subject_id"].startswith("term:list-a-")
    assert found[-1]["subject_label"] == "'-chef"


@pytest.mark.parametrize(
    ("changed", "code", "said"),
    [
        ({"--column": "titer"}, 1, "has no column 'titer'; did you mean 'titre'? It has: titre"),
        ({"--to": "job"}, 2, "there is no classification 'job' here"),
        ({"--to": "job"}, 2, "did you mean 'jobs'?"),
        ({"--lang": "de"}, 1, "has a label in the language 'de'; there are: fr (4), en (1)"),
    ],
)
def test_errors_teach(
    run: Run, tmp_path: Path, changed: dict[str, str], code: int, said: str
) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("titre\nchef\n", encoding="utf-8")
    options = {"--column": "titre", "--to": SCHEME, "--lang": "fr", "--out": "x.tsv"} | changed
    done = run("align", listed, *(part for pair in options.items() for part in pair))
    assert done.returncode == code
    assert said in done.stderr


def test_more_of_the_rare_words_is_better() -> None:
    names = ("agent de gare", "agent de banque", "agent de quai", "chef de gare")
    ranker = Ranker(Concept(name, name, [(name, Role.PREFERRED)]) for name in names)
    first, second, *_ = ranker.rank("Agente en gares et stations")
    assert (first.concept.name, first.reason) == ("agent de gare", Reason.LEXICAL)
    assert second.score < first.score < 0.9
    assert ranker.rank("xyzzy") == []


def test_the_version_is_that_of_the_labels(run: Run, tmp_path: Path) -> None:
    """Labels of an older ESCO for the concepts of a newer one (both made up here)."""
    start = "http://data.europa.eu/esco/skill/00000000-0000-0000-0000-00000000000"
    header = "conceptType,conceptUri,skillType,preferredLabel"
    for version, language, label in (
        ("1.2.0", "en", "made-up law"),
        ("1.0.x", "fr", "droit inventé"),
    ):
        path = tmp_path / f"esco-{version}" / f"skills_{language}.csv"
        path.parent.mkdir()
        row = f"KnowledgeSkillCompetence,{start}1,knowledge,{label}"
        path.write_text(f"{header}\n{row}\n", encoding="utf-8")
        name = version if language == "en" else f"{version}-labels-{language}"
        done = run("load", "esco", path, "--name", name)
        assert done.returncode == 0, done.stderr
    listed = tmp_path / "list.csv"
    listed.write_text("t\ndroit inventé\n", encoding="utf-8")
    for language, version in (("en", "1.2.0"), ("fr", "1.0.x")):
        out = tmp_path / f"{language}.sssom.tsv"
        done = run("align", listed, "--column", "t", "--to", "esco:skill", "--lang", language,
                   "--out", out)  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert f'#object_source_version: "{version}"' in out.read_text(encoding="utf-8")
