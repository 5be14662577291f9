"""What holds of every world: order does not matter, and what supports a talk never harms it."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pesai.exchange.step import lines_of
from tests.exchange.worlds import Key, example, found, points, turtle

ORGANISATIONS = ("xa", "xb", "xc")
THEMES = ("ai-solutions", "matching", "ethics")
TASKS = ("matching", "chatbot", "other")
YEARS = ("", "2015", "2022", "2025")
SERVICES = "".join(f"organisation:{one} a pai:PublicEmploymentService .\n" for one in ORGANISATIONS)

organisations, themes = st.sampled_from(ORGANISATIONS), st.sampled_from(THEMES)
numbers = st.integers(0, 3)


@st.composite
def initiatives(draw: st.DrawFn, number: int) -> str:
    """One initiative with whatever may be known of it."""
    year = draw(st.sampled_from(YEARS))
    said = [
        f"pai:undertakenBy organisation:{draw(organisations)}",
        f"pai:hasTheme theme:{draw(themes)}",
        f"pai:hasTaskType task:{draw(st.sampled_from(TASKS))}",
        *draw(st.sampled_from([(), *((f"pai:aiEvidence ai:{one}",) for one in EVIDENCE)])),
        *draw(st.sampled_from([(), *((f"pai:hasMaturity stage:{one}",) for one in STAGES)])),
        *([f'pai:statusAsOf "{year}"^^xsd:gYear'] if year else []),
    ]  # fmt: skip
    return f"initiative:i{number} {' ; '.join(said)} .\n"


EVIDENCE = ("machine-learning", "rules")
STAGES = ("idea", "planned", "pilot", "production", "suspended", "ended")


@st.composite
def positions(draw: st.DrawFn, kinds: tuple[str, ...], name: str) -> str:
    """A position, dated or not."""
    one, other = draw(st.permutations(ORGANISATIONS).map(lambda names: names[:2]))
    year = draw(st.sampled_from(YEARS))
    kind = draw(st.sampled_from(kinds))
    date = f' ; dcterms:date "{year}"^^xsd:gYear' if year else ""
    partner = f" ; pai:withPartner organisation:{other}"
    return (
        f"position:{name} a pai:{kind} ; pai:statedBy organisation:{one} ;"
        f" pai:onTheme theme:{draw(themes)}{date}{partner} .\n"
    )


@st.composite
def worlds(draw: st.DrawFn) -> str:
    """A few initiatives, some measured, and positions."""
    parts = [SERVICES, *(draw(initiatives(number)) for number in range(4))]
    parts += [draw(positions(ALL, f"p{number}")) for number in range(draw(st.integers(0, 5)))]
    parts += [draw(support(f"w{number}")) for number in range(draw(st.integers(0, 4)))]
    return "".join(parts)


ALL = ("Interest", "Need", "Offer", "ExchangeHeld", "Agreement")
DESIGNS = ("randomised", "before-after", "monitoring", "audit", "estimate", "plan")


@st.composite
def support(draw: st.DrawFn, name: str) -> str:
    """A fact that speaks for talks and against none."""
    number = draw(numbers)
    design = draw(st.sampled_from(DESIGNS))
    return draw(
        st.one_of(
            positions(ALL, name),
            st.just(f"measurement:{name} a pai:Measurement ; pai:measures initiative:i{number} ;"
                    f" pai:withDesign design:{design} .\n"),
            st.just(f"initiative:i{number} pai:usesTaxonomy taxonomy:esco .\n"),
            st.just(f"initiative:i{number} pai:hasTargetUser population:jobseekers .\n"),
            st.just(f'initiative:i{number} dcterms:title "Nom {name}"@fr .\n'),
        )
    )  # fmt: skip


def lowered(before: dict[Key, int], after: dict[Key, int]) -> list[Key]:
    """Matches that lost points, or are gone."""
    return [key for key, worth in before.items() if after.get(key, -1000) < worth]


@settings(max_examples=120, deadline=None)
@given(worlds(), support("new"))
def test_a_supporting_fact_never_lowers_a_score(world: str, fact: str) -> None:
    assert lowered(points(turtle(world)), points(turtle(world + fact))) == []


@settings(max_examples=80, deadline=None)
@given(worlds(), organisations, themes, st.sampled_from(TASKS), st.sampled_from(STAGES))
def test_more_experience_never_lowers_what_its_holder_can_share(
    world: str, holder: str, theme: str, task: str, stage: str
) -> None:
    """To be further makes one less of a seeker; as a provider nobody loses by it."""
    fact = (
        f"initiative:new pai:undertakenBy organisation:{holder} ; pai:hasTheme theme:{theme} ;"
        f" pai:hasTaskType task:{task} ; pai:aiEvidence ai:language-model ;"
        f" pai:hasMaturity stage:{stage} .\n"
    )
    before, after = points(turtle(world)), points(turtle(world + fact))
    assert [key for key in lowered(before, after) if key[1] == holder] == []
    # Others lose nothing either, but as the seeker that is not behind any more.
    assert [key for key in lowered(before, after) if key[0] != holder] == []


@settings(max_examples=25, deadline=None)
@given(worlds(), st.integers(0, 1 << 30))
def test_the_order_of_facts_changes_no_byte(world: str, order: int) -> None:
    triples = turtle(world)
    assert lines_of(iter(found(triples))) == lines_of(iter(found(triples, shuffled=order)))


def test_the_example_in_any_order_gives_the_same_bytes() -> None:
    triples = example("public", "partners", "owners-b")
    expected = lines_of(iter(found(triples)))
    assert expected
    for order in range(5):
        assert lines_of(iter(found(triples, shuffled=order))) == expected
