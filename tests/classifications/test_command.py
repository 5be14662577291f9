"""Classifications through the command line: names of graphs, folders, versions side by side."""

import json
import re
from pathlib import Path

import pytest

from pesai.cli.load import source_of
from pesai.errors import InputProblem, WrongUse
from tests.conftest import RunPesai

DATA = Path(__file__).parent.parent / "data" / "classifications"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("versions") / "var"


def graphs(run_pesai: RunPesai, home: Path) -> dict[str, int]:
    done = run_pesai(home, "graphs", "list", "--json")
    assert done.returncode == 0, done.stderr
    listed = json.loads(done.stdout)
    return {entry["iri"].partition("/graph/")[2]: entry["triples"] for entry in listed}


def test_versions_live_side_by_side_under_their_own_names(run_pesai: RunPesai, home: Path) -> None:
    for version in ("1.2.0", "1.2.1"):
        done = run_pesai(home, "load", "esco", str(DATA / f"esco-{version}"))
        assert done.returncode == 0, done.stderr
    assert set(graphs(run_pesai, home)) == {"esco/1.2.0", "esco/1.2.1"}


def test_a_second_load_makes_no_release(run_pesai: RunPesai, home: Path) -> None:
    before = graphs(run_pesai, home)
    done = run_pesai(home, "load", "esco", str(DATA / "esco-1.2.0"))
    assert done.returncode == 0, done.stderr
    assert graphs(run_pesai, home) == before
    releases = json.loads(run_pesai(home, "releases", "list", "--json").stdout)
    assert len(releases) == 2


def test_all_is_made_again_from_the_kept_sources(run_pesai: RunPesai, home: Path) -> None:
    before = graphs(run_pesai, home)
    done = run_pesai(home, "rebuild")
    assert done.returncode == 0, done.stderr
    assert graphs(run_pesai, home) == before


def test_labels_alone_keep_the_points_of_their_name(run_pesai: RunPesai, tmp_path: Path) -> None:
    home, name = tmp_path / "var", "1.2.0-labels-en"
    path = str(DATA / "esco-1.2.0")
    done = run_pesai(home, "load", "esco", path, "--name", name)
    assert done.returncode == 0, done.stderr
    assert set(graphs(run_pesai, home)) == {f"esco/{name}"}


def test_a_name_is_of_the_version_that_the_files_tell(tmp_path: Path) -> None:
    folder = tmp_path / "esco-1.1.1-fr"
    folder.mkdir()
    file = folder / "occupations_fr.csv"
    file.write_text("", encoding="utf-8")
    with pytest.raises(WrongUse, match=re.escape("of version 1.1.1, and --name says 1.2.0")):
        source_of("esco", [folder], "1.2.0")
    assert source_of("esco", [folder]).name == "1.1.1"
    assert source_of("esco", [folder], "1.1.1").name == "1.1.1"
    assert source_of("esco", [folder], "mine").name == "mine"


def test_a_file_that_is_given_twice_is_read_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.csv").write_text("", encoding="utf-8")
    file, other = tmp_path / "a" / "x.csv", tmp_path / "b" / "x.csv"
    assert source_of("rdf", [file, file], "x").paths == (file,)
    with pytest.raises(InputProblem, match="two files are called") as told:
        source_of("rdf", [file, other], "x")
    assert str(other) in str(told.value)
