"""RDF documents in every format; what they may not do; what is said of broken ones."""

import json
import time
from pathlib import Path

import pytest

from tests.loaders.runs import BASE, Loads

XMLNS = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:q="https://qm.example/"'
SAME = {
    "a.ttl": '@prefix q: <https://qm.example/> . q:a q:says "é"@fr ; q:has [ q:n 01 ] .',
    "a.nt": '<https://qm.example/a> <https://qm.example/says> "é"@fr .\n'
    "<https://qm.example/a> <https://qm.example/has> _:z .\n"
    '_:z <https://qm.example/n> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
    "a.nq": '<https://qm.example/a> <https://qm.example/says> "\\u00E9"@fr .\n'
    "<https://qm.example/a> <https://qm.example/has> _:y .\n"
    '_:y <https://qm.example/n> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .\n',
    "a.trig": "@prefix q: <https://qm.example/> . { q:a q:has [ q:n 1 ] . q:a q:says 'é'@FR }",
    "a.rdf": f'<rdf:RDF {XMLNS}><rdf:Description rdf:about="https://qm.example/a">'
    '<q:says xml:lang="fr">é</q:says><q:has><rdf:Description><q:n '
    'rdf:datatype="http://www.w3.org/2001/XMLSchema#integer">+1</q:n></rdf:Description></q:has>'
    "</rdf:Description></rdf:RDF>",
    "a.jsonld": json.dumps(
        {
            "@context": {"q": "https://qm.example/"},
            "@id": "q:a",
            "q:says": {"@value": "é", "@language": "fr"},
            "q:has": {"q:n": 1},
        }
    ),
}


def said(run: Loads) -> list[str]:
    return [str(issue) for issue in run.sinks["rdf"].issues]


@pytest.mark.parametrize("name", SAME)
def test_every_format_gives_the_same_graph(run: Loads, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SAME[name], encoding="utf-8")
    node = "<https://w3id.org/pes-ai/genid/rdf-test/c14n0>"
    assert run.load("rdf", tmp_path / name).lines() == (
        f"<https://qm.example/a> <https://qm.example/has> {node} .",
        '<https://qm.example/a> <https://qm.example/says> "é"@fr .',
        f'{node} <https://qm.example/n> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    )
    assert said(run) == []


def test_a_second_load_gives_the_same(run: Loads, tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text("[] <urn:p> [ <urn:q> 1 ], [ <urn:q> 2 ], ( <urn:x> [] ) .")
    first = run.load("rdf", path).lines()
    assert run.load("rdf", path).lines() == first
    assert len(first) == 9


def test_blank_nodes_of_two_files_stay_apart(run: Loads, tmp_path: Path) -> None:
    for name in ("a.nt", "b.nt"):
        (tmp_path / name).write_text(f"_:x <urn:file> <urn:{name}> .")
    lines = run.load("rdf", tmp_path / "a.nt", tmp_path / "b.nt").lines()
    assert len({line.split(" ")[0] for line in lines}) == 2


def test_relative_iris_are_those_of_the_graph(run: Loads, tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text("<> <urn:p> <#x> .")
    graph = BASE.graph("rdf", "test").value
    assert run.load("rdf", tmp_path / "a.ttl").lines() == (f"<{graph}> <urn:p> <{graph}#x> .",)


def test_named_graphs_are_merged_and_that_is_said(run: Loads, tmp_path: Path) -> None:
    path = tmp_path / "a.trig"
    path.write_text("<urn:g> { <urn:a> <urn:b> <urn:c> } <urn:h> { <urn:a> <urn:b> <urn:d> }")
    assert len(run.load("rdf", path).lines()) == 2
    assert said(run) == ["a.trig: warning: 2 named graphs are merged into one ('<urn:g>, <urn:h>')"]


ENTITY = '<?xml version="1.0"?>\n<!DOCTYPE rdf:RDF [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n'
CONTEXT = "https://w3id.org/pes-ai/context.jsonld"
REFUSED = {
    "two-errors.ttl": (
        b"@prefix a: <urn:a> .\n<urn:a> b:b <urn:c> .\n<urn:a> <urn:b> <urn:d> .\n[ a ] .\n",
        [
            "two-errors.ttl:2:9: error: The prefix b: has not been declared",
            "two-errors.ttl:4:5: error: ] is not a valid RDF object",
        ],
    ),
    "latin.ttl": (
        b'<urn:a> <urn:b> "a" .\n<urn:a> <urn:b> "\xe9" .\n',
        ["latin.ttl:2: error: is not UTF-8 (the file in UTF-8)"],
    ),
    "doctype.rdf": (
        f"{ENTITY}<rdf:RDF {XMLNS}/>".encode(),
        ["doctype.rdf:2: error: has a DOCTYPE (RDF/XML, well-formed and without a DOCTYPE)"],
    ),
    "hidden.xml": (
        f"{ENTITY}<rdf:RDF {XMLNS}/>".encode("utf-16"),
        ["hidden.xml:2: error: has a DOCTYPE (RDF/XML, well-formed and without a DOCTYPE)"],
    ),
    "open.owl": (
        f"<rdf:RDF {XMLNS}>\n<rdf:Description>\n</rdf:RDF>".encode(),
        ["open.owl:3:3: error: mismatched tag (RDF/XML, well-formed and without a DOCTYPE)"],
    ),
    "fetch.jsonld": (
        b'{"@context": [{"@import": "https://a.example/"},\n"https:\\/\\/schema.org/"]}',
        [
            (
                "fetch.jsonld:1: error: names a context that would have to be fetched "
                "('https://a.example/'; the context itself)"
            ),
            (
                "fetch.jsonld: error: names a context that would have to be fetched "
                "('https://schema.org/'; the context itself)"
            ),
        ],
    ),
    "scoped.jsonld": (
        b'{"@context": {"a": {"@id": "urn:a", "@context":\n"https://a.example/"}}, "a": 1}',
        [
            (
                "scoped.jsonld:2: error: names a context that would have to be fetched "
                "('https://a.example/'; the context itself)"
            )
        ],
    ),
    "broken.json": (b'{"a":\n', ["broken.json:2:1: error: Expecting value (JSON (RFC 8259))"]),
    "deep.jsonld": (
        b"[" * 100_000 + b"]" * 100_000,
        ["deep.jsonld: error: is nested too deeply (JSON-LD)"],
    ),
    "about.ttl": (
        b"<urn:a> <urn:b> <<( <urn:c> <urn:d> <urn:e> )>> .",
        ["about.ttl: error: holds a triple about a triple (RDF 1.2) (plain triples)"],
    ),
    "notes.n3": (
        b"{ ?x a ?y } => { ?y a ?x } .",
        [
            (
                "notes.n3: error: is of no RDF format ('.n3'; one of .ttl, .nt, .nq, .trig, .rdf, "
                ".owl, .xml, .jsonld, .json)"
            )
        ],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_document_is_refused_whole(run: Loads, tmp_path: Path, name: str) -> None:
    content, messages = REFUSED[name]
    (tmp_path / name).write_bytes(content)
    assert run.load("rdf", tmp_path / name).lines() == ()
    assert said(run) == messages


def test_the_good_file_beside_a_bad_one_loads(run: Loads, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("<urn:a> .")
    (tmp_path / "good.ttl").write_text("<urn:a> <urn:b> <urn:c> .")
    sink = run.load("rdf", tmp_path / "bad.ttl", tmp_path / "good.ttl")
    assert sink.lines() == ("<urn:a> <urn:b> <urn:c> .",)
    assert sink.errors == 1


def test_our_context_is_put_in_its_place(run: Loads, tmp_path: Path) -> None:
    run.document = {CONTEXT: b'{"@context": {"title": "http://purl.org/dc/terms/title"}}'}.get
    (tmp_path / "a.jsonld").write_text(
        json.dumps({"@context": [CONTEXT, {"@language": "fr"}], "@id": "urn:a", "title": "Outil"})
    )
    assert run.load("rdf", tmp_path / "a.jsonld").lines() == (
        '<urn:a> <http://purl.org/dc/terms/title> "Outil"@fr .',
    )


def test_our_context_is_not_fetched_when_it_is_not_at_hand(run: Loads, tmp_path: Path) -> None:
    (tmp_path / "a.jsonld").write_text(json.dumps({"@context": CONTEXT, "@id": "urn:a"}))
    assert run.load("rdf", tmp_path / "a.jsonld").lines() == ()
    assert said(run) == [
        (
            "a.jsonld:1: error: names a context that would have to be fetched "
            f"('{CONTEXT}'; the context itself)"
        )
    ]


def test_poison_is_refused_with_its_reason(run: Loads, tmp_path: Path) -> None:
    from pesai.errors import InputProblem

    edges = (f"_:n{i} <urn:p> _:n{j} ." for i in range(14) for j in range(14) if i != j)
    (tmp_path / "poison.nt").write_text("\n".join(edges))
    started = time.monotonic()
    with pytest.raises(InputProblem, match="cannot be told apart"):
        run.load("rdf", tmp_path / "poison.nt")
    assert time.monotonic() - started < 120
