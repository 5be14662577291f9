"""What can be chosen by facets, and by which: initiatives, organisations, findings, figures."""

from collections.abc import Iterable

from flask_babel import lazy_gettext

from pesai.namespaces import CODE, EU_COUNTRY
from pesai.web.facets import Collection, Facet

__all__ = ["AI", "FIGURES", "FINDINGS", "INITIATIVES", "ORGANISATIONS"]

AI = frozenset({"machine-learning", "language-model", "statistical-model", "ai-unspecified"})
"""Codes of evidence that let a tool count as one that uses AI."""

_EVALUATED = "design:randomised design:quasi-experiment design:before-after"


def _named(facets: Iterable[Facet]) -> dict[str, Facet]:
    return {facet.name: facet for facet in facets}


_REGION = Facet(
    "region", lazy_gettext("Region of the world"),
    "?it (pai:inCountry/pai:inRegion|pai:inRegion)/skos:broader* ?region . "
    "FILTER(?region != code:region\\/m49-001)", f"{CODE.iri}region/", most=7,
)  # fmt: skip
_COUNTRY = Facet("country", lazy_gettext("Country"), "?it pai:inCountry ?country",
                 EU_COUNTRY.iri, most=6)  # fmt: skip
_THEME = Facet("theme", lazy_gettext("Theme"), "?it pai:hasTheme/skos:broader* ?theme",
               f"{CODE.iri}theme/", open=True)  # fmt: skip

INITIATIVES = Collection(
    "/initiatives", "initiatives", "initiative", "?it a pai:Initiative .",
    _named((
        _THEME,
        Facet(
            "results", lazy_gettext("Results"),
            "{ ?measurement pai:measures ?it ; pai:withDesign ?design . "
            f"VALUES ?design {{ {_EVALUATED} }} "
            'BIND("evaluated" AS ?results) } '
            "UNION { ?measurement pai:measures ?it ; pai:isEffect true . "
            'BIND("effect" AS ?results) } '
            'UNION { ?measurement pai:measures ?it . BIND("figures" AS ?results) }',
            open=True,
            words={
                "evaluated": lazy_gettext("evaluated"),
                "effect": lazy_gettext("with a measured effect"),
                "figures": lazy_gettext("with any reported figure"),
            },
        ),
        Facet("stage", lazy_gettext("Stage"), "?it pai:hasMaturity ?stage",
              f"{CODE.iri}maturity/", open=True),
        Facet("task", lazy_gettext("Task"), "?it pai:hasTaskType ?task", f"{CODE.iri}task-type/"),
        _COUNTRY,
        _REGION,
        Facet("organisation", lazy_gettext("Organisation"), "?it pai:undertakenBy ?organisation",
              "{base}id/organisation/", most=6),
        Facet("kind", lazy_gettext("Kind"), "?it pai:initiativeKind ?kind",
              f"{CODE.iri}initiative-kind/"),
        Facet("evidence", lazy_gettext("Evidence of AI"), "?it pai:aiEvidence ?evidence",
              f"{CODE.iri}ai-evidence/"),
        Facet("users", lazy_gettext("Target users"), "?it pai:hasTargetUser ?users",
              f"{CODE.iri}population/"),
        Facet("taxonomy", lazy_gettext("Classification used"), "?it pai:usesTaxonomy ?taxonomy",
              f"{CODE.iri}taxonomy/", most=6),
        Facet("year", lazy_gettext("Year of the start"),
              "?it dcterms:temporal/dcat:startDate ?year", by="latest", most=6),
        Facet("confidence", lazy_gettext("Confidence"), "?it pai:confidence ?confidence",
              f"{CODE.iri}confidence/"),
    )),
)  # fmt: skip

ORGANISATIONS = Collection(
    "/organisations", "organisations", "organisation", "?it a org:Organization .",
    _named((
        Facet("kind", lazy_gettext("Kind"), "?it pai:organisationKind ?kind",
              f"{CODE.iri}organisation-kind/", open=True),
        Facet(
            "position", lazy_gettext("What it has stated"),
            # The inner query keeps the engine from reading all members of the classes.
            "{ SELECT ?it ?class { ?position_ pai:statedBy ?it ; a ?class } } "
            "VALUES (?class ?position) { "
            '(pai:Interest "interest") (pai:Need "need") (pai:Offer "offer") '
            '(pai:Agreement "agreement") (pai:ExchangeHeld "exchange-held") }',
            open=True,
            words={
                "interest": lazy_gettext("an interest"), "need": lazy_gettext("a need"),
                "offer": lazy_gettext("an offer"), "agreement": lazy_gettext("an agreement"),
                "exchange-held": lazy_gettext("an exchange held"),
            },
        ),
        Facet(
            "part", lazy_gettext("Part in initiatives"),
            '{ ?initiative pai:undertakenBy ?it BIND("carrier" AS ?part) } '
            'UNION { ?initiative pai:hasPartner ?it BIND("partner" AS ?part) }',
            open=True,
            words={"carrier": lazy_gettext("carries one"), "partner": lazy_gettext("is a partner")},
        ),
        _COUNTRY,
        _REGION,
        Facet("member", lazy_gettext("Member of"), "?it org:memberOf ?member",
              "{base}id/organisation/"),
    )),
)  # fmt: skip

FINDINGS = Collection(
    "/findings", "findings", "finding", "?it a pai:Finding .",
    _named((
        _THEME,
        Facet("study", lazy_gettext("Survey or report"), "?it pai:inStudy ?study",
              "{base}id/study/", open=True, most=8),
        Facet("kind", lazy_gettext("Kind"), "?it pai:findingKind ?kind",
              f"{CODE.iri}finding-kind/", open=True),
        Facet("quantifier", lazy_gettext("Quantifier"), "?it pai:hasQuantifier ?quantifier",
              f"{CODE.iri}quantifier/"),
        Facet("population", lazy_gettext("About whom"), "?it pai:onPopulation ?population",
              f"{CODE.iri}population/"),
    )),
)  # fmt: skip

FIGURES = Collection(
    "/results", "figures", "measurement", "?it a pai:Measurement .",
    _named((
        Facet(
            "effect", lazy_gettext("Measured effect"),
            '{ ?it pai:isEffect true BIND("yes" AS ?effect) } '
            'UNION { ?it pai:isEffect false BIND("no" AS ?effect) }',
            open=True,
            words={
                "yes": lazy_gettext("an effect, against a comparison"),
                "no": lazy_gettext("another figure"),
            },
        ),
        Facet("role", lazy_gettext("What the figure stands for"), "?it pai:valueRole ?role",
              f"{CODE.iri}value-role/", open=True),
        Facet("design", lazy_gettext("How it arose"), "?it pai:withDesign ?design",
              f"{CODE.iri}design/", open=True),
        Facet("indicator", lazy_gettext("Indicator"), "?it pai:ofIndicator ?indicator",
              f"{CODE.iri}indicator/", most=8),
        Facet("theme", lazy_gettext("Theme"),
              "?it pai:about/pai:hasTheme/skos:broader* ?theme", f"{CODE.iri}theme/"),
        Facet("unit", lazy_gettext("Unit"), "?it pai:hasUnit ?unit", f"{CODE.iri}unit/"),
        Facet("verdict", lazy_gettext("Checked against its source"), "?it pai:verdict ?verdict",
              f"{CODE.iri}verdict/"),
    )),
)  # fmt: skip
