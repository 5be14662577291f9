"""A country's code in an audience: it stands for the only public employment service there."""

import re

from pyoxigraph import NamedNode, Store

from pesai.access.audiences import THE_PUBLIC, Audience, Reader
from pesai.errors import WrongUse
from pesai.loading.countries import country
from pesai.namespaces import PAI, RDF, Base
from pesai.releases.layout import Home

__all__ = ["audience", "reader"]

_CODE = re.compile(r"[A-Z]{2}")


def audience(text: str, home: Home, base: Base) -> Audience:
    """Read an audience: ``owners:FI`` is ``owners:`` and the id of Finland's service.

    Args:
        text: the written form.
        home: whose present release tells which services there are.
        base: of the IRIs there.

    Raises:
        WrongUse: it is none, or a country has not one service alone.
    """
    return Audience.parse(_spelled_out(text, home, base))


def reader(text: str, home: Home, base: Base) -> Reader:
    """Read a reader, with a country's code for its only service as in ``audience``.

    Raises:
        WrongUse: as ``audience``.
    """
    return Reader.parse(_spelled_out(text, home, base))


def _spelled_out(text: str, home: Home, base: Base) -> str:
    kind, colon, names = text.partition(":")
    given = [name.strip() for name in names.split(",")]
    found = [_service(n, home, base) if _CODE.fullmatch(n) else n for n in given]
    return f"{kind}{colon}{','.join(found)}"


def _service(code: str, home: Home, base: Base) -> str:
    """The id of the only service of a country."""
    place, current = country(code, base), home.current()
    if place is None:
        raise WrongUse("'{code}' is not the code of a country (ISO 3166-1)", code=code)
    services = [] if current is None else _services(Store.read_only(
        str(current.store(THE_PUBLIC))), place, base.thing("organisation", "").value)  # fmt: skip
    if len(services) != 1:
        raise WrongUse(
            "'{code}' stands for the only public employment service of a country, and the present "
            "release knows {n} there ({ids}): write the id of the organisation",
            code=code,
            n=len(services),
            ids=", ".join(services) or "-",
        )
    return services[0]


def _services(store: Store, place: NamedNode, start: str) -> list[str]:
    every = store.quads_for_pattern(None, PAI.inCountry, place, None)
    found = {quad.subject for quad in every}
    return sorted(
        one.value.removeprefix(start)
        for one in found
        if isinstance(one, NamedNode)
        and one.value.startswith(start)
        and any(store.quads_for_pattern(one, RDF.type, PAI.PublicEmploymentService, None))
    )
