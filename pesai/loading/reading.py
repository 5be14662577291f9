"""A row on its way to the graph: what its cells say becomes triples of its thing."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from pyoxigraph import Literal, NamedNode

from pesai.loading.cells import Cells
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Source, row_iri
from pesai.loading.near import hint
from pesai.loading.sink import Sink
from pesai.loading.table import Row, read_table
from pesai.namespaces import PAI, RDF

__all__ = ["Reading", "Record"]

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_HINTS = 100


class Reading:
    """One load: the tables of a source, the things that their rows stand for, and the sink.

    Used as ``with Reading(…) as reading:``. At the end, links to things whose rows were skipped
    are taken out again and reported.
    """

    def __init__(self, source: Source, context: Context, sink: Sink) -> None:
        self.source = source
        self.context = context
        self.sink = sink
        self._things: dict[str, Place] = {}
        self._bad: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None and self._bad:
            self._cut()

    def records(
        self,
        kind: str,
        columns: Sequence[str],
        *,
        optional: Sequence[str] = (),
        paths: Sequence[Path] | None = None,
        key: str = "id",
        makes: bool = True,
    ) -> Iterator["Record"]:
        """The rows of some tables, each within its row of the sink.

        All tables are read before the first row is given, so that a row may refer to a later one.

        Args:
            kind: kind of the things that the rows stand for, as in their IRIs.
            columns: columns that must be there.
            optional: columns that may be there.
            paths: the files; those of the source when nothing is said.
            key: the column that holds the name of the thing; no two rows have the same.
            makes: whether the rows make these things, or speak of things made elsewhere.
        """
        pairs: list[tuple[Row, NamedNode, Place | None]] = []
        seen: dict[str, Place] = {}
        for path in self.source.paths if paths is None else paths:
            for row in read_table(path, columns, self.sink, optional=optional):
                thing = self.context.base.thing(kind, row[key])
                pairs.append((row, thing, seen.get(row[key])))
                seen.setdefault(row[key], row.place)
                if makes:
                    self._things.setdefault(thing.value, row.place)
        for row, thing, twin in pairs:
            yield from self._record(row, thing, key, twin)

    def _record(
        self, row: Row, thing: NamedNode, key: str, twin: Place | None
    ) -> Iterator["Record"]:
        skipped = self.sink.rows_skipped
        with self.sink.row(row.place):
            record = Record(row, self, thing)
            if self._sound(record, key, twin):
                yield record
        if twin is None and self.sink.rows_skipped > skipped:
            self._bad.add(str(thing))

    def _sound(self, record: "Record", key: str, twin: Place | None) -> bool:
        row = record.row
        if not record.readable():
            return False
        if not _ID.fullmatch(row[key]):
            message = "is not a name" if row[key] else "must not be empty"
            expected = "letters a to z, digits, '-', '_' and '.'"
            record.complain(key, message, value=row[key], expected=expected)
            return False
        if twin is not None:
            where = f" of {twin.file}" if twin.file != row.place.file else ""
            record.complain(key, f"stands in row {twin.row}{where} already", value=row[key])
            return False
        return True

    def has(self, thing: NamedNode) -> bool:
        """Whether a thing is made by this source or known from elsewhere."""
        return thing.value in self._things or self.context.knows(thing.value)

    def skipped(self, thing: NamedNode) -> Place | None:
        """The row of a thing that was read already and skipped."""
        return self._things[thing.value] if str(thing) in self._bad else None

    def near(self, thing: NamedNode, kind: str) -> str:
        """Which name of one kind may have been meant."""
        if len(self.sink.issues) > _HINTS:
            return ""
        beginning = self.context.base.thing(kind, "").value
        known = {*self._things, *self.context.things(beginning)}
        names = [iri.removeprefix(beginning) for iri in known if iri.startswith(beginning)]
        return hint(thing.value.removeprefix(beginning), sorted(names))

    def _cut(self) -> None:
        gone = {iri for iri in self._bad if not self.context.knows(iri[1:-1])}
        for subject, thing in self.sink.forget(gone):
            place = self._things[thing[1:-1]]
            self.sink.report(
                "warning",
                f"a link is left out: row {place.row} of {place.file} was skipped",
                place=self.sink.place_of(subject),
                value=thing.rpartition("/")[2].rstrip(">"),
            )


class Record(Cells):
    """One row and the thing that it stands for. What is said, is said of that thing."""

    def __init__(self, row: Row, reading: Reading, subject: NamedNode) -> None:
        super().__init__(row, reading.sink, reading.context.base)
        self.reading = reading
        self.context = reading.context
        self.subject = subject

    def a(self, *classes: NamedNode) -> None:
        """The classes of the thing. Its row is noted with them."""
        self._made(self.subject, classes)

    def thing(self, kind: str, name: str, *classes: NamedNode) -> NamedNode:
        """A further thing that is made from this row."""
        made = self.context.base.thing(kind, name)
        self._made(made, classes)
        return made

    def _made(self, thing: NamedNode, classes: Sequence[NamedNode]) -> None:
        self.say(RDF.type, *classes, of=thing)
        place = self.row.place
        self.say(
            PAI.fromRow,
            row_iri(self.reading.source, self.context, place.file, place.row),
            of=thing,
        )

    def say(
        self,
        predicate: NamedNode,
        *values: NamedNode | Literal | None,
        of: NamedNode | None = None,
    ) -> None:
        """What the thing, or another one, has by a property. Nothing is said of nothing."""
        for value in values:
            if value is not None:
                self.sink.add(of or self.subject, predicate, value)

    def reference(self, column: str, kind: str, *, needed: bool = False) -> NamedNode | None:
        """A thing of one kind by its id, made by this source or known from elsewhere.

        A row that means nothing without the thing says that it is ``needed``: it is skipped when
        the row of the thing was.
        """
        found = self._reference(column, self[column], kind) if self[column] else None
        skipped = self.reading.skipped(found) if needed and found is not None else None
        if skipped is not None:
            message = f"refers to row {skipped.row} of {skipped.file}, which was skipped"
            self.complain(column, message, value=self[column])
            return None
        return found

    def references(self, column: str, kind: str) -> list[NamedNode]:
        """Several things."""
        found = (self._reference(column, part, kind) for part in self.several(column))
        return [thing for thing in found if thing is not None]

    def _reference(self, column: str, value: str, kind: str) -> NamedNode | None:
        thing = self.context.base.thing(kind, value)
        if not value:
            return None
        if thing == self.subject:
            self.complain(column, "refers to itself", value=value)
            return None
        if not self.reading.has(thing):
            expected = self.reading.near(thing, kind)
            self.complain(column, f"is not the id of any {kind}", value=value, expected=expected)
            return None
        return thing
