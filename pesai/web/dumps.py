"""Downloads of whole stores that are made when they are first asked for, and then kept."""

import gzip
import hashlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO

from pesai.web.fetching import results

__all__ = ["trig"]


def trig(quads: Path, checksum: str) -> BinaryIO:
    """The TriG of a store, gzipped; the bounded cache of results keeps it.

    The N-Quads are in the order of their graphs and a line of N-Triples is also Turtle, so nothing
    is parsed (TriG, section 2.2; N-Quads, section 2).

    Args:
        quads: gzipped N-Quads of named graphs, as the publisher writes them.
        checksum: of the store.
    """
    key = hashlib.sha256(f"trig {checksum}".encode()).hexdigest()
    kept = results().get(key)
    if kept is not None:
        return kept
    made = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    try:
        _write(quads, made)
        size = made.tell()
        made.seek(0)
        results().put(key, made, size)
        made.seek(0)
    except BaseException:
        made.close()
        raise
    return made


def _write(quads: Path, target: IO[bytes]) -> None:
    with (
        gzip.GzipFile(fileobj=target, mode="wb", compresslevel=4, mtime=0) as out,
        gzip.open(quads, "rt", encoding="utf-8", newline="\n") as lines,
    ):
        for text in _blocks(lines):
            out.write(text.encode())


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
