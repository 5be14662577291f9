"""Positions on cooperation: ``positions.csv`` of the observatory, or a table like it."""

from typing import ClassVar

from pyoxigraph import NamedNode

from loaders import facts
from pesai.loading.loader import Context, Description, Source
from pesai.loading.near import hint
from pesai.loading.reading import Reading, Record
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, PAI, PROV

__all__ = ["PositionsLoader", "position"]

COLUMNS = (
    "id",
    "organisation_id",
    "position",
    "theme",
    "statement_en",
    "statement_fr",
    "source_url",
)
OPTIONAL = ("partner_organisation_ids", "year", "confidence")
CLASSES = {
    "interest": PAI.Interest,
    "need": PAI.Need,
    "offer": PAI.Offer,
    "exchange-held": PAI.ExchangeHeld,
    "agreement": PAI.Agreement,
}
HAS = {"interest": PAI.hasInterest, "need": PAI.hasNeed, "offer": PAI.hasOffer}
TOGETHER = frozenset(("exchange-held", "agreement"))


class PositionsLoader:
    """Each row becomes a ``pai:Position`` of one of five classes, and maybe an exchange."""

    kind: ClassVar[str] = "positions"

    def describe(self, source: Source) -> Description:
        """What the source is."""
        return facts.describe(source, "Positions on cooperation", "Positions sur la coopération")

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the rows into the sink."""
        with Reading(source, context, sink) as reading:
            for row in reading.records("position", COLUMNS, optional=OPTIONAL):
                _position(row)


def _position(row: Record) -> None:
    holder = position(row, "position")
    partners = row.references("partner_organisation_ids", "organisation")
    if holder in partners:
        row.complain(
            "partner_organisation_ids", "names the organisation itself",
            value=row["organisation_id"], expected="others",
        )  # fmt: skip
    row.say(PAI.withPartner, *partners)
    row.say(DCTERMS.date, row.year("year"))
    facts.bilingual(row, DCTERMS.description, "statement_en", "statement_fr")
    row.say(PAI.confidence, row.code("confidence", "confidence"))
    facts.evidence(row, "source_url")
    if row["position"] in TOGETHER:
        row.need("partner_organisation_ids")
    if row["position"] == "exchange-held":
        _exchange(row, holder, partners)


def position(row: Record, column: str) -> NamedNode | None:
    """Class, holder and theme of a position. Gives the holder."""
    row.need("organisation_id", column, "theme")
    made = CLASSES.get(row[column])
    if made is None:
        if row[column]:
            expected = hint(row[column], CLASSES)
            row.complain(column, "is not a position", value=row[column], expected=expected)
        return None
    row.a(PAI.Position, made)
    holder = row.reference("organisation_id", "organisation")
    row.say(PAI.statedBy, holder)
    if holder is not None and row[column] in HAS:
        row.say(HAS[row[column]], row.subject, of=holder)
    theme = row.code("theme", "theme")
    row.say(PAI.onTheme, theme)
    row.say(PAI.hasTheme, theme)
    return holder


def _exchange(row: Record, holder: NamedNode | None, partners: list[NamedNode]) -> None:
    exchange = row.thing("exchange", row["id"], PAI.BilateralExchange)
    row.say(PROV.wasAssociatedWith, holder, *partners, of=exchange)
    row.say(PAI.hasTheme, row.code("theme", "theme"), of=exchange)
    row.say(DCTERMS.date, row.year("year"), of=exchange)
    row.say(PAI.about, exchange)
