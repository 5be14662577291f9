"""The ESCO, ISCO-08 and ROME extracts: what our alignments name, and what stands above it."""

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from rdflib import RDF, SKOS, Graph, Literal, URIRef

from pesai.vocabulary.archives import Rows, table

__all__ = ["esco", "isco", "rome"]

ESCO = "http://data.europa.eu/esco/"
ROME = "https://w3id.org/pes-ai/code/rome"

_TYPES = {
    "Occupation": URIRef(f"{ESCO}model#Occupation"),
    "KnowledgeSkillCompetence": URIRef(f"{ESCO}model#Skill"),
}
_VERSION, _OLDER = "1.1.1", "1.0"
"""The version of the extract, and that of the French labels of skills."""


def esco(taxonomies: Path, named: Iterable[str]) -> Graph:
    """Occupations, skills and skill groups: those named and all that stands above them."""
    wanted = set(named)
    upward = _upward(table(taxonomies, "broaderRelationsSkillPillar.csv", _VERSION))
    graph = Graph()
    occupations = _add(graph, taxonomies, "occupations", wanted)
    for row in occupations:
        graph.add((_iri(row), SKOS.broader, URIRef(f"{ESCO}isco/C{row['iscoGroup']}")))
    skills = _closure(wanted, upward)
    _add(graph, taxonomies, "skills", skills, _OLDER)
    _add(graph, taxonomies, "skillGroups", skills)
    _add_broader(graph, upward)
    return graph


def isco(taxonomies: Path, occupations: Graph) -> Graph:
    """The ISCO-08 groups above the occupations of an ESCO extract."""
    upward = _upward(table(taxonomies, "broaderRelationsOccPillar.csv", _VERSION))
    above = {str(group) for group in occupations.objects(None, SKOS.broader)}
    groups = {group for group in above if "/isco/" in group}
    graph = Graph()
    _add(graph, taxonomies, "ISCOGroups", _closure(groups, upward))
    _add_broader(graph, upward)
    return graph


def rome(taxonomies: Path, named: Iterable[str]) -> Graph:
    """The ROME titles that are named, and their job cards."""
    codes = {iri.removeprefix(f"{ROME}/") for iri in named if iri.startswith(f"{ROME}/")}
    titles = table(taxonomies, "unix_referentiel_appellation_v460_utf8.csv")
    cards = table(taxonomies, "unix_referentiel_code_rome_v460_utf8.csv")
    graph = Graph()
    chosen = [row for row in titles if row["code_ogr"] in codes]
    for row in chosen:
        _rome(graph, row["code_ogr"], row["libelle_appellation_long"])
        above = URIRef(f"{ROME}/{row['code_rome']}")
        graph.add((URIRef(f"{ROME}/{row['code_ogr']}"), SKOS.broader, above))
    used = {row["code_rome"] for row in chosen}
    for row in cards:
        if row["code_rome"] in used:
            _rome(graph, row["code_rome"], row["libelle_rome"])
    return graph


def _rome(graph: Graph, code: str, label: str) -> None:
    concept = URIRef(f"{ROME}/{code}")
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.inScheme, URIRef(ROME)))
    graph.add((concept, SKOS.notation, Literal(code)))
    graph.add((concept, SKOS.prefLabel, Literal(label.strip(), "fr")))


def _iri(row: dict[str, str]) -> URIRef:
    return URIRef(row["conceptUri"])


def _upward(rows: Rows) -> dict[str, set[str]]:
    found = defaultdict(set)
    for row in rows:
        found[row["conceptUri"]].add(row["broaderUri"])
    return found


def _closure(start: set[str], upward: dict[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    open_ = set(start)
    while open_:
        seen |= open_
        open_ = {above for below in open_ for above in upward.get(below, ())} - seen
    return seen


def _add(
    graph: Graph, taxonomies: Path, name: str, wanted: set[str], french_of: str = _VERSION
) -> Rows:
    """Add the wanted concepts of an English table, with the labels of the French one."""
    english = table(taxonomies, f"{name}_en.csv", _VERSION)
    french = table(taxonomies, f"{name}_fr.csv", french_of)
    labels = {row["conceptUri"]: row["preferredLabel"] for row in french}
    chosen = [row for row in english if row["conceptUri"] in wanted]
    for row in chosen:
        concept = _iri(row)
        graph.add((concept, RDF.type, SKOS.Concept))
        if kind := _TYPES.get(row["conceptType"]):
            graph.add((concept, RDF.type, kind))
        graph.add((concept, SKOS.prefLabel, Literal(row["preferredLabel"].strip(), "en")))
        if label := labels.get(row["conceptUri"], "").strip():
            graph.add((concept, SKOS.prefLabel, Literal(label, "fr")))
        if code := row.get("code", "").strip():
            graph.add((concept, SKOS.notation, Literal(code)))
        for scheme in row.get("inScheme", "").replace(",", " ").split():
            graph.add((concept, SKOS.inScheme, URIRef(scheme)))
    return chosen


def _add_broader(graph: Graph, upward: dict[str, set[str]]) -> None:
    """Link each concept of the graph to what stands above it, where that is in the graph too."""
    present = set(graph.subjects(RDF.type, SKOS.Concept))
    for concept in present:
        for above in upward.get(str(concept), ()):
            if URIRef(above) in present:
                graph.add((concept, SKOS.broader, URIRef(above)))
