"""Members of the European PES Network: ``survey_members.csv`` of the observatory."""

from typing import ClassVar

from loaders import facts
from pesai.loading.loader import Context, Description, Source
from pesai.loading.reading import Reading, Record
from pesai.loading.sink import Sink
from pesai.namespaces import ORG, PAI

__all__ = ["MembersLoader"]

COLUMNS = ("country", "pes_id")
NETWORK = "pes-network"
"""Id of the European PES Network among the organisations."""


class MembersLoader:
    """Each row says of an organisation that it is a member of the European PES Network."""

    kind: ClassVar[str] = "members"

    def describe(self, source: Source) -> Description:
        """What the source is."""
        return facts.describe(
            source, "Members of the European PES Network", "Membres du réseau européen des SPE"
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the rows into the sink."""
        with Reading(source, context, sink) as reading:
            rows = reading.records("organisation", COLUMNS, key="pes_id", makes=False)
            for row in rows:
                _member(row)


def _member(row: Record) -> None:
    row.need("country", "pes_id")
    row.a()
    member = row.subject
    network = row.context.base.thing("organisation", NETWORK)
    for organisation in (member, network):
        if not row.reading.has(organisation):
            row.complain(
                "pes_id",
                "is not the id of any organisation"
                if organisation == member
                else f"has no network to be a member of: {NETWORK} is not known",
                value=row["pes_id"],
                expected=row.reading.near(organisation, "organisation"),
            )
    row.say(ORG.memberOf, network)
    country = row.country("country")
    stated = row.context.values(member, PAI.inCountry)
    if country is not None and stated and country not in stated:
        row.complain(
            "country", f"is not the country of {row['pes_id']}", value=row["country"],
            expected="the country of the organisation",
        )  # fmt: skip
