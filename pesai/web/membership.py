"""Which classification a concept belongs to, where one name must do."""

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import NamedNode

from pesai.web import indexed
from pesai.web.i18n import language
from pesai.web.labels import labels_for
from pesai.web.links import node
from pesai.web.rows import ask

__all__ = ["schemes_of"]


def schemes_of(iris: Iterable[str]) -> dict[str, str]:
    """The name of the largest scheme of each concept, by IRI: the classification as a whole."""
    things = [thing for iri in dict.fromkeys(iris) if (thing := node(iri)) is not None]
    if not things:
        return {}
    held: dict[str, list[str]] = defaultdict(list)
    for row in ask("schemes-of", many={"thing": things}):
        if isinstance(row["scheme"], NamedNode):
            held[row["thing"].value].append(row["scheme"].value)
    sizes = _sizes()
    chosen = {
        iri: max(found, key=lambda one: (sizes.get(one, 0), one)) for iri, found in held.items()
    }
    names = labels_for(chosen.values(), language())
    return {iri: names[scheme].text for iri, scheme in chosen.items()}


def _sizes() -> dict[str, int]:
    """How many things are in each scheme, as far as the search index tells."""
    try:
        return {one.iri: one.things for one in indexed.index().groupings.values()}
    except indexed.NoIndex:
        return {}
