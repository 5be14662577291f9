"""``docs/reference/conformance.md``, made by a run: ``python -m tests.conformance.table``."""

import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph

from tests.conformance.running import Outcome
from tests.conformance.service import run
from tests.conformance.suite import Suite, archive, unpacked

__all__ = ["PAGE", "SPECIFICATIONS", "known", "page"]

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "conformance.md"
SPECIFICATIONS = {
    "query": "SPARQL 1.1 Query Language",
    "results": "Query Results JSON, CSV and TSV Formats",
    "federation": "Federated Query",
    "description": "Service Description",
    "protocol": "SPARQL Protocol",
    "update": "SPARQL 1.1 Update",
    "graph-store": "Graph Store HTTP Protocol",
}
"""What is run."""

_HEAD = """\
# Conformance with SPARQL 1.1

<!-- Made by `python -m tests.conformance.table`. A test checks it. -->

The W3C test suite ([w3c/rdf-tests](https://github.com/w3c/rdf-tests), commit `ad541a5`) is run over
HTTP against the real service with `PESAI_DATASET=plain`: blank nodes stay and the default graph is
one of its own. The tests find the suite through `PESAI_W3C_TESTS` (`tests/conformance/`); it is
not in this repository. Store: pyoxigraph {version}.

| specification | tests | passed | the engine departs | refused by decision | ours |
|---|---|---|---|---|---|
"""
_RULES = """
Blank nodes are compared by isomorphism, rows in order where the query orders them. Numbers are
compared by value, apart from the tests of result formats, where each character counts. The 70 tests
of entailment regimes are not run: the service claims none.

## Where the engine departs

| test | what happens |
|---|---|
"""
_BEYOND = """
Beyond the suite: in an update the engine reads PREFIX and BASE at the beginning alone, where the
grammar allows them after each `;` too.
"""
_DECISION = """
## Refused by decision

A query or update reaches no other server, so `SERVICE` and `LOAD` are refused with 403 and the
place in the text, with `SILENT` too
([walls of a worker](../decisions/20261123-walls-of-a-worker.md)).

| test | uses |
|---|---|
"""


def known() -> dict[str, dict[str, str]]:
    """What does not pass, by kind of reason and test."""
    text = (Path(__file__).parent / "known.toml").read_text("utf-8")
    found: dict[str, dict[str, str]] = tomllib.loads(text)
    return found


def page(outcomes: Iterable[Outcome]) -> str:
    """The page, from how the tests went."""
    reasons = known()
    counts = Counter((one.test.subject, one.kind(reasons)) for one in outcomes)
    lines = [_HEAD.format(version=pyoxigraph.__version__)]
    for subject, title in SPECIFICATIONS.items():
        numbers = [counts[subject, kind] for kind in ("passed", "engine", "decision", "ours")]
        cells = " | ".join(map(str, [sum(numbers), *numbers]))
        lines.append(f"| {title} | {cells} |\n")
    lines.append(_RULES)
    lines += [f"| `{test}` | {reason} |\n" for test, reason in reasons["engine"].items()]
    lines += [_BEYOND, _DECISION]
    lines += [f"| `{test}` | {reason} |\n" for test, reason in reasons["decision"].items()]
    return "".join(lines)


def main() -> int:
    """Run the suite and write the page; 1 when something of ours fails, 2 without a suite."""
    file = archive()
    if file is None:
        sys.stderr.write("PESAI_W3C_TESTS names no folder with rdf-tests-sparql11-….tar.gz\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        suite: Suite = unpacked(file, Path(folder))
        outcomes = run(suite, Path(folder), suite.tests(*SPECIFICATIONS))
    PAGE.write_text(page(outcomes), "utf-8")
    ours = [one for one in outcomes if one.kind(known()) == "ours"]
    for one in ours:
        sys.stderr.write(f"{one.test.key}: {one.status}: {one.seen[:300]}\n")
    return 1 if ours else 0


if __name__ == "__main__":
    sys.exit(main())
