"""``/reconcile`` over the real service: every kind of answer, and every kind of bad question."""

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from tests.web.conftest import FORM, Client
from tests.web.reconciliation import check

FRANCE_TRAVAIL = "https://w3id.org/pes-ai/id/organisation/france-travail"
ORGANISATION = "http://www.w3.org/ns/org#Organization"
THEME = "https://w3id.org/pes-ai/code/theme"


def reconcile(client: Client, queries: object, post: bool = True, **given: str) -> Any:  # noqa: ANN401
    body = urlencode({"queries": json.dumps(queries)})
    extra = urlencode(given)
    if post:
        reply = client.send("POST", f"/reconcile?{extra}", body.encode(), Content_Type=FORM)
    else:
        reply = client.send("GET", f"/reconcile?{body}&{extra}")
    assert reply.status == 200, reply.text
    assert reply.headers["access-control-allow-origin"] == "*"
    check("reconciliation-query-batch", queries)
    check("reconciliation-result-batch", reply.json)
    return reply.json


def extend(client: Client, ids: list[str], *properties: dict[str, object]) -> Any:  # noqa: ANN401
    query = {"ids": ids, "properties": list(properties)}
    check("data-extension-query", query)
    body = urlencode({"extend": json.dumps(query)}).encode()
    reply = client.send("POST", "/reconcile", body, Content_Type=FORM)
    assert reply.status == 200, reply.text
    check("data-extension-response", reply.json)
    return reply.json


def test_manifest(sparql: Client) -> None:
    reply = sparql.send("GET", "/reconcile", Origin="https://openrefine.example")
    manifest = reply.json
    check("manifest", manifest)
    assert manifest["versions"] == ["0.2"]
    assert reply.headers["access-control-allow-origin"] == "*"
    assert reply.headers["x-release"] == "000001"
    for service in manifest["suggest"].values():
        assert service["service_url"] + service["service_path"].partition("/recon")[0]
        path = service["service_path"]
        assert sparql.send("GET", f"{path}?prefix=a").status == 200
    for address in (manifest["view"]["url"], manifest["preview"]["url"]):
        path = address.removeprefix(sparql.address).replace(
            "{{id}}", quote(FRANCE_TRAVAIL, safe="")
        )
        assert sparql.send("GET", path).status in {200, 303}


def test_a_batch_by_get_and_by_post_is_the_same(sparql: Client) -> None:
    queries = {"q0": {"query": "France Travail"}, "q1": {"query": "gouvernance", "type": THEME}}
    assert reconcile(sparql, queries) == reconcile(sparql, queries, post=False)


def test_an_exact_name_alone_is_a_match(sparql: Client) -> None:
    found = reconcile(sparql, {"a": {"query": "VDAB", "type": ORGANISATION}})["a"]["result"]
    assert found[0]["id"].endswith("/organisation/vdab")
    assert found[0]["match"] is True
    assert 95 <= found[0]["score"] <= 100
    assert ORGANISATION in {each["id"] for each in found[0]["type"]}
    assert not any(one["match"] for one in found[1:])
    assert [one["score"] for one in found] == sorted((o["score"] for o in found), reverse=True)


def test_two_exact_names_are_no_match(sparql: Client) -> None:
    # An initiative and its solution have one name.
    found = reconcile(sparql, {"a": {"query": "Frida chatbot"}})["a"]["result"]
    assert [one["score"] for one in found[:2]] == [100, 100]
    assert not any(one["match"] for one in found)


def test_an_inexact_name_is_no_match(sparql: Client) -> None:
    found = reconcile(sparql, {"a": {"query": "France Travial", "type": ORGANISATION}})["a"][
        "result"
    ]
    assert found[0]["id"] == FRANCE_TRAVAIL
    assert found[0]["match"] is False
    assert 50 < found[0]["score"] < 95


def test_types_by_iri_short_form_and_last_part(sparql: Client) -> None:
    for name in (THEME, "code:theme", "theme"):
        found = reconcile(sparql, {"a": {"query": "data", "type": name}})["a"]["result"]
        assert found
        assert all(THEME in {each["id"] for each in one["type"]} for one in found)
    assert reconcile(sparql, {"a": {"query": "data", "type": "https://nowhere.example/"}})["a"] == {
        "result": []
    }
    any_of = {"query": "data", "type": [THEME, ORGANISATION]}
    assert reconcile(sparql, {"a": any_of})["a"]["result"]
    assert not reconcile(sparql, {"a": any_of | {"type_strict": "all"}})["a"]["result"]
    should = reconcile(sparql, {"a": {"query": "VDAB", "type": "theme", "type_strict": "should"}})
    assert should["a"]["result"][0]["match"] is False, "an organisation is no theme"


@pytest.mark.parametrize("value", ["Belgium", "Belgique", "BE", "BEL", {"id": None}, ["FR", "BE"]])
def test_a_country_that_agrees(sparql: Client, value: object) -> None:
    if value == {"id": None}:
        value = {"id": "http://publications.europa.eu/resource/authority/country/BEL"}
    query = {"query": "VDAB", "type": ORGANISATION, "properties": [{"pid": "country", "v": value}]}
    first = reconcile(sparql, {"a": query})["a"]["result"][0]
    assert first["match"] is True
    assert {"id": "properties", "value": 1} in first["features"]


def test_a_country_that_contradicts(sparql: Client) -> None:
    query = {"query": "VDAB", "type": ORGANISATION, "properties": [{"pid": "country", "v": "FR"}]}
    first = reconcile(sparql, {"a": query})["a"]["result"][0]
    assert first["match"] is False
    assert first["score"] < 80


def test_by_code_alone(sparql: Client) -> None:
    query = {"properties": [{"pid": "notation", "v": "matching"}], "type": "task-type"}
    found = reconcile(sparql, {"a": query})["a"]["result"]
    assert found[0]["id"].endswith("/code/task-type/matching")


def test_limits(sparql: Client) -> None:
    found = reconcile(
        sparql, {"a": {"query": "data", "limit": 3}, "b": {"query": "data", "limit": 1000}}
    )
    assert len(found["a"]["result"]) == 3
    assert 3 < len(found["b"]["result"]) <= 50


def test_names_in_the_language_of_the_service_s_address(sparql: Client) -> None:
    query = {"a": {"query": "Belgium", "type": "authority/country"}}
    names = {
        lang: reconcile(sparql, query, lang=lang)["a"]["result"][0]["name"] for lang in ("fr", "en")
    }
    assert names == {"fr": "Belgique", "en": "Belgium"}


def test_suggestions(sparql: Client) -> None:
    found = sparql.send("GET", "/reconcile/suggest/entity?prefix=france%20tra").json
    check("suggest-entities-response", found)
    assert FRANCE_TRAVAIL in {one["id"] for one in found["result"]}
    narrowed = sparql.send("GET", f"/reconcile/suggest/entity?prefix=dat&type={THEME}").json
    assert narrowed["result"]
    assert all("/code/theme/" in one["id"] for one in narrowed["result"])
    types = sparql.send("GET", "/reconcile/suggest/type?prefix=theme").json
    check("suggest-types-response", types)
    assert THEME in {one["id"] for one in types["result"]}
    properties = sparql.send("GET", "/reconcile/suggest/property?prefix=match").json
    check("suggest-properties-response", properties)
    assert {one["id"] for one in properties["result"]} >= {"exactMatch", "broadMatch"}
    second = sparql.send("GET", "/reconcile/suggest/entity?prefix=a&cursor=10").json["result"]
    first = sparql.send("GET", "/reconcile/suggest/entity?prefix=a").json["result"]
    assert len(first) == len(second) == 10
    assert not {one["id"] for one in first} & {one["id"] for one in second}


def test_columns(sparql: Client) -> None:
    proposed = sparql.send("GET", f"/reconcile/properties?type={quote(ORGANISATION)}&limit=3").json
    check("data-extension-property-proposal", proposed)
    assert len(proposed["properties"]) == 3
    theme = f"{THEME}/governance-partnerships"
    answer = extend(
        sparql,
        [FRANCE_TRAVAIL, theme, "urn:nothing", "no iri <>"],
        {"id": "label.fr"}, {"id": "country"}, {"id": "altLabel.en", "settings": {"limit": 1}},
        {"id": "kind"},
    )  # fmt: skip
    rows = answer["rows"]
    assert list(rows) == [FRANCE_TRAVAIL, theme, "urn:nothing", "no iri <>"]
    country = "http://publications.europa.eu/resource/authority/country/FRA"
    assert rows[FRANCE_TRAVAIL]["country"] == [{"id": country, "name": "France"}]
    assert ORGANISATION in {each["id"] for each in rows[FRANCE_TRAVAIL]["kind"]}
    assert [list(each) for each in rows[theme]["label.fr"]] == [["str"]]
    assert set(map(str, rows["urn:nothing"].values())) == {"[]"}
    assert set(map(str, rows["no iri <>"].values())) == {"[]"}
    assert [each["id"] for each in answer["meta"]] == ["label.fr", "country", "altLabel.en", "kind"]
    assert "service" not in answer["meta"][0]
    assert answer["meta"][1]["service"] == f"{sparql.address}/reconcile"


def test_mappings_as_columns(sparql: Client) -> None:
    role = "https://w3id.org/pes-ai/code/role/data-scientist"
    row = extend(sparql, [role], {"id": "exactMatch"}, {"id": "closeMatch"})["rows"][role]
    assert any("data.europa.eu/esco/" in each["id"] for cell in row.values() for each in cell)


def test_preview_may_be_framed_and_nothing_else_may(sparql: Client) -> None:
    reply = sparql.send("GET", f"/reconcile/preview?id={quote(FRANCE_TRAVAIL)}&lang=fr")
    policy = reply.headers["content-security-policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "France Travail" in reply.text
    assert "<script" not in reply.text
    view = sparql.send("GET", f"/reconcile/view?id={quote(FRANCE_TRAVAIL)}")
    assert (view.status, view.headers["location"]) == (303, "/page/organisation/france-travail")
    for other in (
        view,
        sparql.send("GET", "/reconcile?format=html"),
        sparql.send("GET", "/search"),
    ):
        assert "frame-ancestors 'none'" in other.headers["content-security-policy"]


@pytest.mark.parametrize("id_", ["https://evil.example/", "javascript:alert(1)", "", "%ff", "%00"])
@pytest.mark.parametrize("page", ["view", "preview"])
def test_only_things_of_the_graph_are_looked_up(sparql: Client, page: str, id_: str) -> None:
    reply = sparql.send("GET", f"/reconcile/{page}?id={id_}")
    assert reply.status == 404
    assert "location" not in reply.headers


def test_scripts_of_other_sites_may_ask(sparql: Client) -> None:
    reply = sparql.send("OPTIONS", "/reconcile", Origin="https://x.example",
                        Access_Control_Request_Method="POST")  # fmt: skip
    assert reply.status == 204
    assert "POST" in reply.headers["access-control-allow-methods"]


def test_jsonp_is_refused_with_the_reason(sparql: Client) -> None:
    reply = sparql.send("GET", "/reconcile?callback=f")
    assert reply.status == 400
    assert "CORS" in reply.text


BAD = {
    "queries={": "'queries' should be",
    "queries=[]": "'queries' should be",
    'queries={"a":1}': "queries.a",
    'queries={"a":{}}': "queries.a",
    'queries={"a":{"query":1}}': "queries.a.query",
    'queries={"a":{"query":"x","type":1}}': "queries.a.type",
    'queries={"a":{"query":"x","type_strict":"no"}}': "queries.a.type_strict",
    'queries={"a":{"query":"x","limit":"3"}}': "queries.a.limit",
    'queries={"a":{"query":"x","limit":-3}}': "queries.a.limit",
    'queries={"a":{"query":"x","properties":{}}}': "queries.a.properties",
    'queries={"a":{"query":"x","properties":[{"pid":"p"}]}}': "queries.a.properties",
    "extend={}": "extend.ids",
    'extend={"ids":[1],"properties":[]}': "extend.ids",
    'extend={"ids":["a"],"properties":[{"id":"nonsense"}]}': "label.fr",
    'extend={"ids":["a"],"properties":[{"id":"kind","settings":{"limit":"x"}}]}': "limit",
    "queries=" + "[" * 50_000: "'queries' should be",
    "nothing=1": "queries",
}


@pytest.mark.parametrize("body", BAD)
def test_bad_questions_are_told_where(sparql: Client, body: str) -> None:
    name, _equals, value = body.partition("=")
    sent = urlencode({name: value}).encode()
    reply = sparql.send("POST", "/reconcile", sent, Content_Type=FORM)
    assert reply.status == 400, reply.text
    assert reply.type == "application/problem+json"
    assert BAD[body] in reply.json["detail"]


def test_too_much_at_once(sparql: Client) -> None:
    many = json.dumps({str(i): {"query": "x"} for i in range(251)})
    reply = sparql.send(
        "POST", "/reconcile", urlencode({"queries": many}).encode(), Content_Type=FORM
    )
    assert (reply.status, "250" in reply.text) == (400, True)
    large = b"queries=" + b"x" * (1 << 21)
    assert sparql.send("POST", "/reconcile", large, Content_Type=FORM).status == 413


@pytest.mark.parametrize(
    "text",
    ["\ud800", "\x00", '"', "NEAR(a b)", "x " * 50_000, "=cmd|' /C calc'!A0", "\u202eabc", "'"],
)
def test_hostile_names(sparql: Client, text: str) -> None:
    body = urlencode(
        {"queries": json.dumps({"a": {"query": text}, "b": {"query": "VDAB"}})}
    ).encode()
    reply = sparql.send("POST", "/reconcile", body, Content_Type=FORM)
    if text.strip():
        assert reply.status == 200, reply.text
        assert reply.json["b"]["result"]
    else:
        assert reply.status == 400


def test_the_page_for_people(sparql: Client) -> None:
    page = sparql.send("GET", "/reconcile", Accept="text/html").text
    assert f"{sparql.address}/reconcile</code>" in page
    assert "OpenRefine" in page
