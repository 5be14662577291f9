"""Filling the search index."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pesai.alignment import spelling
from pesai.alignment.gathering import Record, Text
from pesai.alignment.kinds import weight
from pesai.alignment.schema import Role
from pesai.alignment.tags import tags
from pesai.alignment.text import fold, forms

__all__ = ["Writer"]

_BITS = 40


_BITS = 24
"""Labels of one weight: sixteen million. Their numbers are dense, which halves the index."""


@dataclass(frozen=True, slots=True)
class _Row:
    """One text of a thing, as the tables take it."""

    thing: int
    role: Role
    language: str
    text: str
    weight: int
    forms: tuple[str, ...]
    words: str
    tags: str


@dataclass
class Writer:
    """Puts things into an index, and takes them out.

    Args:
        connection: the index.
        checksums: of the graphs that it is made of from now on, by IRI.
    """

    connection: sqlite3.Connection
    checksums: Mapping[str, str]

    def __post_init__(self) -> None:
        run, many = self.connection.execute, self.connection.executemany
        many("INSERT INTO graph (iri, checksum) VALUES (?, ?) "
             "ON CONFLICT (iri) DO UPDATE SET checksum = excluded.checksum",
             sorted(self.checksums.items()))  # fmt: skip
        self._counts: Counter[int] = Counter()
        self._kinds: Counter[str] = Counter()
        self._graphs: dict[str, int] = dict(run("SELECT iri, id FROM graph").fetchall())
        self._groupings: dict[str, int] = dict(run("SELECT iri, id FROM grouping").fetchall())

    def put(self, records: Iterable[Record]) -> None:
        """Take up things that are not there yet."""
        last = self.connection.execute("SELECT coalesce(max(id), 0) FROM thing").fetchone()[0]
        rows: list[_Row] = []
        things: list[tuple[int, str, str, str, str]] = []
        holds: list[tuple[int, int]] = []
        for thing, record in enumerate(sorted(records, key=lambda each: each.iri), last + 1):
            groupings = self._taken(record)
            places = _joined(sorted(record.places))
            things.append((thing, record.iri, record.kind, _joined(groupings), places))
            holds += [(self._graphs[graph], thing) for graph in record.graphs]
            rows += _rows(thing, record.kind, groupings, record.texts)
        self.connection.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?)", things)
        self.connection.executemany("INSERT INTO holds VALUES (?, ?)", holds)
        rows.sort(key=lambda row: (row.weight, row.text, row.thing))
        self._insert([*zip(self._numbers(rows), rows, strict=True)])
        self._spelling(rows)

    def remove(self, things: Iterable[str]) -> None:
        """Take out things, by IRI."""
        for iri in things:
            found = self.connection.execute("SELECT id FROM thing WHERE iri = ?", (iri,)).fetchone()
            if found is not None:
                self._remove(found[0])

    def finish(self) -> None:
        """Bring the counts up to date."""
        many = self.connection.executemany
        many("UPDATE grouping SET things = things + ? WHERE id = ?",
             [(count, number) for number, count in self._counts.items()])  # fmt: skip
        many("INSERT INTO kind VALUES (?, ?) "
             "ON CONFLICT (kind) DO UPDATE SET things = things + excluded.things",
             list(self._kinds.items()))  # fmt: skip

    def _taken(self, record: Record) -> list[int]:
        """The numbers of the classes and schemes of a thing, which count one more."""
        groupings = [
            self._grouping(iri, scheme=scheme)
            for scheme, held in ((False, record.classes), (True, record.schemes))
            for iri in sorted(held)
        ]
        self._counts.update(groupings)
        self._kinds.update((record.kind,))
        return groupings

    def _grouping(self, iri: str, *, scheme: bool) -> int:
        if iri not in self._groupings:
            self._groupings[iri] = len(self._groupings) + 1
            self.connection.execute(
                "INSERT INTO grouping (id, iri, scheme) VALUES (?, ?, ?)",
                (self._groupings[iri], iri, scheme),
            )
        return self._groupings[iri]

    def _numbers(self, rows: Iterable[_Row]) -> Iterator[int]:
        """A number for each row, behind those of its weight that are there."""
        last: dict[int, int] = {}
        for row in rows:
            start = row.weight << _BITS
            if row.weight not in last:
                query = "SELECT max(id) FROM label WHERE id >= ? AND id < ?"
                found = self.connection.execute(query, (start, start + (1 << _BITS))).fetchone()
                last[row.weight] = start if found[0] is None else found[0]
            last[row.weight] += 1
            yield last[row.weight]

    def _insert(self, rows: list[tuple[int, _Row]]) -> None:
        many = self.connection.executemany
        many("INSERT INTO label VALUES (?, ?, ?, ?, ?)",
             ((n, r.thing, r.role, r.language, r.text) for n, r in rows))  # fmt: skip
        many("INSERT OR IGNORE INTO form VALUES (?, ?)",
             sorted((form, n) for n, r in rows for form in r.forms))  # fmt: skip
        many("INSERT INTO entry (rowid, words, tags) VALUES (?, ?, ?)",
             ((n, r.words, r.tags) for n, r in rows))  # fmt: skip

    def _spelling(self, rows: Iterable[_Row]) -> None:
        """The words of labels, for those who misspell them. One that went later finds nothing."""
        fresh = {
            word
            for row in rows
            if row.role not in {Role.CODE, Role.TEXT}
            for word in row.words.split()
            if 2 < len(word) <= spelling.LONGEST and word.isalpha()
        }
        pairs = [(key, word) for word in fresh if len(word) > 3 for key in spelling.keys(word)]
        many = self.connection.executemany
        many("INSERT OR IGNORE INTO word VALUES (?)", ((word,) for word in sorted(fresh)))
        many("INSERT OR IGNORE INTO near VALUES (?, ?)", sorted(pairs))

    def _remove(self, thing: int) -> None:
        """Take out a thing. The full-text index is told the words that it forgets."""
        run, many = self.connection.execute, self.connection.executemany
        query = "SELECT kind, groupings FROM thing WHERE id = ?"
        kind, groupings = run(query, (thing,)).fetchone()
        query = "SELECT text, language, role, id FROM label WHERE thing = ?"
        held = {(text, tag): (role, n) for text, tag, role, n in run(query, (thing,))}
        texts = {key: Role(role) for key, (role, _number) in held.items()}
        numbers = list(map(int, groupings.split()))
        self._counts.subtract(numbers)
        self._kinds.subtract((kind,))
        rows = _rows(thing, kind, numbers, texts)
        found = [(held[row.text, row.language][1], row) for row in rows]
        many("INSERT INTO entry (entry, rowid, words, tags) VALUES ('delete', ?, ?, ?)",
             [(number, row.words, row.tags) for number, row in found])  # fmt: skip
        many("DELETE FROM form WHERE form = ? AND label = ?",
             [(form, number) for number, row in found for form in row.forms])  # fmt: skip
        many("DELETE FROM holds WHERE graph = ? AND thing = ?",
             [(graph, thing) for graph in self._graphs.values()])  # fmt: skip
        run("DELETE FROM label WHERE thing = ?", (thing,))
        run("DELETE FROM thing WHERE id = ?", (thing,))


def _rows(thing: int, kind: str, groupings: list[int], texts: Mapping[Text, Role]) -> list[_Row]:
    """What the index holds of a thing: the same at its coming and at its going."""
    names: dict[str, str] = defaultdict(str)
    for (text, language), role in sorted(texts.items()):
        if role is Role.PREFERRED:
            names[language] += f"{fold(text)} "
    rows: list[_Row] = []
    for (text, language), role in sorted(texts.items()):
        own = () if role is Role.TEXT else forms(text)
        held = names[language] + fold(text) if role is Role.TEXT else own[0]
        rows.append(_Row(
            thing, role, language, text, weight(kind, role, len(text)), own,
            _joined(dict.fromkeys(held.split())), tags(own, language, groupings),
        ))  # fmt: skip
    return rows


def _joined(values: Iterable[object]) -> str:
    return " ".join(map(str, values))
