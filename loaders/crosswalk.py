"""Crosswalks: tables of mappings between classifications, as their publishers hand them out.

The mapping tables of the EURES countries (FR, SE, DE, NL and others), ESCO-O*NET in both
directions, ISCO-SOC. Every row is an SSSOM mapping with both versions and its row, and a plain
SKOS link.
"""

from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import ClassVar

from pyoxigraph import NamedNode

from loaders._crosswalk_layout import Layout, layout
from loaders._crosswalk_names import Fault, Namer
from pesai.errors import InputProblem
from pesai.loading.bundle import Member, bundle
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source
from pesai.loading.mapping import LINKS, NOTHING, Mapping
from pesai.loading.records import Rows, bulk, read_rows
from pesai.loading.sink import Sink
from pesai.loading.tally import Tally
from pesai.loading.terms import Terms
from pesai.loading.workbook import is_workbook, read_workbook
from pesai.namespaces import DCTERMS, OWL, PAI, RDF, RDFS, SSSOM, slug

__all__ = ["CrosswalkLoader"]

_SAME = {"exactisco": "exactMatch"}
"""What a publisher calls a match that SKOS calls otherwise."""
_NOBODY = "default-author"
"""What the publishers' tool writes when no author is given."""
_NONE = "no relation"


class CrosswalkLoader:
    """Tables of mappings; each becomes a mapping set."""

    kind: ClassVar[str] = "crosswalk"
    classification: ClassVar[bool] = True

    def name(self, paths: Iterable[Path]) -> str:
        """What the graph is called when nobody says: after the file."""
        return slug(next(iter(paths)).stem)

    def describe(self, source: Source) -> Description:
        """What the source is, from its own metadata."""
        titles, facts = [], {}
        with bundle(source.paths) as members:
            for member in members:
                found = _layout(member, Sink())[1] if _is_table(member) else None
                if found is not None:
                    titles.append(_title(found))
                    facts = found.facts
        title = " ; ".join(sorted(set(titles))) or source.name
        single = len(set(titles)) == 1
        return Description(
            title_en=f"Crosswalk {title}",
            title_fr=f"Table de correspondance {title}",
            version=facts.get("mapping project version", "") if single else "",
            attribution=_author(facts) if single else "",
            homepage="https://esco.ec.europa.eu/",
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the tables into the sink.

        Raises:
            InputProblem: there is no table of mappings among the files.
        """
        read = 0
        with bundle(source.paths) as members, bulk():
            for member in members:
                if not _is_table(member):
                    sink.report("note", "is no table, and is not read", place=Place(member.origin))
                    continue
                rows, found = _layout(member, sink)
                if found is None:
                    _no_header(member, rows, sink)
                else:
                    read += 1
                    _Table(source, context, sink, member, found).read(rows)
        if not read and not sink.errors:
            raise InputProblem(
                "there is no table of mappings among {names}",
                names=", ".join(path.name for path in source.paths),
            )


class _Table:
    """The reading of one table."""

    def __init__(
        self, source: Source, context: Context, sink: Sink, member: Member, found: Layout
    ) -> None:
        self.sink, self.layout, self.base = sink, found, context.base
        self.knows = context.knows
        stem = slug(PurePath(member.name).stem)
        self.name = f"{source.name}-{stem}" if len(source.paths) > 1 else source.name
        self.set = context.base.thing("mapping-set", self.name)
        self.rows_iri = context.base.thing("source", f"crosswalk-{self.name}").value
        self.tally = Tally(sink, member.origin)
        terms = Terms()
        self.subjects = Namer(found.about(1, "name"), context, terms)
        self.objects = Namer(found.about(2, "name"), context, terms)
        self.versions = {
            SSSOM.subject_source_version: found.about(1, "version"),
            SSSOM.object_source_version: found.about(2, "version"),
        }
        self.seen: dict[str, int] = {}
        self.targets: dict[NamedNode, int] = {}

    def read(self, rows: Rows) -> None:
        """The set, then its rows."""
        self._set()
        for number, cells in enumerate(rows.cells[self.layout.header :], self.layout.header + 1):
            if sum(bool(cell.strip()) for cell in cells) < 2:
                self._remark(number, cells)
                continue
            self.sink.rows_read += 1
            try:
                self._row(number, self._cells(cells))
            except Fault as fault:
                value = ", ".join(cells)[:80]
                self.tally.skip(fault.message, number, value=value, expected=fault.expected)
        self._unknown()
        self.tally.report()

    def _remark(self, number: int, cells: list[str]) -> None:
        text = "".join(cells).strip()
        message = "is a remark and no row" if text else "is blank and left out"
        self.tally.add("note", message, number, value=text)

    def _set(self) -> None:
        facts, add = self.layout.facts, self.sink.add
        add(self.set, RDF.type, SSSOM.MappingSet)
        self.sink.text(self.set, DCTERMS.title, _title(self.layout))
        self.sink.text(self.set, OWL.versionInfo, facts.get("mapping project version", ""))
        self.sink.text(self.set, DCTERMS.creator, _author(facts))
        date = facts.get("mapping project version date", "")
        if "$" in date or "@" in date:
            self.tally.add(
                "warning", "the date of the version is what a program left behind", value=date,
                expected="a date; left out",
            )  # fmt: skip
        else:
            self.sink.text(self.set, DCTERMS.issued, date)
        for side in (1, 2):
            if not self.layout.about(side, "version"):
                message = f"the version of classification {side} is not given"
                self.tally.add("warning", message, expected="Classification … Version")
        if self.layout.leftovers:
            self.tally.add(
                "note", "holds what a spreadsheet program left behind", 1,
                value=", ".join(self.layout.leftovers[:4]), expected="empty cells",
            )  # fmt: skip
        for name in self.layout.unknown:
            message = "this column is not known and not read"
            self.tally.add("warning", message, self.layout.header, column=name)

    def _cells(self, cells: list[str]) -> dict[str, str]:
        return {
            role: cells[index].strip() if index < len(cells) else ""
            for role, index in self.layout.columns.items()
        }

    def _row(self, number: int, cells: dict[str, str]) -> None:
        predicate, said = self._predicate(cells)
        subject = self.subjects(cells["subject"])
        target = NOTHING if said == _NONE else self.objects(cells["object"])
        mapping = Mapping(
            subject, predicate, target, version=self.versions[SSSOM.object_source_version],
            texts={
                **self.versions,
                SSSOM.subject_label: cells.get("subject_label", ""),
                SSSOM.object_label: cells.get("object_label", ""),
                RDFS.comment: _comment(cells, said),
            },
        )  # fmt: skip
        digest = mapping.digest()
        before = self.seen.setdefault(digest, number)
        if before != number:
            message = f"says the same as row {before}"
            self.tally.add("warning", message, number, value=cells["subject"])
            return
        self.targets.setdefault(subject, number)
        self.targets.setdefault(target, number)
        iri = mapping.iri(self.base, self.name)
        mapping.write(self.sink, iri)
        self.sink.add(self.set, SSSOM.mappings, iri)
        self.sink.add(iri, PAI.fromRow, NamedNode(f"{self.rows_iri}#row={number}"))

    def _predicate(self, cells: dict[str, str]) -> tuple[NamedNode, str]:
        """The link, and the publisher's word for it where that is another."""
        said = cells.get("predicate", "")
        if "predicate" not in cells:
            return LINKS["relatedMatch"], "the table does not say which kind of match it is"
        name = said.removeprefix("skos:")
        name = _SAME.get(name.casefold(), name)
        if said == _NONE:
            return LINKS["relatedMatch"], _NONE
        if name not in LINKS:
            raise Fault(f"'{said}' is no kind of match", "one of " + ", ".join(LINKS))
        return LINKS[name], said if name != said.removeprefix("skos:") else ""

    def _unknown(self) -> None:
        """What is not in the graph although most of its kind is: dangling references."""
        kinds: dict[str, list[tuple[int, str]]] = {}
        for node, row in self.targets.items():
            kinds.setdefault(node.value.rpartition("/")[0], []).append((row, node.value))
        for kind, named in sorted(kinds.items()):
            unknown = [(row, iri) for row, iri in named if not self.knows(iri)]
            if len(unknown) < len(named) / 2:
                for row, iri in sorted(unknown):
                    self.tally.add(
                        "warning", f"is not among the concepts of {kind} that are loaded", row,
                        value=iri, expected="kept as published",
                    )  # fmt: skip


def _comment(cells: dict[str, str], said: str) -> str:
    part = "part of the occupation" if cells.get("part") == "*" else ""
    return "; ".join(filter(None, (cells.get("note", ""), said, part)))


def _author(facts: dict[str, str]) -> str:
    author = facts.get("mapping project author", "")
    return "" if author == _NOBODY else author


def _title(found: Layout) -> str:
    named = found.facts.get("mapping project name", "")
    return named or f"{found.about(1, 'name')} - {found.about(2, 'name')}".strip(" -")


def _is_table(member: Member) -> bool:
    return member.name.lower().endswith(".csv") or is_workbook(member.name)


def _layout(member: Member, sink: Sink) -> tuple[Rows, Layout | None]:
    if is_workbook(member.name):
        rows = read_workbook(member.origin, member.read(), sink)
    else:
        rows = read_rows(member.origin, member.read(), sink)
    return rows, layout(rows)


def _no_header(member: Member, rows: Rows, sink: Sink) -> None:
    if not rows.cells:
        return
    first = next((row for row in rows.cells if any(row)), [])
    message, expected = (
        "has no header of a table of mappings",
        "columns such as 'Classification 1 URI' and 'Classification 2 ID'",
    )
    if len(first) == 1 and ";" in first[0]:
        message, expected = "the columns are separated by semicolons", "commas"
    sink.lose(message, Place(member.origin), value=", ".join(first)[:80], expected=expected)
