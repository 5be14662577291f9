"""The real command, in a process of its own, as a user runs it."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]

PESAI = str(Path(sys.executable).parent / "pesai")


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """``run("load", "rdf", file)`` in a home of its own."""

    def run_it(*arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "PESAI_HOME": str(tmp_path / "var"), **more}
        return subprocess.run(
            [PESAI, *map(str, arguments)],
            env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600, check=False,
        )  # fmt: skip

    return run_it


def _graph(folder: Path, name: str, *texts: str) -> Path:
    path = folder / f"{name}.ttl"
    lines = (f'<https://example.org/{name}> <https://example.org/says> "{t}" .' for t in texts)
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_help_and_version_are_there_at_once(run: Run) -> None:
    started = time.perf_counter()
    done = run("--help")
    assert done.returncode == 0
    assert time.perf_counter() - started < 30, "measured in benchmarks; this is for gross mistakes"
    for command in ("build", "load", "query", "releases", "graphs", "rebuild", "check", "serve"):
        assert command in done.stdout
    assert run("--version").stdout.startswith("pesai 0.")


def test_heavy_libraries_wait_until_they_are_needed() -> None:
    script = "import sys, pesai.cli.main; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    heavy = {"rdflib", "pyshacl", "owlready2", "flask", "openpyxl", "pyoxigraph", "pydantic"}
    assert not heavy & set(done.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("load",),
        ("load", "rdf"),
        ("load", "nothing-like-it", __file__),
        ("load", "rdf", __file__, __file__),
        ("load", "rdf", __file__, "--audience", "everybody"),
        ("query",),
        ("query", "area/no-such-query"),
        ("query", "-e", "ASK {}", "--format", "papyrus"),
        ("query", "-e", "ASK {}", "--param", "novalue"),
        ("releases", "show", "7"),
        ("releases", "withdraw", "1"),
        ("releases", "prune", "--keep", "0"),
        ("graphs", "show", "no/thing"),
        ("check", "data", "README.md"),
    ],
)
def test_wrong_use_ends_with_2_and_words(run: Run, arguments: tuple[str, ...]) -> None:
    done = run(*arguments)
    assert done.returncode == 2, done.stdout + done.stderr
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


def test_a_wrong_setting_is_named(run: Run) -> None:
    done = run("releases", "list", PESAI_QUERY_SECONDS="soon")
    assert done.returncode == 2
    assert "PESAI_QUERY_SECONDS" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_is_loaded_asked_and_loaded_again(run: Run, tmp_path: Path) -> None:
    file = _graph(tmp_path, "hello", "one", "two")
    done = run("load", "rdf", file)
    assert done.returncode == 0, done.stderr
    assert "rdf/hello: 2 triples" in done.stdout
    assert "release 000001 is served now" in done.stdout
    again = run("load", "rdf", file)
    assert again.returncode == 0
    assert "nothing changed: release 000001 stays" in again.stdout
    asked = run("query", "-e", "SELECT ?t { ?s <https://example.org/says> ?t } ORDER BY ?t")
    assert asked.stdout.splitlines() == ["?t", '"one"', '"two"']


def test_a_table_with_mistakes_loads_its_good_rows_and_lists_the_bad(
    run: Run, tmp_path: Path
) -> None:
    from pesai.resources import files

    with (files("data") / "organisations.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle))
    country = rows[0].index("country")
    pes = [row for row in rows[1:] if row[rows[0].index("kind")] == "PES"][:3]
    pes[1][country] = "ZZ"
    table = tmp_path / "organisations.csv"
    with table.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([rows[0], *pes])
    assert run("load", "ontology", files("ontology") / "codes").returncode == 0
    tried = run("check", "data", table)
    assert tried.returncode == 1
    assert "only tried" in tried.stdout
    done = run("load", "organisations", table)
    assert done.returncode == 1
    assert "organisations.csv:3:country" in done.stderr
    assert "3 rows read, 1 skipped" in done.stdout
    assert "release 000002 is served now" in done.stdout
    again = run("load", "organisations", table, "--json")
    assert again.returncode == 1, "the bad row is told again"
    told = json.loads(again.stdout)
    assert told["release"] is None
    assert told["sources"][0]["issues"][0]["row"] == 3


def test_hidden_folders_and_what_programs_leave_behind_are_no_sources(
    run: Run, tmp_path: Path
) -> None:
    folder = tmp_path / "answers"
    for place in (folder, folder / ".git", folder / "__MACOSX"):
        place.mkdir()
        _graph(place, place.name.strip("._"), "x")
    done = run("load", "rdf", folder)
    assert done.returncode == 0, done.stderr
    assert "rdf/answers: 1 triples" in done.stdout


def test_a_licence_in_words_is_told_and_stops_nothing(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ours.sssom.tsv"
    path.write_text(
        "#mapping_set_id: our set\n#license: CC BY 4.0\n#curie_map:\n#  x: http://x.example/\n"
        "subject_id\tpredicate_id\tobject_id\tmapping_justification\n"
        "x:a\tskos:exactMatch\tx:b\tsemapv:ManualMappingCuration\n",
        encoding="utf-8",
    )
    done = run("load", "sssom", path)
    assert done.returncode == 0, done.stderr
    assert "the head has no license ('CC BY 4.0'; an IRI)" in done.stderr


def test_nothing_loaded_is_no_success_and_replaces_nothing(run: Run, tmp_path: Path) -> None:
    file = _graph(tmp_path, "hello", "one")
    assert run("load", "rdf", file).returncode == 0
    file.write_text("# nothing\n")
    done = run("load", "rdf", file)
    assert done.returncode == 1
    assert "rdf/hello: refused" in done.stdout
    file.write_text("this is no Turtle")
    done = run("load", "rdf", file)
    assert done.returncode == 1
    assert "hello.ttl" in done.stderr
    asked = run("query", "-e", "SELECT ?t { GRAPH ?g { ?s <https://example.org/says> ?t } }")
    assert asked.stdout.splitlines() == ["?t", '"one"']


def test_a_graph_in_our_words_that_breaks_the_contract_is_refused(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "claims.ttl"
    file.write_text(
        "@prefix pai: <https://w3id.org/pes-ai/def#> . <https://example.org/f> a pai:Finding ."
    )
    done = run("load", "rdf", file)
    assert done.returncode == 1
    assert "https://example.org/f" in done.stderr
    assert run("releases", "list").stdout.count("\n") == 1


def test_readers_see_what_is_for_them(run: Run, tmp_path: Path) -> None:
    for name, audience in (("a", "public"), ("b", "partners"), ("c", "owners:xa,xb")):
        file = _graph(tmp_path, name, f"for {audience}")
        assert run("load", "rdf", file, "--audience", audience).returncode == 0
    ask = ("query", "-e", "SELECT ?t { ?s <https://example.org/says> ?t } ORDER BY ?t")
    for reader, count in (
        ("public", 1), ("partners", 2), ("owner:xa", 3), ("owner:xb", 3), ("owner:xc", 2),
    ):  # fmt: skip
        assert len(run(*ask, "--audience", reader).stdout.splitlines()) == count + 1
    listed = json.loads(run("graphs", "list", "--audience", "partners", "--json").stdout)
    assert [graph["name"] for graph in listed] == ["a", "b"]
    assert run(*ask, "--audience", "nobody").returncode == 2


def test_formats_of_answers(run: Run, tmp_path: Path) -> None:
    assert run("load", "rdf", _graph(tmp_path, "hello", "one")).returncode == 0
    select = "SELECT * { ?s <https://example.org/says> ?t }"
    assert run("query", "-e", select, "--format", "csv").stdout.splitlines()[0] == "s,t"
    assert json.loads(run("query", "-e", select, "--json").stdout)["head"]["vars"] == ["s", "t"]
    assert "<sparql" in run("query", "-e", select, "--format", "xml").stdout
    construct = "CONSTRUCT WHERE { ?s <https://example.org/says> ?t }"
    for name, text in (("ttl", "says"), ("nt", '"one" .'), ("jsonld", "@id"), ("rdf", "rdf:RDF")):
        done = run("query", "-e", construct, "--format", name)
        assert text in done.stdout, (name, done.stdout, done.stderr)
    assert run("query", "-e", construct).stdout.strip(), "a graph has a usual format too"
    assert run("query", "-e", construct, "--format", "csv").returncode == 2
    assert "\n1\t" not in run("query", "-e", select, "--format", "table").stdout
    assert run("query", "-e", "ASK {}", "--format", "table").stdout == "yes\n"


def test_a_query_comes_from_a_file_or_standard_input(run: Run, tmp_path: Path) -> None:
    assert run("load", "rdf", _graph(tmp_path, "hello", "one", "two")).returncode == 0
    file = tmp_path / "q.rq"
    file.write_text("SELECT ?t { ?s ?p ?t FILTER(?t = ?wanted) }")
    assert run("query", file, "--param", "wanted=two").stdout.splitlines() == ["?t", '"two"']
    assert run("query", "missing.rq").returncode == 2
    piped = subprocess.run(
        [PESAI, "query", "-"], input="ASK {}", text=True, capture_output=True, check=True,
        env={**os.environ, "PESAI_HOME": str(tmp_path / "var")},
    )  # fmt: skip
    assert "true" in piped.stdout


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("SELECT", 1, "Line 1"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", 3, "SERVICE"),
        ("DROP ALL", 2, "update"),
        ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", 4, "stopped"),
    ],
)
def test_queries_that_are_refused(
    run: Run, tmp_path: Path, text: str, code: int, words: str
) -> None:
    held = [str(number) for number in range(400)]
    assert run("load", "rdf", _graph(tmp_path, "many", *held)).returncode == 0
    done = run("query", "-e", text, PESAI_QUERY_SECONDS="1")
    assert done.returncode == code, done.stderr
    assert words in done.stderr
    assert done.stdout == ""


def test_releases_from_the_command_line(run: Run, tmp_path: Path) -> None:
    for text in ("one", "two", "three"):
        assert run("load", "rdf", _graph(tmp_path, "hello", text), "--why", text).returncode == 0
    listed = json.loads(run("releases", "list", "--json").stdout)
    assert [(item["release"], item["why"]) for item in listed] == [
        ("000003", "three"), ("000002", "two"), ("000001", "one"),
    ]  # fmt: skip
    compared = run("releases", "diff", "1", "2", "--lines").stdout
    assert '- <https://example.org/hello> <https://example.org/says> "one"' in compared
    assert run("releases", "rollback", "2", "--why", "three was wrong").returncode == 0
    assert "three was wrong" in run("releases", "show").stdout
    assert run("releases", "verify").returncode == 0
    assert run("releases", "withdraw", "3", "--why", "wrong").returncode == 0
    done = run("query", "-e", "ASK {}", "--release", "3")
    assert done.returncode == 3
    assert "withdrawn" in done.stderr
    assert run("releases", "withdraw", "2", "--why", "no").returncode == 3
    assert run("releases", "cite", "1", "--why", "page 7").returncode == 0
    assert "000001" in run("releases", "prune", "--keep", "1").stdout
    assert run("query", "-e", "ASK {}", "--release", "1").returncode == 3
    assert run("rebuild", "--release", "1").returncode == 0
    assert run("query", "-e", "ASK {}", "--release", "1").returncode == 0
    error = json.loads(run("releases", "show", "99", "--json").stderr)
    assert error["problem"]["code"] == "not-found"


def test_verification_that_fails_ends_with_4(run: Run, tmp_path: Path) -> None:
    assert run("load", "rdf", _graph(tmp_path, "hello", "one")).returncode == 0
    dump = tmp_path / "var/releases/000001/public/data.nq.gz"
    dump.write_bytes(dump.read_bytes()[:-4])
    done = run("releases", "verify")
    assert done.returncode == 4
    assert "public/data.nq.gz" in done.stderr


def test_graphs_from_the_command_line(run: Run, tmp_path: Path) -> None:
    for name in ("a", "b"):
        assert run("load", "rdf", _graph(tmp_path, name, "x")).returncode == 0
    assert "rdf/a" in run("graphs", "list").stdout
    assert "a.ttl" in run("graphs", "show", "rdf/a").stdout
    assert run("graphs", "audience", "rdf/a", "partners").returncode == 0
    assert "stays" in run("graphs", "audience", "rdf/a", "partners").stdout
    done = run("query", "-e", "ASK {}", "--release", "1")
    assert done.returncode == 3
    assert "closed to you" in done.stderr
    assert run("query", "-e", "ASK {}", "--release", "1", "--audience", "partners").returncode == 0
    assert run("graphs", "remove", "rdf/b").returncode == 2, "a reason is needed"
    assert run("graphs", "remove", "rdf/b", "--why", "asked for").returncode == 0
    assert "rdf/b" not in run("graphs", "list").stdout
    assert run("rebuild").returncode == 0
    assert run("releases", "verify").returncode == 0


def test_ctrl_c_ends_with_4_and_the_old_release(run: Run, tmp_path: Path) -> None:
    assert run("load", "rdf", _graph(tmp_path, "hello", "one")).returncode == 0
    process = subprocess.Popen(
        [PESAI, "build"],
        env={**os.environ, "PESAI_HOME": str(tmp_path / "var")},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # A shell has its jobs in the background ignore Ctrl-C, and these tests may be one.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )  # fmt: skip
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=300)
    assert process.returncode == 4, told
    assert "interrupted" in told
    assert "Traceback" not in told
    assert run("releases", "list").stdout.count("000001") == 1
    assert run("releases", "verify").returncode == 0


def test_a_closed_pipe_is_no_mistake(run: Run, tmp_path: Path) -> None:
    held = [f"{number:06d}" for number in range(5000)]
    assert run("load", "rdf", _graph(tmp_path, "many", *held)).returncode == 0
    script = f"{PESAI} query -e 'SELECT * {{ ?s ?p ?o }}' | head -1"
    done = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, check=False, timeout=300,
        env={**os.environ, "PESAI_HOME": str(tmp_path / "var")},
    )  # fmt: skip
    assert done.stdout.startswith("?")
    assert "Traceback" not in done.stderr


def test_another_port_is_one_word_of_make() -> None:
    root = Path(__file__).parents[2]
    told = subprocess.run(
        ["make", "-n", "serve", "PORT=8081"], cwd=root, capture_output=True, text=True, check=True
    )
    # Within "make test" it says more: which folder it enters and leaves.
    assert ".venv/bin/pesai serve --port 8081" in told.stdout.splitlines()


def test_a_try_does_not_say_that_nothing_would_change(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\n", encoding="utf-8")
    tried = run("load", "rdf", "a.nt", "--dry-run")
    assert tried.stdout == "rdf/a: 1 triples\nonly tried: nothing was written\n"
    for command in (("load", "rdf", "b.nt"), ("query", "b.rq")):
        assert run(*command).returncode == 2, "there is no such thing"


def test_what_cannot_be_served_says_why(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.nt").write_text("<urn:s> <urn:p> <urn:o> .\n", encoding="utf-8")
    assert run("load", "rdf", "a.nt").returncode == 0
    wrong_port = run("serve", "--port", "99999")
    assert (wrong_port.returncode, "65535" in wrong_port.stderr) == (2, True), "not another one"
    no_reader = run("serve", PESAI_ENGINE="https://example.org/sparql")
    assert (no_reader.returncode, "{audience}" in no_reader.stderr) == (2, True)
    no_key = run("serve", "--port", "0", PESAI_SECRET_KEY_FILE="/nowhere/key")
    assert no_key.returncode == 4
    assert "/nowhere/key (No such file or directory)" in no_key.stderr
    assert "Traceback" not in no_key.stderr
    a_file = run("load", "rdf", "a.nt", PESAI_HOME=str(tmp_path / "a.nt"))
    assert (a_file.returncode, "PESAI_HOME" in a_file.stderr) == (4, True)
    (tmp_path / "pesai.toml").write_text("home is here\n", encoding="utf-8")
    unread = run("releases", "list")
    assert (unread.returncode, unread.stderr[:28]) == (2, "pesai: pesai.toml cannot be ")
