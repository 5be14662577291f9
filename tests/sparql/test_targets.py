"""Which graphs an update writes to, by its text."""

import pytest

from pesai.errors import WrongUse
from pesai.sparql.targets import targets, with_dataset

A, B = "http://example.org/a", "http://example.org/b"


@pytest.mark.parametrize(
    ("text", "written", "removed", "unknown"),
    [
        ("INSERT DATA { <urn:s> <urn:p> 1 }", {""}, set(), False),
        (f"INSERT DATA {{ GRAPH <{A}> {{ <urn:s> <urn:p> 1 }} }}", {A}, set(), False),
        (f"insert data {{ graph <{A}> {{ }} . GRAPH <{B}> {{ }} }}", {A, B}, set(), False),
        (f"DELETE DATA {{ GRAPH <{A}> {{ <urn:s> <urn:p> 1 }} }}", {A}, set(), False),
        (f"DELETE WHERE {{ GRAPH <{A}> {{ ?s ?p ?o }} }}", {A}, set(), False),
        ("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }", set(), set(), True),
        (f"WITH <{A}> DELETE {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o }}", {A}, set(), False),
        (f"WITH <{A}> DELETE {{ ?s ?p ?o }} INSERT {{ GRAPH <{B}> {{ ?s ?p 1 }} }} WHERE {{ }}",
         {A, B}, set(), False),
        (f"PREFIX e: <http://example.org/> INSERT {{ GRAPH e:a {{ }} }} USING <{B}> WHERE {{ }}",
         {A}, set(), False),
        ("BASE <http://example.org/> CREATE SILENT GRAPH <a>", {A}, set(), False),
        (f"CLEAR GRAPH <{A}>; DROP SILENT GRAPH <{B}>", {A}, {B}, False),
        ("CLEAR DEFAULT", {""}, set(), False),
        ("DROP ALL", {""}, set(), True),
        ("CLEAR NAMED", set(), set(), True),
        (f"ADD <{A}> TO <{B}>", {B}, set(), False),
        (f"COPY SILENT GRAPH <{A}> TO GRAPH <{B}>", {B}, set(), False),
        (f"COPY DEFAULT TO <{B}>", {B}, set(), False),
        (f"MOVE <{A}> TO DEFAULT", {""}, {A}, False),
        (f"WITH <{A}> INSERT {{ ?s ?p 1 }} WHERE {{}} ; INSERT DATA {{ <urn:s> <urn:p> 1 }}",
         {A, ""}, set(), False),
        ("INSERT { } WHERE { ?s ?p ?o }", set(), set(), False),
        ('INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> "} GRAPH <urn:h> {" } }',
         {"urn:g"}, set(), False),
        ("INSERT DATA { GRAPH x:y { } }", set(), set(), True),
        (r"INSERT DATA { GRAPH <urn:\u0061> { } }", set(), set(), True),
        ("INSERT DATA {", set(), set(), True),
        ("", set(), set(), False),
    ],
)  # fmt: skip
def test_targets(text: str, written: set[str], removed: set[str], unknown: bool) -> None:
    found = targets(text)
    assert (found.written, found.removed, found.unknown) == (written, removed, unknown)


def test_the_place_of_a_target_is_told() -> None:
    found = targets(
        f"INSERT DATA {{\n  GRAPH <{A}> {{ <urn:s> <urn:p> 1 }}\n  <urn:s> <urn:p> 2\n}}"
    )
    assert found.place == {A: (2, 9), "": (3, 3)}


def test_the_dataset_of_the_protocol_stands_before_each_where() -> None:
    text = "INSERT { <urn:s> <urn:p> ?o } WHERE { ?s ?p ?o } ; DELETE WHERE { ?s ?p ?o }"
    written = with_dataset(text, ["urn:a"], ["urn:b"])
    assert written == (
        "INSERT { <urn:s> <urn:p> ?o }  USING <urn:a> USING NAMED <urn:b> WHERE { ?s ?p ?o } ; "
        "DELETE WHERE { ?s ?p ?o }"
    )
    assert with_dataset(text, [], []) == text


@pytest.mark.parametrize("word", ["USING <urn:a>", "USING NAMED <urn:a>"])
def test_two_datasets_are_refused(word: str) -> None:
    with pytest.raises(WrongUse):
        with_dataset(f"INSERT {{ }} {word} WHERE {{ }}", ["urn:b"], [])
    with pytest.raises(WrongUse):
        with_dataset("WITH <urn:a> INSERT { } WHERE { }", ["urn:b"], [])
