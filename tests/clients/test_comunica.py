"""Comunica, the query engine for the web, asks the service as one of its sources.

It is some 500 packages, so ``make soak`` brings it and other runs use it where it is already.
"""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.shortened import SOAK
from tools.vendor import npm

HERE = Path(__file__).parent
CACHE = Path(__file__).parents[2] / ".cache" / "comunica"
PREFIX = "PREFIX org: <http://www.w3.org/ns/org#> "


@pytest.fixture(scope="module")
def comunica() -> Path:
    """The script that asks, beside the packages that it needs."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed here, and Comunica runs on it")
    lock = HERE / "package-lock.json"
    done = CACHE / "done"
    if not (done.is_file() and done.read_bytes() == lock.read_bytes()):
        if not SOAK:
            pytest.skip("Comunica is not there yet: 'make soak' brings it from npm")
        _install(lock)
        done.write_bytes(lock.read_bytes())
    return Path(shutil.copy(HERE / "ask.mjs", CACHE))


def _install(lock: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    for name in (lock.name, "package.json"):
        shutil.copy(HERE / name, CACHE)
    command = [*next(npm()), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    run = subprocess.run(
        command, cwd=CACHE, capture_output=True, text=True, timeout=600, check=False
    )
    if run.returncode:
        pytest.skip(f"npm could not bring Comunica: {run.stderr.strip()[:300]}")


def ask(script: Path, service: str, query: str) -> list[str]:
    run = subprocess.run(
        ["node", str(script), f"{service}/sparql", query],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-1000:]
    return run.stdout.splitlines()


def test_comunica_asks_in_every_form(comunica: Path, service: str) -> None:
    rows = ask(
        comunica, service, PREFIX + "SELECT ?o { ?o a org:Organization } ORDER BY ?o LIMIT 3"
    )
    assert len(rows) == 3
    assert all(row.startswith("o=https://w3id.org/pes-ai/id/organisation/") for row in rows)
    assert ask(comunica, service, "ASK { ?s ?p ?o }") == ["true"]
    construct = PREFIX + "CONSTRUCT { ?o a org:Organization } WHERE { ?o a org:Organization }"
    assert int(ask(comunica, service, construct)[0]) > 200


def test_comunica_joins_at_the_service(comunica: Path, service: str) -> None:
    query = (
        "PREFIX pai: <https://w3id.org/pes-ai/def#> PREFIX dcterms: <http://purl.org/dc/terms/> "
        "SELECT (COUNT(DISTINCT ?i) AS ?n) { ?i a pai:Initiative ; dcterms:title ?t }"
    )
    assert ask(comunica, service, query) == ["n=258"]
