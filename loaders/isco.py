"""ISCO-08: the groups of the International Standard Classification of Occupations.

Read from the files of ESCO (groups in all its languages, and their hierarchy) or from the structure
table of the International Labour Organization. The IRIs are those that ESCO gives to the groups:
``http://data.europa.eu/esco/isco/C2511``.
"""

import re
from typing import ClassVar

from pyoxigraph import Literal, NamedNode

from loaders._esco_names import tables
from pesai.errors import InputProblem
from pesai.loading.bundle import Member, bundle
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source
from pesai.loading.records import Records, bulk, read_records, records_of
from pesai.loading.sink import Sink
from pesai.loading.tally import Tally
from pesai.loading.terms import Terms
from pesai.loading.workbook import is_workbook, read_workbook
from pesai.namespaces import DCTERMS, EU_LICENCE, OWL, RDF, SKOS

__all__ = ["IscoLoader"]

_SCHEME = NamedNode("http://data.europa.eu/esco/concept-scheme/isco")
_CODE = re.compile(r"\d{1,4}")
_ILO = ("Level", "ISCO 08 Code", "Title EN")
_ILO_TEXTS = (
    "Definition", "Tasks include", "Included occupations", "Excluded occupations", "Notes",
)  # fmt: skip


class IscoLoader:
    """Groups of four levels with their labels and definitions; the level is told by the code."""

    kind: ClassVar[str] = "isco"
    classification: ClassVar[bool] = True

    def describe(self, source: Source) -> Description:  # noqa: ARG002
        """What the source is."""
        return Description(
            title_en="ISCO-08",
            title_fr="CITP-08",
            version="08",
            licence=EU_LICENCE.COM_REUSE.value,  # Commission Decision 2011/833/EU
            attribution="This service uses the ESCO classification of the European Commission.",
            homepage="https://ilostat.ilo.org/methods/concepts-and-definitions/classification-occupation/",
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:  # noqa: ARG002
        """Read the groups into the sink.

        Raises:
            InputProblem: there is no table of groups.
        """
        with bundle(source.paths) as members, bulk():
            groups = [table for table in tables(members)[0] if table.stem == "ISCOGroups"]
            books = [member for member in members if is_workbook(member.name)]
            if not groups and not books:
                raise InputProblem(
                    "there is neither a table ISCOGroups_en.csv of ESCO among {names} nor the "
                    "structure of ISCO-08 as a workbook of the ILO",
                    names=", ".join(member.name for member in members) or "no files at all",
                )
            sink.add(_SCHEME, RDF.type, SKOS.ConceptScheme)
            sink.add(_SCHEME, OWL.versionInfo, Literal("08"))
            reading = _Groups(sink)
            for table in groups:
                reading.esco(table.member, table.language)
            for member in books:
                reading.ilo(member)
            reading.hierarchy()


class _Groups:
    """The groups, and the first row of each in the present file."""

    def __init__(self, sink: Sink) -> None:
        self.sink, self.terms = sink, Terms()
        self.codes: dict[str, None] = {}

    def esco(self, member: Member, language: str) -> None:
        """The table of groups in one language."""
        records = read_records(
            member.origin, member.read(), self.sink, ("conceptUri", "code", "preferredLabel"),
            ("conceptType", "status", "altLabels", "inScheme", "description"),
        )  # fmt: skip
        if records is None:
            return
        tally, seen = Tally(self.sink, member.origin), dict[str, int]()
        for row, iri, code, label, about in records.pick(
            "conceptUri", "code", "preferredLabel", "description"
        ):
            right = iri.strip().rpartition("/C")[2]
            if right != code.strip():
                message = "the code is not the one in the IRI"
                tally.skip(message, row, column="code", value=code, expected=right)
            elif self._is_new(tally, seen, row, code.strip(), label.strip()):
                self._group(code.strip(), label.strip(), language)
                self.sink.text(self.terms.isco(code), DCTERMS.description, about.strip(), language)
        tally.report()

    def ilo(self, member: Member) -> None:
        """The structure table of the ILO, in English."""
        rows = read_workbook(member.origin, member.read(), self.sink)
        records: Records | None = None
        if rows.cells:
            records = records_of(member.origin, rows, self.sink, _ILO, _ILO_TEXTS)
        if records is None:
            return
        tally, seen = Tally(self.sink, member.origin), dict[str, int]()
        for row, level, code, label, about in records.pick(*_ILO, "Definition"):
            if level.strip() != str(len(code.strip())):
                tally.skip(
                    "the code has not as many digits as its level", row, column="ISCO 08 Code",
                    value=code, expected=f"0{code}, if a spreadsheet program cut its zero",
                )  # fmt: skip
            elif self._is_new(tally, seen, row, code.strip(), label.strip()):
                self._group(code.strip(), label.strip(), "en")
                self.sink.text(self.terms.isco(code), SKOS.definition, about.strip(), "en")
        tally.report()

    def _is_new(self, tally: Tally, seen: dict[str, int], row: int, code: str, label: str) -> bool:
        if not _CODE.fullmatch(code) or not label:
            message = "is no code with a label"
            tally.skip(message, row, value=f"{code} {label}", expected="2511, and a text")
            return False
        before = seen.setdefault(code, row)
        if before != row:
            message = f"the code is also in row {before}"
            tally.skip(message, row, value=code, expected="each code once")
        return before == row

    def _group(self, code: str, label: str, language: str) -> None:
        node, add = self.terms.isco(code), self.sink.add
        self.codes[code] = None
        add(node, RDF.type, SKOS.Concept)
        add(node, SKOS.inScheme, _SCHEME)
        add(node, SKOS.notation, Literal(code))
        add(node, SKOS.prefLabel, Literal(label, language=language))

    def hierarchy(self) -> None:
        """Each group lies below the one whose code is a digit shorter."""
        orphans = []
        for code in self.codes:
            node = self.terms.isco(code)
            if len(code) == 1:
                self.sink.add(node, SKOS.topConceptOf, _SCHEME)
                self.sink.add(_SCHEME, SKOS.hasTopConcept, node)
            else:
                self.sink.add(node, SKOS.broader, self.terms.isco(code[:-1]))
                if code[:-1] not in self.codes:
                    orphans.append(code)
        if orphans:
            message = f"{len(orphans)} groups lie below one that is not there"
            value = ", ".join(orphans[:5])
            self.sink.report("warning", message, place=Place("ISCO-08"), value=value)
