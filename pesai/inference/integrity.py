"""Integrity of concept schemes: where published data break the rules of SKOS, counted.

Official publications do break them (ESCO repeats thousands of preferred labels among the
alternative ones). That stops nothing and repairs nothing: a derived graph says how often each graph
breaks each rule, with a few examples, in the Data Quality Vocabulary of the W3C (DQV).
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import ClassVar

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from pesai.inference import closures
from pesai.loading.canonical import lines
from pesai.namespaces import DCTERMS, PREFIXES, RDF, RDFS, SKOS, XSD, Base, Vocabulary, slug
from pesai.releases.manifest import GraphEntry
from pesai.releases.steps import StepContext, StepResult

__all__ = ["EXAMPLES", "IntegrityRule", "IntegrityStep", "integrity_rules"]

EXAMPLES = 5
"""Things that a count names as examples: the first by IRI."""

DQV = Vocabulary("http://www.w3.org/ns/dqv#")
_FILE = "integrity.json"
_HEADER = re.compile(r"^# (?P<key>en|fr|when): (?P<value>.+)$", re.MULTILINE)

_Found = dict[str, tuple[int, list[str]]]
"""By rule: how many things break it, and the first of them."""


@dataclass(frozen=True, slots=True)
class IntegrityRule:
    """A query whose rows are breaches: ``?thing`` breaks the rule in ``?graph``.

    Attributes:
        name: the file's name.
        texts: what a breach is, by language.
        when: predicates; a graph that has none of them cannot break the rule.
        query: may use ``?closure``, the graph of closures.
    """

    name: str
    texts: Mapping[str, str]
    when: tuple[NamedNode, ...]
    query: str


class IntegrityStep:
    """Writes the counts into ``{base}graph/derived/integrity``."""

    name: ClassVar[str] = "integrity"
    version: ClassVar[str] = "1"
    after: ClassVar[tuple[str, ...]] = ("closure",)

    def reads(self, kind: str, iri: str) -> bool:
        """Every graph, and of the derived ones the closures."""
        return kind != "derived" or iri.endswith("graph/derived/closure")

    def run(self, context: StepContext) -> StepResult:
        """Derive. Each graph is judged by itself, and only when it or the hierarchies changed."""
        closure = context.base.graph("derived", "closure")
        hierarchies = closures.account_of(context.folder)
        before = _read(context.previous, self.version, hierarchies)
        now: dict[str, tuple[str, _Found]] = {}
        for entry in context.entries:
            known = before.get(entry.iri)
            if known is None or known[0] != entry.checksum:
                known = entry.checksum, _breaches(context.store, entry, closure)
            now[entry.iri] = known
        text = {"version": self.version, "hierarchies": hierarchies, "graphs": now}
        (context.folder / _FILE).write_text(json.dumps(text, indent=1), encoding="utf-8")
        told = {entry: now[entry.iri][1] for entry in context.entries if now[entry.iri][1]}
        graph = context.base.graph("derived", "integrity").value
        derived = lines(_measurements(told, context.base))
        return StepResult({graph: derived} if told else {}, (_FILE,))


@cache
def integrity_rules() -> tuple[IntegrityRule, ...]:
    """All rules, by name."""
    folder = Path(__file__).parent / "rules"
    return tuple(_rule(path) for path in sorted(folder.glob("*.rq")))


def _rule(path: Path) -> IntegrityRule:
    text = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(text))
    names = [name.partition(":") for name in header["when"].split()]
    when = tuple(NamedNode(PREFIXES[prefix] + local) for prefix, _colon, local in names)
    return IntegrityRule(path.stem, {"en": header["en"], "fr": header["fr"]}, when, text)


def _breaches(store: Store, entry: GraphEntry, closure: NamedNode) -> _Found:
    """What breaks each rule that the graph could break: none is told as none."""
    graph = NamedNode(entry.iri)
    found: _Found = {}
    for rule in integrity_rules():
        if any(_has(store, predicate, graph) for predicate in rule.when):
            # Written by pyoxigraph: a term cannot end the place that it stands in.
            query = rule.query.replace("?graph", str(graph)).replace("?closure", str(closure))
            things = sorted(_things(store, query))
            found[rule.name] = (len(things), things[:EXAMPLES])
    return found


def _has(store: Store, predicate: NamedNode, graph: NamedNode) -> bool:
    return next(iter(store.quads_for_pattern(None, predicate, None, graph)), None) is not None


def _things(store: Store, query: str) -> set[str]:
    answer = store.query(query)
    if not isinstance(answer, QuerySolutions):
        raise TypeError("a rule is a SELECT query")
    return {term.value for row in answer if isinstance(term := row["thing"], NamedNode)}


def _measurements(told: Mapping[GraphEntry, _Found], base: Base) -> Iterator[Triple]:
    """Counts as quality measurements (DQV, section 5.2), rules as metrics."""
    for rule in integrity_rules():
        metric = base.thing("quality", rule.name)
        yield Triple(metric, RDF.type, DQV.Metric)
        yield Triple(metric, DQV.expectedDataType, XSD.integer)
        for language, text in rule.texts.items():
            yield Triple(metric, SKOS.prefLabel, Literal(text, language=language))
    for entry, found in told.items():
        for name, (count, examples) in found.items():
            metric = base.thing("quality", name)
            one = base.thing("quality", f"{name}--{slug(f'{entry.kind} {entry.name}')}")
            yield Triple(one, RDF.type, DQV.QualityMeasurement)
            yield Triple(one, DQV.isMeasurementOf, metric)
            yield Triple(one, DQV.computedOn, NamedNode(entry.iri))
            yield Triple(one, DQV.value, Literal(count))
            yield Triple(one, DCTERMS.identifier, Literal(f"{entry.kind}/{entry.name} {name}"))
            for example in examples:
                yield Triple(one, RDFS.seeAlso, NamedNode(example))


def _read(folder: Path | None, version: str, hierarchies: str) -> dict[str, tuple[str, _Found]]:
    """What was found for the parent release, when it can still hold."""
    path = folder / _FILE if folder is not None else None
    if path is None or not path.is_file():
        return {}
    held = json.loads(path.read_bytes())
    if (held["version"], held["hierarchies"]) != (version, hierarchies):
        return {}
    graphs: dict[str, tuple[str, _Found]] = held["graphs"]
    return graphs
