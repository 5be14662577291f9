"""Labels for terms of other vocabularies, from ``borrowed.toml``."""

import tomllib
from functools import cache
from pathlib import Path

from pesai.namespaces import PREFIXES

__all__ = ["borrowed", "expand"]

_MORE = {
    "escoscheme": "http://data.europa.eu/esco/concept-scheme/",
    "authority": "http://publications.europa.eu/resource/authority/",
    "isothes": "http://purl.org/iso25964/skos-thes#",
    "semapv": "https://w3id.org/semapv/vocab/",
}
"""Prefixes of the table alone."""


@cache
def borrowed() -> dict[str, dict[str, str]]:
    """Texts by language, by IRI."""
    path = Path(__file__).with_name("borrowed.toml")
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        {**PREFIXES, **_MORE}[prefix] + name: texts
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
