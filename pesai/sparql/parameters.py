"""Parameters of stored queries: what a person types becomes one RDF term, or an error.

A value is never put into the text of a query. It is checked against the type of its parameter and
becomes an IRI or a literal in N-Triples, which the engine binds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from pesai.errors import WrongUse, translatable
from pesai.loading.codes import codes
from pesai.loading.countries import country
from pesai.loading.near import nearest
from pesai.namespaces import CODE, EU_COUNTRY, XSD, Base

__all__ = ["TYPES", "Choices", "Parameter", "WrongParameter", "is_type"]

LONGEST = 2000
"""Characters of one value; an address or a phrase, not a document."""

_FEW = 15
_ONE_LINE = translatable("at most 2000 characters on one line")

_LIKE = translatable(
    "The parameter '{name}' cannot be {value}: there is no such code. Did you mean '{near}'?"
)
_NO_CODE = translatable(
    "The parameter '{name}' cannot be {value}: there is no such code. There are: {known}"
)

_SLUG = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`\x00-\x20\x7f]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_INTEGER = re.compile(r"[+-]?[0-9]{1,18}", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_BOOLEAN = {"true": "true", "1": "true", "false": "false", "0": "false"}


class WrongParameter(WrongUse):
    """A parameter of a stored query is unknown, missing, or its value is of another type."""

    code, title = "parameter", "A parameter of the query does not fit"


@dataclass(frozen=True)
class Choices:
    """Where the choices of a parameter come from: a stored query with columns value and label."""

    area: str
    name: str
    given: Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """One parameter of a stored query.

    Attributes:
        name: the variable of the query, without its mark.
        type: one of ``TYPES``, or ``code:{scheme}``.
        labels: what it is called, by language (fr and en).
        default: the value when none is given; ``None`` leaves the variable free.
        required: there is no answer without it.
        language: tag of the literal that a ``text`` becomes; ``None`` for a plain one.
    """

    name: str
    type: str
    labels: Mapping[str, str]
    default: str | None = None
    required: bool = False
    language: str | None = None

    @property
    def scheme(self) -> str | None:
        """The code list of a ``code:{scheme}``."""
        return self.type.removeprefix("code:") if self.type.startswith("code:") else None

    @property
    def choices(self) -> Choices | None:
        """The stored query that gives what may be chosen, or ``None`` when anything of the type."""
        if self.scheme is not None:
            return Choices("catalogue", "codes-of-a-list", {"scheme": (CODE[self.scheme]).value})
        if self.type in {"organisation", "country"}:
            return Choices("catalogue", f"choices-of-{self.type}", {})
        return None

    def term(self, value: str, base: Base) -> NamedNode | Literal:
        """The term that ``value`` stands for on the node whose own IRIs begin with ``base``.

        Raises:
            WrongParameter: the value is not of the type; the message says what would be right.
        """
        if len(value) > LONGEST or (not value.isprintable() and self.type != "text"):
            raise self._wrong(value, _ONE_LINE)
        found = self._code(value) if self.scheme else _READERS[self.type](self, value, base)
        if found is None:
            raise self._wrong(value, _EXPECTED["code" if self.scheme else self.type])
        return found

    def checked(self, value: str, base: Base) -> NamedNode | Literal:
        """As ``term``; and a code must be in its list, for zero rows would not say that it is not.

        Raises:
            WrongParameter: the value is not of the type, or no such code is there.
        """
        found = self.term(value, base)
        if self.scheme is None or found in codes(self.scheme).values():
            return found
        start = f"{CODE.iri}{self.scheme}/"
        names = {iri.value.removeprefix(start) for iri in codes(self.scheme).values()}
        near = nearest(value.removeprefix(start), names)
        raise WrongParameter(
            _LIKE if near else _NO_CODE,
            name=self.name,
            value=ascii(value[:80]),
            **({"near": near} if near else {"known": _some(names) or start.removesuffix("/")}),
        )

    def _code(self, value: str) -> NamedNode | None:
        start = f"{CODE.iri}{self.scheme}/"
        name = value.removeprefix(start)
        return NamedNode(start + name) if _SLUG.fullmatch(name) else None

    def _wrong(self, value: str, expected: str) -> WrongParameter:
        shown = value if len(value) <= 80 else value[:80] + "…"
        return WrongParameter(
            "The parameter '{name}' cannot be {value}; expected: {expected}.",
            name=self.name,
            value=ascii(shown),
            expected=expected,
        )


def _some(names: set[str]) -> str:
    """Names one after the other, unless they are many."""
    return ", ".join(sorted(names)) if len(names) <= _FEW else ""


_Reader = Callable[[Parameter, str, Base], NamedNode | Literal | None]


def _iri(_parameter: Parameter, value: str, _base: Base) -> NamedNode | None:
    return NamedNode(value) if _IRI.fullmatch(value) else None


def _organisation(parameter: Parameter, value: str, base: Base) -> NamedNode | None:
    if _SLUG.fullmatch(value):
        return base.thing("organisation", value)
    return _iri(parameter, value, base)


def _country(parameter: Parameter, value: str, base: Base) -> NamedNode | None:
    if re.fullmatch(r"[A-Z0-9]{3}", value, re.ASCII):
        return EU_COUNTRY[value]
    return country(value.upper(), base) or _iri(parameter, value, base)


def _text(parameter: Parameter, value: str, _base: Base) -> Literal | None:
    if any("\ud800" <= character <= "\udfff" for character in value):
        return None
    return Literal(value, language=parameter.language) if parameter.language else Literal(value)


def _language(_parameter: Parameter, value: str, _base: Base) -> Literal | None:
    return Literal(value.lower()) if _LANGUAGE.fullmatch(value) else None


def _integer(_parameter: Parameter, value: str, _base: Base) -> Literal | None:
    return Literal(int(value)) if _INTEGER.fullmatch(value) else None


def _year(_parameter: Parameter, value: str, _base: Base) -> Literal | None:
    return Literal(value, datatype=XSD.gYear) if _YEAR.fullmatch(value) else None


def _boolean(_parameter: Parameter, value: str, _base: Base) -> Literal | None:
    known = _BOOLEAN.get(value.lower())
    return Literal(known, datatype=XSD.boolean) if known else None


_READERS: dict[str, _Reader] = {
    "iri": _iri,
    "organisation": _organisation,
    "country": _country,
    "text": _text,
    "language": _language,
    "integer": _integer,
    "year": _year,
    "boolean": _boolean,
}
_EXPECTED: dict[str, str] = {
    "iri": translatable("an absolute http or https address"),
    "code": translatable("a code of the list, such as 'matching', or its full address"),
    "organisation": translatable(
        "the id of an organisation, such as 'france-travail', or its full address"
    ),
    "country": translatable(
        "an ISO 3166 code, such as FR or FRA, or the address of a country in the EU table"
    ),
    "text": translatable("text in Unicode"),
    "language": translatable("a language tag, such as fr"),
    "integer": translatable("a whole number"),
    "year": translatable("a year in four digits"),
    "boolean": translatable("true or false"),
}

TYPES: tuple[str, ...] = tuple(_READERS)
"""The types of parameters; besides, ``code:{scheme}``."""


def is_type(name: str) -> bool:
    """Whether a type of that name is known."""
    return name in TYPES or bool(re.fullmatch(r"code:[a-z0-9-]+", name, re.ASCII))
