"""The search index as a derived step: one file per reader, made of the reader's graphs alone."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import ClassVar

from pesai.alignment.gathering import gather, subjects
from pesai.alignment.schema import FILE, VERSION, create, for_reading, for_writing
from pesai.alignment.writing import Writer
from pesai.releases.steps import StepContext, StepResult

__all__ = ["SearchStep"]

_SHARE = 5
"""When more than one thing in so many changes, the index is made anew."""


class SearchStep:
    """Writes ``search.sqlite``.

    A small change costs little: what the changed graphs say, and said, is taken out and put in
    again. When a graph is gone, all is made anew: what its reader may no longer read must not be
    in the file, not even where SQLite keeps what was deleted.
    """

    name: ClassVar[str] = "search"
    version: ClassVar[str] = VERSION
    after: ClassVar[tuple[str, ...]] = ()

    def reads(self, kind: str, iri: str) -> bool:  # noqa: ARG002
        """Every graph but the derived ones."""
        return kind != "derived"

    def run(self, context: StepContext) -> StepResult:
        """Make the index, of the last one where it can be."""
        now = {entry.iri: entry.checksum for entry in context.entries}
        before = _signature(context.previous)
        if before == now:
            return StepResult(kept=True)
        if not (context.previous and before and _update(context, before, now)):
            _build(context, now)
        return StepResult(files=(FILE,))


def _signature(folder: Path | None) -> dict[str, str]:
    """The graphs that an earlier index is made of; none when it is not to be used."""
    path = folder / FILE if folder is not None else None
    if path is None or not path.is_file():
        return {}
    with closing(for_reading(path)) as old:
        held = old.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()
        if held != (VERSION,):
            return {}
        return dict(old.execute("SELECT iri, checksum FROM graph").fetchall())


def _build(context: StepContext, now: dict[str, str]) -> None:
    records = gather(context.store, context.inputs)
    path = context.folder / FILE
    path.unlink(missing_ok=True)
    with closing(create(path)) as connection:
        connection.execute("BEGIN")
        connection.execute("INSERT INTO meta VALUES ('version', ?)", (VERSION,))
        writer = Writer(connection, now)
        writer.put(records.values())
        writer.finish()
        connection.execute("INSERT INTO entry (entry) VALUES ('optimize')")
        connection.execute("COMMIT")


def _update(context: StepContext, before: dict[str, str], now: dict[str, str]) -> bool:
    """Change a copy of the earlier index; ``False`` when it is better made anew."""
    changed = [iri for iri, checksum in now.items() if before.get(iri) != checksum]
    if before.keys() - now.keys() or context.previous is None:
        return False
    with closing(for_reading(context.previous / FILE)) as old:
        affected = _affected(context, old, changed)
        total = old.execute("SELECT count(*) FROM thing").fetchone()[0]
    if len(affected) * _SHARE > total:
        return False
    records = gather(context.store, context.inputs, sorted(affected))
    shutil.copy2(context.previous / FILE, context.folder / FILE)
    with closing(for_writing(context.folder / FILE)) as connection:
        connection.execute("BEGIN")
        writer = Writer(connection, now)
        writer.remove(sorted(affected))
        writer.put(records.values())
        writer.finish()
        connection.execute("COMMIT")
    return True


def _affected(context: StepContext, old: sqlite3.Connection, changed: list[str]) -> set[str]:
    """The things of which a changed graph says something, or did."""
    found: set[str] = set()
    for graph in changed:
        found |= subjects(context.store, graph)
        held = old.execute(
            "SELECT thing.iri FROM graph JOIN holds ON graph = graph.id "
            "JOIN thing ON thing.id = thing WHERE graph.iri = ?",
            (graph,),
        )
        found.update(iri for (iri,) in held)
    return found
