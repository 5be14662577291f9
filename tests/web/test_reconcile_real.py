"""Reconciliation over HTTP with the published ESCO and ROME: how often the right one is first."""

import csv
import io
import json
import os
import random
import tarfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from pesai.loading.loader import Source
from pesai.namespaces import Base
from pesai.releases.bundled import bundled
from pesai.releases.intake import Load, load
from pesai.releases.layout import Home
from tests.conftest import Serve
from tests.web.conftest import FORM, Client
from tests.web.reconciliation import check

pytestmark = pytest.mark.alone

ESCO = "ESCO dataset - v1.1.1 - classification -  - csv.zip"
ESCO_EN = "ESCO dataset - v1.1.1 - classification - en - csv.zip"
ROME = "https://w3id.org/pes-ai/code/rome/"
SEED = 20210204

Cases = list[tuple[str, str, str]]
"""Name, type, and the IRI that is right."""


@pytest.fixture(scope="module")
def folder() -> Path:
    """The folder of the published files."""
    named = os.environ.get("PESAI_TAXONOMIES", "")
    if named and Path(named).is_dir():
        return Path(named)
    reason = "PESAI_TAXONOMIES names no folder with the published classifications"
    if os.environ.get("PESAI_REQUIRE_TAXONOMIES") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="module")
def client(
    folder: Path, serve: Serve, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Client]:
    home = tmp_path_factory.mktemp("aligned") / "var"
    sources = [
        Source("esco", "1.1.1", tuple(folder / n for n in (ESCO, ESCO_EN, "esco-1.1.1-fr.tar.gz"))),
        Source("rome", "4.60", (folder / "rome-4.60.tar.gz",)),
    ]
    every = [Load(source) for source in (*bundled(), *sources)]
    load(Home(home), Base("https://w3id.org/pes-ai/"), every, who="test", why="test")
    with serve(home) as address:
        yield Client(address)


def drawn(cases: Cases) -> Cases:
    return random.Random(SEED).sample(sorted(set(cases)), 200)


@pytest.fixture(scope="module")
def titles(folder: Path) -> Cases:
    """Titles of ROME, with their codes, from the file itself."""
    with tarfile.open(folder / "rome-4.60.tar.gz") as archive:
        name = "rome-4.60/unix_referentiel_appellation_v460_utf8.csv"
        found = next(m for m in archive.getmembers() if m.name.endswith(name.rpartition("/")[2])
                     and "second" not in m.name)  # fmt: skip
        handle = archive.extractfile(found)
        assert handle is not None
        rows = list(csv.DictReader(io.StringIO(handle.read().decode("utf-8-sig"))))
    return [(r["libelle_appellation_long"], "rome-title", ROME + r["code_ogr"]) for r in rows]


@pytest.fixture(scope="module")
def concepts(folder: Path) -> list[dict[str, str]]:
    """Occupations and skills of ESCO, from the files themselves."""
    rows = []
    before = csv.field_size_limit(1 << 24)
    with zipfile.ZipFile(folder / ESCO_EN) as archive:
        for name in ("occupations_en.csv", "skills_en.csv"):
            inner = next(
                each for each in archive.namelist() if each.endswith(f"/{name}") or each == name
            )
            text = io.StringIO(archive.read(inner).decode("utf-8-sig"), newline="")
            kind = "esco:Occupation" if name.startswith("occ") else "esco:Skill"
            rows += [row | {"kind": kind} for row in csv.DictReader(text)]
    csv.field_size_limit(before)
    return rows


def ask(client: Client, cases: Cases) -> tuple[int, float]:
    """How many right ones are first, and the seconds of the slowest batch of 50."""
    right, slowest = 0, 0.0
    for start in range(0, len(cases), 50):
        batch = cases[start : start + 50]
        queries = {str(i): {"query": n, "type": t, "limit": 5} for i, (n, t, _) in enumerate(batch)}
        body = urlencode({"queries": json.dumps(queries)}).encode()
        begun = time.monotonic()
        reply = client.send("POST", "/reconcile", body, Content_Type=FORM)
        slowest = max(slowest, time.monotonic() - begun)
        assert reply.status == 200, reply.text
        check("reconciliation-result-batch", reply.json)
        for i, (_name, _type, iri) in enumerate(batch):
            right += _first(reply.json[str(i)]) == iri
    return right, slowest


def _first(answer: dict[str, Any]) -> str:
    return str(answer["result"][0]["id"]) if answer["result"] else ""


def test_titles_of_rome(client: Client, titles: Cases) -> None:
    right, slowest = ask(client, drawn(titles))
    assert right >= 190
    assert slowest < 1


def one_gender(title: str) -> str:
    """The feminine title, where 'masculine / feminine rest' names both."""
    return title.partition(" / ")[2] or title


def test_one_gender_alone(client: Client, titles: Cases) -> None:
    both = [(n, t, i) for n, t, i in titles if n.count(" / ") == 1 and " " not in n.split(" / ")[0]]
    right, _slowest = ask(client, [(one_gender(n), t, i) for n, t, i in drawn(both)])
    assert right >= 190


def test_preferred_labels_of_esco(client: Client, concepts: list[dict[str, str]]) -> None:
    cases = [(r["preferredLabel"], r["kind"], r["conceptUri"]) for r in concepts]
    right, slowest = ask(client, drawn(cases))
    assert right >= 190
    assert slowest < 1


def test_alternative_labels_of_esco(client: Client, concepts: list[dict[str, str]]) -> None:
    cases = [
        (label, row["kind"], row["conceptUri"])
        for row in concepts
        for label in row["altLabels"].split("\n")
        if label.strip() and label != row["preferredLabel"]
    ]
    right, _slowest = ask(client, drawn(cases))
    assert right >= 160


def test_the_other_language_finds_it_too(client: Client) -> None:
    queries = {"fr": {"query": "scientifique des données", "type": "esco:Occupation"},
               "en": {"query": "data scientist", "type": "esco:Occupation"}}  # fmt: skip
    body = urlencode({"queries": json.dumps(queries)}).encode()
    reply = client.send("POST", "/reconcile", body, Content_Type=FORM).json
    assert _first(reply["fr"]) == _first(reply["en"]) != ""


def test_every_letter_of_a_title_is_answered_in_time(client: Client) -> None:
    """A rough bound for a busy machine; ``benchmarks.search`` measures."""
    times = []
    for title in ("data scientist", "conseiller en insertion", "abatteuse de carrière"):
        for size in range(3, len(title) + 1):
            query = urlencode({"q": title[:size], "format": "json"})
            reply = client.send("GET", f"/search?{query}")
            assert reply.status == 200
            times.append(float(reply.headers["server-timing"].rpartition("dur=")[2]))
    assert sorted(times)[int(len(times) * 0.9)] < 100


def test_concept_pages_of_the_published_files(client: Client) -> None:
    """Data scientist: 54 essential and 21 optional skills, under ISCO 2511."""
    iri = "http://data.europa.eu/esco/occupation/258e46f9-0075-4a2e-adae-1ff0477e0f30"
    query = urlencode({"iri": iri, "lang": "en"})
    page = client.send("GET", f"/concept?{query}", Accept="text/html").text
    sentence = "This service uses the ESCO classification of the European Commission."
    assert sentence in page
    for said in ("54 by “essential skills”", "21 by “optional skills”", ">2511</span>"):
        assert said in page
    by = "http://data.europa.eu/esco/model#relatedEssentialSkill"
    query = urlencode({"iri": iri, "by": by, "way": "out", "format": "csv"})
    assert len(client.send("GET", f"/references?{query}").text.splitlines()) == 55
