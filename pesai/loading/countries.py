"""Countries: from ISO 3166-1 two-letter codes to the IRIs of the EU country table."""

import re
from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from pesai.namespaces import EU_COUNTRY, SKOS, Base
from pesai.resources import files

__all__ = ["countries", "country", "is_fictional", "suggestion"]

_FICTIONAL = re.compile(r"Q[M-Z]|X[A-Z]")
_USED_FOR = {"UK": "GB", "EL": "GR"}


@cache
def countries() -> dict[str, NamedNode]:
    """The table ``ontology/imports/countries.ttl``: two-letter code to IRI."""
    path = files("ontology") / "imports" / "countries.ttl"
    found = {}
    for quad in parse(path=path, format=RdfFormat.TURTLE):
        iri, code = quad.subject, quad.object
        if quad.predicate != SKOS.notation or not isinstance(iri, NamedNode):
            continue
        if isinstance(code, Literal) and iri.value.startswith(EU_COUNTRY.iri):
            found[code.value] = iri
    return found


def is_fictional(code: str) -> bool:
    """Whether a code is free for made-up countries: QM to QZ and XA to XZ, without Kosovo's XK.

    ISO 3166-1 (clause 8.1.3) leaves these to its users. They are meant for tests and examples.
    """
    return code not in countries() and _FICTIONAL.fullmatch(code) is not None


def country(code: str, base: Base) -> NamedNode | None:
    """The IRI of a country, or nothing when the code is neither in the table nor made-up."""
    if is_fictional(code):
        return base.thing("country", code.lower())
    return countries().get(code)


def suggestion(code: str) -> str:
    """The two-letter code that was meant by another spelling (``fr``, ``FRA``, ``UK``)."""
    upper = code.upper()
    upper = _USED_FOR.get(upper, upper)
    if upper in countries():
        return upper
    for two, iri in countries().items():
        if iri.value == EU_COUNTRY.iri + upper:
            return two
    return ""
