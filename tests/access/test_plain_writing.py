"""Writing to a plain node, whose default graph is one of its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from pesai.namespaces import Base
from pesai.releases.layout import Home
from pesai.releases.verify import verify
from tests.access.conftest import bearer, make_token
from tests.releases.test_plain import put
from tests.web.conftest import Client

Serve = Callable[..., AbstractContextManager[str]]
PLAIN = Base("https://w3id.org/pes-ai/", plain=True)
DIRECT = "application/sparql-update"


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[tuple[Home, Client]]:
    home = tmp_path_factory.mktemp("plain") / "var"
    put(Home(home), PLAIN, g=["<urn:s> <urn:p> <urn:o> ."])
    with serve(home, PESAI_DATASET="plain") as address:
        yield Home(home), Client(address)


def test_the_default_graph_is_written_emptied_and_written_again(
    plain: tuple[Home, Client],
) -> None:
    home, client = plain
    token = bearer(make_token(home.path, "public", "load,publish,admin"))

    def update(text: str) -> None:
        reply = client.send(
            "POST", "/update", text.encode(), Content_Type=DIRECT, Authorization=token
        )
        assert reply.status == 200, reply.text

    def held() -> list[str]:
        rows = client.get("SELECT ?o { ?s ?p ?o } ORDER BY ?o").json["results"]["bindings"]
        return [row["o"]["value"] for row in rows]

    update("INSERT DATA { <urn:s> <urn:p> 1 }")
    assert held() == ["1"]
    update("CLEAR DEFAULT")
    assert held() == []
    update("DROP ALL ; INSERT DATA { <urn:s> <urn:p> 2 . GRAPH <urn:g> { [] <urn:p> 3 } }")
    assert held() == ["2"]
    assert verify(home.release()) == []
    reply = client.send("GET", "/graphs?default", Accept="application/n-triples")
    assert reply.text.startswith("<urn:s> <urn:p> ")
    inside = client.get("ASK { GRAPH <urn:g> { ?s <urn:p> 3 FILTER(isBlank(?s)) } }")
    assert inside.json["boolean"] is True
