"""The nearest names to one that is not there."""

import difflib
import re
from collections.abc import Mapping

from pyoxigraph import NamedNode

from pesai.web import state
from pesai.web.i18n import language
from pesai.web.indexed import NoIndex, index
from pesai.web.labels import labels_for
from pesai.web.rows import Term

__all__ = ["names", "things", "told"]

_COMPARED = 300


def things(kind: str, slug: str) -> list[str]:
    """IRIs of things that the reader may see and whose names come near, the nearest first."""
    start = f"{state.base().iri}id/{kind}/"
    try:
        known = index().beginning(start)
    except NoIndex:
        return []
    return [start + name for name in names(slug, tuple(iri.removeprefix(start) for iri in known))]


def names(wanted: str, known: tuple[str, ...]) -> list[str]:
    """Up to six names that come near: those that share words, compared letter by letter."""
    words = set(re.split(r"[^a-z0-9]+", wanted.lower()[:100])) - {""}
    sharing = sorted(known, key=lambda name: (-len(words & set(name.lower().split("-"))), name))
    return difflib.get_close_matches(wanted[:100], sharing[:_COMPARED], 6, 0.45)


def told(known: Mapping[str, Term | None]) -> str:
    """Values for a message: what each is called, and in brackets what stands for it in addresses.

    Args:
        known: by what stands for it, the value; nothing for one that is no thing.
    """
    things = {name: term for name, term in known.items() if isinstance(term, NamedNode)}
    labels = labels_for((term.value for term in things.values()), language())
    named = (
        f"{labels[things[name].value].text} ({name})" if name in things else name for name in known
    )
    return ", ".join(named) or "–"
