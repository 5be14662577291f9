"""Downloads of whole stores that are made when they are first asked for."""

import gzip
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pesai.web import state

__all__ = ["trig"]

_KEPT = 4


def trig(quads: Path, checksum: str) -> Path:
    """The TriG of a store, kept under the store's checksum.

    The N-Quads are in the order of their graphs and a line of N-Triples is also Turtle, so nothing
    is parsed (TriG, section 2.2; N-Quads, section 2).

    Args:
        quads: gzipped N-Quads of named graphs, as the publisher writes them.
        checksum: of the store.
    """
    folder = state.home().cache / "dumps"
    done = folder / f"{checksum}.trig.gz"
    if not done.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _write(quads, done)
        _drop_old(folder, done)
    return done


def _write(quads: Path, done: Path) -> None:
    handle, name = tempfile.mkstemp(dir=done.parent, suffix=".part")
    try:
        with (
            os.fdopen(handle, "wb") as raw,
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=4, mtime=0) as out,
            gzip.open(quads, "rt", encoding="utf-8", newline="\n") as lines,
        ):
            for text in _blocks(lines):
                out.write(text.encode())
        Path(name).replace(done)
    finally:
        Path(name).unlink(missing_ok=True)


def _blocks(lines: Iterator[str]) -> Iterator[str]:
    """``<graph> { triples }`` for each run of quads of one graph."""
    present = ""
    for line in lines:
        triple, graph = line.rstrip(" .\n").rsplit(" ", 1)
        if graph != present:
            if present:
                yield "}\n"
            yield f"{graph} {{\n"
            present = graph
        yield f"{triple} .\n"
    if present:
        yield "}\n"


def _drop_old(folder: Path, done: Path) -> None:
    """Keep the last few; the cache is bounded."""
    others = sorted(folder.glob("*.trig.gz"), key=lambda path: path.stat().st_mtime)
    for path in others[:-_KEPT]:
        if path != done:
            path.unlink(missing_ok=True)
