"""What a French reader sees first: names, amounts and spans of time in French, English marked."""

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
