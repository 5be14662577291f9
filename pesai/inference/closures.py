"""The transitive closure of the hierarchies: 'all descendants' as one pattern.

SKOS says that ``skos:broader`` implies ``skos:broaderTransitive`` (S22) and that this is transitive
(S24). A derived step writes what follows, so that a query needs no property path, which is slow on
large classifications and easily forgotten.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from pyoxigraph import NamedNode, Store

from pesai.errors import InputProblem
from pesai.loading.canonical import Lines
from pesai.namespaces import SKOS
from pesai.releases.manifest import GraphEntry
from pesai.releases.steps import StepContext, StepResult

__all__ = ["MAX_PAIRS", "ClosureStep", "Links", "account_of", "ancestors", "links"]

MAX_PAIRS = 5_000_000
"""Pairs that a closure may have; those of ESCO, ROME and O*NET together are some 190,000."""

_UP = (SKOS.broader, SKOS.broaderTransitive)
_DOWN = (SKOS.narrower, SKOS.narrowerTransitive)
_FILE = "closure.json"
"""Of each graph its checksum and that of its links: what did not change is not read again."""

Links = dict[str, set[str]]
"""What is directly above each concept, as N-Triples terms."""

_Account = dict[str, tuple[str, str]]
_NOTHING: frozenset[str] = frozenset()


class ClosureStep:
    """Writes ``skos:broaderTransitive`` into ``{base}graph/derived/closure``.

    A concept in a cycle is broader than itself there; nothing else is (the property is not
    reflexive). Mappings between schemes (``skos:broadMatch``) do not count as hierarchy, although
    SKOS lets them imply it (S41): a closure over several publishers' schemes is nobody's statement.
    """

    name: ClassVar[str] = "closure"
    version: ClassVar[str] = "1"
    after: ClassVar[tuple[str, ...]] = ()

    def reads(self, kind: str, iri: str) -> bool:  # noqa: ARG002
        """Every graph but the derived ones: anybody may publish a hierarchy."""
        return kind != "derived"

    def run(self, context: StepContext) -> StepResult:
        """Derive; when no link changed, keep what was there.

        Raises:
            InputProblem: the hierarchies have more pairs than ``MAX_PAIRS``.
        """
        before = _read(context.previous, self.version)
        now = {entry.iri: _account(context.store, entry, before) for entry in context.entries}
        if before.keys() == now.keys() and all(before[iri][1] == now[iri][1] for iri in now):
            return StepResult(kept=True)
        text = json.dumps({"version": self.version, "graphs": now}, indent=1)
        (context.folder / _FILE).write_text(text, encoding="utf-8")
        closure = _lines(links(context.store, context.inputs))
        graph = context.base.graph("derived", "closure").value
        return StepResult({graph: closure} if closure else {}, (_FILE,))


def links(store: Store, graphs: tuple[str, ...]) -> Links:
    """What is directly broader than each concept, by either direction in which it is stated."""
    found: Links = defaultdict(set)
    for iri in graphs:
        graph = NamedNode(iri)
        for predicate in _UP:
            for quad in store.quads_for_pattern(None, predicate, None, graph):
                found[str(quad.subject)].add(str(quad.object))
        for predicate in _DOWN:
            for quad in store.quads_for_pattern(None, predicate, None, graph):
                found[str(quad.object)].add(str(quad.subject))
    return found


def ancestors(found: Mapping[str, set[str]]) -> Iterator[tuple[str, set[str]]]:
    """Everything above each concept; a concept that is above itself is in its own set.

    Raises:
        InputProblem: there are more pairs than ``MAX_PAIRS``.
    """
    pairs = 0
    for concept in found:
        above: set[str] = set()
        waiting = [concept]
        while waiting:
            fresh = found.get(waiting.pop(), _NOTHING) - above
            above |= fresh
            waiting += fresh
            if pairs + len(above) > MAX_PAIRS:
                raise InputProblem(
                    "the hierarchies have more than {limit} pairs of a concept and one above it; "
                    "{concept} alone has {count} or more concepts above it",
                    limit=MAX_PAIRS,
                    concept=concept,
                    count=len(above),
                )
        pairs += len(above)
        yield concept, above


def account_of(folder: Path) -> str:
    """A checksum over the links that the closures in a reader's folder were made of."""
    path = folder / _FILE
    if not path.is_file():
        return ""
    graphs = json.loads(path.read_bytes())["graphs"]
    own = sorted({digest for _whole, digest in graphs.values()})
    return hashlib.sha256(" ".join(own).encode()).hexdigest()


def _lines(found: Links) -> Lines:
    """The closure in its canonical form; literals and the like above a concept are no hierarchy."""
    middle = f" {SKOS.broaderTransitive} "
    pairs = ancestors({key: {v for v in above if v[0] == "<"} for key, above in found.items()})
    return tuple(
        sorted(
            f"{concept}{middle}{above} ."
            for concept, everything in pairs
            if concept[0] == "<"
            for above in everything
        )
    )


def _account(store: Store, entry: GraphEntry, before: _Account) -> tuple[str, str]:
    """The checksums of a graph and of its links."""
    known = before.get(entry.iri)
    if known is not None and known[0] == entry.checksum:
        return known
    return entry.checksum, _digest(links(store, (entry.iri,)))


def _digest(found: Links) -> str:
    digest = hashlib.sha256()
    for concept in sorted(found):
        digest.update(f"{concept} {' '.join(sorted(found[concept]))}\n".encode())
    return digest.hexdigest()


def _read(folder: Path | None, version: str) -> _Account:
    """The account that the step gave for the parent release; empty when there is none to use."""
    path = folder / _FILE if folder is not None else None
    if path is None or not path.is_file():
        return {}
    held = json.loads(path.read_bytes())
    if held["version"] != version:
        return {}
    return {iri: (whole, own) for iri, (whole, own) in held["graphs"].items()}
