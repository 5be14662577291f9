"""Relations of ESCO: the hierarchies of both pillars, and which skills go with what."""

from collections.abc import Callable

from loaders._esco_names import RELATIONS, Table
from pesai.loading.records import Records, read_records
from pesai.loading.sink import Sink
from pesai.loading.tally import Tally
from pesai.loading.terms import Terms
from pesai.namespaces import SKOS

__all__ = ["BROADER", "SKILLS", "Relations"]

_BROADER = str(SKOS.broader)
_RELATIONS = {kind: str(term) for kind, term in RELATIONS.items()}
_BROADER_LABELS = ("conceptType", "broaderType", "conceptLabel", "broaderLabel")
_SKILL_LABELS = (
    "skillType", "originalSkillType", "relatedSkillType", "occupationLabel", "skillLabel",
    "originalSkillLabel", "relatedSkillLabel",
)  # fmt: skip
BROADER = ("broaderRelationsOccPillar", "broaderRelationsSkillPillar")
SKILLS = {
    "occupationSkillRelations": ("occupationUri", "skillUri"),
    "skillSkillRelations": ("originalSkillUri", "relatedSkillUri"),
}
"""Tables of essential and optional skills: whose, and which."""


class Relations:
    """Reads the tables of relations of one release."""

    def __init__(self, sink: Sink, terms: Terms, knows: Callable[[str], bool]) -> None:
        self._sink = sink
        self._terms = terms
        self._knows = knows

    def read(self, table: Table) -> None:
        """One table of relations."""
        if table.stem in BROADER:
            self._broader(table)
        else:
            self._skills(table)

    def _broader(self, table: Table) -> None:
        records = self._records(table, ("conceptUri", "broaderUri"), _BROADER_LABELS)
        if records is None:
            return
        tally, lines = Tally(self._sink, records.file), []
        written = self._terms.written
        for row, narrow, broad in records.pick("conceptUri", "broaderUri"):
            below, above = written(narrow), written(broad)
            if below and above:
                lines.append(f"{below} {_BROADER} {above} .")
            else:
                _no_iri(tally, row, broad if below else narrow)
        self._sink.extend(lines)
        self._dangling(records, ("conceptUri", "broaderUri"), tally)
        tally.report()

    def _skills(self, table: Table) -> None:
        of, which = SKILLS[table.stem]
        records = self._records(table, (of, "relationType", which), _SKILL_LABELS)
        if records is None:
            return
        tally, lines = Tally(self._sink, records.file), []
        written, seen = self._terms.written, set()
        for row, one, kind, skill in records.pick(of, "relationType", which):
            subject, term, value = written(one), _RELATIONS.get(kind), written(skill)
            if not subject or not value:
                _no_iri(tally, row, skill if subject else one)
            elif term is None:
                tally.skip(
                    "is no kind of relation", row, column="relationType", value=kind,
                    expected="one of " + ", ".join(_RELATIONS),
                )  # fmt: skip
            else:
                lines.append(f"{subject} {term} {value} .")
                seen.add((one, skill))
        self._sink.extend(lines)
        self._repeated(records, (of, which), len(seen), tally)
        self._dangling(records, (of, which), tally)
        tally.report()

    def _records(
        self, table: Table, needed: tuple[str, ...], optional: tuple[str, ...]
    ) -> Records | None:
        member = table.member
        return read_records(member.origin, member.read(), self._sink, needed, optional)

    def _repeated(
        self, records: Records, columns: tuple[str, str], distinct: int, tally: Tally
    ) -> None:
        """Pairs that stand twice: as essential and as optional, or simply twice."""
        if distinct == len(records):
            return
        first: dict[tuple[str, str], int] = {}
        for row, one, other in records.pick(*columns):
            before = first.setdefault((one, other), row)
            if before != row:
                pair = " ".join(text.rpartition("/")[2] for text in (one, other))
                message = f"the pair stands in rows {before} and {row}"
                tally.add("warning", message, row, value=pair, expected="once; kept as published")

    def _dangling(self, records: Records, columns: tuple[str, str], tally: Tally) -> None:
        """Concepts that no table describes. The links are kept as they were published."""
        for column in columns:
            unknown = {iri for iri in set(records.column(column)) if not self._knows(iri.strip())}
            if not unknown:
                continue
            for row, iri in records.pick(column):
                if iri in unknown:
                    tally.add(
                        "warning", f"in no table of concepts, {len(unknown)} in all", row,
                        column=column, value=iri, expected="a concept; kept as published",
                    )  # fmt: skip


def _no_iri(tally: Tally, row: int, value: str) -> None:
    tally.skip("is no IRI", row, value=value, expected="http://data.europa.eu/esco/…")
