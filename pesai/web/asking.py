"""What a reconciliation client sends, read strictly, with errors that say where."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from flask_babel import gettext

from pesai.alignment.index import Filters, Grouping, Index
from pesai.alignment.kinds import SCHEME_OF_COUNTRIES
from pesai.alignment.reconciling import Property, Wanted
from pesai.alignment.text import fold
from pesai.errors import WrongUse
from pesai.namespaces import EU_COUNTRY, PREFIXES
from pesai.web.extension import COLUMNS

__all__ = ["BODY", "Ask", "Batch", "extension", "read_batch", "type_of"]

BODY = 1 << 20
"""Bytes of a batch."""
NAMES, THINGS, PROPERTIES = 250, 500, 30
"""Names of a batch; things and properties of an extension."""
LIMIT, USUAL = 50, 10
"""Candidates of one name: at most, and when nobody says."""


@dataclass(frozen=True)
class Ask:
    """One query of a batch.

    Attributes:
        name: the text to find a thing for; empty when only properties are given.
        types: identifiers of classes and schemes.
        strict: ``any`` of them, ``all``, or ``should``: better if it is.
        properties: identifier and values, as texts.
        limit: candidates that are wanted.
    """

    name: str
    types: tuple[str, ...]
    strict: str
    properties: tuple[tuple[str, tuple[str, ...]], ...]
    limit: int

    def resolved(self, held: Index) -> Wanted | None:
        """In the numbers of an index; ``None`` when nothing can be of these types."""
        found = [one.number for name in self.types if (one := type_of(held, name))]
        known = [_property(held, name, values) for name, values in self.properties]
        if self.strict == "should":
            known.append(Property(groupings=frozenset(found)))
            return Wanted(self.name, Filters(), tuple(known), self.limit)
        if self.types and (not found or (self.strict == "all" and len(found) < len(self.types))):
            return None
        groups = [(n,) for n in found] if self.strict == "all" else [tuple(found)] if found else []
        return Wanted(self.name, Filters(tuple(groups)), tuple(known), self.limit)


Batch = dict[str, Ask]


def read_batch(text: str) -> Batch:
    """The queries of a batch, by their keys.

    Raises:
        WrongUse: it is not as the API says; the message names the place.
    """
    document = _object("queries", text)
    if len(document) > NAMES:
        raise WrongUse("A batch may have {limit} names.", limit=NAMES)
    return {key: _query(f"queries.{key}"[:60], value) for key, value in document.items()}


def extension(text: str) -> tuple[list[str], dict[str, int]]:
    """Things and properties of a data extension query: identifiers, and values wanted of each.

    Raises:
        WrongUse: it is not as the API says; the message names the place.
    """
    document = _object("extend", text)
    ids, properties = document.get("ids"), document.get("properties")
    if not isinstance(ids, list) or not all(isinstance(each, str) for each in ids):
        raise _wrong("extend.ids", gettext("a list of identifiers"))
    if not isinstance(properties, list) or not all(isinstance(each, dict) for each in properties):
        raise _wrong("extend.properties", gettext("a list of objects with an 'id'"))
    if len(ids) > THINGS or len(properties) > PROPERTIES:
        raise WrongUse("An extension may have {things} things and {properties} properties.",
                       things=THINGS, properties=PROPERTIES)  # fmt: skip
    wanted: dict[str, int] = {}
    for each in properties:
        if each.get("id") not in COLUMNS:
            raise _wrong(
                "extend.properties", gettext("among these: %(names)s", names=", ".join(COLUMNS))
            )
        settings = each.get("settings")
        most = settings.get("limit", 0) if isinstance(settings, dict) else 0
        wanted[each["id"]] = _count("extend.properties.settings.limit", most or 0)
    return ids, wanted


def type_of(held: Index, name: str) -> Grouping | None:
    """A class or scheme by IRI, by a short form (``esco:Occupation``), or by its last part."""
    if name in held.groupings:
        return held.groupings[name]
    prefix, _colon, local = name.partition(":")
    whole = PREFIXES.get(prefix, "\n") + local
    if whole in held.groupings:
        return held.groupings[whole]
    last = name.lower()
    found = [
        g for iri, g in held.groupings.items() if iri.lower().endswith((f"/{last}", f"#{last}"))
    ]
    return found[0] if len(found) == 1 and last else None


def _query(place: str, value: object) -> Ask:
    if not isinstance(value, dict):
        raise _wrong(place, gettext("an object"))
    name, types = value.get("query", ""), value.get("type") or ()
    if not isinstance(name, str):
        raise _wrong(f"{place}.query", gettext("a text"))
    if isinstance(types, str):
        types = (types,)
    if not isinstance(types, list | tuple) or not all(isinstance(each, str) for each in types):
        raise _wrong(f"{place}.type", gettext("an identifier, or a list of them"))
    strict = value.get("type_strict") or "any"
    if strict not in {"any", "should", "all"}:
        raise _wrong(f"{place}.type_strict", gettext("one of any, should, all"))
    listed = value.get("properties")
    properties = tuple(_given(f"{place}.properties", [] if listed is None else listed))
    if not name.strip() and not properties:
        raise _wrong(place, gettext("an object with a 'query', or with 'properties'"))
    limit = min(LIMIT, _count(f"{place}.limit", value.get("limit", USUAL)) or USUAL)
    return Ask(name, tuple(types), strict, properties, limit)


def _given(place: str, listed: object) -> Iterable[tuple[str, tuple[str, ...]]]:
    if not isinstance(listed, list):
        raise _wrong(place, gettext("a list"))
    for each in listed:
        if not isinstance(each, dict) or not isinstance(each.get("pid"), str) or "v" not in each:
            raise _wrong(place, gettext("a list of objects with 'pid' and 'v'"))
        values = each["v"] if isinstance(each["v"], list) else [each["v"]]
        yield each["pid"], tuple(text for value in values if (text := _text(value)))


def _text(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("id") or value.get("name") or "")
    return "" if value is None else str(value)


def _property(held: Index, name: str, values: tuple[str, ...]) -> Property:
    """A property in the numbers of an index; one that means nothing to scores is empty."""
    if name in {"notation", "code"}:
        return Property(codes=frozenset(fold(value) for value in values if fold(value)))
    if name in {"scheme", "kind", "type"}:
        found = (type_of(held, value) for value in values)
        return Property(groupings=frozenset(one.number for one in found if one))
    if name == "country":
        return Property(
            places=frozenset(iri for value in values for iri in _countries(held, value))
        )
    return Property()


def _countries(held: Index, value: str) -> Iterable[str]:
    """The countries that a name, a code or an IRI means."""
    if value.startswith("http"):
        return (value,)
    if len(value) == 3 and value.isascii() and value.isalpha():
        return (f"{EU_COUNTRY.iri}{value.upper()}",)
    scheme = held.groupings.get(SCHEME_OF_COUNTRIES)
    labels = held.labels(held.exact(fold(value), 50))
    return {label.iri for label in labels if scheme and scheme.number in label.groupings}


def _object(name: str, text: str) -> dict[str, object]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _wrong(name, gettext("a JSON object")) from error
    if not isinstance(document, dict):
        raise _wrong(name, gettext("a JSON object"))
    return document


def _count(place: str, value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
        raise _wrong(place, gettext("a number, not below 0"))
    return int(value)


def _wrong(place: str, right: str) -> WrongUse:
    return WrongUse("'{place}' should be {right}.", place=place, right=right)
