"""ESCO: the official CSV releases, of any version and language.

Up to 1.1.1 the files of relations lie in a second archive whose language is empty and have no
language in their names; from 1.2.0 on everything is in one archive and has one. Both layouts are
read, as folders, zip or tar archives, several languages at once. ESCO's own IRIs and property names
are used (model: http://data.europa.eu/esco/model).
"""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from loaders._esco_concepts import Concepts
from loaders._esco_names import CONCEPT_SCHEMES, Table, tables, version_in
from loaders._esco_relations import BROADER, SKILLS, Relations
from pesai.errors import InputProblem
from pesai.loading.bundle import Member, bundle
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source
from pesai.loading.records import bulk
from pesai.loading.sink import Sink
from pesai.loading.terms import Terms
from pesai.namespaces import EU_LICENCE

__all__ = ["EscoLoader"]

ATTRIBUTION = "This service uses the ESCO classification of the European Commission."
HOMEPAGE = "https://esco.ec.europa.eu/"

_NEEDED = {
    "occupations": "it holds the occupations",
    "skills": "it holds the skills",
    "skillGroups": "it holds the groups of skills",
    "ISCOGroups": "it holds the ISCO-08 groups above the occupations",
    "conceptSchemes": "it holds the concept schemes and their top concepts",
    "broaderRelationsOccPillar": "it holds the hierarchy of the occupations",
    "broaderRelationsSkillPillar": "it holds the hierarchy of the skills",
    "occupationSkillRelations": "it holds the essential and optional skills of the occupations",
    "skillSkillRelations": "it holds the skills that go with skills",
}
_SECOND = "; up to 1.1.1 it is in the archive whose language is empty ('classification -  - csv')"
_CONCEPTS = ("ISCOGroups", "occupations", "skillGroups", "skills", *CONCEPT_SCHEMES)
_LABELS = "labels"
_RDF = (".ttl", ".rdf", ".nt", ".xml", ".jsonld")


class EscoLoader:
    """ESCO's occupations, skills, groups, hierarchies and relations, with all their labels.

    A source whose name speaks of labels (``1.0.x-labels-fr``) brings labels alone: those of one
    version for the concepts of another belong into a graph that says so.
    """

    kind: ClassVar[str] = "esco"
    classification: ClassVar[bool] = True

    def name(self, paths: Iterable[Path]) -> str:
        """What the graph is called when nobody says: the version."""
        found = tuple(paths)
        return _version(path.name for path in found) or _version(p.parent.name for p in found)

    def describe(self, source: Source) -> Description:
        """What the source is."""
        version = _version((source.name, *(path.name for path in source.paths)))
        languages = _languages(source) if _LABELS in source.name else ""
        of = f" {version}" if version else ""
        return Description(
            title_en=f"ESCO{of}" + (f", labels only{languages}" if _LABELS in source.name else ""),
            title_fr=f"ESCO{of}"
            + (f", libellés seulement{languages}" if _LABELS in source.name else ""),
            version=version,
            licence=EU_LICENCE.COM_REUSE.value,  # Commission Decision 2011/833/EU
            attribution=ATTRIBUTION,
            homepage=HOMEPAGE,
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the release into the sink.

        Raises:
            InputProblem: there is no table of ESCO, or there are two versions of it.
        """
        version = _one_version(source)
        only_labels = _LABELS in source.name
        with bundle(source.paths) as members, bulk():
            found, others = tables(members)
            if not found:
                raise _nothing(members)
            if not version:
                sink.report(
                    "warning", "the version is not known", place=Place(source.paths[0].name),
                    expected="pesai load esco … --name 1.2.0",
                )  # fmt: skip
            _tell_others(others, sink)
            concepts = Concepts(sink, Terms(), version, only_labels=only_labels)
            _read_concepts(found, concepts)
            if not only_labels:
                _tell_missing(found, sink)
                _read_relations(found, concepts, context, sink)


def _read_concepts(found: list[Table], concepts: Concepts) -> None:
    for stem in _CONCEPTS:
        for table in found:
            if table.stem == stem:
                concepts.read(table)
    for table in found:
        if table.stem == "conceptSchemes":
            concepts.read_schemes(table)
    concepts.finish(Place(found[0].member.origin.partition("/")[0]))


def _read_relations(found: list[Table], concepts: Concepts, context: Context, sink: Sink) -> None:
    """The relations, which in 1.2.x are in the archive of each language: read once."""

    def knows(iri: str) -> bool:
        return iri in concepts.known or (not concepts.known and context.knows(iri))

    relations = Relations(sink, concepts.terms, knows)
    seen: set[str] = set()
    for table in found:
        if (table.stem in BROADER or table.stem in SKILLS) and table.stem not in seen:
            seen.add(table.stem)
            relations.read(table)


def _version(names: Iterable[str]) -> str:
    versions = [version for name in names if (version := version_in(name))]
    return versions[0] if versions else ""


def _one_version(source: Source) -> str:
    """The version of all files, which is also the one that the graph is named after."""
    said = version_in(source.name)
    for path in source.paths:
        # A folder tells when something is wrong, and never what the version is: kept sources
        # remember the names of files alone.
        own = version_in(path.name)
        folder = own or version_in(path.parent.name)
        if folder and said and folder != said:
            raise InputProblem(
                "{file} is of ESCO {own}, and this graph is to hold {said}: load each version by "
                "itself, or name a graph of labels alone '{own}-labels-{language}'",
                file=path.name,
                own=folder,
                said=said,
                language="fr",
            )
        said = said or own
    return said


def _languages(source: Source) -> str:
    with bundle(source.paths) as members:
        found = sorted({table.language for table in tables(members)[0]} - {""})
    return f" ({', '.join(found)})" if found else ""


def _nothing(members: Iterable[Member]) -> InputProblem:
    every = sorted({member.name for member in members})
    names = ", ".join(every[:5])
    if any(name.lower().endswith(_RDF) for name in every):
        return InputProblem(
            "{names} is ESCO in RDF, whose descriptions and labels are things of their own: choose "
            "the file type 'csv' at {homepage}, or take it as it is with 'pesai load rdf'",
            names=names,
            homepage=HOMEPAGE,
        )
    return InputProblem(
        "there is no table of ESCO among {names}: choose the content 'classification' and the file "
        "type 'csv' at {homepage}",
        names=names or "no files at all",
        homepage=HOMEPAGE,
    )


def _tell_others(others: list[Member], sink: Sink) -> None:
    for member in others:
        sink.report(
            "note", "is no table that is known, and is not read", place=Place(member.origin)
        )


def _tell_missing(found: list[Table], sink: Sink) -> None:
    there = {table.stem for table in found}
    if not there & (set(_NEEDED) - {"conceptSchemes"}):
        return
    for stem, what in _NEEDED.items():
        if stem not in there:
            second = _SECOND if stem in BROADER or stem in SKILLS else ""
            place = Place(found[0].member.origin.partition("/")[0])
            message = f"there is no file {stem}.csv beside it: {what}"
            sink.report("warning", message, place=place, expected=f"load it too{second}")
