"""``search.sqlite``: its tables, and what its numbers mean."""

import sqlite3
from enum import IntEnum
from pathlib import Path

__all__ = ["FILE", "VERSION", "Role", "create", "for_reading", "for_writing"]

FILE = "search.sqlite"
VERSION = "1"
"""Raised whenever the same graphs would give another index."""


class Role(IntEnum):
    """What a text is to its thing. Lower is more telling."""

    PREFERRED = 0
    CODE = 1
    ALTERNATIVE = 2
    HIDDEN = 3
    TEXT = 4


_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE graph (id INTEGER PRIMARY KEY, iri TEXT UNIQUE, checksum TEXT);
-- Classes and concept schemes: what results are filtered by, and the types of reconciliation.
CREATE TABLE grouping (
  id INTEGER PRIMARY KEY, iri TEXT UNIQUE, scheme INTEGER, things INTEGER DEFAULT 0
);
CREATE TABLE kind (kind TEXT PRIMARY KEY, things INTEGER) WITHOUT ROWID;
-- groupings: their numbers; places: IRIs of countries; one blank apart.
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT UNIQUE, kind TEXT, groupings TEXT, places TEXT
);
CREATE TABLE holds (graph INTEGER, thing INTEGER, PRIMARY KEY (graph, thing)) WITHOUT ROWID;
-- The number of a label says how much it counts: search reads the index in this order and stops.
CREATE TABLE label (id INTEGER PRIMARY KEY, thing INTEGER, role INTEGER, language TEXT, text TEXT);
CREATE INDEX label_of ON label (thing, role);
CREATE TABLE form (form TEXT, label INTEGER, PRIMARY KEY (form, label)) WITHOUT ROWID;
-- tags: filters, and the first letters of the label; see pesai.alignment.tags.
CREATE VIRTUAL TABLE entry USING fts5 (
  words, tags, content = '', detail = column, columnsize = 0, prefix = '3',
  tokenize = "unicode61 remove_diacritics 2 tokenchars '+#_'"
);
CREATE TABLE word (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE near (key TEXT, word TEXT, PRIMARY KEY (key, word)) WITHOUT ROWID;
"""


def create(path: Path) -> sqlite3.Connection:
    """A new, empty index, to be filled."""
    connection = for_writing(path)
    connection.executescript(_TABLES)
    return connection


def for_writing(path: Path) -> sqlite3.Connection:
    """An index that nobody reads yet: no journal, because a crash throws the whole folder away."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "locking_mode = EXCLUSIVE",
                   "secure_delete = ON", "cache_size = -65536", "temp_store = MEMORY"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection


def for_reading(path: Path) -> sqlite3.Connection:
    """A finished index: it never changes, so that no lock is asked for.

    One thread uses the connection; any may close it.
    """
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    connection = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    for pragma in ("query_only = ON", "trusted_schema = OFF", "temp_store = MEMORY",
                   "mmap_size = 268435456", "cache_size = -8192"):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}").fetchall()
    return connection
