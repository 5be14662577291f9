"""Rules as queries: each row of the answer is a defect."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as OneOf
from typing import cast

import pyoxigraph as ox
from rdflib import Graph

from pesai.checks import contract
from pesai.resources import files

__all__ = ["Breach", "Rule", "check_data", "data_rules", "ontology_rules", "rules", "run"]

Severity = OneOf["error", "warning", "note"]

_HEADER = re.compile(r"^# (?P<key>en|fr|severity): (?P<value>.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Rule:
    """A query with what its rows mean. Its first variable is the thing that is wrong."""

    name: str
    messages: dict[str, str]
    severity: Severity
    query: str


@dataclass(frozen=True, slots=True, order=True)
class Breach:
    """One row of a rule: the thing that is wrong, and what the other variables say of it."""

    rule: str
    subject: str
    detail: str
    severity: Severity
    message: str


def rules(folder: Path) -> list[Rule]:
    """The rules of a folder, by name (folders below it are left out)."""
    return [_rule(path) for path in sorted(folder.glob("*.rq"))]


def ontology_rules() -> list[Rule]:
    """Rules for the ontology itself, its code lists and alignments."""
    return rules(files("ontology") / "verify")


def data_rules() -> list[Rule]:
    """Rules for data graphs, to be run over them together with the ontology and its codes."""
    return rules(files("ontology") / "verify" / "data")


def check_data(data: Graph, neighbourhood: Graph | None = None) -> list[Breach]:
    """Hold a data graph against the data rules.

    Args:
        data: the triples to check.
        neighbourhood: what they refer to beyond our ontology, codes and countries.
    """
    graphs = {"urn:pesai:data": data, "urn:pesai:vocabulary": contract.vocabulary()}
    if neighbourhood is not None:
        graphs["urn:pesai:neighbourhood"] = neighbourhood
    return run(data_rules(), graphs, subjects_of=["urn:pesai:data"])


def run(
    chosen: Iterable[Rule],
    graphs: Mapping[str, Graph],
    subjects_of: Iterable[str] | None = None,
) -> list[Breach]:
    """Run rules over named graphs; a query without ``GRAPH`` sees their union.

    Args:
        chosen: the rules.
        graphs: IRI of a graph -> its triples.
        subjects_of: report only things that are subjects in these graphs.
    """
    store = ox.Store()
    for name, graph in graphs.items():
        content = graph.serialize(format="nt", encoding="utf-8")
        store.bulk_load(content, ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(name))
    mine = None
    if subjects_of is not None:
        mine = {str(one) for name in subjects_of for one in graphs[name].subjects()}
    found = {breach for rule in chosen for breach in _breaches(store, rule)}
    return sorted(one for one in found if mine is None or one.subject in mine)


def _rule(path: Path) -> Rule:
    text = path.read_text(encoding="utf-8")
    header = dict(_HEADER.findall(text))
    return Rule(
        name=path.stem,
        messages={"en": header["en"], "fr": header["fr"]},
        severity=cast("Severity", header.get("severity", "error")),
        query=text,
    )


def _breaches(store: ox.Store, rule: Rule) -> Iterable[Breach]:
    answer = store.query(rule.query, use_default_graph_as_union=True)
    if not isinstance(answer, ox.QuerySolutions):
        raise TypeError(f"{rule.name}: a rule is a SELECT query")
    for row in answer:
        subject, *rest = (_shown(term) for term in row)
        detail = ", ".join(part for part in rest if part)
        yield Breach(rule.name, subject, detail, rule.severity, rule.messages["en"])


def _shown(term: object) -> str:
    value = getattr(term, "value", None)
    return str(value) if value is not None else ("" if term is None else str(term))
