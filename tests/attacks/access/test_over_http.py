"""A sample of the made-up queries over HTTP, each reader with a token of his own."""

import time
from pathlib import Path
from random import SystemRandom
from urllib.parse import urlencode

import pytest

from pesai.access.audiences import THE_PUBLIC, Reader
from tests.access.conftest import bearer, make_token
from tests.attacks.access.conftest import published
from tests.attacks.access.fuzzing import Ask, differences, keep
from tests.attacks.access.queries import Case
from tests.attacks.access.references import Answer, read
from tests.attacks.access.world import BASE, READERS, World
from tests.conftest import PATIENCE, Serve
from tests.web.conftest import FORM, Client, Reply

QUERIES = 300


def asking_over_http(client: Client, home: Path) -> Ask:
    """The service as programs ask it."""
    tokens = {one: bearer(make_token(home, str(one))) for one in READERS if one != THE_PUBLIC}

    def ask(reader: Reader, case: Case) -> Answer:
        kind = {"ASK": "boolean", "SELECT": "solutions"}.get(case.head.split()[0], "graph")
        given = [("query", case.text), ("format", "nt" if kind == "graph" else "tsv")]
        if not case.clauses:
            given += [("default-graph-uri", iri) for iri in case.default]
            given += [("named-graph-uri", iri) for iri in case.named]
        body = urlencode(given).encode()
        token, deadline = tokens.get(reader), time.monotonic() + PATIENCE

        def send() -> Reply:
            return client.send("POST", "/sparql", body, Content_Type=FORM, Authorization=token)

        reply = send()
        while reply.status == 503 and time.monotonic() < deadline:  # so many readers are many
            reply = send()
        assert reply.status == 200, (case.text, reply.text)
        return read(reply.body, kind)

    return ask


@pytest.mark.attack("24", "30")
def test_over_http_nobody_is_told_what_is_for_others(tmp_path: Path, serve: Serve) -> None:
    world = World.of(SystemRandom().randrange(1 << 31))
    home = published(world, tmp_path)
    with serve(home, PESAI_BASE_IRI=BASE.iri, PESAI_QUERY_SECONDS="30") as address:
        ask = asking_over_http(Client(address), home)
        found = list(differences(world, ask, range(QUERIES)))
        keep(found)
        assert found == [], "\n".join(map(str, found[:5]))
        # The same questions again, from the cache of answers, by every reader in another order.
        again = differences(world, ask, range(0, QUERIES, 3), READERS[::-1])
        assert list(again) == []
