"""Terms as they are shown: text, language, and where they lead."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from babel.numbers import format_decimal
from flask_babel import gettext
from pyoxigraph import Literal, NamedNode

from pesai.namespaces import PREFIXES, XSD
from pesai.web.i18n import language
from pesai.web.labels import Label, curie, labels_for
from pesai.web.links import concept_page, place
from pesai.web.rows import Term

__all__ = ["Shown", "show", "shown"]

LONGEST = 5_000
"""Characters of a text that a page shows; the whole is in the downloads."""

_NUMBERS = {
    str(term.value)
    for term in (XSD.decimal, XSD.integer, XSD.double, XSD.float, XSD.nonNegativeInteger)
}
_PLAIN = {
    *_NUMBERS,
    *(XSD[name].value for name in ("string", "boolean", "gYear", "date", "dateTime", "anyURI")),
    PREFIXES["rdf"] + "langString",
}


@dataclass(frozen=True)
class Shown:
    """A term for a template.

    Attributes:
        text: what is read.
        language: BCP 47 tag of the text; empty when none is stated.
        href: where it leads, or empty.
        external: whether that leaves this site.
        iri: the IRI, for the curious.
        code: of a concept, when it has one.
        datatype: short name of a datatype that the text does not show.
        shortened: whether the text was cut.
    """

    text: str
    language: str = ""
    href: str = ""
    external: bool = False
    iri: str = ""
    datatype: str = ""
    shortened: bool = False
    code: str = ""

    @property
    def nameless(self) -> bool:
        """Whether it is called by its IRI alone."""
        return bool(self.iri) and self.text == self.iri


def show(terms: Iterable[Term]) -> list[Shown]:
    """Terms for a template, in order, with labels from one query."""
    listed = list(terms)
    iris = [term.value for term in listed if isinstance(term, NamedNode)]
    labels = labels_for(iris, language())
    return [shown(term, labels) for term in listed]


def shown(term: Term, labels: dict[str, Label]) -> Shown:
    """One term for a template; ``labels`` holds those of the page."""
    if isinstance(term, Literal):
        return _literal(term)
    label = labels.get(term.value) or Label(curie(term.value), "")
    where = concept_page(term.value) if label.concept else place(term.value)
    return Shown(
        label.text,
        label.language,
        where.href if where else "",
        external=bool(where and where.external),
        iri=term.value,
        code=label.code,
    )


def _literal(term: Literal) -> Shown:
    datatype = term.datatype.value
    text = term.value
    if datatype == XSD.boolean.value:
        text = gettext("yes") if text in {"true", "1"} else gettext("no")
    elif datatype in _NUMBERS:
        text = _number(text)
    cut = len(text) > LONGEST
    return Shown(
        text[:LONGEST] + ("…" if cut else ""),
        term.language or "",
        datatype="" if datatype in _PLAIN else curie(datatype),
        shortened=cut,
    )


def _number(text: str) -> str:
    """A number in the reader's writing, with all its digits."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or len(text) > 40:
        return text
    return format_decimal(value, locale=language(), decimal_quantization=False)
