"""Names of ESCO: its files, its columns, and the properties that its own model gives them.

Sources: the dictionary file of the releases, and the model at http://data.europa.eu/esco/model.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from pesai.loading.bundle import Member
from pesai.namespaces import ESCO, Vocabulary

__all__ = [
    "CLASSES",
    "CONCEPT_COLUMNS",
    "CONCEPT_SCHEMES",
    "ISO_THES",
    "RELATIONS",
    "REUSE_LEVELS",
    "SKILL_TYPES",
    "Table",
    "several",
    "tables",
    "version_in",
]

ISO_THES = Vocabulary("http://purl.org/iso25964/skos-thes#")
_ESCO = "http://data.europa.eu/esco/"

CLASSES = {
    "Occupation": ESCO.Occupation,
    "KnowledgeSkillCompetence": ESCO.Skill,
    "ISCOGroup": None,
    "SkillGroup": None,
}
"""Kinds of concepts; groups are plain SKOS concepts."""

SKILL_TYPES = {
    "skill/competence": NamedNode(f"{_ESCO}skill-type/skill"),
    "knowledge": NamedNode(f"{_ESCO}skill-type/knowledge"),
}
REUSE_LEVELS = {
    level: NamedNode(f"{_ESCO}skill-reuse-level/{level}")
    for level in ("transversal", "cross-sector", "sector-specific", "occupation-specific")
}
RELATIONS = {"essential": ESCO.relatedEssentialSkill, "optional": ESCO.relatedOptionalSkill}

CONCEPT_COLUMNS = (
    "altLabels", "hiddenLabels", "description", "definition", "scopeNote", "status", "modifiedDate",
    "code", "inScheme", "iscoGroup", "regulatedProfessionNote", "skillType", "reuseLevel",
    "naceCode", "broaderConceptUri", "broaderConceptPT",
)  # fmt: skip
"""Columns of concepts, beside their kind, IRI and preferred label; no file has all of them."""

CONCEPT_SCHEMES = {
    "digCompSkillsCollection": f"{_ESCO}concept-scheme/digcomp",
    "digitalSkillsCollection": f"{_ESCO}concept-scheme/6c930acd-c104-4ece-acf7-f44fd7333036",
    "greenSkillsCollection": f"{_ESCO}concept-scheme/green",
    "languageSkillsCollection": f"{_ESCO}concept-scheme/skill-language-groups",
    "researchOccupationsCollection": f"{_ESCO}concept-scheme/8ae4b9f3-507e-4057-a145-2f96f0132613",
    "researchSkillsCollection": f"{_ESCO}concept-scheme/research",
    "transversalSkillsCollection": f"{_ESCO}concept-scheme/skill-transversal-groups",
}
"""Collections are concept schemes in ESCO: files that list the concepts of one."""
CONCEPT_SCHEMES["ictSkillsCollection"] = CONCEPT_SCHEMES["digitalSkillsCollection"]

_KNOWN = {
    *CONCEPT_SCHEMES, "occupations", "skills", "skillGroups", "ISCOGroups", "conceptSchemes",
    "skillsHierarchy", "broaderRelationsOccPillar", "broaderRelationsSkillPillar",
    "occupationSkillRelations", "skillSkillRelations",
}  # fmt: skip
_FILE = re.compile(r"(?P<stem>[A-Za-z]+)(?:_(?P<language>[a-z]{2}(?:-[a-z]{2,4})?))?\.csv")
_VERSION = re.compile(r"(?<![\d.])v?(\d+\.\d+(?:\.(?:\d+|x))?)(?![\d])", re.IGNORECASE)


@dataclass(frozen=True)
class Table:
    """One file of a release: what it holds and in which language."""

    stem: str
    language: str
    member: Member


def tables(members: Iterable[Member]) -> tuple[list[Table], list[Member]]:
    """The tables of a release, and the files that are none."""
    known, others = [], []
    for member in members:
        found = _FILE.fullmatch(member.name)
        if found and found["stem"] in _KNOWN:
            known.append(Table(found["stem"], found["language"] or "", member))
        else:
            others.append(member)
    return known, others


def version_in(text: str) -> str:
    """The version that a name speaks of, or nothing.

    >>> version_in("ESCO dataset - v1.1.1 - classification -  - csv.zip")
    '1.1.1'
    >>> version_in("esco-1.0.x-skills-fr.tar.gz"), version_in("labels")
    ('1.0.x', '')
    """
    found = _VERSION.search(text)
    return found[1] if found else ""


def several(cell: str, mark: str = "\n") -> list[str]:
    r"""The values of a cell that holds several: on lines of their own, or between marks.

    >>> several("a b\nc \n"), several("a | b", "|"), several("")
    (['a b', 'c'], ['a', 'b'], [])
    """
    if not cell:
        return []
    return [text for part in cell.split(mark) if (text := part.strip())]
