"""The published ontology: merged as its modules, loadable offline, the same bytes every time."""

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import owlready2
import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, Graph, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import SH

from pesai.checks import contract
from pesai.errors import NotFound
from pesai.resources import files
from pesai.vocabulary.catalogue import document, documents
from pesai.vocabulary.context import context
from pesai.vocabulary.formats import FORMATS, serialise, tidy
from pesai.vocabulary.merge import IRI, merged, modules, umbrella, version
from tests.ontology.world import DATA, example, plain

PAI = "https://w3id.org/pes-ai/def#"


def test_what_is_given_belongs_to_the_caller() -> None:
    number = version()
    umbrella().remove((IRI, OWL.versionInfo, None))
    assert version() == number == str(umbrella().value(IRI, OWL.versionInfo))


def test_merged_is_umbrella_and_modules_without_imports_and_other_headers() -> None:
    expected = Graph()
    for graph in (umbrella(), *modules().values()):
        for triple in graph:
            other_header = triple[0] != IRI and (triple[0], RDF.type, OWL.Ontology) in graph
            if triple[1] != OWL.imports and not other_header:
                expected.add(triple)
    assert isomorphic(merged(), expected)
    assert set(merged().subjects(RDF.type, OWL.Ontology)) == {IRI}
    assert not list(merged().objects(None, OWL.imports))


def test_graphs_given_out_are_the_callers_own() -> None:
    first = merged()
    first.remove((None, None, None))
    assert len(merged()) > 1000
    contract.shapes().remove((None, None, None))
    assert len(contract.shapes()) > 1000


@pytest.mark.parametrize(("ending", "kind"), [("rdf", "rdfxml"), ("nt", "ntriples")])
def test_owlready2_loads_the_merged_ontology(ending: str, kind: str, tmp_path: Path) -> None:
    world = owlready2.World(filename=str(tmp_path / "world.sqlite3"))
    try:
        ontology = world.get_ontology(PAI).load(
            fileobj=io.BytesIO(serialise(merged(), ending)), format=kind
        )
        assert ontology.Initiative.iri == f"{PAI}Initiative"
        assert ontology.Initiative.label.fr == ["initiative"]
        assert ontology.undertakenBy.domain == [ontology.Initiative]
        assert len(list(ontology.classes())) > 30
    finally:
        world.close()


# A document of a version has the same triples as the one without.
@pytest.mark.parametrize("name", sorted(n for n in documents() if not n.startswith("def/0")))
def test_every_document_in_every_format_is_the_same_graph(name: str) -> None:
    graph = document(name).graph()
    assert len(graph) > 0
    for ending in FORMATS:
        text = serialise(graph, ending)
        form = ox.RdfFormat.from_extension(ending)
        assert form is not None
        assert isomorphic(plain(ox.parse(text, form)), graph), ending


def test_every_document_has_a_title() -> None:
    for one in documents().values():
        wanted = {"en"} if one.kind == "alignment" else {"en", "fr"}
        assert set(one.titles) == wanted, one.name


def test_unknown_document() -> None:
    with pytest.raises(NotFound):
        document("def/nothing")


def test_formats_are_the_same_bytes_in_every_process() -> None:
    program = (
        "import hashlib, sys\n"
        "from pesai.vocabulary.catalogue import document\n"
        "from pesai.vocabulary.formats import FORMATS, serialise\n"
        "for name in ('def', 'def/axioms', 'code/theme', 'imports/esco'):\n"
        "    for ending in FORMATS:\n"
        "        content = serialise(document(name).graph(), ending)\n"
        "        sys.stdout.write(name + ending + hashlib.sha256(content).hexdigest() + '\\n')\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path.cwd())},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(answers) == 1


def test_prefixes_are_only_those_used() -> None:
    bound = {prefix for prefix, _ in tidy(document("code/theme").graph()).namespaces()}
    assert "pai" not in bound
    assert "skos" in bound


def test_version_is_that_of_the_files() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", version())
    assert f"def/{version()}/core" in documents()


def test_the_catalogue_file_leads_to_every_module() -> None:
    root = files("ontology")
    text = (root / "catalog-v001.xml").read_text(encoding="utf-8")
    for target in re.findall(r'uri="([^"]+)"', text):
        assert (root / target).is_file()


def test_files_declare_only_prefixes_that_they_use() -> None:
    for path in sorted(files("ontology").rglob("*.ttl")):
        text = path.read_text(encoding="utf-8")
        body = re.sub(
            r'"[^"\n]*"|<[^>\n]*>', "", re.sub(r"^(#|@prefix).*$", "", text, flags=re.MULTILINE)
        )
        for prefix in re.findall(r"^@prefix ([\w-]*):", text, flags=re.MULTILINE):
            assert f"{prefix}:" in body, f"{path.name}: {prefix}"


def test_the_context_reads_what_people_write() -> None:
    written = {
        **context(),
        "id": "https://example.org/i",
        "type": "Initiative",
        "title": {"en": "A tool", "fr": "Un outil"},
        "undertakenBy": "https://example.org/o",
        "statusAsOf": "2024",
        "timesChecked": 2,
        "mainSource": "https://example.org/s",
    }
    expected = """
        @prefix pai: <https://w3id.org/pes-ai/def#> .
        @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <https://example.org/i> a pai:Initiative ; dcterms:title "A tool"@en , "Un outil"@fr ;
            pai:undertakenBy <https://example.org/o> ; pai:statusAsOf "2024"^^xsd:gYear ;
            pai:timesChecked 2 ; pai:mainSource <https://example.org/s> .
    """
    read = plain(ox.parse(json.dumps(written), ox.RdfFormat.JSON_LD))
    assert isomorphic(read, Graph().parse(data=expected, format="turtle"))


def test_the_context_has_every_term() -> None:
    names = {
        str(term).removeprefix(PAI)
        for term in merged().subjects(RDFS.isDefinedBy, None)
        if str(term).startswith(PAI)
    }
    assert names <= set(context()["@context"])


def test_every_term_is_used_in_the_example_a_shape_or_a_case() -> None:
    """A term that nothing shows or checks is one that nobody can use rightly."""
    used = set(merged().subjects(OWL.propertyChainAxiom)) | set(merged().objects())
    for graph in (example(), contract.shapes(), contract.context()):
        used |= {term for _, p, o in graph for term in (p, o)}
    for path in (DATA / "shapes").glob("*.trig"):
        text = path.read_text(encoding="utf-8")
        used |= {URIRef(PAI + name) for name in re.findall(r"pai:(\w+)", text)}
    ours = {term for term in merged().subjects(RDFS.isDefinedBy, None) if str(term).startswith(PAI)}
    # Free words, which no shape restricts.
    words = {
        "originalName",
        "fromRow",
        "sectionLabel",
        "dataUsed",
        "taxonomyNamed",
        "holder",
        "method",
        "periodText",
        "OperationalInitiative",
    }
    assert sorted(str(term) for term in ours - used - {URIRef(PAI + word) for word in words}) == []


def test_shapes_are_well_formed_shapes() -> None:
    import pyshacl

    graph = contract.shapes()
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=graph, meta_shacl=True)
    assert conforms, text
    assert (None, RDF.type, SH.NodeShape) in graph
