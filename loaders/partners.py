"""Partners of an initiative: who they are, what they do in it, and what kind of body they are."""

from pyoxigraph import NamedNode

from pesai.loading.codes import codes
from pesai.loading.reading import Record
from pesai.namespaces import CODE, PAI

__all__ = ["partnerships"]

_KINDS = {
    "pes": "peer-pes",
    "ministry": "public-agency",
    "public-body": "public-agency",
    "research": "research",
    "vendor": "company",
    "international-organisation": "international-organisation",
    "ngo": "ngo",
    "network": "network",
    "other": "other",
}
"""Code of the list 'partner-kind' for each code of the list 'organisation-kind'."""


def partnerships(row: Record) -> None:
    """One partnership for each partner of the columns ``partner_ids`` and ``partner_roles``."""
    row.same_length("partner_ids", "partner_roles")
    carrier = row.context.base.thing("organisation", row["pes_id"])
    names, roles = row.several("partner_ids"), row.several("partner_roles")
    row.references("partner_ids", "organisation")
    row.codes("partner_roles", "partner-role")
    for name, role in zip(names, roles, strict=False):
        partner = row.context.base.thing("organisation", name)
        if partner == carrier:
            row.complain("partner_ids", "is the carrier itself", value=name, expected="others")
        thing = row.thing("partnership", f"{row['id']}--{name}", PAI.Partnership)
        row.say(PAI.supports, row.subject, of=thing)
        row.say(PAI.partner, carrier, partner, of=thing)
        row.say(PAI.partnerRole, codes("partner-role").get(role), of=thing)
        row.say(PAI.partnerKind, _kind(row, partner), of=thing)
        row.say(PAI.hasPartner, partner)


def _kind(row: Record, partner: NamedNode) -> NamedNode | None:
    for kind in row.context.values(partner, PAI.organisationKind):
        slug = kind.value.removeprefix(CODE.iri + "organisation-kind/")
        if slug in _KINDS:
            return codes("partner-kind")[_KINDS[slug]]
    return None
