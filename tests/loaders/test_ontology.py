"""The shipped ontology as graphs: every triple of the files, no imports, no blank nodes."""

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, RdfFormat, parse

from pesai.loading.discovery import loader
from pesai.loading.loader import Source
from pesai.resources import files
from tests.loaders.runs import Loads

ONTOLOGY = files("ontology")
GRAPHS = {
    "pes-ai": (ONTOLOGY / "pes-ai.ttl", *sorted((ONTOLOGY / "modules").glob("*.ttl"))),
    "codes": tuple(sorted((ONTOLOGY / "codes").glob("*.ttl"))),
    "imports": tuple(sorted((ONTOLOGY / "imports").glob("*.ttl"))),
}
IMPORTS = "http://www.w3.org/2002/07/owl#imports"


@pytest.mark.parametrize("name", GRAPHS)
def test_every_triple_of_the_files_is_there(run: Loads, name: str) -> None:
    sink = run.load("ontology", *GRAPHS[name], name=name)
    assert sink.issues == []
    read = [quad for path in GRAPHS[name] for quad in parse(path=path, format=RdfFormat.TURTLE)]
    kept = [quad for quad in read if quad.predicate.value != IMPORTS]
    lines = set(sink.lines())
    ground = {
        f"{quad.triple} ."
        for quad in kept
        if not isinstance(quad.subject, BlankNode) and not isinstance(quad.object, BlankNode)
    }
    assert ground <= lines
    assert len(lines - ground) == len(
        {quad.triple for quad in kept}
        - {quad.triple for quad in kept if f"{quad.triple} ." in ground}
    )
    assert not [line for line in lines if " _:" in line or line.startswith("_:") or IMPORTS in line]


def test_a_second_load_is_the_same(run: Loads) -> None:
    first = run.load("ontology", *GRAPHS["pes-ai"], name="pes-ai").lines()
    backwards = run.load("ontology", *reversed(GRAPHS["pes-ai"]), name="pes-ai").lines()
    assert first == backwards
    assert [line for line in first if "/genid/ontology-pes-ai/c14n" in line]


def test_what_the_graphs_are_is_told_by_their_files() -> None:
    told = loader("ontology").describe(Source("ontology", "pes-ai", GRAPHS["pes-ai"]))
    assert told.version == "0.1.0"
    assert told.licence == "https://creativecommons.org/licenses/by/4.0/"
    told = loader("ontology").describe(Source("ontology", "imports", GRAPHS["imports"]))
    assert (
        "This service uses the ESCO classification of the European Commission." in told.attribution
    )
    assert told.licence == ""


def test_a_broken_file_is_told_with_its_line(run: Loads, tmp_path: Path) -> None:
    path = tmp_path / "broken.ttl"
    path.write_text("<urn:a> <urn:b> <urn:c> .\n<urn:a> oops .\n")
    sink = run.load("ontology", path)
    assert sink.lines() == ()
    assert str(sink.issues[0]).startswith("broken.ttl:2:")
