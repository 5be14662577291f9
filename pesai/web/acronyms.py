"""Names of organisations to choose from, with the acronym by which their partners know them."""

from collections.abc import Mapping

from pyoxigraph import NamedNode

from pesai.web.rows import ask

__all__ = ["with_acronyms"]


def with_acronyms(names: Mapping[str, str]) -> dict[str, str]:
    """Names by IRI, each followed by its acronym where one is documented and not in it already.

    Most names are in English alone: who looks for the VDAB finds it by these four letters.
    """
    things = {"thing": [NamedNode(iri) for iri in names]}
    found = {row["thing"].value: row["acronym"].value for row in ask("acronyms", many=things)}
    return {iri: _called(name, found.get(iri, "")) for iri, name in names.items()}


def _called(name: str, acronym: str) -> str:
    """The name with its acronym.

    >>> _called("Austrian service", "AMS"), _called("Actiris", "Actiris")
    ('Austrian service (AMS)', 'Actiris')
    """
    return (
        name
        if not acronym or acronym.casefold() in name.casefold().split()
        else f"{name} ({acronym})"
    )
