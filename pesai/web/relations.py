"""How a concept is linked: with other concepts, with what uses it, and through mappings."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from flask import url_for
from flask_babel import gettext, lazy_gettext
from pyoxigraph import NamedNode

from pesai.namespaces import DCTERMS, ESCO, OWL, PAI, RDF, SKOS
from pesai.web import state
from pesai.web.i18n import language
from pesai.web.labels import Label, labels_for
from pesai.web.listing import SORTED, WAYS, linked
from pesai.web.membership import schemes_of
from pesai.web.readers import current_reader
from pesai.web.rows import ask, filled, number, written
from pesai.web.takeaway import behind
from pesai.web.values import Shown, shown

__all__ = ["Counts", "Group", "Lead", "counts_of", "has", "leads", "relations"]

FIRST = 20
"""Things of one group that a page shows; a page of the group's own has all."""
_THROUGH = 200
"""Concepts that are looked at on the ways through mappings."""
_LEADS = 12
"""Groups of things that come through mappings."""

_MAPPING = {
    SKOS[f"{name}Match"].value for name in ("exact", "close", "broad", "narrow", "related")
} | {SKOS.mappingRelation.value}
_SAME = {SKOS.exactMatch.value, SKOS.closeMatch.value}
_HIERARCHY = {
    SKOS[name].value
    for name in (
        "broader", "narrower", "broaderTransitive", "narrowerTransitive", "topConceptOf",
        "hasTopConcept", "inScheme",
    )
}  # fmt: skip
_KINDS = {
    "mapping": {*_MAPPING, OWL.annotatedSource.value, OWL.annotatedTarget.value},
    "hierarchy": _HIERARCHY,
    "succession": {DCTERMS.isReplacedBy.value, DCTERMS.replaces.value},
}
_ELSEWHERE = {
    *(by for held in _KINDS.values() for by in held),
    RDF.type.value, PAI.fromRow.value, PAI.hasEvidence.value, DCTERMS.source.value,
}  # fmt: skip
"""Properties that the page tells of in another place."""

_INVERSE = {
    ESCO.relatedEssentialSkill.value: lazy_gettext("essential for"),
    ESCO.relatedOptionalSkill.value: lazy_gettext("optional for"),
    ESCO.memberOfISCOGroup.value: lazy_gettext("occupations of this ISCO group"),
    SKOS.related.value: lazy_gettext("related, said of the other"),
}
"""What some relations are called from the other side."""

_ORDER = [ESCO.relatedEssentialSkill.value, ESCO.relatedOptionalSkill.value, SKOS.related.value]


Counts = dict[tuple[str, str], int]
"""How many things are linked with one, by way (``in`` or ``out``) and property."""


@dataclass(frozen=True)
class Group:
    """Things that are linked in one way: how many, the first of them, and where all are.

    ``query`` is the address of the query behind the number.
    """

    title: str
    total: int
    things: tuple[Shown, ...]
    href: str
    query: str


@dataclass(frozen=True)
class Lead:
    """A group of things that come through mappings.

    Attributes:
        through: links and concepts on the way, and ``schemes`` the classifications of these.
    """

    through: tuple[tuple[Shown, Shown], ...]
    schemes: tuple[str, ...]
    group: Group


@dataclass(frozen=True)
class _Found:
    way: str
    by: str
    total: int


def counts_of(thing: NamedNode) -> Counts:
    """How a thing is linked; what is not there need not be asked for."""
    rows = [row for row in ask("link-counts", thing=thing) if "property" in row]
    return {(row["way"].value, row["property"].value): number(row, "count") for row in rows}


def has(counts: Counts, kind: str) -> bool:
    """Whether there are links of a kind: ``mapping``, ``hierarchy`` or ``succession``."""
    return any(by in _KINDS[kind] for _way, by in counts)


def relations(thing: NamedNode, counts: Counts, *, concepts: bool) -> list[Group]:
    """The groups of links of a concept.

    Args:
        thing: the concept.
        counts: how it is linked.
        concepts: links with other concepts; otherwise what refers to it.
    """
    found = [
        one
        for (way, by), total in counts.items()
        if (one := _Found(way, by, total)) and by not in _ELSEWHERE
        if _is_concepts(one) is concepts
    ]
    found.sort(key=lambda one: (_rank(one), one.way != "out", -one.total, one.by))
    return [group for one in found for group in _groups(thing, one)]


def leads(thing: NamedNode) -> list[Lead]:
    """What of ours refers to the concepts that this one is mapped to.

    A second mapping is followed where both say that the concepts are the same or close.
    """
    ways = _ways(thing)
    if not ways:
        return []
    rows = ask("leads", many={"thing": [NamedNode(iri) for iri in ways]})
    ordered = sorted(
        (row for row in rows if "property" in row),
        key=lambda row: (len(ways[row["thing"].value]), row["thing"].value, row["property"].value),
    )
    iris = {iri for way in ways.values() for step in way for iri in step}
    labels = labels_for(sorted(iris), language())
    schemes = schemes_of(other for way in ways.values() for _link, other in way)
    found = []
    for row in ordered[:_LEADS]:
        way = ways[row["thing"].value]
        through = tuple((_show(link, labels), _show(other, labels)) for link, other in way)
        named = tuple(schemes.get(other, "") for _link, other in way)
        last = NamedNode(row["thing"].value)
        group = _group(last, _Found("in", row["property"].value, number(row, "count")))
        counted = behind(filled("leads", {"thing": [last]}))
        found.append(Lead(through, named, replace(group, query=counted)))
    return found


def _ways(thing: NamedNode) -> dict[str, tuple[tuple[str, str], ...]]:
    """By concept, the mappings that lead to it: link and concept, step by step."""
    ways: dict[str, tuple[tuple[str, str], ...]] = {
        other: ((link, other),) for _one, link, other in _matched([thing.value])
    }
    near = [iri for iri, way in ways.items() if way[0][0] in _SAME]
    for one, link, other in _matched(near):
        if link in _SAME and other != thing.value:
            ways.setdefault(other, (*ways[one], (link, other)))
    return ways


def _matched(iris: list[str]) -> list[tuple[str, str, str]]:
    if not iris:
        return []
    rows = ask("matched", many={"thing": [NamedNode(iri) for iri in iris]}, limit=_THROUGH)
    return [(row["thing"].value, row["link"].value, row["other"].value) for row in rows]


def _groups(thing: NamedNode, found: _Found) -> Iterable[Group]:
    """One group; what ROME and others only call related is told apart by its concept scheme."""
    whole = _group(thing, found)
    if found.by != SKOS.related.value or not FIRST < found.total <= SORTED:
        return [whole]
    iris = _iris(thing, found)
    by_scheme = _by_scheme(state.checksum(), str(current_reader()), iris)
    shown_ones = [iri for held in by_scheme.values() for iri in held[:FIRST]]
    labels = labels_for([*by_scheme, *shown_ones], language())
    return [
        Group(
            f"{whole.title} – {labels[scheme].text}" if scheme else whole.title,
            len(held),
            tuple(_show(iri, labels) for iri in held[:FIRST]),
            whole.href,
            whole.query,
        )
        for scheme, held in sorted(by_scheme.items(), key=lambda item: item[0])
    ]


@lru_cache(maxsize=256)
def _by_scheme(_checksum: str, _reader: str, iris: tuple[str, ...]) -> dict[str, list[str]]:
    """Concepts by the narrowest scheme that they are in: of those met here, that of the fewest.

    Of one reader's store, which the checksum stands for.
    """
    schemes: dict[str, set[str]] = defaultdict(set)
    for row in ask("schemes-of", many={"thing": [NamedNode(iri) for iri in iris]}):
        schemes[row["thing"].value].add(row["scheme"].value)
    sizes: dict[str, int] = defaultdict(int)
    for held in schemes.values():
        for scheme in held:
            sizes[scheme] += 1
    grouped: dict[str, list[str]] = defaultdict(list)
    for iri in iris:
        best = min(schemes[iri], key=lambda one: (sizes[one], -len(one), one), default="")
        grouped[best].append(iri)
    return grouped


def _group(thing: NamedNode, found: _Found) -> Group:
    iris = _iris(thing, found)[:FIRST]
    labels = labels_for([found.by, *iris], language())
    if found.way == "out" or found.by not in _INVERSE:
        title = labels[found.by].text
    else:
        title = str(_INVERSE[found.by])
    if found.way == "in" and found.by not in _INVERSE and _is_concepts(found):
        title = gettext("%(relation)s, said of the other", relation=title)
    href = url_for("things.incoming", iri=thing.value, by=found.by)
    href += "&way=out" if found.way == "out" else ""
    things = tuple(_show(iri, labels) for iri in iris)
    query = written(WAYS[found.way], thing=thing, property=NamedNode(found.by))
    return Group(title, found.total, things, href, behind(query))


def _iris(thing: NamedNode, found: _Found) -> tuple[str, ...]:
    return linked(WAYS[found.way], thing, found.by)


def _show(iri: str, labels: dict[str, Label]) -> Shown:
    return shown(NamedNode(iri), labels)


def _rank(found: _Found) -> int:
    return _ORDER.index(found.by) if found.by in _ORDER else len(_ORDER)


def _is_concepts(found: _Found) -> bool:
    """Whether a link says how concepts hang together; otherwise it comes from what uses them."""
    return found.way == "out" or found.by.startswith((SKOS.iri, ESCO.iri))
