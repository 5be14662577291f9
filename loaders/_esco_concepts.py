"""Concepts of ESCO: occupations, skills, groups, and the schemes that they are in."""

import re
from collections import defaultdict
from collections.abc import Sequence

from pyoxigraph import Literal, NamedNode

from loaders._esco_names import (
    CLASSES,
    CONCEPT_COLUMNS,
    CONCEPT_SCHEMES,
    ISO_THES,
    REUSE_LEVELS,
    SKILL_TYPES,
    Table,
    several,
)
from pesai.loading.issues import Place
from pesai.loading.records import Records, read_records
from pesai.loading.sink import Sink
from pesai.loading.tally import Tally
from pesai.loading.terms import Terms
from pesai.namespaces import DCTERMS, ESCO, OWL, RDF, SKOS, XSD

__all__ = ["Concepts"]

# Looked up once: they are written half a million times.
_TYPE, _CONCEPT, _IN_SCHEME = RDF.type, SKOS.Concept, SKOS.inScheme
_PREFERRED, _ALTERNATIVE, _HIDDEN = SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel
_STATUS, _MODIFIED, _NOTATION = ISO_THES.status, DCTERMS.modified, SKOS.notation
_GROUP = ESCO.memberOfISCOGroup
_ISCO_CODE = re.compile(r"\d{1,4}")
_OCCUPATION_CODE = re.compile(r"\d{4}(\.\d+)*")
_DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_SPLIT = re.compile(r"[,\s]+")
_TEXTS = (
    ("description", DCTERMS.description),
    ("definition", SKOS.definition),
    ("scopeNote", SKOS.scopeNote),
)
_LINKS = {
    "regulatedProfessionNote": ESCO.regulatedProfessionNote,
    "naceCode": ESCO.hasNACECode,
}
_RIGHT = {
    "conceptUri": "http://data.europa.eu/esco/…",
    "conceptType": "one of " + ", ".join(CLASSES),
    "preferredLabel": "a text",
}
_TWICE = "modifiedDate"


class Concepts:
    """Reads the tables of concepts of one release, and remembers which concepts there are.

    Attributes:
        known: the IRIs of all concepts.
        labels: by language and preferred label, the concepts that bear it.
    """

    def __init__(self, sink: Sink, terms: Terms, version: str, *, only_labels: bool) -> None:
        self.known: set[str] = set()
        self.sink = sink
        self.terms = terms
        self.version = version
        self.only_labels = only_labels
        self._made: set[NamedNode] = set()
        self.labels: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))

    def read(self, table: Table) -> None:
        """One table of concepts."""
        file = table.member.origin
        records = read_records(
            file,
            table.member.read(),
            self.sink,
            ("conceptType", "conceptUri", "preferredLabel"),
            CONCEPT_COLUMNS,
        )
        if records is not None:
            _Reading(self, records, table).run()

    def read_schemes(self, table: Table) -> None:
        """The table of concept schemes."""
        records = read_records(
            table.member.origin,
            table.member.read(),
            self.sink,
            ("conceptSchemeUri", "preferredLabel"),
            ("conceptType", "title", "status", "description", "hasTopConcept"),
        )
        if records is None or self.only_labels:
            return
        tally = Tally(self.sink, records.file)
        for row, iri, label, about, top in records.pick(
            "conceptSchemeUri", "preferredLabel", "description", "hasTopConcept"
        ):
            scheme = self.terms.iri(iri)
            if scheme is None:
                tally.skip(
                    "is no IRI", row, column="conceptSchemeUri", value=iri, expected="http://…"
                )
                continue
            self.scheme(scheme)
            self.sink.text(scheme, SKOS.prefLabel, label.strip(), table.language)
            self.sink.text(scheme, DCTERMS.description, about.strip(), table.language)
            for part in filter(None, _SPLIT.split(top)):
                if concept := self.terms.iri(part):
                    self.sink.add(scheme, SKOS.hasTopConcept, concept)
                    self.sink.add(concept, SKOS.topConceptOf, scheme)
        tally.report()

    def finish(self, place: Place) -> None:
        """What can only be said once everything was read; of which file, does not matter."""
        for language, labels in sorted(self.labels.items()):
            shared = sorted(label for label, concepts in labels.items() if len(concepts) > 1)
            if shared:
                self.sink.report(
                    "note",
                    f"{len(shared)} preferred labels in '{language}' belong to several concepts",
                    place=place,
                    value=", ".join(shared[:3]) + ", …",
                    expected="kept as published; a label alone does not name a concept",
                )

    def scheme(self, scheme: NamedNode) -> None:
        """A concept scheme that was named, once; with the version that it is of."""
        if scheme not in self._made:
            self._made.add(scheme)
            self.sink.add(scheme, RDF.type, SKOS.ConceptScheme)
            self.sink.text(scheme, OWL.versionInfo, self.version)


class _Reading:
    """The reading of one table."""

    def __init__(self, concepts: Concepts, records: Records, table: Table) -> None:
        self.concepts = concepts
        self.records = records
        self.language = table.language
        self.sink = concepts.sink
        self.terms = concepts.terms
        self.only_labels = concepts.only_labels
        self.tally = Tally(self.sink, records.file)
        self.collection = CONCEPT_SCHEMES.get(table.stem, "")
        self.mark = "|" if self.collection else "\n"

    def run(self) -> None:
        """All rows: each concept once, then its labels and texts, then what is not in words."""
        chosen = self._chosen()
        self._words(chosen)
        if not self.only_labels:
            self._facts(chosen)
            self._skills(chosen)
            self._codes(chosen)
        self.tally.report()

    def _chosen(self) -> list[NamedNode | None]:
        """The concept of each row; none for a bad row and for a repetition."""
        first: dict[str, int] = {}
        chosen: list[NamedNode | None] = []
        for index, (row, kind, iri, label) in enumerate(
            self.records.pick("conceptType", "conceptUri", "preferredLabel")
        ):
            concept = self.terms.iri(iri)
            chosen.append(None)
            if concept is None:
                self._skip(row, "is no IRI", "conceptUri", iri)
            elif kind not in CLASSES:
                self._skip(row, "is no kind of concept", "conceptType", kind)
            elif not label.strip():
                self._skip(row, "is missing, or lost in a merged cell", "preferredLabel", iri)
            elif iri in first:
                first[iri] = self._repeated(first[iri], index, chosen)
            elif not self._has_lost_zero(index, row, kind, iri):
                first[iri] = index
                chosen[index] = concept
        return chosen

    def _skip(self, row: int, message: str, column: str, value: str) -> None:
        expected = _RIGHT[column]
        self.tally.skip(message, row, column=column, value=value, expected=expected)

    def _repeated(self, before: int, index: int, chosen: list[NamedNode | None]) -> int:
        """The same concept in two rows: harmless, or only its date differs, or an error.

        Returns:
            The row that is kept.
        """
        differing = self.records.differing(before, index)
        rows = f"{self.records.numbers[before]} and {self.records.numbers[index]}"
        number, value = self.records.numbers[index], self.records.cell(index, "conceptUri")
        if not differing or differing == [_TWICE]:
            of = f" and differs only in {_TWICE}; the later date is kept" if differing else ""
            self.tally.add("warning", f"a concept is repeated{of}", number, value=value)
            kept, left = before, index
            if self.records.cell(before, _TWICE) < self.records.cell(index, _TWICE):
                kept, left = index, before
            chosen[kept], chosen[left] = self.terms.iri(value), None
            return kept
        self.tally.skip(
            f"the same concept is in rows {rows}, which differ in {', '.join(differing)}",
            number, column="conceptUri", value=value, expected="each concept once",
        )  # fmt: skip
        return before

    def _has_lost_zero(self, index: int, row: int, kind: str, iri: str) -> bool:
        """Whether a spreadsheet program took ``0110`` for a number and made it ``110``."""
        code = self.records.cell(index, "code").strip()
        group = self.records.cell(index, "iscoGroup").strip()
        if kind == "ISCOGroup" and code and not iri.endswith(f"/C{code}"):
            right = iri.rpartition("/C")[2]
            message = "the code is not the one in the IRI"
            self.tally.skip(message, row, column="code", value=code, expected=right)
            return True
        for column, value in (("code", code), ("iscoGroup", group)):
            if kind == "Occupation" and value and not _OCCUPATION_CODE.fullmatch(value):
                self.tally.skip(
                    "the code has lost its leading zero, or is none", row, column=column,
                    value=value, expected=f"0{value}: four digits before the first point",
                )  # fmt: skip
                return True
        return False

    def _words(self, chosen: Sequence[NamedNode | None]) -> None:
        """Labels and, where not only labels are read, descriptions and notes."""
        language, add, text = self.language, self.sink.add, self.sink.text
        labels = self.concepts.labels[language]
        for concept, (row, iri, label, others, hidden) in zip(
            chosen,
            self.records.pick("conceptUri", "preferredLabel", "altLabels", "hiddenLabels"),
            strict=True,
        ):
            if concept is None:
                continue
            name = label.strip()
            if name != label:
                self.tally.add("note", "blanks around a preferred label are left out", row)
            labels[name].add(iri)
            add(concept, _PREFERRED, Literal(name, language=language))
            for other in several(others, self.mark):
                if other == name:
                    self._in_both(row, name)
                add(concept, _ALTERNATIVE, Literal(other, language=language))
            for other in several(hidden, self.mark):
                add(concept, _HIDDEN, Literal(other, language=language))
        for column, term in () if self.only_labels else _TEXTS:
            for concept, value in zip(chosen, self.records.column(column), strict=True):
                if concept is not None and value:
                    text(concept, term, value.strip(), language)

    def _in_both(self, row: int, name: str) -> None:
        self.tally.add(
            "warning", "the preferred label is repeated among the alternative ones", row,
            column="altLabels", value=name, expected="kept as published; SKOS (S13) forbids it",
        )  # fmt: skip

    def _facts(self, chosen: Sequence[NamedNode | None]) -> None:
        """Kind, status, date and schemes."""
        add, scheme_of = self.sink.add, self._schemes()
        statuses = _Literals()
        of_collection = self.terms.iri(self.collection) if self.collection else None
        for concept, (row, iri, kind, status, modified, schemes) in zip(
            chosen,
            self.records.pick("conceptUri", "conceptType", "status", "modifiedDate", "inScheme"),
            strict=True,
        ):
            if concept is None:
                continue
            self.concepts.known.add(iri)
            add(concept, _TYPE, _CONCEPT)
            if (own := CLASSES[kind]) is not None:
                add(concept, _TYPE, own)
            if status:
                add(concept, _STATUS, statuses[status.strip()])
            if modified:
                self._modified(concept, row, modified.strip())
            for scheme in scheme_of(schemes):
                add(concept, _IN_SCHEME, scheme)
            if of_collection is not None:
                add(concept, _IN_SCHEME, of_collection)
        if of_collection is not None:
            self.concepts.scheme(of_collection)

    def _schemes(self) -> "_Schemes":
        return _Schemes(self.terms, self.concepts)

    def _modified(self, concept: NamedNode, row: int, value: str) -> None:
        if _DATE.fullmatch(value):
            self.sink.add(concept, _MODIFIED, Literal(value, datatype=XSD.dateTime))
        else:
            self.tally.add(
                "warning", "is no date and time and is left out", row, column="modifiedDate",
                value=value, expected="2016-07-05T13:58:41Z",
            )  # fmt: skip

    def _skills(self, chosen: Sequence[NamedNode | None]) -> None:
        """Type and reuse level of skills."""
        columns = (
            ("skillType", ESCO.skillType, SKILL_TYPES),
            ("reuseLevel", ESCO.skillReuseLevel, REUSE_LEVELS),
        )
        for concept, (row, kind, *values) in zip(
            chosen, self.records.pick("conceptType", "skillType", "reuseLevel"), strict=True
        ):
            if concept is None or kind != "KnowledgeSkillCompetence":
                continue
            for (column, term, codes), value in zip(columns, values, strict=True):
                if (code := codes.get(value)) is not None:
                    self.sink.add(concept, term, code)
                elif value:
                    self.tally.add(
                        "warning", "is not known and left out", row, column=column,
                        value=value, expected="one of " + ", ".join(codes),
                    )  # fmt: skip
                elif self.records.has(column):
                    self.tally.add("note", "a skill has none", row, column=column)

    def _codes(self, chosen: Sequence[NamedNode | None]) -> None:
        """Codes of concepts, ISCO groups and regulated professions, NACE codes."""
        add = self.sink.add
        for concept, (row, code, group, regulated, nace) in zip(
            chosen,
            self.records.pick("code", "iscoGroup", "regulatedProfessionNote", "naceCode"),
            strict=True,
        ):
            if concept is None:
                continue
            if code:
                add(concept, _NOTATION, Literal(code.strip()))
            if group and _ISCO_CODE.fullmatch(group.strip()):
                add(concept, _GROUP, self.terms.isco(group.strip()))
            if regulated:
                self._link(concept, "regulatedProfessionNote", row, regulated)
            if nace:
                self._link(concept, "naceCode", row, nace)

    def _link(self, concept: NamedNode, column: str, row: int, cell: str) -> None:
        term = _LINKS[column]
        for part in filter(None, _SPLIT.split(cell)):
            if (target := self.terms.iri(part)) is not None:
                self.sink.add(concept, term, target)
            else:
                message = "is no IRI and is left out"
                self.tally.add("warning", message, row, column=column, value=cell)
                return


class _Literals(dict[str, Literal]):
    """Plain literals that come again and again."""

    def __missing__(self, text: str) -> Literal:
        self[text] = made = Literal(text)
        return made


class _Schemes:
    """The schemes of a cell. A few hundred different cells stand in fifteen thousand rows."""

    def __init__(self, terms: Terms, concepts: Concepts) -> None:
        self._terms = terms
        self._concepts = concepts
        self._cells: dict[str, list[NamedNode]] = {}

    def __call__(self, cell: str) -> list[NamedNode]:
        found = self._cells.get(cell)
        if found is None:
            terms = (self._terms.iri(part) for part in _SPLIT.split(cell) if part)
            found = self._cells[cell] = [term for term in terms if term is not None]
            for scheme in found:
                self._concepts.scheme(scheme)
        return found
