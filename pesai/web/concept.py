"""What the graph says about one concept of any classification, put in order for a page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from pesai.namespaces import DCTERMS, OWL, SKOS
from pesai.web.credits import Credit, credits_of
from pesai.web.i18n import LANGUAGES, language
from pesai.web.labels import Label, labels_for, tidy
from pesai.web.links import scheme_page
from pesai.web.listing import PER_PAGE, Part, linked, page_of
from pesai.web.mappings import Mappings, mappings
from pesai.web.relations import Group, Lead, counts_of, has, leads, relations
from pesai.web.rows import Term, ask, written
from pesai.web.sorting import natural
from pesai.web.takeaway import behind
from pesai.web.things import Fact
from pesai.web.tree import Branch, Opened, branches, paths
from pesai.web.values import Shown, show, shown

__all__ = ["Concept", "Names", "Said", "concept", "said_of"]

_STATEMENTS = 3000
"""Texts and figures of one concept that are read; downloads have all."""
_NAMES = 60
"""Other names in one language that a page shows."""
_OUTDATED = {"deprecated", "obsolete", "retired", "replaced"}

_PREFERRED, _OTHER, _HIDDEN = SKOS.prefLabel.value, SKOS.altLabel.value, SKOS.hiddenLabel.value
_TEXTS = [
    term.value
    for term in (
        SKOS.definition, DCTERMS.description, SKOS.scopeNote, SKOS.example, SKOS.note,
        SKOS.changeNote, SKOS.historyNote, SKOS.editorialNote,
    )
]  # fmt: skip
_STATUS = "http://purl.org/iso25964/skos-thes#status"
_APART = {_PREFERRED, _OTHER, _HIDDEN, *_TEXTS, OWL.deprecated.value}


@dataclass(frozen=True)
class Names:
    """What a concept is called in one language."""

    language: str
    preferred: tuple[Shown, ...]
    others: tuple[Shown, ...]
    hidden: tuple[Shown, ...]
    more: int


@dataclass(frozen=True)
class Said:
    """The texts about a thing by property, and the graphs that hold them."""

    texts: dict[str, list[Literal]]
    graphs: tuple[str, ...]


@dataclass(frozen=True)
class Concept:
    """What a page shows about a concept.

    Attributes:
        texts, elsewhere: definitions and notes in the reader's language (or the best there is),
            and those in other languages; each with its property.
        above: ways from the top to what is directly above it.
        below: one page of what is directly below it.
        tree: these as branches.
        counts: the address of the query behind the numbers in the tree.
        direct: what refers to it.
        through: what refers to concepts that it is mapped to.
        mapped: its mappings.
        outdated: its publisher has withdrawn it; ``successors`` stand for it now.
    """

    iri: str
    label: Label
    schemes: tuple[Shown, ...]
    names: tuple[Names, ...]
    texts: tuple[tuple[Shown, Shown], ...]
    elsewhere: tuple[tuple[Shown, Shown], ...]
    facts: tuple[Fact, ...]
    above: tuple[tuple[Branch, ...], ...]
    below: Part
    tree: tuple[Branch, ...]
    counts: str
    groups: tuple[Group, ...]
    direct: tuple[Group, ...]
    through: tuple[Lead, ...]
    mapped: Mappings
    outdated: bool
    successors: tuple[Shown, ...]
    graphs: tuple[Shown, ...]
    credits: tuple[Credit, ...]


def concept(thing: NamedNode, page: int) -> Concept:
    """The concept as the reader may see it.

    Args:
        thing: the concept; the graph is known to hold it.
        page: of the concepts directly below it.
    """
    said = said_of(thing)
    counts = counts_of(thing)
    mapped = has(counts, "mapping")
    below = page_of(linked("narrower", thing) if has(counts, "hierarchy") else (), page)
    schemes = _schemes(thing)
    successors = _successors(thing) if has(counts, "succession") else ()
    texts, elsewhere = _texts(said)
    return Concept(
        iri=thing.value,
        label=labels_for([thing.value], language())[thing.value],
        schemes=schemes,
        names=tuple(_names(said.texts)),
        texts=texts,
        elsewhere=elsewhere,
        facts=_facts(said.texts),
        above=tuple(paths(thing)) if has(counts, "hierarchy") else (),
        below=below,
        tree=branches(below.iris, Opened.of_request(), frozenset({thing.value})),
        counts=behind(written("tree-counts", root=thing)),
        groups=tuple(relations(thing, counts, concepts=True)),
        direct=tuple(relations(thing, counts, concepts=False)),
        through=tuple(leads(thing)) if mapped else (),
        mapped=mappings(thing) if mapped else Mappings(),
        outdated=bool(successors) or _is_outdated(said.texts),
        successors=successors,
        graphs=tuple(show(map(NamedNode, said.graphs))),
        credits=tuple(credits_of(list(said.graphs))),
    )


def said_of(thing: NamedNode) -> Said:
    """The texts and figures about a thing."""
    texts: dict[str, dict[Literal, None]] = defaultdict(dict)
    graphs: dict[str, None] = {}
    for row in ask("texts", thing=thing, limit=_STATEMENTS):
        graphs[row["graph"].value] = None
        value = row["value"]
        if isinstance(value, Literal):
            texts[row["property"].value][value] = None
    return Said({name: list(held) for name, held in texts.items()}, tuple(graphs))


def _schemes(thing: NamedNode) -> tuple[Shown, ...]:
    found = {row["scheme"].value for row in ask("schemes-of", many={"thing": [thing]})}
    iris = [NamedNode(iri) for iri in sorted(found)]
    return tuple(replace(one, href=scheme_page(one.iri).href, external=False) for one in show(iris))


def _successors(thing: NamedNode) -> tuple[Shown, ...]:
    stated = linked("outgoing", thing, DCTERMS.isReplacedBy.value)
    other = linked("incoming", thing, DCTERMS.replaces.value)
    return tuple(show(NamedNode(iri) for iri in dict.fromkeys([*stated, *other])))[:PER_PAGE]


def _is_outdated(texts: dict[str, list[Literal]]) -> bool:
    flags = {term.value.lower() for term in texts.get(OWL.deprecated.value, [])}
    status = {term.value.lower() for term in texts.get(_STATUS, [])}
    return bool(flags & {"true", "1"} or status & _OUTDATED)


def _names(texts: dict[str, list[Literal]]) -> Iterable[Names]:
    """By language: the reader's, the others of the interface, the rest by their tag."""
    tags = {term.language or "" for name in (_PREFERRED, _OTHER, _HIDDEN)
            for term in texts.get(name, [])}  # fmt: skip
    for tag in sorted(tags, key=_language_place):
        held = {
            name: [t for t in texts.get(name, []) if (t.language or "") == tag]
            for name in (_PREFERRED, _OTHER, _HIDDEN)
        }
        known = {term.value for term in held[_PREFERRED]}
        # Publishers repeat the preferred label among the others: it is one name.
        others = [term for term in held[_OTHER] if term.value not in known]
        hidden = held[_HIDDEN]
        yield Names(
            tag,
            _called(held[_PREFERRED][:_NAMES]),
            _called(others[:_NAMES]),
            _called(hidden[:_NAMES]),
            max(0, len(others) - _NAMES) + max(0, len(hidden) - _NAMES),
        )


def _texts(
    said: Said,
) -> tuple[tuple[tuple[Shown, Shown], ...], tuple[tuple[Shown, Shown], ...]]:
    """Of each property the texts in the best language for the reader, and the other ones."""
    best: list[tuple[Shown, Shown]] = []
    rest: list[tuple[Shown, Shown]] = []
    properties = [name for name in _TEXTS if name in said.texts]
    titles = dict(zip(properties, show(map(NamedNode, properties)), strict=True))
    for name in properties:
        terms = sorted(said.texts[name], key=lambda t: (_language_place(t.language or ""), t.value))
        first = terms[0].language
        for term in terms[:PER_PAGE]:
            (best if term.language == first else rest).append((titles[name], shown(term, {})))
    return tuple(best), tuple(rest)


def _facts(texts: dict[str, list[Literal]]) -> tuple[Fact, ...]:
    names = [name for name in texts if name not in _APART]
    titles = show(map(NamedNode, names))
    facts = [
        Fact(title, _shown(texts[name][:_NAMES]), len(texts[name]))
        for title, name in zip(titles, names, strict=True)
    ]
    return tuple(sorted(facts, key=lambda fact: natural(fact.property.text)))


def _called(terms: Iterable[Literal]) -> tuple[Shown, ...]:
    return tuple(Shown(tidy(term.value), term.language or "") for term in terms)


def _shown(terms: Iterable[Term]) -> tuple[Shown, ...]:
    return tuple(shown(term, {}) for term in terms)


def _language_place(tag: str) -> tuple[int, str]:
    primary = tag.partition("-")[0].lower()
    order = [language(), *LANGUAGES]
    return (order.index(primary) if primary in order else len(order), tag)
