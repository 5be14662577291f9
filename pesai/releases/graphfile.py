"""Finished files of one graph each: canonical N-Quads, gzipped.

A gzip file may have several members, so the dump of an audience is the plain concatenation of the
files of its graphs: a graph that did not change is never compressed again.
"""

import gzip
import hashlib
import zlib
from collections.abc import Iterable
from pathlib import Path

from pesai.loading.canonical import Lines

__all__ = ["DAMAGE", "concatenate", "file_name", "quads_text", "read", "write"]

DAMAGE = (OSError, EOFError, ValueError, zlib.error)
"""What reading a damaged file raises."""


def file_name(iri: str) -> str:
    """The name of the file of a graph: no IRI is trusted as a path."""
    return hashlib.sha256(iri.encode()).hexdigest()[:32] + ".nq.gz"


def quads_text(iri: str, lines: Iterable[str]) -> str:
    """The lines of a graph as N-Quads in the named graph."""
    ending = f"<{iri}> .\n"
    return "".join([line[:-1] + ending for line in lines])


def write(folder: Path, iri: str, lines: Lines) -> Path:
    """Write a graph's file. The same graph gives the same bytes."""
    path = folder / file_name(iri)
    path.write_bytes(gzip.compress(quads_text(iri, lines).encode(), compresslevel=4, mtime=0))
    return path


def read(folder: Path, iri: str) -> Lines:
    """The canonical lines of a graph."""
    ending = f"<{iri}> ."
    text = gzip.decompress((folder / file_name(iri)).read_bytes()).decode()
    # Only a line feed ends a line: literals may hold other characters that str.splitlines cuts at.
    return tuple([line[: -len(ending)] + "." for line in text.split("\n")[:-1]])


def concatenate(files: Iterable[Path], target: Path) -> None:
    """Join graph files into one dump."""
    with target.open("wb") as out:
        for path in files:
            out.write(path.read_bytes())
