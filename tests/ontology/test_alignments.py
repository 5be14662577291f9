"""Alignments are read as they are written."""

from pathlib import Path

import pytest

from pesai.errors import InputProblem
from pesai.vocabulary.alignments import alignments, link_graph, read

SKOS = "http://www.w3.org/2004/02/skos/core#"


def test_the_shipped_alignments() -> None:
    assert [one.name for one in alignments()] == [
        "aiact-dpv",
        "legal-dpv",
        "role-esco",
        "role-rome",
        "skill-esco",
        "task-vair",
    ]
    assert len(link_graph()) == len(
        {(row.subject, row.predicate, row.object) for one in alignments() for row in one.mappings}
    )
    for one in alignments():
        assert one.metadata["mapping_set_id"].endswith(f"/alignments/{one.name}")
        assert one.metadata["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_the_esco_version_stands_in_every_row() -> None:
    role = next(one for one in alignments() if one.name == "role-esco")
    assert {row.version for row in role.mappings} == {"1.1.1", "1.2"}
    scientist = next(row for row in role.mappings if row.subject.endswith("/data-scientist"))
    assert scientist.predicate == f"{SKOS}exactMatch"
    assert scientist.object.endswith("258e46f9-0075-4a2e-adae-1ff0477e0f30")


def test_an_unknown_prefix_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "bad.sssom.tsv"
    path.write_text(
        "#curie_map:\n#  skos: http://www.w3.org/2004/02/skos/core#\n"
        "subject_id\tsubject_label\tpredicate_id\tobject_id\tobject_label\tobject_source_version\n"
        "nobody:x\tx\tskos:exactMatch\tskos:y\ty\t1\n",
        encoding="utf-8",
    )
    with pytest.raises(InputProblem, match=r"bad\.sssom\.tsv:4: nobody:x"):
        read(path)
