"""The extracts are what the command makes of the published files."""

import os
import zipfile
from pathlib import Path

import pytest
from rdflib import RDF, SKOS, Graph, URIRef
from rdflib.compare import isomorphic

from pesai.errors import InputProblem
from pesai.resources import files
from pesai.vocabulary.archives import table, text
from pesai.vocabulary.extract import extract

NAMES = ("esco", "isco-08", "rome", "countries")
COUNTRY = "http://publications.europa.eu/resource/authority/country/"
REGION = "https://w3id.org/pes-ai/code/region/"


@pytest.fixture(scope="module")
def taxonomies() -> Path:
    place = os.environ.get("PESAI_TAXONOMIES", "")
    if not place:
        message = "the extracts were NOT compared with the published files: set PESAI_TAXONOMIES"
        if os.environ.get("PESAI_REQUIRE_TAXONOMIES") == "1":
            pytest.fail(message)
        pytest.skip(message)
    return Path(place)


def _shipped(folder: str, name: str) -> Graph:
    return Graph().parse(files("ontology") / folder / f"{name}.ttl", format="turtle")


def test_the_extracts_are_made_again_the_same(taxonomies: Path, tmp_path: Path) -> None:
    written = extract(taxonomies, tmp_path)
    assert sorted(path.stem for path in written) == sorted(NAMES)
    for path in written:
        assert isomorphic(Graph().parse(path, format="turtle"), _shipped("imports", path.stem)), (
            path
        )
        shipped = files("ontology") / "imports" / path.name
        assert path.read_bytes() == shipped.read_bytes()


def test_regions_are_those_of_the_united_nations(taxonomies: Path) -> None:
    regions = _shipped("codes", "region")
    levels = ("Global", "Region", "Sub-region", "Intermediate Region")
    for row in table(taxonomies, "UNSD-en.csv"):
        chain = [(row[f"{level} Code"], row[f"{level} Name"]) for level in levels]
        above = None
        for code, name in (pair for pair in chain if pair[0]):
            concept = URIRef(f"{REGION}m49-{code}")
            assert name in {str(label) for label in regions.objects(concept, SKOS.prefLabel)}
            assert regions.value(concept, SKOS.broader) == above
            above = concept


def test_a_missing_archive_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputProblem, match=r"broaderRelationsSkillPillar\.csv"):
        extract(tmp_path, tmp_path)


def test_of_several_versions_the_right_one_is_taken(tmp_path: Path) -> None:
    for version in ("1.0.9", "1.1.0", "1.1.1"):
        archive = tmp_path / f"ESCO dataset - v{version} - classification - fr - csv.zip"
        with zipfile.ZipFile(archive, "w") as opened:
            opened.writestr("skills_fr.csv", version)
    assert text(tmp_path, "skills_fr.csv", "1.0") == "1.0.9"
    assert text(tmp_path, "skills_fr.csv", "1.1.1") == "1.1.1"
    with pytest.raises(InputProblem, match=r"whose name tells of version 1\.2 holds skills_fr"):
        text(tmp_path, "skills_fr.csv", "1.2")


def test_countries_have_their_regions_and_kosovo_has_none() -> None:
    graph = _shipped("imports", "countries")
    region = URIRef("https://w3id.org/pes-ai/def#inRegion")
    assert graph.value(URIRef(f"{COUNTRY}FRA"), region) == URIRef(f"{REGION}m49-155")
    kosovo = URIRef(f"{COUNTRY}1A0")
    assert graph.value(kosovo, region) is None
    assert str(graph.value(kosovo, SKOS.notation)) == "XK"


def test_a_data_scientist_hangs_under_isco_2511() -> None:
    graph = _shipped("imports", "esco") + _shipped("imports", "isco-08")
    occupation = URIRef(
        "http://data.europa.eu/esco/occupation/258e46f9-0075-4a2e-adae-1ff0477e0f30"
    )
    above = [str(concept) for concept in graph.transitive_objects(occupation, SKOS.broader)]
    assert [iri.rsplit("/", 1)[1] for iri in above[1:]] == ["C2511", "C251", "C25", "C2"]
    assert all((URIRef(iri), RDF.type, SKOS.Concept) in graph for iri in above)


def test_a_data_scientist_is_rome_title_38972_of_job_card_m1405() -> None:
    graph = _shipped("imports", "rome")
    title = URIRef("https://w3id.org/pes-ai/code/rome/38972")
    assert graph.value(title, SKOS.broader) == URIRef("https://w3id.org/pes-ai/code/rome/M1405")
