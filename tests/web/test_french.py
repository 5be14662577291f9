"""What a French reader sees first: names, amounts and spans of time in French, English marked."""

import pytest
from flask import Flask

from pesai.web import i18n
from pesai.web.amounts import amount
from pesai.web.records import Record
from pesai.web.values import Shown
from tests.web.conftest import Client
from tests.web.test_pages import HTML

NARROW, HARD = "\u202f", "\u00a0"


def test_a_name_in_french_goes_first_and_the_english_one_stands_beside_it(sparql: Client) -> None:
    reply = sparql.send("GET", "/page/organisation/adem", Accept=HTML, Accept_Language="fr").text
    assert "<h1><bdi>Agence pour le développement de l’emploi</bdi></h1>" in reply
    assert 'lang="en">Luxembourg Employment Development Agency</bdi>' in reply
    english = sparql.send("GET", "/page/organisation/adem", Accept=HTML).text
    assert "<h1><bdi>Luxembourg Employment Development Agency</bdi></h1>" in english
    assert 'lang="fr">Agence pour le développement de l’emploi</bdi>' in english


def test_amounts_are_written_in_french_beside_the_words_of_the_source(sparql: Client) -> None:
    reply = sparql.send("GET", "/page/initiative/at-ams-amas", Accept=HTML, Accept_Language="fr")
    place = reply.text.index(f"2{NARROW}500{NARROW}000{HARD}€")
    assert 'lang="en">2.5 million EUR</bdi>' in reply.text[place : place + 150]


@pytest.mark.parametrize(
    ("tag", "unit", "values", "told"),
    [
        ("en", "eur", {"lower": "17,000,000"}, "at least €17,000,000"),
        ("en", "eur", {"upper": "5"}, "at most €5"),
        ("en", "count-per-day", {"lower": "40"}, "at least 40 a day"),
        ("fr", "eur", {"lower": f"17{NARROW}000"}, f"au moins 17{NARROW}000{HARD}€"),
        ("en", "person", {"number": "0"}, "0 people"),
        ("en", "day", {"number": "1.5"}, "1.5 days"),
        ("en", "day", {"number": "1"}, "1 day"),
        ("en", "day", {"lower": "1", "upper": "2"}, "1 to 2 days"),
        ("en", "person", {"lower": "1"}, "at least 1 person"),
        ("fr", "person", {"number": "0"}, "0 personne"),
        ("fr", "day", {"number": "1,5"}, "1,5 jour"),
        ("fr", "day", {"number": "2"}, "2 jours"),
        (
            "fr",
            "person",
            {"number": f"1{NARROW}000{NARROW}000"},
            f"1{NARROW}000{NARROW}000 personnes",
        ),
    ],
)
def test_bounds_and_plurals_are_those_of_the_language(
    tag: str, unit: str, values: dict[str, str], told: str
) -> None:
    app = Flask(__name__)
    i18n.init_app(app)
    fields = {name: (Shown(text),) for name, text in values.items()}
    fields["unit"] = (Shown(unit, iri=f"https://w3id.org/pes-ai/code/unit/{unit}"),)
    with app.test_request_context(f"/?lang={tag}"):
        assert amount(Record(Shown(""), fields)).replace(HARD, " ") == told.replace(HARD, " ")


def test_a_span_of_time_without_an_end_is_told_in_words(sparql: Client) -> None:
    text = "SELECT ?label { ?p a dcterms:PeriodOfTime ; rdfs:label ?label }"
    head = (
        "PREFIX dcterms: <http://purl.org/dc/terms/>"
        "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
    )
    labels = {row["label"]["value"] for row in sparql.get(head + text).json["results"]["bindings"]}
    assert {"depuis 2015", "since 2015"} <= labels
    assert not any(label.endswith("-") for label in labels)


def test_equal_pairs_are_told_to_be_equal(sparql: Client) -> None:
    address = "/matches?org=france-travail"
    page = sparql.send("GET", address, Accept=HTML, Accept_Language="fr").text
    assert page.count("Première à égalité avec 1 autre") == 2
    assert "Classée première" not in page
