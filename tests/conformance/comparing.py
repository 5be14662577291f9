"""Whether two answers are the same: blank nodes by isomorphism, rows in order only where it counts.

An answer is written as RDF and brought into canonical form (RDFC-1.0), so there is one way to
compare: rows become nodes with a property for each variable.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import rdflib

from pesai.loading.canonical import canonical_literal

__all__ = ["Answer", "Rules", "canonical", "graph_of", "read_answer", "same_csv", "suffix_of"]

Answer = bool | frozenset[str]
"""Of ASK, or the canonical form of rows or triples."""

_RESULT_SET = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
_FORMATS = {
    ".srx": ox.QueryResultsFormat.XML,
    ".srj": ox.QueryResultsFormat.JSON,
    ".tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".trig": ox.RdfFormat.TRIG,
}
_Term = ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple
_Row = Mapping[str, _Term]


@dataclass(frozen=True)
class Rules:
    """What is part of an answer: the order of its rows, and how numbers are written."""

    ordered: bool = False
    exact: bool = False


def read_answer(content: bytes, suffix: str, base: str, rules: Rules) -> Answer:
    """An answer from the bytes of a file or of a response.

    Args:
        content: the bytes.
        suffix: tells the format, as ``.srx``.
        base: for relative IRIs.
        rules: what is part of it.
    """
    if suffix in _FORMATS:
        found = ox.parse_query_results(content, format=_FORMATS[suffix])
        if isinstance(found, ox.QueryBoolean):
            return bool(found)
        names = [variable.value for variable in found.variables]
        rows = [{n: row[n] for n in names if row[n] is not None} for row in found]
        return _rows(names, rows, rules)
    triples = graph_of(content, suffix, base)
    if any("result-set#ResultSet>" in str(triple) for triple in triples):
        return _result_set(content, base, rules)
    return canonical(triples, rules)


def graph_of(content: bytes, suffix: str, base: str) -> list[ox.Quad]:
    """The statements of an RDF document; its blank nodes are like no others."""
    form = _GRAPHS[suffix]
    return list(ox.parse(content, format=form, base_iri=base, rename_blank_nodes=True))


def canonical(quads: Iterable[ox.Quad], rules: Rules = Rules()) -> Answer:
    """The canonical form of a graph."""
    if not rules.exact:
        quads = [ox.Quad(q.subject, q.predicate, _plain(q.object), q.graph_name) for q in quads]
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return frozenset(map(str, dataset))


def _plain(term: _Term) -> _Term:
    """A term as the store writes it: numbers by their value."""
    return canonical_literal(term) if isinstance(term, ox.Literal) else term


def same_csv(first: str, second: str) -> bool:
    """Whether two CSV answers hold the same rows, whatever the order of columns and rows."""
    return _table(first) == _table(second)


def _table(text: str) -> Counter[tuple[tuple[str, str], ...]]:
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    blanks: dict[str, str] = {}

    def cell(value: str) -> str:
        return blanks.setdefault(value, f"_:{len(blanks)}") if value.startswith("_:") else value

    return Counter(
        tuple(sorted((name, cell(value)) for name, value in zip(head, row, strict=True)))
        for row in rows
    )


def _rows(names: Iterable[str], rows: Sequence[_Row], rules: Rules) -> Answer:
    """Rows as a graph. Equal ones become one node with a count: symmetry would cost much time."""
    head = ox.NamedNode("urn:head")
    quads = [ox.Quad(head, ox.NamedNode("urn:variable"), ox.Literal(name)) for name in names]
    keyed = Counter(
        (place if rules.ordered else -1, tuple(sorted((n, str(v)) for n, v in row.items())))
        for place, row in enumerate(rows)
    )
    terms = {tuple(sorted((n, str(v)) for n, v in row.items())): row for row in rows}
    for (place, key), count in keyed.items():
        node = ox.BlankNode()
        quads.append(ox.Quad(node, ox.NamedNode("urn:place"), ox.Literal(place)))
        quads.append(ox.Quad(node, ox.NamedNode("urn:count"), ox.Literal(count)))
        for name, value in terms[key].items():
            quads.append(ox.Quad(node, ox.NamedNode(f"urn:{name}"), value))
    return canonical(quads, rules)


def _result_set(content: bytes, base: str, rules: Rules) -> Answer:
    """An answer in the result-set vocabulary of the suite."""
    graph = rdflib.Graph().parse(data=content, format="turtle", publicID=base)
    node = graph.value(predicate=rdflib.RDF.type, object=_RESULT_SET.ResultSet)
    names = [str(name) for name in graph.objects(node, _RESULT_SET.resultVariable)]
    rows: list[_Row] = []
    for solution in graph.objects(node, _RESULT_SET.solution):
        row: dict[str, _Term] = {}
        for binding in graph.objects(solution, _RESULT_SET.binding):
            value = graph.value(binding, _RESULT_SET.value)
            row[str(graph.value(binding, _RESULT_SET.variable))] = _term(value)
        rows.append(row)
    return _rows(names, rows, rules)


def _term(value: object) -> _Term:
    if isinstance(value, rdflib.URIRef):
        return ox.NamedNode(str(value))
    if isinstance(value, rdflib.Literal):
        kind = ox.NamedNode(str(value.datatype)) if value.datatype else None
        return ox.Literal(str(value), datatype=kind, language=value.language)
    return ox.BlankNode(str(value))


def suffix_of(iri: str) -> str:
    """The ending of the file that an IRI names."""
    return Path(iri).suffix
