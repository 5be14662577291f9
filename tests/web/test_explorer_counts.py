"""Themes, findings, surveys, results, organisations: each number is the tables' own."""

import csv
import io
import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.web.conftest import Client
from tests.web.observatory import (
    EVALUATED,
    chosen,
    is_ai_tool,
    numbers,
    outcomes,
    several,
    table,
)
from tests.web.test_pages import HTML

THEMES = {theme for row in table("initiatives") for theme in several(row["themes"])}


def page(sparql: Client, path: str) -> str:
    reply = sparql.send("GET", path, Accept=HTML)
    if reply.status == 302:
        reply = sparql.send("GET", reply.headers["location"], Accept=HTML)
    assert reply.status == 200, path
    return reply.text


def slug(code: str) -> str:
    """A code as it stands in addresses."""
    return code.replace("_", "-").lower()


def findings(facet: str, value: str) -> int:
    """How many findings of both tables have a value."""
    column = {"theme": "theme", "kind": "kind"}[facet]
    rows = [*table("findings"), *table("consultation_findings")]
    return sum(value in several(row[column]) for row in rows)


def positions(theme: str, *kinds: str) -> int:
    stated = [(row["position"], row["theme"]) for row in table("positions")]
    stated += [(row["role"], row["theme"]) for row in table("consultation_interests")]
    return sum(kind in kinds and of == theme for kind, of in stated)


def test_every_number_of_the_themes(sparql: Client) -> None:
    rows = sparql.send("GET", "/themes?format=csv").text
    for row in csv.DictReader(io.StringIO(rows)):
        theme = row["theme"].rpartition("/")[2]
        initiatives = chosen([("theme", theme)])
        assert int(row["initiatives"]) == len(initiatives)
        assert int(row["tools"]) == sum(map(is_ai_tool, initiatives))
        assert int(row["findings"]) == findings("theme", theme)
        for name in ("interest", "need", "offer"):
            assert int(row[f"{name}s"] or 0) == positions(theme, name), (theme, name)
    text = page(sparql, "/themes")
    counted = numbers(text, "/initiatives/count")
    assert len(counted) == 2 * len(THEMES)
    for href, count in counted:
        asked = parse_qsl(urlsplit(href).query)
        assert count == len(chosen(asked)), asked
    for href, count in numbers(text, "/findings/count"):
        assert count == findings("theme", dict(parse_qsl(urlsplit(href).query))["theme"])
    others = [count for _href, count in numbers(text, "/sparql")]
    assert sorted(others) == sorted(positions(t, "interest", "need", "offer") for t in THEMES)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_every_number_of_a_theme(sparql: Client, theme: str) -> None:
    text = page(sparql, f"/code/theme/{theme}")
    counted = numbers(text, "/initiatives/count")
    assert counted
    for href, count in counted:
        assert count == len(chosen(parse_qsl(urlsplit(href).query)))
    part = text.partition('id="positions"')[2].partition("</section>")[0]
    shown = sum(map(int, re.findall(r'<h3>[^<]+<span class="quiet">\((\d+)\)', part)))
    kinds = ("interest", "need", "offer", "agreement", "exchange-held")
    assert shown == positions(theme, *kinds)
    part = text.partition('id="findings"')[2].partition("</section>")[0]
    assert sum(map(int, re.findall(r"\((\d+)\)</summary>", part))) == findings("theme", theme)
    part = text.partition('id="results"')[2].partition("</section>")[0]
    evaluations = [
        one
        for row in chosen([("theme", theme)])
        for one in outcomes().get(row["id"], ())
        if one["design"] in EVALUATED
    ]
    assert part.count('<th scope="row">') == len(evaluations)


def test_every_number_of_the_results(sparql: Client) -> None:
    rows, text = table("outcomes"), page(sparql, "/results")
    effects = [row for row in rows if row["is_effect"] == "true"]
    assert len(effects) == 7
    assert "7 measured effects" in text
    part = text.partition('id="effects"')[2].partition("</section>")[0]
    assert set(re.findall(r"/page/measurement/([^\"]+)", part)) == {row["id"] for row in effects}
    column = {
        "effect": "is_effect", "role": "value_role", "design": "design",
        "indicator": "metric_code", "unit": "unit_code", "verdict": "verdict",
    }  # fmt: skip
    themes = {row["id"]: several(row["themes"]) for row in table("initiatives")}
    words = {"yes": "true", "no": "false", "none": ""}
    checked = 0
    for href, count in numbers(text, "/results/count"):
        for facet, value in parse_qsl(urlsplit(href).query):
            if facet == "theme":
                expected = sum(value in themes[row["initiative_id"]] for row in rows)
            else:
                whole = value.startswith("http")  # the code 'none' is not 'not documented'
                wanted = value.rpartition("/")[2] if whole else words.get(value, value)
                expected = sum(slug(row[column[facet]]) == wanted for row in rows)
            assert count == expected, (facet, value)
            checked += 1
    assert checked > 40
    silent = [row for row in table("initiatives") if row["id"] not in outcomes()]
    missing = dict(numbers(text, "/initiatives/count"))
    assert missing == {
        "/initiatives/count?results=none": len(silent),
        "/initiatives/count?results=none&stage=production": sum(
            row["status"] == "production" for row in silent
        ),
    }


def test_what_could_be_compared(sparql: Client) -> None:
    groups: dict[tuple[str, str], set[str]] = {}
    figures: Counter[tuple[str, str]] = Counter()
    for row in table("outcomes"):
        if row["value_role"] == "observed" and row["value_num"]:
            key = (slug(row["metric_code"]), slug(row["unit_code"]))
            groups.setdefault(key, set()).add(row["initiative_id"])
            figures[key] += 1
    text = page(sparql, "/results")
    part = text.partition('id="comparable"')[2].partition("</section>")[0]
    shown = {}
    for href, rest in re.findall(r'<th scope="row"><a href="([^"]+)">(.*?)</tr>', part, re.DOTALL):
        asked = dict(parse_qsl(urlsplit(unescape(href)).query))
        few, many = re.findall(r'<td class="number">(\d+)</td>', rest)
        shown[asked["indicator"], asked["unit"]] = (int(few), int(many))
    assert shown == {
        key: (len(found), figures[key]) for key, found in groups.items() if len(found) > 1
    }


def test_every_number_of_the_findings(sparql: Client) -> None:
    text = page(sparql, "/findings")
    rows = [*table("findings"), *table("consultation_findings")]
    assert f"{len(rows)} findings" in text
    checked = 0
    for href, count in numbers(text, "/findings/count"):
        for facet, value in parse_qsl(urlsplit(href).query):
            if facet in {"theme", "kind"} and value != "none":
                assert count == findings(facet, value), (facet, value)
                checked += 1
    assert checked > 8


def test_a_finding_is_shown_with_its_words_and_its_passage(sparql: Client) -> None:
    text = unescape(page(sparql, "/findings?kind=recommendation"))
    recommended = [row for row in table("findings") if row["kind"] == "recommendation"]
    for row in recommended[:20]:
        assert row["statement_en"] in text
        assert row["source_url"] in text
    assert text.count("place in it not documented") >= len(recommended)


def test_surveys_and_their_findings(sparql: Client) -> None:
    text = page(sparql, "/surveys")
    found = sorted(count for _href, count in numbers(text, "/findings/count"))
    wanted = Counter((row["survey"], row["survey_year"]) for row in table("findings"))
    wanted["consultation", "2020"] = len(table("consultation_findings"))
    assert found == sorted(wanted.values())


def test_every_number_of_the_organisations(sparql: Client) -> None:
    text = page(sparql, "/organisations")
    rows = table("organisations")
    assert f"{len(rows)} organisations" in text
    carriers = {row["pes_id"] for row in table("initiatives")}
    partners = {one for row in table("initiatives") for one in several(row["partner_ids"])}
    stated = {
        kind: {row["organisation_id"] for row in table("positions") if row["position"] == kind}
        | {r["organisation_id"] for r in table("consultation_interests") if r["role"] == kind}
        for kind in ("interest", "need", "offer", "agreement", "exchange-held")
    }
    anywhere = set().union(*stated.values())
    expected = {
        "part": {"carrier": len(carriers), "partner": len(partners),
                 "none": len(rows) - len(carriers | partners)},
        "position": {**{kind: len(found) for kind, found in stated.items()},
                     "none": len(rows) - len(anywhere)},
    }  # fmt: skip
    shown: dict[str, dict[str, int]] = {"part": {}, "position": {}}
    for href, count in numbers(text, "/organisations/count"):
        for facet, value in parse_qsl(urlsplit(href).query):
            shown.setdefault(facet, {})[value] = count
    assert {name: shown[name] for name in expected} == expected


def test_an_organisation_with_all_that_is_known(sparql: Client) -> None:
    text = page(sparql, "/page/organisation/france-travail")
    carried = [row for row in table("initiatives") if row["pes_id"] == "france-travail"]
    assert f"{len(carried)} initiatives." in text
    part = text.partition('id="initiatives"')[2].partition("</section>")[0]
    for row in carried:
        assert part.count(f'/page/initiative/{row["id"]}"') == len(several(row["themes"]))
    part = text.partition('id="positions"')[2].partition("</section>")[0]
    stated = [r for r in table("positions") if r["organisation_id"] == "france-travail"]
    for row in stated:
        assert row["statement_en"] in unescape(part)
    assert "which role to contact" in text.partition('id="missing"')[2]


def test_a_sheet_tells_effects_from_other_figures(sparql: Client) -> None:
    text = page(sparql, "/page/initiative/fr-la-bonne-boite")
    part = text.partition('id="results"')[2].partition("</section>")[0]
    rows = outcomes()["fr-la-bonne-boite"]
    assert part.count('<th scope="row">') == len(rows)
    effects = sum(row["is_effect"] == "true" for row in rows)
    assert part.count("measured effect</span>") == effects
    partners = text.partition('id="partners"')[2].partition("</section>")[0]
    assert "data provider" in partners
    related = text.partition('id="related"')[2].partition("</section>")[0]
    assert "same theme and task:" in related
    bare = page(sparql, "/page/initiative/wapes-congress-abidjan-2025")
    part = bare.partition('id="results"')[2].partition("</section>")[0]
    assert "not documented" in part


@pytest.mark.parametrize(
    "path", ["/organisations", "/themes", "/findings", "/surveys", "/results", "/initiatives"]
)
@pytest.mark.parametrize("ending", ["csv", "xlsx", "json", "ttl", "jsonld", "nt", "rdf"])
def test_every_page_is_taken_along(sparql: Client, path: str, ending: str) -> None:
    reply = sparql.send("GET", f"{path}?format={ending}")
    assert reply.status == 200
    assert len(reply.body) > 400


@pytest.mark.parametrize("thing", ["/data/initiative/at-ams-amas.{}", "/code/theme/ethics.{}"])
@pytest.mark.parametrize("ending", ["csv", "xlsx", "ttl", "jsonld", "nt", "rdf"])
def test_every_thing_is_taken_along(sparql: Client, thing: str, ending: str) -> None:
    path = thing.format(ending)
    reply = sparql.send("GET", path)
    assert reply.status == 200
    assert len(reply.body) > 200
