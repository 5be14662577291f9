"""The published table of points, which is data: ``ontology/codes/match-reason.ttl``.

A kind of reason is a code of that list. The facts behind it are found by the stored query of the
same name, ``queries/matching/{name}.rq``.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from pesai.namespaces import CODE, PAI, SKOS
from pesai.resources import files
from pesai.sparql.catalogue import Catalogue, StoredQuery

__all__ = ["AREA", "MOST_WEIGHT", "Kind", "fingerprint", "kinds", "stored"]

AREA = "matching"
"""Folder of the queries."""
MOST_WEIGHT = 100
"""Points that a reader may give a kind of reason; from 0, or below 0 for one that takes away."""


@dataclass(frozen=True)
class Kind:
    """One line of the table.

    Attributes:
        name: end of the code's IRI, and name of the query.
        weight: points each time it holds; below 0 for what speaks against a talk.
        most: how often it counts at most in one match.
        labels, definitions, why, wanted: texts by language: what it is called, what it means, why
            it weighs that much, and what would have to be known for it to count.
    """

    name: str
    weight: int
    most: int
    labels: Mapping[str, str]
    definitions: Mapping[str, str]
    why: Mapping[str, str]
    wanted: Mapping[str, str]

    @property
    def iri(self) -> str:
        """The code."""
        return f"{CODE.iri}match-reason/{self.name}"

    @property
    def bounds(self) -> tuple[int, int]:
        """The least and the greatest weight that a reader may choose: the sign stays."""
        return (0, MOST_WEIGHT) if self.weight >= 0 else (-MOST_WEIGHT, 0)


@cache
def kinds() -> tuple[Kind, ...]:
    """The whole table, in its order."""
    store = Store()
    store.load(path=str(_path()), format=RdfFormat.TURTLE)
    scheme = CODE["match-reason"]
    codes = [quad.subject for quad in store.quads_for_pattern(None, SKOS.inScheme, scheme)]
    found = [_kind(store, code) for code in codes if isinstance(code, NamedNode)]
    return tuple(kind for _rank, kind in sorted(found, key=lambda pair: pair[0]))


@cache
def stored(name: str) -> StoredQuery:
    """A query of the area ``matching``."""
    return _catalogue().get(AREA, name)


@cache
def _catalogue() -> Catalogue:
    """All stored queries, read once."""
    return Catalogue.read()


@cache
def fingerprint() -> str:
    """A checksum over table and queries: when one of them changes, matches are computed anew."""
    paths = [_path(), *sorted((files("queries") / AREA).glob("*.rq"))]
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in paths)).hexdigest()[:16]


def _path() -> Path:
    return files("ontology") / "codes" / "match-reason.ttl"


def _kind(store: Store, code: NamedNode) -> tuple[int, Kind]:
    def number(predicate: NamedNode) -> int:
        found = (quad.object for quad in store.quads_for_pattern(code, predicate, None))
        return next(int(value.value) for value in found if isinstance(value, Literal))

    def texts(predicate: NamedNode) -> dict[str, str]:
        found = (quad.object for quad in store.quads_for_pattern(code, predicate, None))
        return {text.language or "": text.value for text in found if isinstance(text, Literal)}

    return number(PAI.rank), Kind(
        name=code.value.rpartition("/")[2],
        weight=number(PAI.weight),
        most=number(PAI.mostTimes),
        labels=texts(SKOS.prefLabel),
        definitions=texts(SKOS.definition),
        why=texts(SKOS.scopeNote),
        wanted=texts(PAI.wouldTakeKnowing),
    )
