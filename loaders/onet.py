"""O*NET: the occupational database of the United States, as workbooks or as text files.

O*NET has no web identifiers for what it describes; its codes stand behind
``https://w3id.org/pes-ai/code/onet/`` (``15-2051.00``), the same for everybody.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from loaders._onet_files import NEEDED, TABLES, files, version_of
from pesai.errors import InputProblem
from pesai.loading.bundle import Member, bundle
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source
from pesai.loading.records import Records, bulk, read_records, records_of
from pesai.loading.sink import Sink
from pesai.loading.tally import Tally
from pesai.loading.workbook import is_workbook, read_workbook
from pesai.namespaces import CODE, DCTERMS, OWL, RDF, SKOS

__all__ = ["OnetLoader"]

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_ATTRIBUTION = (
    "This service includes information from the O*NET {version}Database by the U.S. Department of "
    "Labor, Employment and Training Administration (USDOL/ETA). Used under the CC BY 4.0 license. "
    "O*NET® is a trademark of USDOL/ETA."
)
_CODE = re.compile(r"\d{2}-\d{4}\.\d{2}")
_SCHEMES = {
    "onet": "O*NET-SOC occupations",
    "onet-technology": "O*NET technology skills",
    "onet-task": "O*NET tasks",
}


class OnetLoader:
    """Occupations with their titles, tasks and technologies, and which are near to which."""

    kind: ClassVar[str] = "onet"
    classification: ClassVar[bool] = True

    def name(self, paths: Iterable[Path]) -> str:
        """What the graph is called when nobody says: the version."""
        found = tuple(paths)
        folders = (version_of(path.parent.name) for path in found)
        return _version(Source("onet", "", found)) or next(filter(None, folders), "")

    def describe(self, source: Source) -> Description:
        """What the source is."""
        version = _version(source)
        return Description(
            title_en=f"O*NET {version}".strip(),
            title_fr=f"O*NET {version}".strip(),
            version=version,
            licence=_LICENCE,
            attribution=_ATTRIBUTION.format(version=f"{version} " if version else ""),
            homepage="https://www.onetcenter.org/database.html",
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:  # noqa: ARG002
        """Read the files into the sink.

        Raises:
            InputProblem: there is no table of O*NET.
        """
        with bundle(source.paths) as members, bulk():
            found, others = files(members)
            if not found:
                names = ", ".join(sorted(member.name for member in members)[:5])
                raise InputProblem(
                    "there is no table of O*NET among {names}: they are called "
                    "'Occupation Data.xlsx' or 'Occupation Data.txt' and so on",
                    names=names or "no files at all",
                )
            _tell(found, others, source, sink)
            _Reading(found, sink, _version(source)).run()


class _Reading:
    """The reading of one version."""

    def __init__(self, found: dict[str, Member], sink: Sink, version: str) -> None:
        self.found, self.sink = found, sink
        self.known: dict[str, int] = {}
        self.made: dict[str, NamedNode] = {}
        for scheme, label in _SCHEMES.items():
            node = CODE[scheme]
            sink.add(node, RDF.type, SKOS.ConceptScheme)
            sink.text(node, SKOS.prefLabel, label, "en")
            sink.text(node, OWL.versionInfo, version)
            sink.add(node, DCTERMS.license, NamedNode(_LICENCE))

    def run(self) -> None:
        """Occupations first: everything else names them."""
        self._occupations()
        for table, column in (
            ("Alternate Titles", "Alternate Title"),
            ("Sample of Reported Titles", "Reported Job Title"),
        ):
            self._titles(table, column)
        self._related()
        self._tasks()
        self._technologies()

    def _records(self, table: str) -> tuple[Records, Tally] | None:
        member = self.found.get(table)
        if member is None:
            return None
        needed, optional = TABLES[table].needed, TABLES[table].optional
        if is_workbook(member.name):
            rows = read_workbook(member.origin, member.read(), self.sink)
            if not rows.cells:
                return None
            records = records_of(member.origin, rows, self.sink, needed, optional)
        else:
            records = read_records(
                member.origin, member.read(), self.sink, needed, optional, delimiter="\t"
            )
        return None if records is None else (records, Tally(self.sink, member.origin))

    def _node(self, scheme: str, name: str) -> NamedNode:
        key = f"{scheme}/{name}"
        made = self.made.get(key)
        if made is None:
            made = self.made[key] = NamedNode(f"{CODE.iri}{scheme}/{quote(name, safe='')}")
        return made

    def _concept(self, scheme: str, name: str, label: str, notation: str = "") -> NamedNode:
        node, add = self._node(scheme, name), self.sink.add
        add(node, RDF.type, SKOS.Concept)
        add(node, SKOS.inScheme, CODE[scheme])
        add(node, SKOS.prefLabel, Literal(label, language="en"))
        if notation:
            add(node, SKOS.notation, Literal(notation))
        return node

    def _occupations(self) -> None:
        found = self._records("Occupation Data")
        if found is None:
            return
        records, tally = found
        for row, code, title, about in records.pick("O*NET-SOC Code", "Title", "Description"):
            if not _CODE.fullmatch(code.strip()) or not title.strip():
                message = "is no O*NET-SOC code with a title"
                tally.skip(message, row, value=f"{code} {title}", expected="11-1011.00, and a text")
            elif code in self.known:
                tally.skip(
                    f"the code is also in row {self.known[code]}", row, value=code,
                    expected="each code once",
                )  # fmt: skip
            else:
                self.known[code] = row
                node = self._concept("onet", code, title.strip(), code)
                self.sink.text(node, SKOS.definition, about.strip(), "en")
        tally.report()

    def _occupation(self, tally: Tally, row: int, code: str) -> NamedNode | None:
        """The occupation of a row; a link to one that is not there is kept as published."""
        code = code.strip()
        if not _CODE.fullmatch(code):
            tally.skip(
                "is no O*NET-SOC code", row, value=code, expected="11-1011.00; no merged cell"
            )
            return None
        if self.known and code not in self.known:
            tally.add(
                "warning", "is not among the occupations", row, value=code,
                expected="kept as published",
            )  # fmt: skip
        return self._node("onet", code)

    def _titles(self, table: str, column: str) -> None:
        found = self._records(table)
        if found is None:
            return
        records, tally = found
        for row, code, title in records.pick("O*NET-SOC Code", column):
            node = self._occupation(tally, row, code)
            if node is not None:
                self.sink.text(node, SKOS.altLabel, title.strip(), "en")
        tally.report()

    def _related(self) -> None:
        found = self._records("Related Occupations")
        if found is None:
            return
        records, tally = found
        for row, code, other in records.pick("O*NET-SOC Code", "Related O*NET-SOC Code"):
            one, near = (self._occupation(tally, row, each) for each in (code, other))
            if one is not None and near is not None:
                self.sink.add(one, SKOS.related, near)
        tally.report()

    def _tasks(self) -> None:
        found = self._records("Task Statements")
        if found is None:
            return
        records, tally = found
        seen: dict[str, int] = {}
        for row, code, number, task in records.pick("O*NET-SOC Code", "Task ID", "Task"):
            node = self._occupation(tally, row, code)
            if node is None:
                continue
            if not number.strip().isdigit() or not task.strip():
                tally.skip("is no task with its number", row, value=number, expected="8823")
            elif (before := seen.setdefault(number, row)) != row:
                message = f"the task is also in row {before}"
                tally.skip(message, row, value=number, expected="each number once")
            else:
                done = self._concept("onet-task", number.strip(), task.strip(), number.strip())
                self.sink.add(node, SKOS.related, done)
        tally.report()

    def _technologies(self) -> None:
        """Examples by name, below the commodities (UNSPSC) that they belong to."""
        found = self._records("Technology Skills")
        if found is None:
            return
        records, tally = found
        seen: set[str] = set()
        for row, code, example, commodity, title in records.pick(
            "O*NET-SOC Code", "Example", "Commodity Code", "Commodity Title"
        ):
            node = self._occupation(tally, row, code)
            name, group = example.strip(), commodity.strip()
            if node is None:
                continue
            if not name or not group.isdigit():
                message = "is no example with the code of its commodity"
                tally.skip(message, row, value=f"{name} {group}", expected="43232202")
                continue
            if group not in seen:
                seen.add(group)
                self._concept("onet-technology", group, title.strip(), group)
            if name not in seen:
                seen.add(name)
                self._concept("onet-technology", name, name)
            skill = self._node("onet-technology", name)
            self.sink.add(skill, SKOS.broader, self._node("onet-technology", group))
            self.sink.add(node, SKOS.related, skill)
        tally.report()


def _version(source: Source) -> str:
    names = [source.name, *(path.name for path in source.paths)]
    found = next(filter(None, map(version_of, names)), "")
    if not found:
        with bundle(source.paths) as members:
            for member in members:
                if member.name.lower() in {"read me.txt", "readme.txt"}:
                    return version_of(member.read()[:200].decode("utf-8", "replace"))
    return found


def _tell(found: dict[str, Member], others: list[Member], source: Source, sink: Sink) -> None:
    place = Place(source.paths[0].name)
    if others:
        names = ", ".join(member.name for member in others)
        sink.report("note", f"{len(others)} files are not read", place=place, value=names)
    for table in NEEDED:
        if table not in found:
            message = f"there is no file '{table}': {TABLES[table].use}"
            sink.report("warning", message, place=place, expected="load it too")
