"""What ``pesai check ontology`` checks: rules, catalogue, alignments, consistency."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf
from xml.etree import ElementTree as ET

from rdflib import RDF, SKOS, Graph, URIRef

from pesai.checks.rules import ontology_rules, run
from pesai.inference import consistency
from pesai.resources import files
from pesai.vocabulary.alignments import Alignment, alignments, link_graph
from pesai.vocabulary.catalogue import documents
from pesai.vocabulary.merge import IRI, merged, modules, umbrella, version

__all__ = ["Defect", "check_ontology", "graphs"]

_CATALOGUE = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}uri"
_SCHEMES = {
    # prefix of concepts -> name of the extract that must hold them
    "http://data.europa.eu/esco/": "imports/esco",
    "https://w3id.org/pes-ai/code/rome/": "imports/rome",
    "https://w3id.org/dpv/": "imports/dpv",
    "https://w3id.org/vair": "imports/vair",
}
_CONSULTATION = (
    ("consultation_roles.csv", "role-", "https://w3id.org/pes-ai/code/role/", "role-esco"),
    ("consultation_skills.csv", "skill-", "https://w3id.org/pes-ai/code/skill/", "skill-esco"),
)


@dataclass(frozen=True, slots=True, order=True)
class Defect:
    """One thing that is not as it should be.

    Attributes:
        rule: short name of what was checked, as of a file in ``ontology/verify``.
        subject: the term, code, file or row that is meant.
        message: what is wrong with it.
        severity: errors make the check fail; notes say what was not checked.
    """

    rule: str
    subject: str
    message: str
    severity: OneOf["error", "warning", "note"] = "error"


def check_ontology() -> list[Defect]:
    """Check the ontology, its code lists, alignments and extracts.

    Returns:
        The defects, in order; none, or notes alone, when all is well.
    """
    found = [*_rules(), *_catalogue(), *_targets(), *_consultation(), *_labels(), *_consistent()]
    return sorted(found)


def graphs() -> dict[str, Graph]:
    """What the rules look at: document IRI -> triples, alignments as plain SKOS links."""
    made = {str(IRI): umbrella(), **{f"{IRI}/{name}": graph for name, graph in modules().items()}}
    for one in documents().values():
        if one.kind in ("code", "import") and one.source is not None:
            made[one.iri] = one.graph()
    for alignment in alignments():
        made[f"https://w3id.org/pes-ai/alignments/{alignment.name}"] = link_graph([alignment])
    return made


def _rules() -> Iterator[Defect]:
    for breach in run(ontology_rules(), graphs()):
        detail = f" ({breach.detail})" if breach.detail else ""
        yield Defect(breach.rule, breach.subject, breach.message + detail, breach.severity)


def _catalogue() -> Iterator[Defect]:
    """``catalog-v001.xml`` leads every ontology and version IRI to its file."""
    root, number = files("ontology"), version()
    tree = ET.parse(root / "catalog-v001.xml")  # noqa: S314 - our own file
    listed = {entry.get("name", ""): entry.get("uri", "") for entry in tree.iter(_CATALOGUE)}
    expected = {"": "pes-ai.ttl", **{f"/{name}": f"modules/{name}.ttl" for name in modules()}}
    for part, file in expected.items():
        for name in (f"{IRI}{part}", f"{IRI}/{number}{part}"):
            if listed.pop(name, None) != file:
                yield Defect("catalogue", name, f"the catalogue does not lead to {file}")
    for name in listed:
        yield Defect("catalogue", name, "the catalogue names a document that does not exist")


def _targets() -> Iterator[Defect]:
    """What an alignment links to is in our extract of that version."""
    for alignment in alignments():
        for row in alignment.mappings:
            place = next((v for k, v in _SCHEMES.items() if row.object.startswith(k)), None)
            where = f"alignments/{alignment.name}.sssom.tsv:{row.line}"
            if place is None:
                yield Defect("mapping-target", where, f"no extract is kept for {row.object}")
            elif row.version == _version_of(place) and not _holds(place, row.object):
                yield Defect(
                    "mapping-target", where, f"{row.object} is not in {place} {row.version}"
                )


def _consultation() -> Iterator[Defect]:
    """The tables of the consultation and the alignments agree."""
    known = {alignment.name: alignment for alignment in alignments()}
    for file, prefix, ours, name in _CONSULTATION:
        rows = {
            (row.subject, row.predicate, row.object, row.version) for row in known[name].mappings
        }
        path = files("data") / file
        with path.open(encoding="utf-8", newline="") as table:
            for number, row in enumerate(csv.DictReader(table), 2):
                code = ours + row["id"].removeprefix(prefix)
                predicate = row["predicate"].replace("skos:", str(SKOS))
                if (code, predicate, row["esco_uri"], row["esco_version"]) not in rows:
                    yield Defect(
                        "consultation",
                        f"{file}:{number}",
                        f"{name}.sssom.tsv has no such row: {code}",
                    )


def _labels() -> Iterator[Defect]:
    """Labels quoted in alignments are those of the code list and of the extract."""
    for alignment in alignments():
        for row in alignment.mappings:
            where = f"alignments/{alignment.name}.sssom.tsv:{row.line}"
            place = next((v for k, v in _SCHEMES.items() if row.object.startswith(k)), "")
            if row.subject_label not in _texts(_code_list(alignment), row.subject):
                yield Defect("mapping-label", where, f"{row.subject} is not called so")
            quoted = row.object_label and place and row.version == _version_of(place)
            if quoted and row.object_label not in _texts(place, row.object):
                yield Defect("mapping-label", where, f"{row.object} is not called so")


def _consistent() -> Iterator[Defect]:
    """HermiT finds no contradiction and no class that must be empty."""
    try:
        answer = consistency.check(merged())
    except consistency.JavaMissing:
        yield Defect("consistency", str(IRI), "not run: install pesai[check]", "note")
        return
    if not answer.consistent:
        yield Defect("consistency", str(IRI), "the ontology contradicts itself")
    for name in answer.unsatisfiable:
        yield Defect("consistency", name, "this class can have no members")


def _code_list(alignment: Alignment) -> str:
    return alignment.metadata["subject_source"].removeprefix("https://w3id.org/pes-ai/")


def _texts(document: str, concept: str) -> set[str]:
    graph = documents()[document].graph()
    return {str(text) for text in graph.objects(URIRef(concept), SKOS.prefLabel)}


def _version_of(document: str) -> str:
    graph = documents()[document].graph()
    info = URIRef("http://www.w3.org/2002/07/owl#versionInfo")
    return str(graph.value(URIRef(f"https://w3id.org/pes-ai/{document}"), info))


def _holds(document: str, concept: str) -> bool:
    return (URIRef(concept), RDF.type, SKOS.Concept) in documents()[document].graph()
