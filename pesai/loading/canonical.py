"""The canonical form of a graph: its sorted N-Triples after the store's rewriting of literals.

Checksums, differences and dumps are made of this form. 'Same input, same graph' is meant of it.
"""

import hashlib
from collections.abc import Iterable
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

from pesai.namespaces import RDF, XSD

__all__ = ["Lines", "canonical_literal", "canonical_triple", "checksum", "lines"]

Lines = tuple[str, ...]
"""Sorted N-Triples lines without their line ends, each once."""

_KEPT = frozenset((XSD.string, RDF.langString))
_SUBJECT = NamedNode("urn:x")
_PROBE = Store()


@lru_cache(maxsize=65536)
def canonical_literal(literal: Literal) -> Literal:
    """The literal as the store gives it back: ``"01"^^xsd:integer`` becomes ``"1"^^xsd:integer``.

    The store itself is asked, so that there is no second set of rules to keep in step.
    """
    if literal.datatype in _KEPT:
        return literal
    quad = Quad(_SUBJECT, _SUBJECT, literal)
    _PROBE.add(quad)
    stored = next(iter(_PROBE.quads_for_pattern(_SUBJECT, _SUBJECT, None)))
    _PROBE.remove(stored)
    if not isinstance(stored.object, Literal):  # pragma: no cover - the store keeps kinds of terms
        raise TypeError(stored.object)
    return stored.object


def canonical_triple(triple: Triple) -> Triple:
    """The triple with its object in the store's form."""
    value = triple.object
    if isinstance(value, Literal) and value.datatype not in _KEPT:
        return Triple(triple.subject, triple.predicate, canonical_literal(value))
    return triple


def lines(triples: Iterable[Triple]) -> Lines:
    """The canonical lines of some triples, without blank nodes (``pesai.loading.blanks``)."""
    return tuple(sorted({f"{canonical_triple(triple)} ." for triple in triples}))


def checksum(canonical: Iterable[str]) -> str:
    """SHA-256, in hexadecimal, of the canonical lines, each followed by a line feed."""
    digest = hashlib.sha256()
    for line in canonical:
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()
