"""Which page a thing gets: a sheet for its class or its code list, or the page for all things.

A sheet is a template that extends ``things/thing.html`` and a function that asks what it shows
beside. A new one is a line in ``_SHEETS``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from pesai.namespaces import CODE, ORG, PAI
from pesai.web.initiative import initiative
from pesai.web.organisation import organisation
from pesai.web.theme import theme
from pesai.web.things import Thing

__all__ = ["Sheet", "has_sheet", "sheet_of"]


@dataclass(frozen=True)
class Sheet:
    """A template, what it needs beside the thing, and the page of the menu that lists such."""

    template: str
    menu: str
    prepare: Callable[[Thing], Mapping[str, object]]


_SHEETS: Mapping[str, Sheet] = {
    PAI.Initiative.value: Sheet("things/initiative.html", "initiatives.index", initiative),
    ORG.Organization.value: Sheet("things/organisation.html", "organisations.index", organisation),
    CODE.theme.value: Sheet("things/theme.html", "themes.index", theme),
}
"""By IRI of a class or of a concept scheme."""


def has_sheet(code: NamedNode) -> bool:
    """Whether a code of ours is of a list whose codes have a sheet."""
    return code.value.rpartition("/")[0] in _SHEETS


def sheet_of(thing: Thing) -> Sheet | None:
    """The sheet of a thing; ``None`` when the page for all things is the one."""
    kinds = [*(one.iri for one in thing.types), *thing.schemes]
    return next((_SHEETS[kind] for kind in kinds if kind in _SHEETS), None)
