"""The nearest names to one that is not there."""

import difflib
import re
from functools import lru_cache

from pyoxigraph import Literal

from pesai.web import state
from pesai.web.readers import current_reader
from pesai.web.rows import ask

__all__ = ["names", "things"]

_COMPARED = 300


def things(kind: str, slug: str) -> list[str]:
    """IRIs of things that the reader may see and whose names come near, the nearest first."""
    start = f"{state.base().iri}id/{kind}/"
    known = _things(state.checksum(), str(current_reader()), start)
    return [start + name for name in names(slug, known)]


def names(wanted: str, known: tuple[str, ...]) -> list[str]:
    """Up to six names that come near: those that share words, compared letter by letter."""
    words = set(re.split(r"[^a-z0-9]+", wanted.lower()[:100])) - {""}
    sharing = sorted(known, key=lambda name: (-len(words & set(name.lower().split("-"))), name))
    return difflib.get_close_matches(wanted[:100], sharing[:_COMPARED], 6, 0.45)


@lru_cache(maxsize=64)
def _things(_checksum: str, _reader: str, start: str) -> tuple[str, ...]:
    """Names of the things of one kind in one reader's store, which the checksum stands for."""
    rows = ask("names", start=Literal(start))
    return tuple(row["thing"].value.removeprefix(start) for row in rows)
