"""Makes the small extracts of other people's classifications in ``ontology/imports``."""

from dataclasses import dataclass
from pathlib import Path

from rdflib import DCAT, DCTERMS, OWL, RDF, Graph, Literal, URIRef

from pesai.vocabulary.alignments import alignments
from pesai.vocabulary.countries import countries
from pesai.vocabulary.escoparts import esco, isco, rome
from pesai.vocabulary.formats import tidy, turtle

__all__ = ["extract", "extracts"]

_ESCO_SENTENCE = "This service uses the ESCO classification of the European Commission."


@dataclass(frozen=True, slots=True)
class _Header:
    """Where an extract comes from: it stands in the graph and at the head of the file."""

    name: str
    title_en: str
    title_fr: str
    source: str
    version: str
    rights: str
    licence: str = ""
    note: str = ""

    def add_to(self, graph: Graph) -> None:
        dataset = URIRef(f"https://w3id.org/pes-ai/imports/{self.name}")
        graph.add((dataset, RDF.type, DCAT.Dataset))
        graph.add((dataset, DCTERMS.title, Literal(self.title_en, "en")))
        graph.add((dataset, DCTERMS.title, Literal(self.title_fr, "fr")))
        graph.add((dataset, DCTERMS.source, URIRef(self.source)))
        graph.add((dataset, OWL.versionInfo, Literal(self.version)))
        graph.add((dataset, DCTERMS.rights, Literal(self.rights, "en")))
        if self.licence:
            graph.add((dataset, DCTERMS.license, URIRef(self.licence)))
        if self.note:
            graph.add((dataset, DCTERMS.description, Literal(self.note, "en")))


_HEADERS = {
    header.name: header
    for header in (
        _Header(
            "esco",
            "ESCO, extract",
            "ESCO, extrait",
            "https://esco.ec.europa.eu/",
            "1.1.1",
            _ESCO_SENTENCE,
            note=(
                "Concepts that our alignments name and what stands above them. French labels of "
                "skills are those of ESCO 1.0, where it has them."
            ),
        ),
        _Header(
            "isco-08",
            "ISCO-08 groups in ESCO, extract",
            "Groupes de la CITP-08 dans ESCO, extrait",
            "https://esco.ec.europa.eu/",
            "1.1.1",
            _ESCO_SENTENCE,
            note="Groups above the occupations of the ESCO extract.",
        ),
        _Header(
            "rome",
            "ROME 4.0, extract",
            "ROME 4.0, extrait",
            "https://www.francetravail.org/opendata/repertoire-operationnel-des-meti.html",
            "4.60",
            "ROME 4.0, France Travail, version 60 of 18 September 2025.",
            licence="https://www.etalab.gouv.fr/licence-ouverte-open-licence",
            note="Titles that our alignments name, and their job cards; labels as in the source.",
        ),
        _Header(
            "countries",
            "Countries, extract",
            "Pays, extrait",
            "http://publications.europa.eu/resource/authority/country",
            "2024-02",
            "Codes and English names: EU country table as in the European Learning Model "
            "(EUPL 1.2). French names and regions: United Nations Statistics Division, M49, as "
            "packed by DataHub (PDDL 1.0).",
            note="French names are shortened where the United Nations use a long official form.",
        ),
    )
}


def extracts(taxonomies: Path) -> dict[str, Graph]:
    """The extracts by name, made from the archives of a folder.

    Raises:
        pesai.errors.InputProblem: an archive is missing; the message names the table.
    """
    named = {row.object for alignment in alignments() for row in alignment.mappings}
    occupations_and_skills = esco(taxonomies, named)
    made = {
        "esco": occupations_and_skills,
        "isco-08": isco(taxonomies, occupations_and_skills),
        "rome": rome(taxonomies, named),
        "countries": countries(taxonomies),
    }
    for name, graph in made.items():
        _HEADERS[name].add_to(graph)
    return made


def extract(taxonomies: Path, out: Path) -> list[Path]:
    """Write the extracts as Turtle files into a folder and return their paths.

    Raises:
        pesai.errors.InputProblem: an archive is missing; the message names the table.
    """
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, graph in extracts(taxonomies).items():
        path = out / f"{name}.ttl"
        path.write_text(
            f"# Made by `pesai ontology extract`\n{turtle(tidy(graph))}", encoding="utf-8"
        )
        written.append(path)
    return written
