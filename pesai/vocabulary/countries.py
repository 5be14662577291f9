"""The country extract: codes of the EU table, French names and regions of the UN list."""

import re
from pathlib import Path

from rdflib import RDF, SKOS, Graph, Literal, URIRef

from pesai.vocabulary.archives import Rows, table, text

__all__ = ["countries"]

_TABLE = "http://publications.europa.eu/resource/authority/country"
_REGION = "https://w3id.org/pes-ai/code/region/m49-"
_IN_REGION = URIRef("https://w3id.org/pes-ai/def#inRegion")
_ENTRY = re.compile(
    rf'{re.escape(_TABLE)}/(?P<code>[A-Z0-9_]+)">\s*<xs:annotation>\s*'
    r"<xs:documentation>(?P<name>[^<]+)"
)

# The EU table departs from ISO alpha-3 for these; Kosovo is in neither ISO 3166 nor M49.
_ISO3 = {"FQ0": "ATF"}
_KOSOVO = "1A0"

# Everyday names where the list of the United Nations has a long official form.
_SHORT_FR = {
    "GBR": "Royaume-Uni",
    "HKG": "Hong Kong",
    "KOR": "Corée du Sud",
    "LAO": "Laos",
    "MAC": "Macao",
    "MDA": "Moldavie",
    "PRK": "Corée du Nord",
    "PSE": "Palestine",
    "SYR": "Syrie",
    "TZA": "Tanzanie",
    "USA": "États-Unis",
}


def countries(taxonomies: Path) -> Graph:
    """One concept a country: labels, ISO alpha-2 code, most specific M49 region."""
    english = dict(_ENTRY.findall(text(taxonomies, "country.xsd")))
    french = _by_iso3(table(taxonomies, "UNSD-fr.csv"))
    officials = [row["Country or Area"] for row in french.values()]
    graph = Graph()
    for code, name in english.items():
        row = french.get(_ISO3.get(code) or code)
        if row is not None:
            french_name = _french(code, row["Country or Area"], officials)
            _country(graph, code, name, french_name, row["ISO-alpha2 Code"])
            if region := _region(row):
                graph.add((URIRef(f"{_TABLE}/{code}"), _IN_REGION, URIRef(_REGION + region)))
    _country(graph, _KOSOVO, english[_KOSOVO], "Kosovo", "XK")
    return graph


def _by_iso3(rows: Rows) -> dict[str, dict[str, str]]:
    return {row["ISO-alpha3 Code"]: row for row in rows}


def _region(row: dict[str, str]) -> str:
    return row["Intermediate Region Code"] or row["Sub-region Code"] or row["Region Code"]


def _french(code: str, official: str, officials: list[str]) -> str:
    """The name without the official form in brackets: ``Iran (République islamique d’)``.

    Brackets stay where two names would be the same without them (``Saint-Martin``).
    """
    plain = official.split(" (", 1)[0]
    shared = sum(other.split(" (", 1)[0] == plain for other in officials) > 1
    return _SHORT_FR.get(code, official if shared else plain).replace("'", "’")


def _country(graph: Graph, code: str, english: str, french: str, iso2: str) -> None:
    concept = URIRef(f"{_TABLE}/{code}")
    graph.add((concept, RDF.type, SKOS.Concept))
    graph.add((concept, SKOS.inScheme, URIRef(_TABLE)))
    graph.add((concept, SKOS.prefLabel, Literal(english.strip(), "en")))
    graph.add((concept, SKOS.prefLabel, Literal(french, "fr")))
    graph.add((concept, SKOS.notation, Literal(iso2)))
