"""Reconciliation over HTTP with the published ESCO and ROME: how often the right one is first."""

import json
import random
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from pesai.releases.intake import Outcome
from pesai.releases.layout import Home
from tests.classifications.published.files import DATA_SCIENTIST, Rows
from tests.conftest import Serve
from tests.web.conftest import FORM, Client
from tests.web.reconciliation import check

ROME = "https://w3id.org/pes-ai/code/rome/"
SEED = 20210204

Cases = list[tuple[str, str, str]]
"""Name, type, and the IRI that is right."""


@pytest.fixture(scope="module")
def client(loaded: tuple[Home, Outcome], serve: Serve) -> Iterator[Client]:
    with serve(loaded[0].path) as address:
        yield Client(address)


def drawn(cases: Cases) -> Cases:
    return random.Random(SEED).sample(sorted(set(cases)), 200)


@pytest.fixture(scope="module")
def titles(rome: Callable[[str], Rows]) -> Cases:
    """Titles of ROME, with their codes, from the file itself."""
    rows = rome("referentiel_appellation")
    return [(r["libelle_appellation_long"], "rome-title", ROME + r["code_ogr"]) for r in rows]


@pytest.fixture(scope="module")
def concepts(esco: Callable[[str], Rows]) -> Rows:
    """Occupations and skills of ESCO, from the files themselves."""
    kinds = {"occupations_en": "esco:Occupation", "skills_en": "esco:Skill"}
    return [row | {"kind": kind} for name, kind in kinds.items() for row in esco(name)]


def right(client: Client, cases: Cases) -> int:
    """How many right ones are first, asked in batches of 50."""
    found = 0
    for start in range(0, len(cases), 50):
        batch = cases[start : start + 50]
        queries = {str(i): {"query": n, "type": t, "limit": 5} for i, (n, t, _) in enumerate(batch)}
        body = urlencode({"queries": json.dumps(queries)}).encode()
        reply = client.send("POST", "/reconcile", body, Content_Type=FORM)
        assert reply.status == 200, reply.text
        check("reconciliation-result-batch", reply.json)
        for i, (_name, _type, iri) in enumerate(batch):
            found += _first(reply.json[str(i)]) == iri
    return found


def _first(answer: dict[str, Any]) -> str:
    return str(answer["result"][0]["id"]) if answer["result"] else ""


def test_titles_of_rome(client: Client, titles: Cases) -> None:
    assert right(client, drawn(titles)) >= 190


def one_gender(title: str) -> str:
    """The feminine title, where 'masculine / feminine rest' names both."""
    return title.partition(" / ")[2] or title


def test_one_gender_alone(client: Client, titles: Cases) -> None:
    both = [(n, t, i) for n, t, i in titles if n.count(" / ") == 1 and " " not in n.split(" / ")[0]]
    assert right(client, [(one_gender(n), t, i) for n, t, i in drawn(both)]) >= 190


def test_preferred_labels_of_esco(client: Client, concepts: Rows) -> None:
    cases = [(r["preferredLabel"], r["kind"], r["conceptUri"]) for r in concepts]
    assert right(client, drawn(cases)) >= 190


def test_alternative_labels_of_esco(client: Client, concepts: Rows) -> None:
    cases = [
        (label, row["kind"], row["conceptUri"])
        for row in concepts
        for label in row["altLabels"].split("\n")
        if label.strip() and label != row["preferredLabel"]
    ]
    assert right(client, drawn(cases)) >= 160


def test_the_other_language_finds_it_too(client: Client) -> None:
    queries = {"fr": {"query": "scientifique des données", "type": "esco:Occupation"},
               "en": {"query": "data scientist", "type": "esco:Occupation"}}  # fmt: skip
    body = urlencode({"queries": json.dumps(queries)}).encode()
    reply = client.send("POST", "/reconcile", body, Content_Type=FORM).json
    assert _first(reply["fr"]) == _first(reply["en"]) != ""


def test_concept_pages_of_the_published_files(client: Client) -> None:
    """Data scientist: 54 essential and 21 optional skills, under ISCO 2511."""
    query = urlencode({"iri": DATA_SCIENTIST, "lang": "en"})
    page = client.send("GET", f"/concept?{query}", Accept="text/html").text
    sentence = "This service uses the ESCO classification of the European Commission."
    assert sentence in page
    for said in ("54 by “essential skills”", "21 by “optional skills”", ">2511</span>"):
        assert said in page
    by = "http://data.europa.eu/esco/model#relatedEssentialSkill"
    query = urlencode({"iri": DATA_SCIENTIST, "by": by, "way": "out", "format": "csv"})
    assert len(client.send("GET", f"/references?{query}").text.splitlines()) == 55
