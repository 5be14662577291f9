"""Where a loader puts what it reads: triples, by the row they came from, and issues."""

from collections.abc import Iterator
from contextlib import contextmanager

from pyoxigraph import Literal, NamedNode, Triple

from pesai.loading.canonical import Lines, lines
from pesai.loading.issues import Issue, Place, Severity

__all__ = ["Sink"]


class Sink:
    """Collects the triples of one named graph and the issues of its source.

    Triples that are added within ``with sink.row(place):`` belong to that row: when the row turns
    out to be bad, none of them is kept, and a report about one of its things names the row.
    """

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.rows_read = 0
        self.rows_skipped = 0
        self._triples: list[Triple] = []
        self._places: dict[str, Place] = {}
        self._row: Place | None = None
        self._row_is_bad = False

    @contextmanager
    def row(self, place: Place) -> Iterator[None]:
        """One row of the source. An error reported inside drops what the row added."""
        start = len(self._triples)
        self._row, self._row_is_bad = place, False
        self.rows_read += 1
        try:
            yield
        finally:
            if self._row_is_bad:
                del self._triples[start:]
                self.rows_skipped += 1
            else:
                for triple in self._triples[start:]:
                    self._places.setdefault(str(triple.subject), place)
            self._row = None

    def add(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        """One triple."""
        self._triples.append(Triple(subject, predicate, value))

    def text(
        self, subject: NamedNode, predicate: NamedNode, value: str, language: str = ""
    ) -> None:
        """A text, when there is one: an empty cell makes no triple."""
        if value:
            self.add(subject, predicate, Literal(value, language=language or None))

    def report(
        self,
        severity: Severity,
        message: str,
        *,
        column: str = "",
        value: str = "",
        expected: str = "",
        place: Place | None = None,
    ) -> None:
        """An issue, at ``place`` or in the present row. An error drops the row."""
        at = place or self._row or Place("")
        if column:
            at = Place(at.file, at.sheet, at.row, column)
        self.issues.append(Issue(at, severity, message, value, expected))
        if severity == "error":
            self._row_is_bad = True

    def place_of(self, subject: str) -> Place | None:
        """The row that first spoke of a thing, by its IRI in N-Triples form (``<…>``)."""
        return self._places.get(subject)

    def subjects(self) -> set[str]:
        """Every subject, in N-Triples form."""
        return {str(triple.subject) for triple in self._triples}

    def drop(self, subject: str) -> None:
        """Take out what was said of a thing, after a check refused it."""
        self._triples = [t for t in self._triples if str(t.subject) != subject]

    @property
    def errors(self) -> int:
        """How many errors were reported."""
        return sum(issue.severity == "error" for issue in self.issues)

    def lines(self) -> Lines:
        """The canonical form of the graph."""
        return lines(self._triples)
