"""A search index, open for reading: what can be asked of its tables."""

import sqlite3
import threading
import time
import weakref
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from pesai.alignment import spelling
from pesai.alignment.schema import Role, for_reading
from pesai.alignment.tags import begins, grouping_tag, language_tag, terms
from pesai.engine.protocol import TooSlow

__all__ = ["Filters", "Grouping", "Index", "Label", "opened"]

SECONDS = 2.0
"""Longer than this no question to the index may take."""

_STEPS = 20_000
"""Steps of SQLite's machine between two looks at the clock: about a millisecond."""

_LABELS = """
SELECT label.id, thing.id, role, language, text, iri, kind, groupings, places
FROM label JOIN thing ON thing.id = label.thing WHERE label.id IN ({marks})
"""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a label or its thing must be.

    Attributes:
        any_of: groups of classes and schemes, by number; of each group, one is enough.
        language: of the label; any when empty.
    """

    any_of: tuple[tuple[int, ...], ...] = ()
    language: str = ""

    def tags(self) -> list[str]:
        """As expressions of FTS5, all of which must hold."""
        found = [
            f"({' OR '.join(terms([grouping_tag(number)]) for number in group)})"
            for group in self.any_of
        ]
        return [*found, terms([language_tag(self.language)])] if self.language else found


@dataclass(frozen=True, slots=True)
class Label:
    """A text of a thing, as it was found. The lower its number, the more it counts."""

    number: int
    thing: int
    role: Role
    language: str
    text: str
    iri: str
    kind: str
    groupings: frozenset[int]
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grouping:
    """A class or concept scheme: its IRI, number, whether it is a scheme, how many are in it."""

    iri: str
    number: int
    scheme: bool
    things: int


class Index:
    """One finished ``search.sqlite``. May be used by several threads at once."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, self._connections)

    def exact(self, form: str, most: int) -> list[int]:
        """Numbers of the labels that are that text, folded: those that count most, first."""
        rows = self._ask("SELECT label FROM form WHERE form = ? LIMIT ?", (form, most))
        return [number for (number,) in rows]

    def matching(
        self,
        words: Sequence[str],
        filters: Filters,
        most: int,
        *,
        head: str = "",
        last_is_open: bool = False,
    ) -> list[int]:
        """Numbers of the labels that have all of the words: those that count most, first.

        Args:
            words: folded words; an entry with blanks offers words of which one is enough.
            filters: what else must hold.
            most: how many are wanted.
            head: the beginning of the label, folded.
            last_is_open: whether the last word may go on.
        """
        needed = [*filters.tags(), terms([begins(head)])] if head else filters.tags()
        parts = [f"{{tags}} : ({' AND '.join(needed)})"] if needed else []
        if words:
            parts.append(f"{{words}} : ({_all_of(words, last_is_open=last_is_open)})")
        if not parts:
            return []
        query = "SELECT rowid FROM entry WHERE entry MATCH ? ORDER BY rowid LIMIT ?"
        return [number for (number,) in self._ask(query, (" AND ".join(parts), most))]

    def labels(self, numbers: Sequence[int]) -> list[Label]:
        """Labels by number, with their things."""
        marks = ",".join("?" * len(numbers))
        return [
            Label(n, thing, Role(role), language, text, iri, kind,
                  frozenset(map(int, groupings.split())), frozenset(places.split()))
            for n, thing, role, language, text, iri, kind, groupings, places in self._ask(
                _LABELS.format(marks=marks), numbers
            )
        ]  # fmt: skip

    def names(self, things: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
        """The preferred labels of things: text and language, those that count most first."""
        return self._texts(things, Role.PREFERRED)

    def texts(self, things: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
        """The descriptions of things: text and language."""
        return self._texts(things, Role.TEXT)

    def codes(self, things: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
        """The codes of things, and languages, which are empty."""
        return self._texts(things, Role.CODE)

    def thing(self, iri: str) -> int | None:
        """The number of a thing, when the index knows it."""
        rows = self._ask("SELECT id FROM thing WHERE iri = ?", (iri,))
        return int(rows[0][0]) if rows else None

    def beginning(self, start: str) -> list[str]:
        """The things whose IRIs begin in one way, in order."""
        query = "SELECT iri FROM thing WHERE iri >= ? AND iri < ? ORDER BY iri"
        return [iri for (iri,) in self._ask(query, (start, start + "\U0010ffff"))]

    def things(self, numbers: Sequence[int]) -> dict[int, tuple[str, str, frozenset[int]]]:
        """IRI, kind and groupings of things."""
        marks = ",".join("?" * len(numbers))
        query = f"SELECT id, iri, kind, groupings FROM thing WHERE id IN ({marks})"  # noqa: S608
        return {
            number: (iri, kind, frozenset(map(int, groupings.split())))
            for number, iri, kind, groupings in self._ask(query, numbers)
        }

    @cached_property
    def groupings(self) -> dict[str, Grouping]:
        """Classes and schemes that things are in, by IRI, the largest first."""
        rows = self._ask(
            "SELECT iri, id, scheme, things FROM grouping WHERE things > 0 "
            "ORDER BY things DESC, iri", ()
        )  # fmt: skip
        return {iri: Grouping(iri, n, bool(scheme), things) for iri, n, scheme, things in rows}

    @cached_property
    def kinds(self) -> dict[str, int]:
        """Kinds of things with their numbers, the largest first."""
        query = "SELECT kind, things FROM kind WHERE things > 0 ORDER BY things DESC, kind"
        return dict(self._ask(query, ()))

    def knows(self, word: str, *, open_end: bool = False) -> bool:
        """Whether a label has that word, or one that begins with it."""
        if open_end:
            query = "SELECT 1 FROM word WHERE word >= ? AND word < ? LIMIT 1"
            return bool(self._ask(query, (word, word + "\U0010ffff")))
        return bool(self._ask("SELECT 1 FROM word WHERE word = ?", (word,)))

    def near(self, word: str, most: int) -> list[str]:
        """The words of labels that are one or two letters away, nearest first."""
        if not spelling.SHORT <= len(word) <= spelling.LONGEST:
            return []
        keys = sorted(spelling.near(word))
        query = f"SELECT word FROM near WHERE key IN ({','.join('?' * len(keys))})"  # noqa: S608
        return spelling.best(word, (found for (found,) in self._ask(query, keys)), most)

    def _texts(self, things: Sequence[int], role: Role) -> dict[int, list[tuple[str, str]]]:
        marks = ",".join("?" * len(things))
        query = (
            "SELECT thing, text, language FROM label "  # noqa: S608 - marks only
            f"WHERE thing IN ({marks}) AND role = ? ORDER BY thing, id"
        )
        found: dict[int, list[tuple[str, str]]] = {}
        for thing, text, language in self._ask(query, (*things, int(role))):
            found.setdefault(thing, []).append((text, language))
        return found

    def _ask(self, query: str, values: Iterable[object]) -> list[tuple[Any, ...]]:
        """All rows.

        Raises:
            TooSlow: it took longer than ``SECONDS``.
        """
        connection = self._connection()
        deadline = time.monotonic() + SECONDS
        connection.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)
        try:
            return connection.execute(query, tuple(values)).fetchall()
        except sqlite3.OperationalError as error:
            if "interrupted" not in str(error):
                raise
            raise TooSlow("The search took longer than {seconds} s.", seconds=SECONDS) from error

    def _connection(self) -> sqlite3.Connection:
        """The connection of the thread: closed when the index is let go."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = self._local.connection = for_reading(self.path)
            self._connections.append(connection)
        return connection


@lru_cache(maxsize=6)
def opened(path: Path, _inode: int) -> Index:
    """The index in a file. A file that took another's place has another inode."""
    return Index(path)


def _close(connections: Iterable[sqlite3.Connection]) -> None:
    for connection in connections:
        connection.close()


def _all_of(words: Sequence[str], *, last_is_open: bool) -> str:
    parts = []
    for place, word in enumerate(words, 1):
        ends = terms([word], last_is_open=last_is_open and place == len(words))
        choices = word.split()
        parts.append(ends if len(choices) == 1 else f"({' OR '.join(terms([c]) for c in choices)})")
    return " AND ".join(parts)
