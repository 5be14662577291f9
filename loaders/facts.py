"""What several loaders say in the same way: evidence, sources, periods, figures, texts."""

from pyoxigraph import Literal, NamedNode

from pesai.loading.loader import Description, Source
from pesai.loading.reading import Record
from pesai.namespaces import DCAT, DCTERMS, OA, PAI, RDF, RDFS

__all__ = [
    "bilingual",
    "describe",
    "evidence",
    "figures",
    "in_words",
    "passage",
    "period",
    "sources",
]

BUNDLED = frozenset(("observatory", "pole-emploi-2020"))


def describe(source: Source, title_en: str, title_fr: str) -> Description:
    """A table as a publication. Nothing is assumed of the licence of somebody else's table."""
    if source.name in BUNDLED:
        return Description(
            title_en=f"{title_en} of the PESAI observatory",
            title_fr=f"{title_fr} de l’observatoire PESAI",
            licence="https://creativecommons.org/licenses/by/4.0/",
            attribution="PESAI observatory, from the public sources that every row cites",
        )
    return Description(
        title_en=f"{title_en} ({source.name})", title_fr=f"{title_fr} ({source.name})"
    )


def bilingual(row: Record, predicate: NamedNode, english: str, french: str) -> None:
    """A text in both languages. English is wanted; that French is missing is noticed."""
    row.need(english)
    row.say(predicate, row.text(english, "en"), row.text(french, "fr"))
    if row[english] and not row[french]:
        row.complain(french, "is empty: there is no French text", severity="warning")


def evidence(row: Record, column: str) -> NamedNode | None:
    """The passage behind the statement of a row, by the address in a column. Gives the address."""
    row.need(column)
    address = row.url(column)
    if address is not None:
        passage(row, address)
    return address


def passage(row: Record, address: NamedNode) -> None:
    """The passage that bears out a statement: the document; the place in it is not documented."""
    kind, _, name = row.subject.value.rpartition("/id/")[2].partition("/")
    made = row.thing("passage", f"{kind}-{name}", PAI.Passage)
    row.say(OA.hasSource, address, of=made)
    row.say(PAI.placeDocumented, Literal(False), of=made)
    row.say(PAI.hasEvidence, made)


def sources(row: Record, column: str) -> None:
    """The addresses on which a record rests, the best one first."""
    row.need(column)
    addresses = row.urls(column)
    row.say(DCTERMS.source, *addresses)
    row.say(PAI.mainSource, *addresses[:1])


def period(row: Record, start: str, end: str) -> None:
    """The years from and to, either of which may be unknown."""
    first, last = row.year(start), row.year(end)
    row.ordered(start, end)
    if first is None and last is None:
        return
    span = row.context.base.thing("period", f"{row[start]}-{row[end]}")
    row.say(RDF.type, DCTERMS.PeriodOfTime, of=span)
    row.say(DCAT.startDate, first, of=span)
    row.say(DCAT.endDate, last, of=span)
    for language, name in _spans(row[start], row[end]).items():
        row.say(RDFS.label, Literal(name, language=language), of=span)
    row.say(DCTERMS.temporal, span)


def in_words(text: str) -> Literal | None:
    """A cell that holds a number or a date, with or without English words around it."""
    worded = any(character.isalpha() for character in text)
    return Literal(text, language="en" if worded else None) if text else None


def _spans(start: str, end: str) -> dict[str, str]:
    """What a period is called: years, or the one that is known.

    >>> _spans("2015", "")["fr"], _spans("2015", "2020")["en"]
    ('depuis 2015', '2015–2020')
    """
    if not end:
        return {"en": f"since {start}", "fr": f"depuis {start}"}
    if not start:
        return {"en": f"until {end}", "fr": f"jusqu’en {end}"}
    years = start if start == end else f"{start}–{end}"
    return {"en": years, "fr": years}


def figures(row: Record) -> None:
    """The number of a statement, its bounds and its unit."""
    columns = ("value_num", "value_lower", "value_upper")
    number, lower, upper = (row.number(column) for column in columns)
    row.ordered("value_lower", "value_upper")
    row.ordered("value_lower", "value_num")
    row.ordered("value_num", "value_upper")
    row.say(PAI.value, number)
    row.say(PAI.lowerValue, lower)
    row.say(PAI.upperValue, upper)
    unit = row.code("unit_code", "unit")
    row.say(PAI.hasUnit, unit)
    if any(row[column] for column in columns):
        row.need("unit_code")
        if row["unit_code"] == "none":
            row.complain(
                "unit_code", "is for values in words only", value="none",
                expected="the unit of the number",
            )  # fmt: skip
