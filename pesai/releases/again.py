"""Whether the same was loaded before: then nothing needs to be read again.

The mark that is kept covers everything that has a part in the answer: the sources, their
audiences, the present release, and the program's own code and data.
"""

import hashlib
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph

from pesai.loading.discovery import GROUP
from pesai.namespaces import Base
from pesai.releases.layout import Home
from pesai.releases.steps import GROUP as STEPS
from pesai.resources import files

if TYPE_CHECKING:
    from pesai.releases.intake import Load

__all__ = ["mark", "remember", "was_loaded"]


def was_loaded(home: Home, base: Base, loads: Sequence["Load"]) -> bool:
    """Whether these loads made no difference and had no problem when they were last tried."""
    path = _marks(home)
    return path.is_file() and path.read_text(encoding="ascii") == mark(home, base, loads)


def remember(home: Home, base: Base, loads: Sequence["Load"]) -> None:
    """Note that the present release is what these loads give."""
    path = _marks(home)
    path.parent.mkdir(exist_ok=True)
    path.write_text(mark(home, base, loads), encoding="ascii")


def mark(home: Home, base: Base, loads: Sequence["Load"]) -> str:
    """A checksum over all that decides what loads give in a home."""
    current = home.current()
    digest = hashlib.sha256(_program().encode())
    digest.update(repr((base.iri, current.id if current else None)).encode())
    for item in loads:
        source = item.source
        digest.update(repr((source.kind, source.name, source.files, str(item.is_for))).encode())
    return digest.hexdigest()


def _marks(home: Home) -> Path:
    return home.cache / "loaded"


@cache
def _program() -> str:
    """A checksum over the code and the data of the program that have a part in loading."""
    digest = hashlib.sha256(repr((sys.version, pyoxigraph.__version__)).encode())
    for path in sorted(_parts()):
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _parts() -> Iterator[Path]:
    points = [*entry_points(group=GROUP), *entry_points(group=STEPS)]
    for name in {"pesai", *(point.module.partition(".")[0] for point in points)}:
        spec = find_spec(name)
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            yield from Path(folder).rglob("*.py")
    for kind in ("ontology", "data"):
        yield from (path for path in files(kind).rglob("*") if path.is_file())
