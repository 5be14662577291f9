"""All published classifications in one graph, beside the bundled data."""

from pathlib import Path

import pytest

from pesai.engine.syntax.bindings import bind as bind_terms
from pesai.loading.discovery import loader
from pesai.loading.loader import Source
from pesai.namespaces import Base
from pesai.releases.intake import Load, Outcome, load
from pesai.releases.layout import Home
from pesai.sparql.catalogue import Catalogue, bind
from tests.classifications.published.files import (
    BASE,
    DATA_SCIENTIST,
    ESCO_EN,
    Ask,
)
from tests.shortened import SOAK

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


LICENCES = {
    "esco": "http://publications.europa.eu/resource/authority/licence/COM_REUSE",
    "nace": "http://publications.europa.eu/resource/authority/licence/COM_REUSE",
    "rome": "https://www.etalab.gouv.fr/licence-ouverte-open-licence",
    "onet": "https://creativecommons.org/licenses/by/4.0/",
    "m49": "https://opendatacommons.org/licenses/pddl/1-0/",
}
"""What their publishers say; the tables of mappings say nothing, and nothing is said of them."""


def test_every_graph_says_version_licence_and_attribution(
    loaded: tuple[Home, Outcome], sources: list[Source]
) -> None:
    entries = {(item.source.kind, item.source.name): item.entry for item in loaded[1].loaded}
    for source in sources:
        entry = entries[source.kind, source.name]
        assert entry is not None
        assert entry.licence == LICENCES.get(source.kind, "")
        if source.kind not in {"crosswalk", "m49"}:  # these files name no version
            assert entry.version == source.name.removesuffix("-labels-fr")
            assert entry.attribution
    for entry in filter(None, (entries["esco", "1.1.1"], entries["esco", "1.0.x-labels-fr"])):
        sentence = "This service uses the ESCO classification of the European Commission."
        assert entry.attribution == sentence
    onet = entries["onet", "29.2"]
    assert onet is not None
    assert "O*NET 29.2 Database" in onet.attribution


@pytest.mark.slow
def test_a_second_load_changes_nothing(loaded: tuple[Home, Outcome], sources: list[Source]) -> None:
    small = {"nace", "m49", "crosswalk"}
    again = [Load(source) for source in sources if SOAK or source.kind in small]
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
