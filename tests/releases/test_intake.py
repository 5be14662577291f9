"""What may refer to what, what the data contract drops, and what one loading becomes."""

import csv
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyoxigraph import NamedNode

from pesai.access.audiences import PARTNERS, PUBLIC, Audience
from pesai.errors import Conflict, WrongUse
from pesai.loading.loader import Source
from pesai.namespaces import Base
from pesai.releases.bundled import bundled, kind_of
from pesai.releases.intake import Load, Outcome, load
from pesai.releases.known import Known
from pesai.releases.lock import publisher_lock
from pesai.releases.rebuild import rebuild
from pesai.resources import files

if TYPE_CHECKING:
    from tests.releases.conftest import Kit

ESCO = Path(__file__).parents[1] / "data" / "classifications" / "esco-1.2.0"
COLUMNS = (files("data") / "organisations.csv").read_text("utf-8").splitlines()[0].split(",")


def _organisations(folder: Path, *rows: dict[str, str]) -> Path:
    """A table of fictional services; QM and QN are no countries, and not for real data."""
    path = folder / "organisations.csv"
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, COLUMNS)
        writer.writeheader()
        for number, row in enumerate(rows):
            known = {"id": f"xa-{number}", "name_en": f"Service {number}", "kind": "PES"}
            writer.writerow({"country": "FR", "source_url": "https://example.org/"} | known | row)
    return path


def _load(kit: "Kit", *loads: Load, dry_run: bool = False) -> Outcome:
    return load(kit.home, kit.base, loads, who="tester", why="test", dry_run=dry_run)


def _rdf(folder: Path, name: str, text: str) -> Source:
    path = folder / f"{name}.ttl"
    path.write_text(text, encoding="utf-8")
    return Source("rdf", name, (path,))


def test_a_reference_must_lead_all_readers_of_the_graph_somewhere(kit: "Kit") -> None:
    kit.put(
        open=("public", [kit.triple("open", "1")]),
        shared=("partners", [kit.triple("shared", "1")]),
        own=("owners:xa", [kit.triple("own", "1")]),
    )
    known = Known(kit.home)
    expected = {
        "public": {"urn:open"},
        "partners": {"urn:open", "urn:shared"},
        "owners:xa": {"urn:open", "urn:shared", "urn:own"},
        "owners:xa,xb": {"urn:open", "urn:shared"},
    }
    for audience, things in expected.items():
        knows = known.for_(Audience.parse(audience))
        assert {iri for iri in expected["owners:xa"] if knows(iri)} == things, audience


def test_what_this_run_loaded_before_is_known_to_those_who_may_read_it(kit: "Kit") -> None:
    known = Known(kit.home)
    known.add(PARTNERS, (kit.triple("fresh", "1"),))
    assert known.for_(PARTNERS)("urn:fresh")
    assert not known.for_(PUBLIC)("urn:fresh")


def test_a_graph_that_is_replaced_does_not_vouch_for_what_it_held(kit: "Kit") -> None:
    kit.put(a=("public", [kit.triple("old", "1")]))
    known = Known(kit.home)
    assert known.for_(PUBLIC)("urn:old")
    known.begin(NamedNode(kit.iri("a")))
    assert not known.for_(PUBLIC)("urn:old")
    known.give_back(NamedNode(kit.iri("a")))
    assert known.for_(PUBLIC)("urn:old")


def test_a_row_that_the_contract_refuses_goes_and_the_others_stay(
    kit: "Kit", tmp_path: Path
) -> None:
    path = _organisations(tmp_path, {}, {"country": ""}, {})
    outcome = _load(kit, Load(Source("organisations", "o", (path,))))
    (loaded,) = outcome.loaded
    assert loaded.entry is not None
    assert (loaded.entry.rows, loaded.entry.skipped) == (3, 1)
    assert {(issue.place.file, issue.place.row) for issue in loaded.issues} == {
        ("organisations.csv", 3)
    }
    (held,) = kit.own(kit.in_store(kit.current().path / "public")).values()
    assert not any("xa-1" in line for line in held)
    assert any("xa-2" in line for line in held)


def test_one_violation_refuses_a_graph_that_has_no_rows(kit: "Kit", tmp_path: Path) -> None:
    text = (
        "@prefix pai: <https://w3id.org/pes-ai/def#> . <urn:f> a pai:Finding . <urn:x> a <urn:y> ."
    )
    outcome = _load(kit, Load(_rdf(tmp_path, "f", text)))
    assert outcome.loaded[0].entry is None
    assert any("urn:f" in issue.message for issue in outcome.issues)
    assert outcome.manifest is None
    assert kit.home.current() is None
    assert not list(kit.home.path.rglob("*.ttl"))


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("pai:hasTheem <urn:x>", "A term of our namespace is used"),
        ("pai:hasTheme <https://w3id.org/pes-ai/code/theme/no-such>", "A code that no list"),
    ],
)
def test_the_rules_for_data_are_part_of_the_contract(
    kit: "Kit", tmp_path: Path, says: str, told: str
) -> None:
    text = f"@prefix pai: <https://w3id.org/pes-ai/def#> . <urn:f> {says} ."
    outcome = _load(kit, Load(_rdf(tmp_path, "f", text)))
    assert outcome.loaded[0].entry is None
    assert any("urn:f" in issue.message and told in issue.message for issue in outcome.issues)


def test_rows_lost_behind_a_quotation_mark_replace_no_graph(kit: "Kit", tmp_path: Path) -> None:
    whole = Load(Source("organisations", "o", (_organisations(tmp_path, {}, {}, {}),)))
    _load(kit, whole)
    rows = whole.source.paths[0].read_text("utf-8").replace("Service 1", '"Service 1')
    whole.source.paths[0].write_text(rows, encoding="utf-8")
    broken = Load(Source("organisations", "o", whole.source.paths))
    outcome = _load(kit, broken)
    assert outcome.loaded[0].entry is None
    told = [str(issue) for issue in outcome.issues]
    assert told[0].startswith("organisations.csv:3: error: a quotation mark opens here")
    assert told[0].endswith("is not closed; the row after it cannot be read")
    assert "note: organisations.csv cannot be read whole; the graph stays as it was" in told[1]
    assert outcome.manifest is None
    assert len(kit.current().manifest().graphs[0].sources) == 1
    (held,) = kit.own(kit.in_store(kit.current().path / "public")).values()
    assert any("xa-2" in line for line in held)


def test_what_is_left_of_a_broken_source_is_loaded_where_nothing_is_lost_by_it(
    kit: "Kit", tmp_path: Path
) -> None:
    folder = shutil.copytree(ESCO, tmp_path / "esco-1.2.0")
    whole = Source("esco", "1.2.0", tuple(sorted(folder.iterdir())))
    (folder / "skills_en.csv").write_text("conceptType;conceptUri;preferredLabel\n", "utf-8")
    first = _load(kit, Load(whole))
    assert first.manifest is not None, "the good tables of a new graph are loaded"
    assert first.errors
    again = _load(kit, Load(Source("esco", "1.2.0", whole.paths)))
    assert again.manifest is None
    assert again.loaded[0].entry is not None, "the same files change nothing"
    with publisher_lock(kit.home) as held:
        assert rebuild(held, kit.base, who="tester", why="test").manifest is not None
    shutil.copy(ESCO / "skills_en.csv", folder)
    mended = _load(kit, Load(Source("esco", "1.2.0", whole.paths)))
    assert mended.manifest is not None
    (folder / "occupations_en.csv").write_bytes(b"\xff\xfe")
    worse = _load(kit, Load(Source("esco", "1.2.0", whole.paths)))
    assert worse.manifest is None
    assert any("occupations_en.csv cannot be read whole" in str(one) for one in worse.issues)


def test_all_loads_of_one_call_are_one_release(kit: "Kit", tmp_path: Path) -> None:
    sources = [_rdf(tmp_path, name, f'<urn:{name}> <urn:p> "x" .') for name in "abc"]
    outcome = _load(kit, *(Load(source) for source in sources))
    assert outcome.manifest is not None
    assert outcome.manifest.id == "000001"
    assert len(outcome.manifest.graphs) == 3
    again = _load(kit, *(Load(source) for source in sources))
    assert again.manifest is None
    assert [release.id for release in kit.home.all_releases()] == ["000001"]


def test_one_refused_source_does_not_keep_the_others_out(kit: "Kit", tmp_path: Path) -> None:
    good, bad = _rdf(tmp_path, "good", '<urn:a> <urn:p> "x" .'), _rdf(tmp_path, "bad", "@prefix")
    outcome = _load(kit, Load(bad), Load(good))
    assert [item.entry is None for item in outcome.loaded] == [True, False]
    assert outcome.errors == 1
    assert outcome.manifest is not None
    kept = {path.name for path in kit.home.sources.iterdir()} - {"journal.jsonl"}
    assert kept == {good.files[0][1]}


def test_trying_writes_nothing(kit: "Kit", tmp_path: Path) -> None:
    outcome = _load(kit, Load(_rdf(tmp_path, "a", '<urn:a> <urn:p> "x" .')), dry_run=True)
    assert outcome.loaded[0].entry is not None
    assert outcome.loaded[0].entry.triples == 1
    assert not kit.home.path.exists()


def test_the_same_graph_from_another_file_keeps_its_time(kit: "Kit", tmp_path: Path) -> None:
    first = _load(kit, Load(_rdf(tmp_path, "a", '<urn:a> <urn:p> "x" .')))
    second = _load(kit, Load(_rdf(tmp_path, "a", '<urn:a>   <urn:p>   "x" .')))
    assert first.manifest is not None
    assert second.manifest is not None, "another file is another source"
    (old,), (new,) = first.manifest.graphs, second.manifest.graphs
    assert old.loaded == new.loaded
    assert old.checksum == new.checksum
    assert old.sources != new.sources


def test_another_base_is_refused_until_all_is_made_again(kit: "Kit", tmp_path: Path) -> None:
    _load(kit, Load(_rdf(tmp_path, "a", '<urn:a> <urn:p> "x" .')))
    item = Load(_rdf(tmp_path, "b", '<urn:b> <urn:p> "x" .'))
    with pytest.raises(Conflict, match="PESAI_BASE_IRI"):
        load(kit.home, Base("https://other.example/"), [item], who="tester", why="test")
    assert kit.debris() == []


def test_there_is_no_such_kind(kit: "Kit", tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="organisations"):
        _load(kit, Load(Source("nonsense", "a", (tmp_path,))))


def test_every_file_of_data_is_in_the_bundle() -> None:
    taken = {path for source in bundled() for path in source.paths}
    tables = set(files("data").glob("*.csv")) - {
        files("data") / "taxonomies_named.csv"  # read by the loader of initiatives
    }
    assert tables <= taken
    for folder in ("modules", "codes", "imports", "alignments"):
        assert set((files("ontology") / folder).iterdir()) <= taken


@pytest.mark.parametrize(
    ("name", "kind"),
    [("organisations.csv", "organisations"), ("role-esco.sssom.tsv", "sssom"), ("x.ttl", "rdf"),
     ("consultation_roles.csv", "consultation"), ("my.sssom.tsv", "sssom"), ("x.docx", None)],
)  # fmt: skip
def test_a_files_name_tells_its_kind(name: str, kind: str | None) -> None:
    assert kind_of(Path("somewhere") / name) == kind
