"""Update over the real service: which graphs it may change, in whatever words."""

from urllib.parse import quote, urlencode

import pytest

from tests.access.conftest import FORM, TURTLE, World
from tests.shortened import SOAK
from tests.web.conftest import graph

OWN, NOTES = graph("pes-qm.own"), graph("pes-qm.notes")


FORMS = [
    "INSERT DATA {{ GRAPH <{g}> {{ <urn:s> <urn:p> 1 }} }}",
    "DELETE DATA {{ GRAPH <{g}> {{ <urn:a> <urn:p> \"{w}\" }} }}",
    "DELETE WHERE {{ GRAPH <{g}> {{ ?s ?p ?o }} }}",
    "INSERT {{ GRAPH <{g}> {{ ?s ?p 1 }} }} WHERE {{ ?s ?p ?o }}",
    "DELETE {{ GRAPH <{g}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{g}> {{ ?s ?p ?o }} }}",
    "WITH <{g}> DELETE {{ ?s ?p ?o }} INSERT {{ ?s ?p 1 }} WHERE {{ ?s ?p ?o }}",
    "CLEAR GRAPH <{g}>",
    "CLEAR SILENT GRAPH <{g}>",
    "DROP GRAPH <{g}>",
    "DROP SILENT GRAPH <{g}>",
    "CREATE GRAPH <{g}>",
    "ADD <{own}> TO <{g}>",
    "COPY <{own}> TO <{g}>",
    "MOVE <{g}> TO <{own}>",
    "MOVE <{own}> TO <{g}>",
]  # fmt: skip


OTHERS = ["open", "shared", "pes-qn.own", "pair", "pes-qn.none", "catalogue"]
EACH = [
    (form, name)
    for number, form in enumerate(FORMS)
    for place, name in enumerate(OTHERS)
    if SOAK or number % len(OTHERS) == place
]
"""Every form and every graph; every form with every graph in the long run."""


@pytest.mark.attack("28")
@pytest.mark.parametrize(("form", "name"), EACH)
def test_each_update_of_anothers_graph_is_refused(world: World, form: str, name: str) -> None:
    """Refused alike whether the graph is there for others, or not at all."""
    before = world.checksums()
    word = {"open": "open", "shared": "shared", "pair": "of-both"}.get(name, "of-qn")
    reply = world.qm.update(form.format(g=graph(name), own=OWN, w=word))
    assert reply.status == 403, reply.text
    assert world.checksums() == before
    body = urlencode({"update": form.format(g=graph(name), own=OWN, w=word)}).encode()
    anonymous = world.client.send("POST", "/update", body, Content_Type=FORM)
    assert anonymous.status == 401
    assert anonymous.headers["www-authenticate"].startswith("Bearer")


def test_a_refusal_tells_where_in_the_update(world: World) -> None:
    reply = world.qm.update(f"CREATE GRAPH <{NOTES}> ;\nCLEAR GRAPH <{graph('open')}>")
    assert (reply.status, reply.json["line"], reply.json["column"]) == (403, 2, 13)
    default = world.qm.update(f"CLEAR GRAPH <{OWN}> ;\nINSERT DATA {{ <urn:s> <urn:p> 1 }}")
    assert (default.status, default.json["line"], default.json["column"]) == (409, 2, 15)


@pytest.mark.attack("24b", "28")
def test_hidden_and_absent_graphs_are_refused_with_the_same_words(world: World) -> None:
    told = []
    for name in ("pes-qn.own", "pes-qn.xyz"):
        put = world.qm.put(name, "").json
        update = world.qm.update(f"CLEAR GRAPH <{graph(name)}>").json
        for answer in (put, update):
            del answer["instance"]
        told.append(str((put, update)).replace(name, "NAME"))
    assert told[0] == told[1]
    assert world.qm_all.send("DELETE", "/graph/rdf/pes-qn.own").status == 404


@pytest.mark.attack("28")
@pytest.mark.parametrize(
    "text",
    [
        "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "DROP ALL", "DROP NAMED", "CLEAR ALL", "CLEAR NAMED",
        "INSERT { GRAPH ?g { ?s ?p 1 } } WHERE { GRAPH ?g { ?s ?p ?o } }",
    ],
)  # fmt: skip
def test_updates_of_all_graphs_are_refused(world: World, text: str) -> None:
    before = world.checksums()
    assert world.qm.update(text).status in (403, 409)
    assert world.checksums() == before


def test_a_variable_graph_may_be_ones_own(world: World) -> None:
    world.qm.put("pes-qm.var", "<urn:s> <urn:p> 1 .")
    text = (
        f"INSERT {{ GRAPH ?g {{ ?s ?p 2 }} }} WHERE {{ "  # noqa: S608
        f"VALUES ?g {{ <{graph('pes-qm.var')}> }} GRAPH ?g {{ ?s ?p ?o }} }}"
    )
    assert world.qm.update(text).json["changed"] == [graph("pes-qm.var")]


@pytest.mark.attack("28")
def test_a_copying_update_copies_nothing_that_one_may_not_read(world: World) -> None:
    target, hidden = graph("pes-qm.copy"), graph("pes-qn.own")
    copied = world.qm.update(
        f"INSERT {{ GRAPH <{target}> {{ ?s ?p ?o }} }} WHERE {{ GRAPH <{hidden}> {{ ?s ?p ?o }} }};"
        f"INSERT {{ GRAPH <{target}> {{ ?g ?p ?o }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }};"
        f"INSERT {{ GRAPH <{target}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }};"
        f"ADD SILENT <{hidden}> TO <{target}>"
    )
    assert copied.status == 200
    lines = "".join(world.qm.lines(target))
    assert "of-both" in lines
    assert "of-qn" not in lines
    assert "pes-qn.own" not in lines


def test_showing_more_takes_the_right_to_publish(world: World) -> None:
    world.qm.put("pes-qm.wide", "<urn:s> <urn:p> 1 .")
    path = "/graph/rdf/pes-qm.wide"
    for wider in ("public", "partners", "owners:pes-qm,pes-qn"):
        reply = world.qm.send("PUT", f"{path}?audience={wider}", b"", Content_Type=TURTLE)
        assert reply.status == 403
        assert reply.json["rule"] == "audience"
    assert world.qn.send("GET", path, Accept=TURTLE).status == 404
    wide = world.qm_publishes.send(
        "PUT", f"{path}?audience=public&why=agreed", b"<urn:s> <urn:p> 1 .", Content_Type=TURTLE
    )
    assert wide.status == 204
    assert world.client.send("GET", path, Accept=TURTLE).status == 200
    narrow = f"{path}?audience=owners:pes-qm"
    assert world.qm_publishes.send("PUT", narrow, b"", Content_Type=TURTLE).status == 403
    assert world.qm_all.send("PUT", narrow, b"", Content_Type=TURTLE).status == 204
    assert world.client.send("GET", path, Accept=TURTLE).status == 404
    older = f"/releases/{wide.headers['x-release']}"
    for who, status in ((world.client, 410), (world.partner, 410), (world.qm, 200)):
        assert who.send("GET", older).status == status
        assert who.send("GET", f"{older}/dump.nq.gz").status == status
        asked = who.send("GET", f"{older}/sparql?query=ASK%7B%7D")
        assert asked.status == status
    odd = world.qm_all.send("PUT", f"{path}?audience=everybody", b"", Content_Type=TURTLE)
    assert odd.status == 400


def test_taking_back_takes_the_right_of_admin_and_closes_older_releases(world: World) -> None:
    made = world.qm_publishes.send(
        "PUT", "/graph/rdf/pes-qm.back?audience=public", b"<urn:s> <urn:p> 1 .", Content_Type=TURTLE
    )
    number = made.headers["x-release"]
    assert world.client.send("GET", f"/releases/{number}").status == 200
    assert world.qm_publishes.send("DELETE", "/graph/rdf/pes-qm.back").status == 403
    reason = quote("asked for by its owner")
    assert world.qm_all.send("DELETE", f"/graph/rdf/pes-qm.back?why={reason}").status == 200
    gone = world.client.send("GET", f"/releases/{number}")
    assert gone.status == 410
    assert "asked for by its owner" in gone.json["detail"]
    assert world.qm_all.send("DELETE", "/graph/rdf/pes-qm.back").status == 404


@pytest.mark.attack("1", "2")
@pytest.mark.parametrize(
    "text",
    [
        "LOAD <http://127.0.0.1:9/> INTO GRAPH <{g}>",
        "LOAD SILENT <file:///etc/passwd> INTO GRAPH <{g}>",
        "INSERT {{ GRAPH <{g}> {{ ?s ?p 1 }} }} WHERE {{ SERVICE <urn:x> {{ ?s ?p ?o }} }}",
        "INSERT {{ GRAPH <{g}> {{ ?s ?p 1 }} }} WHERE {{ SERVICE SILENT <urn:x> {{ ?s ?p ?o }} }}",
    ],
)  # fmt: skip
def test_nothing_is_fetched(world: World, text: str) -> None:
    reply = world.qm.update(text.format(g=NOTES))
    assert reply.status == 403
    assert reply.json["rule"].startswith("no-")


def test_the_dataset_of_the_protocol(world: World) -> None:
    g = graph("pes-qm.using")
    text = f"INSERT {{ GRAPH <{g}> {{ ?s ?p ?o }} }} WHERE {{ ?s ?p ?o }}"
    done = world.qm.update(text, **{"using-graph-uri": OWN})
    assert done.status == 200
    assert world.qm.lines(g) == {'<urn:a> <urn:p> "of-qm" .'}
    both = world.qm.update(f"WITH <{g}> {text}", **{"using-graph-uri": OWN})
    assert both.status == 400
    hidden = world.qm.update(text, **{"using-graph-uri": graph("pes-qn.own")})
    assert hidden.json["changed"] == []
