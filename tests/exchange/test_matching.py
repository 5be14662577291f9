"""Points and grounds, worked out by hand on invented worlds."""

import pytest
from pyoxigraph import NamedNode

from pesai.exchange.matching import Match
from pesai.exchange.step import lines_of
from pesai.exchange.table import kinds
from tests.exchange.worlds import BASE, example, found, key, last, points, turtle

SERVICES = """
organisation:xa a pai:PublicEmploymentService . organisation:xb a pai:PublicEmploymentService .
"""


def reasons(match: Match) -> dict[str, int]:
    return {reason.kind: reason.points for reason in match.reasons}


def test_points_of_the_example_as_partners_see_them() -> None:
    # need 20, offer 15, measured 10, evaluated 20, planned to production 2 × 10; A and B have met 5
    assert points(example("public", "partners")) == {
        ("pes-a", "pes-b", "matching"): 90,
        ("pes-a", "pes-c", "matching"): 85,
        # the need on AI solutions is met by what lies below that theme
        ("pes-a", "pes-b", "ai-solutions"): 90,
        ("pes-a", "pes-c", "ai-solutions"): 85,
        # interest 10, on both sides 10; who learns is open
        ("pes-a", "pes-c", "labour-market-ontology"): 20,
        ("pes-c", "pes-a", "labour-market-ontology"): 20,
    }


def test_points_of_the_example_as_the_public_sees_them() -> None:
    # No position is public: measured 10, evaluated 20, two stages ahead 20.
    assert points(example("public")) == {
        ("pes-a", provider, theme): 50
        for provider in ("pes-b", "pes-c")
        for theme in ("matching", "ai-solutions")
    }


def test_reasons_and_grounds_of_the_example() -> None:
    told = {key(match): match for match in found(example("public", "partners"))}
    first = told["pes-a", "pes-b", "matching"]
    assert reasons(first) == {
        "need": 20, "offer": 15, "measured": 10, "evaluated": 20, "ahead": 20, "exchange": 5,
    }  # fmt: skip
    assert first.ground == "complementarity"
    assert told["pes-a", "pes-c", "labour-market-ontology"].ground == "shared-interest"
    statements = {reason.kind: set(map(last, reason.statements)) for reason in first.reasons}
    assert statements["need"] == {"a-matching"}
    assert statements["evaluated"] == {"b"}
    assert statements["ahead"] == {"matching-a", "matching-b"}
    assert statements["exchange"] == {"ab-held", "ab-matching"}
    assert set(map(last, first.statements)) == {
        "a-matching", "b-matching", "b", "matching-a", "matching-b",
    }  # fmt: skip


@pytest.mark.parametrize("evidence", ["rules", "none-stated"])
def test_what_has_no_evidence_of_ai_never_counts_as_ai(evidence: str) -> None:
    text = """
    position:n a pai:Need ; pai:statedBy organisation:xa ; pai:onTheme theme:{theme} .
    initiative:b pai:undertakenBy organisation:xb ; pai:hasTheme theme:{theme} ;
        pai:aiEvidence ai:{evidence} ; pai:hasMaturity stage:production ;
        pai:hasTaskType task:matching .
    measurement:b a pai:Measurement ; pai:measures initiative:b ; pai:withDesign design:randomised .
    """
    # On any other theme it is an initiative like others.
    other = SERVICES + text.format(theme="data-management", evidence=evidence)
    assert points(turtle(other)) == {("xa", "xb", "data-management"): 50}
    for theme in ("ai-solutions", "matching"):
        assert points(turtle(SERVICES + text.format(theme=theme, evidence=evidence))) == {}


def test_old_records_count_against_and_undated_ones_do_not() -> None:
    text = """
    position:n a pai:Need ; pai:statedBy organisation:xa ; pai:onTheme theme:ethics .
    position:o a pai:Offer ; pai:statedBy organisation:xb ; pai:onTheme theme:ethics .
    """
    old = 'position:o dcterms:date "2019"^^xsd:gYear .'
    newer = """position:p a pai:Offer ; pai:statedBy organisation:xb ; pai:onTheme theme:ethics ;
               dcterms:date "2024"^^xsd:gYear ."""
    pair = ("xa", "xb", "ethics")
    assert points(turtle(SERVICES + text)) == {pair: 35}
    assert points(turtle(SERVICES + text + old)) == {pair: 25}
    assert points(turtle(SERVICES + text + old + newer)) == {pair: 35}


@pytest.mark.parametrize(
    ("design", "role", "worth"),
    [
        ("randomised", "observed", 50),
        ("quasi-experiment", "observed", 50),
        ("before-after", "baseline", 50),
        ("monitoring", "observed", 30),
        ("user-survey", "observed", 30),
        ("estimate", "observed", None),
        ("plan", "observed", None),
        ("monitoring", "target", None),
        ("monitoring", "estimate", None),
    ],
)
def test_what_counts_as_measured_and_as_evaluated(
    design: str, role: str, worth: int | None
) -> None:
    text = f"""
    position:n a pai:Need ; pai:statedBy organisation:xa ; pai:onTheme theme:ethics .
    initiative:b pai:undertakenBy organisation:xb ; pai:hasTheme theme:ethics .
    measurement:b a pai:Measurement ; pai:measures initiative:b ;
        pai:withDesign design:{design} ; pai:valueRole role:{role} .
    """
    expected = {} if worth is None else {("xa", "xb", "ethics"): worth}
    assert points(turtle(SERVICES + text)) == expected


def test_pilots_of_the_same_time_and_task() -> None:
    text = """
    initiative:a pai:undertakenBy organisation:xa ; pai:hasTheme theme:ethics ;
        pai:hasTaskType task:{task} ; pai:hasMaturity stage:pilot ;
        pai:statusAsOf "{year}"^^xsd:gYear .
    initiative:b pai:undertakenBy organisation:xb ; pai:hasTheme theme:ethics ;
        pai:hasTaskType task:{task} ; pai:hasMaturity stage:pilot ;
        pai:statusAsOf "2025"^^xsd:gYear .
    """
    both = {("xa", "xb", "ethics"): 15, ("xb", "xa", "ethics"): 15}
    assert points(turtle(SERVICES + text.format(task="chatbot", year=2023))) == both
    assert points(turtle(SERVICES + text.format(task="chatbot", year=2022))) == {}
    assert points(turtle(SERVICES + text.format(task="other", year=2025))) == {}


def test_one_stage_ahead_is_ground_only_where_somebody_wishes_to_talk() -> None:
    text = """
    initiative:a pai:undertakenBy organisation:xa ; pai:hasTheme theme:ethics ;
        pai:hasTaskType task:chatbot ; pai:hasMaturity stage:pilot .
    initiative:b pai:undertakenBy organisation:xb ; pai:hasTheme theme:ethics ;
        pai:hasTaskType task:chatbot ; pai:hasMaturity stage:production .
    """
    wish = "position:i a pai:Interest ; pai:statedBy organisation:xa ; pai:onTheme theme:ethics ."
    assert points(turtle(SERVICES + text)) == {}
    assert points(turtle(SERVICES + text + wish)) == {("xa", "xb", "ethics"): 20}


def test_whoever_has_a_task_in_production_is_not_behind_in_it() -> None:
    text = """
    initiative:a pai:undertakenBy organisation:xa ; pai:hasTheme theme:ethics ;
        pai:hasTaskType task:chatbot ; pai:hasMaturity stage:planned .
    initiative:b pai:undertakenBy organisation:xb ; pai:hasTheme theme:ethics ;
        pai:hasTaskType task:chatbot ; pai:hasMaturity stage:production .
    """
    runs = """initiative:c pai:undertakenBy organisation:xa ; pai:hasTheme theme:ethics ;
        pai:hasTaskType task:chatbot ; pai:hasMaturity stage:production ."""
    assert points(turtle(SERVICES + text)) == {("xa", "xb", "ethics"): 20}
    assert points(turtle(SERVICES + text + runs)) == {}


def test_what_two_have_in_common_adds_points_and_is_no_ground() -> None:
    common = """
    initiative:a pai:undertakenBy organisation:xa ; pai:hasTheme theme:ethics ;
        pai:hasTaskType task:chatbot ; pai:hasTargetUser population:jobseekers ;
        pai:usesTaxonomy taxonomy:esco , taxonomy:national ; dcterms:title "Alfa"@es .
    initiative:b pai:undertakenBy organisation:xb ; pai:hasTheme theme:ethics ;
        pai:hasTaskType task:chatbot ; pai:hasTargetUser population:jobseekers ;
        pai:usesTaxonomy taxonomy:esco , taxonomy:national ; dcterms:title "Beta"@es .
    """
    ask = """
    position:n a pai:Need ; pai:statedBy organisation:xa ; pai:onTheme theme:ethics .
    position:o a pai:Offer ; pai:statedBy organisation:xb ; pai:onTheme theme:ethics .
    """
    assert points(turtle(SERVICES + common)) == {}
    (match,) = found(turtle(SERVICES + common + ask))
    assert reasons(match) == {"need": 20, "offer": 15, "standards": 10, "users": 10, "language": 5}


def test_classifications_that_are_not_named_are_nothing_in_common() -> None:
    text = """
    position:n a pai:Need ; pai:statedBy organisation:xa ; pai:onTheme theme:ethics .
    position:o a pai:Offer ; pai:statedBy organisation:xb ; pai:onTheme theme:ethics .
    initiative:a pai:undertakenBy organisation:xa ; pai:hasTheme theme:ethics ;
        pai:usesTaxonomy taxonomy:national .
    initiative:b pai:undertakenBy organisation:xb ; pai:hasTheme theme:ethics ;
        pai:usesTaxonomy taxonomy:national ; dcterms:title "Only our English"@en .
    """
    assert points(turtle(SERVICES + text)) == {("xa", "xb", "ethics"): 35}


def test_who_takes_part() -> None:
    text = """
    position:n a pai:Need ; pai:statedBy organisation:xa ; pai:onTheme theme:ethics .
    position:o a pai:Offer ; pai:statedBy organisation:{other} ; pai:onTheme theme:ethics .
    organisation:vendor pai:organisationKind kind:vendor .
    organisation:ngo pai:organisationKind kind:ngo .
    organisation:unit a pai:PublicEmploymentService ; org:subOrganizationOf organisation:xa .
    organisation:uni pai:organisationKind kind:research .
    initiative:u pai:undertakenBy organisation:uni ; pai:hasTheme theme:ethics .
    measurement:u a pai:Measurement ; pai:measures initiative:u ; pai:withDesign design:audit .
    """

    def providers(other: str) -> set[str]:
        return {last(m.provider) for m in found(turtle(SERVICES + text.format(other=other)))}

    assert providers("ngo") == {"ngo"}
    assert providers("vendor") == set()
    assert providers("unit") == set(), "a part has nothing to learn from its whole by appointment"


def test_the_table_is_the_only_place_of_points() -> None:
    table = {kind.name: kind for kind in kinds()}
    for match in found(example("public", "partners")):
        for reason in match.reasons:
            times, left = divmod(reason.points, table[reason.kind].weight)
            assert left == 0
            assert 1 <= times <= table[reason.kind].most
        assert match.points == sum(reason.points for reason in match.reasons)


def test_organisations_of_other_nodes_get_names_that_cannot_clash() -> None:
    text = """
    <https://node.example/id/organisation/xb> a pai:PublicEmploymentService .
    position:n a pai:Need ; pai:statedBy organisation:xa ; pai:onTheme theme:ethics .
    position:o a pai:Offer ; pai:statedBy organisation:xb ; pai:onTheme theme:ethics .
    position:p a pai:Offer ; pai:statedBy <https://node.example/id/organisation/xb> ;
        pai:onTheme theme:ethics .
    """
    told = found(turtle(SERVICES + text))
    assert len({match.iri for match in told}) == len(told) == 2
    assert BASE.thing("match", "xa~xb~ethics").value in {match.iri for match in told}


def test_every_match_is_written_with_what_it_derives_from() -> None:
    written = lines_of(iter(found(example("public", "partners"))))
    assert list(written) == sorted(set(written))
    one = BASE.thing("match", "pes-a~pes-b~matching")
    about = [line for line in written if line.startswith(f"{one} ")]
    derived = [line for line in about if "wasDerivedFrom" in line]
    assert len(derived) == 5
    assert len([line for line in about if "hasReason" in line]) == 6
    assert NamedNode("https://w3id.org/pes-ai/code/match-kind/complementarity").value in str(about)
