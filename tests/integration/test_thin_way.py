"""One thin way from a CSV row to a killable query's answer over HTTP."""

import csv

from SPARQLWrapper import JSON, SPARQLWrapper

from pesai.resources import files


def test_every_row_of_organisations_is_an_organisation(service: str) -> None:
    with (files("data") / "organisations.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    client = SPARQLWrapper(f"{service}/sparql")
    client.setReturnFormat(JSON)
    client.setQuery(
        "PREFIX org: <http://www.w3.org/ns/org#>"
        "SELECT (COUNT(DISTINCT ?o) AS ?n) { ?o a org:Organization }"
    )
    answer = client.queryAndConvert()
    assert isinstance(answer, dict)
    assert int(answer["results"]["bindings"][0]["n"]["value"]) == len(rows)
