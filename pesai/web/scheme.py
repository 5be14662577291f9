"""What the graph says about one concept scheme, and which schemes there are."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from pesai.alignment.index import Grouping
from pesai.namespaces import DCTERMS, OWL, SKOS
from pesai.settings import DEFAULT_BASE
from pesai.vocabulary.catalogue import documents
from pesai.web import indexed
from pesai.web.concept import Said, said_of
from pesai.web.credits import Credit, credits_of
from pesai.web.i18n import language
from pesai.web.labels import Label, labels_for
from pesai.web.links import scheme_page
from pesai.web.listing import Part, linked, page_of
from pesai.web.rows import ask, number, written
from pesai.web.takeaway import behind
from pesai.web.tree import Branch, Opened, branches
from pesai.web.values import Shown, show, shown

__all__ = ["Listed", "Scheme", "every", "scheme"]

_TEXTS = (SKOS.definition.value, DCTERMS.description.value)


@dataclass(frozen=True)
class Listed:
    """A scheme in the list of all: its page, name, number of concepts, and whether it is ours.

    ``query`` is the address of the query behind the number.
    """

    href: str
    name: Label
    iri: str
    concepts: int
    ours: bool
    query: str


@dataclass(frozen=True)
class Scheme:
    """What a page shows about a concept scheme.

    Attributes:
        texts: descriptions, the reader's language first.
        versions: as the sources tell them.
        concepts: how many are in it, and ``query`` the address of the query behind that.
        first: one page of its first level.
        tree: these as branches, and ``counts`` the address of the query behind their numbers.
        leveled: whether it has levels; otherwise ``first`` has all concepts.
    """

    iri: str
    label: Label
    texts: tuple[Shown, ...]
    versions: tuple[str, ...]
    concepts: int
    query: str
    first: Part
    tree: tuple[Branch, ...]
    counts: str
    leveled: bool
    graphs: tuple[Shown, ...]
    credits: tuple[Credit, ...]


def scheme(thing: NamedNode, page: int) -> Scheme:
    """The scheme as the reader may see it.

    Args:
        thing: the scheme; the graph is known to hold it.
        page: of its first level.
    """
    said = said_of(thing)
    level, leveled = _first_level(thing)
    first = page_of(level, page)
    return Scheme(
        iri=thing.value,
        label=labels_for([thing.value], language())[thing.value],
        texts=_texts(said),
        versions=tuple(term.value[:50] for term in said.texts.get(OWL.versionInfo.value, [])[:5]),
        concepts=number(ask("list-size", thing=thing)[0], "count"),
        query=behind(written("list-size", thing=thing)),
        first=first,
        tree=branches(first.iris, Opened.of_request()),
        counts=behind(written("scheme-counts", scheme=thing)),
        leveled=leveled,
        graphs=tuple(show(map(NamedNode, said.graphs))),
        credits=tuple(credits_of(list(said.graphs))),
    )


def every() -> list[Listed]:
    """All schemes that the reader may see, by name.

    Raises:
        NoIndex: the release was made without a search index, which knows them.
    """
    return [_listed(one, name) for one, name in indexed.schemes(indexed.index())]


def _listed(one: Grouping, name: Label) -> Listed:
    ours = one.iri.removeprefix(DEFAULT_BASE) in documents()
    query = behind(written("list-size", thing=NamedNode(one.iri)))
    return Listed(scheme_page(one.iri).href, name, one.iri, one.things, ours, query)


def _first_level(thing: NamedNode) -> tuple[tuple[str, ...], bool]:
    """The top concepts; those with nothing above them where none is called so; or else all."""
    for query in ("tops", "roots"):
        found = linked(query, thing)
        if found:
            return found, True
    return linked("members", thing), False


def _texts(said: Said) -> tuple[Shown, ...]:
    terms = [term for name in _TEXTS for term in said.texts.get(name, [])][:20]
    return tuple(
        sorted((shown(term, {}) for term in terms), key=lambda one: one.language != language())
    )
