"""Where a loader puts what it reads: triples, by the row they came from, and issues."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

from pyoxigraph import Literal, NamedNode

from pesai.loading.canonical import Lines, term
from pesai.loading.issues import Issue, Place, Severity

__all__ = ["Sink"]


class Sink:
    """Collects the triples of one named graph and the issues of its source.

    Triples that are added within ``with sink.row(place):`` belong to that row: when the row turns
    out to be bad, none of them is kept, and a report about one of its things names the row.
    Triples are kept as canonical lines: that is what is asked for in the end, and takes the least
    time and memory on the way (a classification brings half a million of them). ``lost`` names the
    files that could not be read, or not to their end: nobody knows how much they hold.
    """

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.rows_read = 0
        self.rows_skipped = 0
        self.lost: set[str] = set()
        self._lines: list[str] = []
        self._rows: list[tuple[int, int, Place]] = []
        self._places: dict[str, Place] = {}
        self._row: Place | None = None
        self._row_is_bad = False

    def __bool__(self) -> bool:
        """Whether it holds anything; ``lines`` sorts all that it holds at each call."""
        return bool(self._lines)

    @contextmanager
    def row(self, place: Place) -> Iterator[None]:
        """One row of the source. An error reported inside drops what the row added."""
        start = len(self._lines)
        self._row, self._row_is_bad = place, False
        self.rows_read += 1
        try:
            yield
        finally:
            if self._row_is_bad:
                del self._lines[start:]
                self.rows_skipped += 1
            else:
                self._rows.append((start, len(self._lines), place))
            self._row = None

    def add(self, subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        """One triple."""
        text = str(value)
        if text[-1] == ">" and text[0] == '"':
            text = term(value)
        # ``line`` in place: this runs half a million times for a classification.
        self._lines.append(f"{subject} {predicate} {text} .")

    def extend(self, lines: Iterable[str]) -> None:
        """Many triples that are canonical lines already (``pesai.loading.canonical.line``)."""
        self._lines.extend(lines)

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
            at = at.at(column)
        self.issues.append(Issue(at, severity, message, value, expected))
        if severity == "error":
            self._row_is_bad = True

    def lose(self, message: str, place: Place, *, value: str = "", expected: str = "") -> None:
        """An error that costs a whole file, or all of it from a place on."""
        self.lost.add(place.file)
        self.report("error", message, place=place, value=value, expected=expected)

    def place_of(self, subject: str) -> Place | None:
        """The row that first spoke of a thing, by its IRI in N-Triples form (``<…>``)."""
        return self._index().get(subject)

    def subjects(self) -> set[str]:
        """Every subject, in N-Triples form."""
        return {_subject(text) for text in self._lines}

    def forget(self, things: Collection[str]) -> list[tuple[str, str]]:
        """Take out every triple that begins or ends with one of the things (``<…>``).

        Returns:
            Subject and object of those that ended with one.
        """
        kept: list[str] = []
        cut: list[tuple[str, str]] = []
        for text in self._lines:
            subject, value = _subject(text), text[text.rindex(" ", 0, -2) + 1 : -2]
            if value in things:
                cut.append((subject, value))
            elif subject not in things:
                kept.append(text)
        self._keep(kept)
        return cut

    @property
    def errors(self) -> int:
        """How many errors were reported."""
        return sum(issue.severity == "error" for issue in self.issues)

    def lines(self) -> Lines:
        """The canonical form of the graph."""
        return tuple(sorted(set(self._lines)))

    def _keep(self, kept: list[str]) -> None:
        self._index()
        self._lines, self._rows = kept, []

    def _index(self) -> dict[str, Place]:
        """Where each thing was first spoken of; made when somebody asks."""
        for start, end, place in self._rows:
            for text in self._lines[start:end]:
                self._places.setdefault(_subject(text), place)
        self._rows = []
        return self._places


def _subject(text: str) -> str:
    return text[: text.index(" ")]
