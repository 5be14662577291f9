"""The guard sees what a query is and does, in whatever spelling."""

import json
import string
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pesai.engine.protocol import SyntaxProblem
from pesai.errors import Refused, WrongUse
from pesai.sparql.guard import MAX_DEPTH, Scan, admit, confirm, scan
from tests.shortened import SOAK

CORPUS = sorted((Path(__file__).parent.parent / "data" / "sparql").glob("*.rq"))
HEADER = "# expect "


def expected(text: str) -> dict[str, Any]:
    """The first line of a file of the corpus says what the guard should find."""
    first = text.partition("\n")[0]
    assert first.startswith(HEADER)
    wanted: dict[str, Any] = json.loads(first.removeprefix(HEADER))
    return {key: tuple(v) if isinstance(v, list) else v for key, v in wanted.items()}


def found(result: Scan, keys: set[str]) -> dict[str, Any]:
    """What was found, where it was asked for or is not the default."""
    given_up = {"depth"} - keys  # only where a file asks for it
    values = asdict(result)
    for key in ("service", "load"):
        values[key] = values[key] and (values[key]["line"], values[key]["column"])
    empty = asdict(Scan())
    return {k: v for k, v in values.items() if (k in keys or v != empty[k]) and k not in given_up}


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_corpus(path: Path) -> None:
    text = path.read_bytes().decode()
    wanted = expected(text)
    assert found(scan(text), set(wanted)) == wanted


def test_corpus_holds_the_spellings() -> None:
    assert len([path for path in CORPUS if path.stem.startswith("service-")]) >= 12


@pytest.mark.parametrize(
    "path", [p for p in CORPUS if p.stem.startswith(("service-", "load"))], ids=str
)
def test_service_and_load_are_refused_with_place_and_rule(path: Path) -> None:
    with pytest.raises(Refused) as caught:
        admit(path.read_bytes().decode())
    assert caught.value.status == 403
    assert caught.value.values["rule"] in ("no-service", "no-load")
    assert f"Line {caught.value.values['line']}, column" in str(caught.value)


@pytest.mark.parametrize("path", [p for p in CORPUS if p.stem.startswith("update-")], ids=str)
def test_updates_are_told_where_to_go(path: Path) -> None:
    with pytest.raises(WrongUse, match="Updates go to /update"):
        admit(path.read_bytes().decode())


@pytest.mark.parametrize("text", ["ASKWHERE { }", "PREFIXa:<http://e.org/> ASK FROM a:b { }"])
def test_what_an_engine_reads_otherwise_is_not_confirmed(text: str) -> None:
    ox.Store().query(text)  # this engine takes it
    found = admit(text)
    with pytest.raises(SyntaxProblem, match="run together"):
        confirm(found)


def test_deep_nesting_is_refused_before_a_worker_sees_it() -> None:
    admit("ASK " + "{" * MAX_DEPTH + "}" * MAX_DEPTH)
    with pytest.raises(SyntaxProblem, match="20000 brackets"):
        admit("ASK " + "{" * 20000 + "}" * 20000)


def test_a_small_query_costs_less_than_fifty_microseconds() -> None:
    text = (
        "PREFIX org: <http://www.w3.org/ns/org#>\nSELECT (COUNT(DISTINCT ?o) AS ?n) WHERE {"
        ' ?o a org:Organization ; org:name "x"@en FILTER(?n < 3 && ?m > 2) } ORDER BY ?n LIMIT 10'
    )
    rounds = []
    for _ in range(20):
        started = time.process_time()
        for _ in range(100):
            admit(text)
        rounds.append((time.process_time() - started) / 100)
    assert min(rounds) < 50e-6


def test_long_strings_that_do_not_end_are_given_up() -> None:
    hostile = "'''\n\\" * 10_000
    started = time.process_time()
    with pytest.raises(SyntaxProblem, match="not closed"):
        admit(f"ASK {{ {hostile} SERVICE <urn:x> {{ }} }}")
    assert time.process_time() - started < 1
    assert admit("SELECT * { VALUES ?v { '''a' } }").unclosed == 1


@given(
    st.lists(
        st.sampled_from(
            [
                *"<'\"\\#?@:.-_aA1{}() \n\r",
                "'''",
                '"""',
                "\\u0041",
                "now",
                "service",
                "a:",
                "\\'",
                '\\"',
            ]
        ),
        min_size=1,
        max_size=5,
    )
)
@settings(max_examples=300 if SOAK else 100, deadline=None)
def test_no_repetition_takes_long(parts: list[str]) -> None:
    """Time does not grow with the square of the length: 64 KiB of anything in under a second."""
    piece = "".join(parts)
    text = piece * (65536 // len(piece))
    started = time.process_time()
    scan(text)
    assert time.process_time() - started < 1


SERVICE_CALL = "<http://127.0.0.1:1/>{?a ?b ?c}"
"""Port 1 is refused by the engine's client itself, with an error that gives the attempt away."""

FRAGMENTS = [
    "SERVICE", "service ", "SERVICE SILENT ", "SERVICESILENT", SERVICE_CALL, ":x{?a ?b ?c}", ":x ",
    "{", "}", "(", ")", ".", ";", ",", " ", "\n", "\r", "#", "# c\n", "<", ">", "<a>", "<#b>",
    "?s ", "?s", "?p ", "?o", "$x ", "a ", "a", "true", "1", "1.5", "1e0", "_:b ", "_:b.c",
    ":a ", ":a", ":a.b ", "ex:SERVICE ", "service:x ", "'", '"', "'''", '"""', "\\'", '\\"', "\\\\",
    "\\u0022", "\\u0027", "\\u000A", "\\u003E", "\\u0053", "'x'", '"y"', "''", '""', "@en", "^^",
    "FILTER(", "?o<?p", "1<2)", "OPTIONAL{", "UNION{", "MINUS{", "GRAPH ?g{", "BIND(1 AS ?z)",
    "VALUES ?v{", "{SELECT * {", "EXISTS{", "NOT ", "FILTER ", "||", "&&", "\u00e9", "\u0301",
    "\u017f", "%41", "\\#", "\\-", "LATERAL{",
]  # fmt: skip


def reaches_out(text: str) -> bool:
    """Whether the engine, without any wall, would send a request for this query."""
    try:
        answer = ox.Store().query(text)
        if isinstance(answer, ox.QuerySolutions):
            list(answer)
    except OSError as error:
        return "port 1" in str(error)
    except (SyntaxError, ValueError, RuntimeError):
        return False
    return False


PROLOGUE = "PREFIX : <http://127.0.0.1:1/> PREFIX ex: <http://127.0.0.1:1/> "


@given(
    st.lists(st.sampled_from(FRAGMENTS), max_size=8),
    st.lists(st.sampled_from(FRAGMENTS), max_size=6),
    st.sampled_from(["SERVICE", "SERVICE ", "service", "SERVICE SILENT ", "SERVICE:x{?a ?b ?c}"]),
)
@settings(max_examples=4000 if SOAK else 1000, deadline=None)
def test_whatever_reaches_out_is_seen(before: list[str], after: list[str], word: str) -> None:
    """The engine itself is the judge: what it would send a request for, the guard has seen."""
    call = word if word.endswith("}") else word + SERVICE_CALL
    text = PROLOGUE + "ASK {" + "".join(before) + call + "".join(after) + "}"
    if reaches_out(text):
        assert scan(text).service is not None, text


QUOTED = st.text(string.printable, max_size=20)


@given(QUOTED, QUOTED, QUOTED, st.sampled_from(["SERVICE <x> {", "LOAD <x>", "NOW()"]))
@settings(max_examples=500, deadline=None)
def test_what_is_quoted_is_never_seen(one: str, two: str, three: str, word: str) -> None:
    """Strings, comments and IRIs hide nothing and mean nothing."""
    literal = str(ox.Literal(one + word + two))
    comment = "#" + (three + word).replace("\n", " ").replace("\r", " ")
    iri = "".join(c for c in two + word if c not in '<>"{}|^`\\' and c > " ")
    text = f"ASK {{ ?s <http://example.org/{iri}> {literal} {comment}\n }}"
    if "\\u" in text or "\\U" in text:
        return  # read in two ways: see the corpus
    result = scan(text)
    assert (result.form, result.service, result.load) == ("ask", None, None)
    assert not result.volatile


@given(st.text(max_size=200))
@settings(max_examples=500, deadline=None)
def test_any_text_is_scanned(text: str) -> None:
    assert scan(text).depth <= len(text)
