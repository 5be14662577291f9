"""The wheel and the sdist hold what they should, and work from a hostile folder."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA_FOLDERS = ("ontology", "queries", "data")


def run(*command: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def tracked(*folders: str) -> set[str]:
    """Files of the checkout that git knows, or all of them where there is no git."""
    listed = run("git", "ls-files", *folders, cwd=ROOT)
    if listed.returncode == 0 and listed.stdout:
        return {name for name in listed.stdout.splitlines() if (ROOT / name).is_file()}
    found = (path for folder in folders for path in (ROOT / folder).rglob("*"))
    return {str(path.relative_to(ROOT)) for path in found if path.is_file()}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a fresh sdist, and the wheel that was made from that sdist."""
    folder = tmp_path_factory.mktemp("dist")
    done = run(
        sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of an environment with the wheel, and with our locked dependencies beside it."""
    folder = tmp_path_factory.mktemp("venv")
    venv.create(folder, with_pip=False)
    packages = next((folder / "lib").glob("python*/site-packages"))
    # A path line lends the dependencies; .pth files in there (our editable install) are not read.
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    wheel = next(built.glob("*.whl"))
    done = run(
        sys.executable, "-m", "pip", "--python", folder / "bin" / "python", "install",
        "--no-deps", "--no-index", "--force-reinstall", wheel, cwd=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder / "bin"


def test_the_wheel_holds_the_data_folders_and_no_generic_names(built: Path) -> None:
    names = set(zipfile.ZipFile(next(built.glob("*.whl"))).namelist())
    rehomed = {
        name.removeprefix("pesai/_data/") for name in names if name.startswith("pesai/_data/")
    }
    assert rehomed == tracked(*DATA_FOLDERS)
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"pesai", "loaders"}
    assert "pesai/py.typed" in names


def test_the_sdist_is_enough_to_work_on(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    needed = {"Makefile", "requirements.lock", "server.py", "LICENSE", "pyproject.toml"}
    assert needed <= names
    assert tracked(*DATA_FOLDERS, "pesai", "loaders", "tests", "docs") <= names


def test_a_checkout_has_no_second_copy_of_the_data() -> None:
    assert not (ROOT / "pesai" / "_data").exists()


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder whose names try to pass for ours."""
    for name in (*DATA_FOLDERS, "loaders", "pesai"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('shadowed')\n")
        (tmp_path / name / "organisations.csv").write_text("id\nmine\n")
    (tmp_path / "server.py").write_text("raise RuntimeError('shadowed')\n")
    return tmp_path


def test_the_installed_command_builds_and_answers_from_a_hostile_folder(
    installed: Path, hostile: Path
) -> None:
    home = str(hostile / "var")
    build = run(installed / "pesai", "build", cwd=hostile, PESAI_HOME=home)
    assert build.returncode == 0, build.stdout + build.stderr
    count = "SELECT (COUNT(*) AS ?n) { ?o a <http://www.w3.org/ns/org#Organization> }"
    asked = run(
        installed / "pesai", "query", "-e", count, "--format", "csv", cwd=hostile, PESAI_HOME=home
    )
    rows = (ROOT / "data" / "organisations.csv").read_text(encoding="utf-8")
    assert asked.returncode == 0, asked.stderr
    assert int(asked.stdout.split()[1]) == len(rows.splitlines()) - 1


def test_a_foreign_loaders_folder_is_named(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "loaders").mkdir()
    (tmp_path / "loaders" / "__init__.py").touch()
    script = "from pesai.loading.discovery import loader; loader('organisations')"
    done = run(installed / "python", "-c", script, cwd=tmp_path)
    assert done.returncode != 0
    assert str(tmp_path / "loaders") in done.stderr


def test_an_editable_install_works_from_a_hostile_folder(hostile: Path) -> None:
    command = Path(sys.executable).parent / "pesai"
    done = run(command, "build", cwd=hostile, PESAI_HOME=str(hostile / "var"))
    assert done.returncode == 0, done.stderr
