"""The code lists of the ontology, as the loaders need them: written code to IRI."""

from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from pesai.namespaces import CODE, SKOS, slug
from pesai.resources import files

__all__ = ["codes", "written"]


@cache
def codes(scheme: str) -> dict[str, NamedNode]:
    """The codes of one list: by the last part of their IRI, and by their notation.

    >>> codes("confidence")["high"].value
    'https://w3id.org/pes-ai/code/confidence/high'
    >>> codes("unit")["EUR"] == codes("unit")["eur"]
    True

    Raises:
        FileNotFoundError: the ontology has no such list.
    """
    beginning = f"{CODE.iri}{scheme}/"
    slugs: dict[str, NamedNode] = {}
    notations: dict[str, NamedNode] = {}
    path = files("ontology") / "codes" / f"{scheme}.ttl"
    for quad in parse(path=path, format=RdfFormat.TURTLE):
        concept, value = quad.subject, quad.object
        if quad.predicate != SKOS.notation or not isinstance(concept, NamedNode):
            continue
        if concept.value.startswith(beginning) and isinstance(value, Literal):
            slugs[concept.value.removeprefix(beginning)] = concept
            notations[value.value] = concept
    return notations | slugs


@cache
def written(scheme: str) -> tuple[str, ...]:
    """The codes of one list as tables write them, in the order of the list.

    That is the notation where it is the end of the IRI in another spelling (``users_reached``,
    ``EUR``), else the end of the IRI (``percent``, whose notation is ``%``).
    """
    spellings: dict[NamedNode, str] = {}
    for text, iri in codes(scheme).items():
        name = iri.value.rpartition("/")[2]
        if iri not in spellings or (text != name and slug(text) == name):
            spellings[iri] = text if slug(text) == name else name
    return tuple(spellings.values())
