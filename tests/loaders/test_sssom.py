"""SSSOM tables: the mapping with its versions, and the plain link."""

import csv
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from loaders.sssom import SssomLoader
from pesai.loading.loader import Source
from pesai.resources import files
from tests.loaders.runs import Loads

TABLES = sorted((files("ontology") / "alignments").glob("*.sssom.tsv"))
PREFIXES = """PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sssom: <https://w3id.org/sssom/>
"""
HEAD = """# curie_map:
#   qm: "https://qm.example/concept/"
#   semapv: 'https://w3id.org/semapv/vocab/'
# mapping_set_id: https://qm.example/mappings   # with a remark
# mapping_set_title: "Words of \\"Quemia\\""
# license: https://creativecommons.org/licenses/by/4.0/
# creator_id:
# - orcid:0000-0000-0000-0000
# subject_source_version: 3
"""
COLUMNS = (
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tpredicate_modifier\n"
)


def rows(run: Loads, query: str) -> list[tuple[str, ...]]:
    solutions = run.store().query(PREFIXES + query)
    assert isinstance(solutions, QuerySolutions)
    return [tuple("" if v is None else v.value for v in row) for row in solutions]


def plain(path: Path) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Prefixes and rows of a shipped table, read without the loader."""
    lines = path.read_text(encoding="utf-8").split("\n")
    prefixes = {
        part[0].strip(): part[2].strip()
        for part in (line[1:].partition(":") for line in lines if line.startswith("#  "))
    }
    body = [line for line in lines if line and not line.startswith("#")]
    return prefixes, list(csv.DictReader(body, delimiter="\t"))


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_shipped_tables_are_loaded_whole(run: Loads, path: Path) -> None:
    sink = run.load("sssom", path, name=path.name.partition(".")[0])
    assert sink.issues == []
    prefixes, table = plain(path)

    def iri(name: str) -> str:
        prefix, _, local = name.partition(":")
        return prefixes[prefix] + local

    wanted = {
        (
            *(iri(row[c]) for c in ("subject_id", "predicate_id", "object_id")),
            iri(row["mapping_justification"]),
            "0.1.0",
            row["object_source_version"],
            row["comment"],
        )
        for row in table
    }
    found = rows(
        run,
        """SELECT ?s ?p ?o ?why ?ours ?theirs ?comment {
        ?m a sssom:Mapping ; owl:annotatedSource ?s ; owl:annotatedProperty ?p ;
          owl:annotatedTarget ?o ; sssom:mapping_justification ?why ;
          sssom:subject_source_version ?ours ; sssom:object_source_version ?theirs .
        ?s ?p ?o . ?set sssom:mappings ?m OPTIONAL { ?m rdfs:comment ?comment } }""",
    )
    assert set(found) == wanted
    assert len(found) == len(table)


def test_order_of_rows_does_not_change_a_mapping(run: Loads, tmp_path: Path) -> None:
    first = "qm:a\tskos:exactMatch\tqm:b\tsemapv:LexicalMatching\t0.8\t\n"
    second = "qm:a\tskos:closeMatch\tqm:c\tsemapv:LexicalMatching\t\t\n"
    there, back = tmp_path / "a.sssom.tsv", tmp_path / "b.sssom.tsv"
    there.write_text(HEAD + COLUMNS + first + second)
    back.write_text(HEAD + COLUMNS + second + first)
    lines = [line for line in run.load("sssom", there).lines() if "fromRow" not in line]
    assert lines == [line for line in run.load("sssom", back).lines() if "fromRow" not in line]
    assert sum("id/mapping/test-" in line.split(" ")[0] for line in lines) == 13


def test_a_table_without_a_good_row_brings_nothing(run: Loads, tmp_path: Path) -> None:
    """Its head alone would take the place of a whole table."""
    path = tmp_path / "a.sssom.tsv"
    path.write_text(f"{HEAD}{COLUMNS}zz:a\tskos:exactMatch\tqm:b\tsemapv:LexicalMatching\t\t\n")
    found = run.load("sssom", path)
    assert [str(i).partition(" (")[0] for i in found.issues] == [
        "a.sssom.tsv:11:subject_id: error: has no prefix of the curie_map"
    ]
    assert not found


def test_a_negated_row_makes_no_link(run: Loads, tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_text(
        HEAD + COLUMNS + "qm:a\tskos:exactMatch\tqm:b\tsemapv:LexicalMatching\t\tNot\n"
        "qm:a\tskos:exactMatch\tsssom:NoTermFound\tsemapv:LexicalMatching\t1\t\n"
    )
    assert run.load("sssom", path).issues == []
    assert rows(run, "SELECT * { ?s skos:exactMatch ?o }") == []
    assert rows(run, "SELECT ?c { ?m sssom:confidence ?c }") == [("1",)]
    negated = rows(run, "SELECT ?o { ?m sssom:predicate_modifier ?n ; owl:annotatedTarget ?o }")
    assert negated == [("https://qm.example/concept/b",)]


def test_the_head_tells_what_the_table_is(tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    path.write_text(HEAD + COLUMNS)
    told = SssomLoader().describe(Source("sssom", "a", (path,)))
    assert told.title_en == 'Alignment: Words of "Quemia"'
    assert told.title_fr == 'Alignement : Words of "Quemia"'
    assert told.homepage == "https://qm.example/mappings"
    assert told.licence == "https://creativecommons.org/licenses/by/4.0/"


def test_nobody_is_named(run: Loads, tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.tsv"
    columns = COLUMNS.replace("confidence", "author_label")
    path.write_text(
        HEAD + columns + "qm:a\tskos:exactMatch\tqm:b\tsemapv:LexicalMatching\tA Person\t\n"
    )
    sink = run.load("sssom", path)
    assert sink.issues == []
    assert not [line for line in sink.lines() if "Person" in line or "orcid" in line]


def test_commas_are_understood(run: Loads, tmp_path: Path) -> None:
    path = tmp_path / "a.sssom.csv"
    row = "qm:a,skos:exactMatch,qm:b,semapv:LexicalMatching,,\n"
    path.write_text(HEAD + COLUMNS.replace("\t", ",") + row)
    assert run.load("sssom", path).issues == []
    assert len(rows(run, "SELECT * { ?s skos:exactMatch ?o }")) == 1
