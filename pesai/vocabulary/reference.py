"""Tables of terms and code lists for the reference, made from the ontology."""

from rdflib import OWL, RDF, RDFS, SKOS, Graph, URIRef
from rdflib.term import Node

from pesai.vocabulary.catalogue import codes
from pesai.vocabulary.merge import modules

__all__ = ["code_table", "term_tables"]

_PAI = "https://w3id.org/pes-ai/def#"
_CODE = "https://w3id.org/pes-ai/code/"
_ORDER = ["core", "survey", "hr", "governance", "data", "ethics", "results", "exchange", "axioms"]


def term_tables() -> str:
    """One Markdown table a module: term, labels, what it means, domain and range."""
    parts = []
    for name in _ORDER:
        graph = modules()[name]
        home = URIRef(f"{_PAI.removesuffix('#')}/{name}")
        terms = sorted(set(graph.subjects(RDFS.isDefinedBy, home)), key=str)
        classes = set(graph.subjects(RDF.type, OWL.Class))
        listed = [one for one in terms if one in classes] + [
            one for one in terms if one not in classes
        ]
        rows = [_row(graph, term) for term in listed]
        head = "| term | in French | meaning | from → to |\n| --- | --- | --- | --- |"
        parts.append("\n".join([f"### {name}", "", head, *rows]))
    return "\n\n".join(parts)


def code_table() -> str:
    """One Markdown table of the code lists: name, French name, number of codes, meaning."""
    graph = codes()
    rows = ["| list | in French | codes | meaning |", "| --- | --- | --- | --- |"]
    for scheme in sorted(set(graph.subjects(RDF.type, SKOS.ConceptScheme)), key=str):
        count = len(set(graph.subjects(SKOS.inScheme, scheme)))
        label, meaning = _text(graph, scheme, SKOS.prefLabel, "fr"), _definition(graph, scheme)
        rows.append(f"| `{str(scheme).removeprefix(_CODE)}` | {label} | {count} | {meaning} |")
    return "\n".join(rows)


def _row(graph: Graph, term: Node) -> str:
    ends = [graph.value(term, RDFS.domain), graph.value(term, RDFS.range)]
    shown = " → ".join(_short(end) for end in ends) if any(ends) else ""
    above = [_short(one) for one in sorted(graph.objects(term, RDFS.subClassOf), key=str)]
    french = _text(graph, term, RDFS.label, "fr")
    cells = [f"`{_short(term)}`", french, _definition(graph, term), shown or ", ".join(above)]
    return f"| {' | '.join(cells)} |"


def _definition(graph: Graph, term: Node) -> str:
    return _text(graph, term, SKOS.definition, "en")


def _text(graph: Graph, subject: Node, predicate: Node, language: str) -> str:
    found = graph.objects(subject, predicate)
    return next(str(one) for one in found if getattr(one, "language", "") == language)


def _short(term: Node | None) -> str:
    if term is None:
        return "any"
    iri = str(term)
    if iri.startswith(_PAI):
        return f"pai:{iri.removeprefix(_PAI)}"
    return iri.replace("#", "/").rstrip("/").rsplit("/", 1)[1]
