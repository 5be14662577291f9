"""Labels for terms of other vocabularies, from ``borrowed.toml``."""

import tomllib
from functools import cache
from pathlib import Path

from pesai.namespaces import PREFIXES

__all__ = ["borrowed", "expand"]


@cache
def borrowed() -> dict[str, dict[str, str]]:
    """Texts by language, by IRI."""
    path = Path(__file__).with_name("borrowed.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        PREFIXES[prefix] + name: texts
        for prefix, terms in tables.items()
        for name, texts in terms.items()
    }


def expand(curie: str) -> str:
    """The IRI of ``prefix:name``.

    >>> expand("skos:note")
    'http://www.w3.org/2004/02/skos/core#note'
    """
    prefix, _, name = curie.partition(":")
    return PREFIXES[prefix] + name
