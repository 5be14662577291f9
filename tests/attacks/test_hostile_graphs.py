"""Graphs that are made to keep pages at work for ever (row 33)."""

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pesai.web.tree import Opened
from tests.attacks.here import service_here
from tests.conftest import Serve
from tests.web.conftest import Client, put

SKOS = "http://www.w3.org/2004/02/skos/core#"
A = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
KNOT = [f"http://example.org/knot/{n}" for n in range(12)]
"""Twelve concepts, each below all others: half a thousand million ways lead through them."""


@pytest.fixture(scope="module")
def knotted(tmp_path_factory: pytest.TempPathFactory, serve: Serve) -> Iterator[Client]:
    home: Path = tmp_path_factory.mktemp("knot") / "var"
    lines = [f"<{one}> {A} <{SKOS}Concept> ." for one in KNOT]
    lines += [f"<{one}> <{SKOS}broader> <{other}> ." for one in KNOT for other in KNOT
              if one != other]  # fmt: skip
    lines += [f"<{KNOT[0]}> <{SKOS}inScheme> <http://example.org/knot> ."]
    put(home, "knot", lines)
    with serve(home) as address:
        yield Client(address)


@pytest.mark.attack("33")
@pytest.mark.parametrize("path", ["/concept", "/scheme"])
def test_a_knot_of_concepts_is_opened_once(knotted: Client, path: str) -> None:
    iri = KNOT[0] if path == "/concept" else "http://example.org/knot"
    query = urlencode([("iri", iri), *(("open", one) for one in KNOT)])
    started = time.monotonic()
    reply = knotted.send("GET", f"{path}?{query}", Accept="text/html")
    assert reply.status == 200
    assert time.monotonic() - started < 60
    assert len(reply.body) < 400_000


class Forgetful(set[str]):
    """Holds nothing that is put in."""

    def __contains__(self, _one: object) -> bool:
        return False


@pytest.mark.undefended("33")
def test_without_it_each_further_concept_multiplies_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four of them, so that the page ends: it is many times what it should be."""
    few = KNOT[:4]
    lines = [f"<{one}> {A} <{SKOS}Concept> ." for one in few]
    lines += [f"<{a}> <{SKOS}broader> <{b}> ." for a in few for b in few if a != b]
    put(tmp_path / "var", "knot", lines)
    path = f"/concept?{urlencode([('iri', few[0]), *(('open', one) for one in few)])}"
    with service_here(tmp_path / "var") as client:
        once = client.send("GET", path, Accept="text/html").text.count("#c-")
        made = Opened.of_request
        monkeypatch.setattr(Opened, "of_request", lambda: replace(made(), shown=Forgetful()))
        every = client.send("GET", path, Accept="text/html").text.count("#c-")
    assert every > 2 * once
