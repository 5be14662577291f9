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


def check_data(data: Graph | bytes, neighbourhood: Graph | bytes = b"") -> list[Breach]:
    """Hold a data graph against the data rules.

    Args:
        data: the triples to check, as a graph or in N-Triples.
        neighbourhood: what they refer to beyond our ontology, codes and countries.
    """
    content = _ntriples(data)
    graphs = {
        "urn:pesai:data": content,
        "urn:pesai:vocabulary": contract.vocabulary(),
        "urn:pesai:neighbourhood": neighbourhood,
    }
    mine = {line.partition(b" ")[0][1:-1].decode() for line in content.split(b"\n")}
    return [one for one in run(data_rules(), graphs) if one.subject in mine]


def run(chosen: Iterable[Rule], graphs: Mapping[str, Graph | bytes]) -> list[Breach]:
    """Run rules over named graphs; a query without ``GRAPH`` sees their union.

    Args:
        chosen: the rules.
        graphs: IRI of a graph -> its triples, as a graph or in N-Triples.
    """
    store = ox.Store()
    for name, graph in graphs.items():
        store.bulk_load(_ntriples(graph), ox.RdfFormat.N_TRIPLES, to_graph=ox.NamedNode(name))
    return sorted({breach for rule in chosen for breach in _breaches(store, rule)})


def _ntriples(graph: Graph | bytes) -> bytes:
    return graph if isinstance(graph, bytes) else graph.serialize(format="nt", encoding="utf-8")


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
