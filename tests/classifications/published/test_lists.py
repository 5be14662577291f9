"""ROME, O*NET, NACE and M49 as published: counted from the files by these tests on their own."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

from tests.classifications.conftest import Read
from tests.classifications.published.files import (
    BASE,
    Ask,
    Rows,
    count,
    in_graph,
    table,
    tarred,
)

LINKED = ("skill", "macro-skill", "knowledge", "context")


def test_every_list_of_rome_is_there(ask: Ask, rome: Callable[[str], Rows]) -> None:
    skills = Counter(row["nature"] for row in rome("referentiel_competence"))
    expected = {
        "card": len(rome("referentiel_code_rome")),
        "title": len(rome("referentiel_appellation")),
        "skill": skills["Compétence"],
        "macro-skill": skills["Macro-compétence"],
        "knowledge": len(rome("referentiel_savoir")),
        "context": len(rome("referentiel_contexte_travail")),
        "domain": len(rome("grand_domaine")) + len(rome("domaine_professionnel")),
    }
    assert (expected["card"], expected["title"], expected["skill"]) == (1584, 13120, 17810)
    for part, number in expected.items():
        pattern = in_graph("rome/4.60", f"?c skos:inScheme <{BASE}code/rome-{part}>")
        assert count(ask, pattern) == number, part


def test_every_link_of_rome_is_there(ask: Ask, rome: Callable[[str], Rows]) -> None:
    links, moves = len(rome("coherence_item")), len(rome("rubrique_mobilite"))
    assert (links, moves) == (104219, 14912)
    card = f"?a skos:related ?b . ?b skos:inScheme <{BASE}code/rome-card>"
    assert count(ask, in_graph("rome/4.60", card)) == moves
    lists = " ".join(f"<{BASE}code/rome-{part}>" for part in LINKED)
    linked = f"VALUES ?l {{ {lists} }} ?a skos:related ?b . ?b skos:inScheme ?l"
    assert count(ask, in_graph("rome/4.60", linked)) == links


def test_onet_is_whole(ask: Ask) -> None:
    assert count(ask, f"?c skos:inScheme <{BASE}code/onet>") == 1016
    assert count(ask, f"?c skos:inScheme <{BASE}code/onet-task>") == 18796


def test_nace_says_the_same_in_every_format(read: Read, taxonomies: Path, tmp_path: Path) -> None:
    names = ("(original) nace_r2.ttl", "(original) nace_r2.rdf", "nace_rev2.csv")
    made: list[set[str]] = []
    for name in names:
        path = tmp_path / name
        path.write_bytes(tarred(taxonomies / "nace-rev2.tar.gz", name))
        lines = read("nace", [path]).lines()
        wanted = ("#notation>", "#broader>", "#prefLabel>")
        made.append({line for line in lines if line.split(" ")[1].endswith(wanted)})
        assert sum("#type>" in line and "#Concept>" in line for line in lines) == 996, name
    assert made[0] == made[1]
    notations = [{line for line in each if "#notation>" in line} for each in made]
    assert notations[0] == notations[2]
    assert len([line for line in made[2] if "#broader>" in line]) == 975


def test_m49_has_six_languages(ask: Ask, taxonomies: Path) -> None:
    rows = table(tarred(taxonomies / "country-codes-m49.tar.gz", "UNSD-en.csv"))
    countries = {row["ISO-alpha3 Code"] for row in rows}
    graph = in_graph("m49/2026-05", "?c pai:inRegion ?r")
    assert count(ask, graph) == sum(bool(row["Region Code"]) for row in rows)
    for language in ("ar", "es", "ru", "zh"):
        named = "?c pai:inRegion|<http://purl.org/dc/terms/identifier> ?x ; skos:prefLabel ?l"
        query = in_graph("m49/2026-05", f"{named} FILTER (LANG(?l) = '{language}')")
        assert len(ask(f"SELECT DISTINCT ?c {{ {query} }}")) == len(countries)
