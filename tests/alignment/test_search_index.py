"""The search index: what it finds, in which order, and what it must never hold."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pesai.alignment import index as index_module
from pesai.alignment.index import Filters, Index
from pesai.alignment.schema import FILE, Role
from pesai.alignment.searching import Found, Question, search
from pesai.alignment.step import SearchStep
from pesai.engine.protocol import TooSlow
from tests.alignment.conftest import Given

JOBS = """
:s1 a skos:ConceptScheme ; skos:prefLabel "Métiers"@fr, "Jobs"@en .
:j1 a skos:Concept, esco:Occupation ; skos:inScheme :s1 ; skos:notation "2511.4" ;
  skos:prefLabel "data scientist"@en, "scientifique des données"@fr ;
  skos:altLabel "data engineer"@en, "data scientist"@en .
:j2 a skos:Concept, esco:Occupation ; skos:inScheme :s1 ;
  skos:prefLabel "data analyst"@en, "Analyste de données"@fr ; skos:altLabel "data scientist"@en ;
  dcterms:description "Finds what nobody asked of a database."@en .
:j3 a skos:Concept ; skos:inScheme :s2 ; skos:prefLabel "Abatteur / Abatteuse de carrière"@fr .
:j4 a skos:Concept ; skos:inScheme :s2 ; skos:prefLabel "Chargé / Chargée d’études œnologiques"@fr .
:j5 a skos:Concept ; skos:inScheme :s2 ; skos:prefLabel "مهندس بيانات"@ar, "データ科学者"@ja .
:j6 a skos:Concept ; skos:inScheme :s2 ; skos:prefLabel "C++"@en .
:j7 a skos:Concept ; skos:inScheme :s2 ; skos:prefLabel "C"@en ; skos:hiddenLabel "K&R"@en .
"""
THINGS = """
:o1 a org:Organization ; dcterms:title "Flemish Employment Service"@en ; pai:acronym "VDAB" ;
  pai:inCountry <http://publications.europa.eu/resource/authority/country/BEL> .
:f1 a pai:Finding ; dcterms:description "Profiling is done by few services of Flanders."@en .
:x1 a :JobBoard ; rdfs:label "Scoreboard" .
:x2 rdfs:label "untyped" .
:x3 a skos:Concept .
"""

Ask = Callable[..., Found]


@pytest.fixture
def built(given: Given, tmp_path: Path) -> Index:
    SearchStep().run(given(tmp_path / "first", jobs=JOBS, things=THINGS))
    return Index(tmp_path / "first" / FILE)


def names(found: Found) -> list[str]:
    return [hit.label.iri.rpartition("/")[2] for hit in found.hits]


def ask(index: Index, text: str, reader: str = "en", filters: Filters | None = None) -> Found:
    return search(index, Question(text, reader, filters or Filters()))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("data scientist", "j1"),  # the preferred label before the other's alternative one
        ("DATA SCIENTIST", "j1"),
        ("data eng", "j1"),
        ("d", "j2"),  # short names first
        ("scientifique des donnees", "j1"),
        ("donnees", "j2"),
        ("2511.4", "j1"),
        ("2511", "j1"),
        ("abatteuse de carrière", "j3"),
        ("abatteur de carriere", "j3"),
        ("chargee d'etudes oenologiques", "j4"),
        ("مهندس", "j5"),
        ("データ", "j5"),
        ("c++", "j6"),
        ("c", "j7"),
        ("vdab", "o1"),
        ("untyped", "x2"),
        ("data scientst", "j1"),  # a letter is missing
        ("dtaa scientist", "j1"),  # two are swapped
        ("datascientist", "j1"),  # the blank is missing
        ("profiling flanders", "f1"),  # words of a text
        ("vdab chatbot", "o1"),  # one word is nowhere
    ],
)
def test_finds(built: Index, text: str, first: str) -> None:
    assert names(ask(built, text))[:1] == [first]


def test_exact_names_first_then_beginnings_then_words_then_texts(built: Index) -> None:
    found = ask(built, "data")
    assert [hit.label.role for hit in found.hits][:2] == [Role.PREFERRED, Role.PREFERRED]
    assert names(ask(built, "data scientist")) == ["j1", "j2"]
    roles = [hit.label.role for hit in ask(built, "data scientist").hits]
    assert roles == [Role.PREFERRED, Role.ALTERNATIVE]
    assert [h.label.role for h in ask(built, "database").hits] == [Role.TEXT]


def test_what_is_said_of_a_misspelt_or_partial_question(built: Index) -> None:
    assert ask(built, "data scientst").corrected == "data scientist"
    assert ask(built, "vdab chatbot").partial
    exact = ask(built, "data scientist")
    assert (exact.corrected, exact.partial) == ("", False)


def test_the_reader_s_language_goes_first(given: Given, tmp_path: Path) -> None:
    both = ":a skos:prefLabel 'port de pêche'@fr . :b skos:prefLabel 'port worker'@en ."
    SearchStep().run(given(tmp_path, both=both))
    index = Index(tmp_path / FILE)
    assert names(ask(index, "port", "fr")) == ["a", "b"]
    assert names(ask(index, "port", "en")) == ["b", "a"]


def test_filters(built: Index) -> None:
    numbers = {iri.rpartition("/")[2].rpartition("#")[2]: g.number
               for iri, g in built.groupings.items()}  # fmt: skip
    only = Filters(((numbers["s2"],),))
    assert names(ask(built, "c", filters=only))[:2] == ["j7", "j6"]
    assert names(ask(built, "data", filters=only)) == []
    assert names(ask(built, "data", filters=Filters(((numbers["Occupation"], numbers["s2"]),))))
    french = ask(built, "d", filters=Filters(language="fr"))
    assert {hit.label.language for hit in french.hits} == {"fr"}
    assert names(ask(built, "donnees", filters=Filters(language="fr"))) == ["j2", "j1"]


def test_groupings_and_kinds_are_counted(built: Index) -> None:
    sizes = {g.iri.rpartition("/")[2]: g.things for g in built.groupings.values() if g.scheme}
    assert sizes == {"s1": 2, "s2": 5}
    assert built.kinds == {
        "concept": 5, "occupation": 2, "finding": 1, "jobboard": 1, "organisation": 1,
        "scheme": 1, "thing": 1,
    }  # fmt: skip


HOSTILE = [
    '"', "'", "''\"", "a AND", "NEAR(data, 2)", "data*", "{words} : data", "-data", "^data",
    "tags : h_d", "data OR (", "\x00", "\x00data\x00", "a\u202eb", "\ud800", "%", "_", "**", "((((",
    "; DROP TABLE label; --", "data\n\n\tscientist", "\u0301\u0301\u0301", "ﷺ" * 50,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_in_a_question_is_an_operator(built: Index, text: str) -> None:
    found = ask(built, text)
    assert all(hit.score <= 100 for hit in found.hits)
    assert ask(built, "data scientist").hits, "the index is whole"


@pytest.mark.parametrize("text", ["data " * 20_000, "x" * 100_000, "a b c d e f g h " * 6_000])
def test_long_questions_are_cheap(built: Index, text: str) -> None:
    begun = time.monotonic()
    ask(built, text)
    assert time.monotonic() - begun < 20


def test_control_characters_between_words_are_blanks(built: Index) -> None:
    assert names(ask(built, "data\x00scientist")) == ["j1", "j2"]


def test_a_question_that_takes_too_long_is_stopped(
    built: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_module, "SECONDS", 0.05)
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(TooSlow):
        built._ask(endless, ())


def test_the_index_is_open_for_reading_only(built: Index) -> None:
    with pytest.raises(sqlite3.OperationalError):
        built._ask("INSERT INTO kind VALUES ('x', 1)", ())


def everything(path: Path) -> list[object]:
    """What an index answers, whatever the numbers of its rows."""
    index = Index(path)
    asked = [
        [(h.label.iri, h.label.text, round(h.score, 3)) for h in ask(index, text, reader).hits]
        for text in (
            "data",
            "d",
            "scientist",
            "2511.4",
            "carriere",
            "vdab",
            "new",
            "dta",
            "jobs",
            "data engineer",
        )
        for reader in ("fr", "en")
    ]
    sizes = sorted((g.iri, g.scheme, g.things) for g in index.groupings.values())
    return [*asked, sizes, index.kinds]


CHANGES = {
    "a label more": JOBS + ":j1 skos:altLabel 'new name'@en .",
    "a label less": JOBS.replace('"data engineer"@en, ', ""),
    "a name changed": JOBS.replace('"data analyst"@en', '"new analyst"@en'),
    "a thing more": JOBS + ":j9 a skos:Concept ; skos:inScheme :s3 ; skos:prefLabel 'new'@en .",
    "a thing less": JOBS.replace(
        ':j6 a skos:Concept ; skos:inScheme :s2 ; skos:prefLabel "C++"@en .', ""
    ),
    "another scheme": JOBS.replace(
        ":j6 a skos:Concept ; skos:inScheme :s2", ":j6 skos:inScheme :s3"
    ),
    "about another graph's thing": JOBS + ":o1 skos:altLabel 'new'@en ; a :JobBoard .",
}
MANY = "".join(f":m{i} a skos:Concept ; skos:prefLabel 'many {i}'@en ." for i in range(60))


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_answers_as_one_made_anew(given: Given, tmp_path: Path, change: str) -> None:
    first, second, anew = tmp_path / "1", tmp_path / "2", tmp_path / "3"
    SearchStep().run(given(first, jobs=JOBS, things=THINGS, many=MANY))
    before = (first / FILE).read_bytes()
    SearchStep().run(given(second, first, jobs=CHANGES[change], things=THINGS, many=MANY))
    SearchStep().run(given(anew, None, jobs=CHANGES[change], things=THINGS, many=MANY))
    assert everything(second / FILE) == everything(anew / FILE)
    assert everything(second / FILE) != everything(first / FILE)
    assert (first / FILE).read_bytes() == before, "the older release keeps its own"
    with sqlite3.connect(second / FILE) as connection:
        connection.execute("INSERT INTO entry (entry) VALUES ('integrity-check')")
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_the_same_graphs_give_the_same_file(given: Given, tmp_path: Path) -> None:
    one, other = tmp_path / "1", tmp_path / "2"
    for folder in (one, other):
        SearchStep().run(given(folder, jobs=JOBS, things=THINGS))
    assert (one / FILE).read_bytes() == (other / FILE).read_bytes()


def test_nothing_changed_nothing_made(given: Given, tmp_path: Path) -> None:
    SearchStep().run(given(tmp_path / "1", jobs=JOBS))
    result = SearchStep().run(given(tmp_path / "2", tmp_path / "1", jobs=JOBS))
    assert result.kept
    assert not (tmp_path / "2" / FILE).exists()


def test_an_index_of_another_version_is_not_built_upon(given: Given, tmp_path: Path) -> None:
    SearchStep().run(given(tmp_path / "1", jobs=JOBS))
    with sqlite3.connect(tmp_path / "1" / FILE) as connection:
        connection.execute("UPDATE meta SET value = '0'")
        connection.execute("DELETE FROM label")
    connection.close()
    SearchStep().run(given(tmp_path / "2", tmp_path / "1", jobs=JOBS))
    assert names(ask(Index(tmp_path / "2" / FILE), "data scientist")) == ["j1", "j2"]


def test_no_byte_of_a_graph_that_went(given: Given, tmp_path: Path) -> None:
    secret = ":z a skos:Concept ; skos:prefLabel 'Zyxwvut quorum'@en ; skos:inScheme :zs ."
    SearchStep().run(given(tmp_path / "1", jobs=JOBS, many=MANY, secret=secret))
    held = (tmp_path / "1" / FILE).read_bytes().lower()
    assert b"zyxwvut" in held, "the test would see it"
    SearchStep().run(given(tmp_path / "2", tmp_path / "1", jobs=JOBS, many=MANY))
    held = (tmp_path / "2" / FILE).read_bytes().lower()
    for text in (b"zyxwvut", b"quorum", b"secret", b"/c/zs"):
        assert text not in held


def test_the_file_may_be_moved(built: Index, tmp_path: Path) -> None:
    other = tmp_path / "a folder #1 %20?" / FILE
    other.parent.mkdir()
    shutil.copy(built.path, other)
    assert names(ask(Index(other), "vdab")) == ["o1"]


def test_things_are_found_by_how_their_iris_begin(built: Index) -> None:
    jobs = built.beginning(built.beginning("http")[0].rpartition("/")[0] + "/j")
    assert [iri.rpartition("/")[2] for iri in jobs] == ["j1", "j2", "j3", "j4", "j5", "j6", "j7"]
    assert built.beginning("http://nowhere.example/") == []
