"""What is told of a writer that ended without a word, and what it leaves; who bears an update."""

import sys
import tempfile
from pathlib import Path

import pytest

from pesai.web import submitting
from tests.access.conftest import FORM, bearer, make_token
from tests.attacks.here import service_here
from tests.conftest import Serve
from tests.web.conftest import Client, Reply, graph, put

BROKEN = "import os; from pesai.cli.writer import main; main(); os._exit(9)"
"""A writer that does its work and cannot say so."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    put(tmp_path / "var", "pes-qm.own", ['<urn:a> <urn:p> "1" .'], audience="owners:pes-qm")
    return tmp_path / "var"


def update(client: Client, token: str, number: int) -> Reply:
    text = f"INSERT DATA {{ GRAPH <{graph('pes-qm.own')}> {{ <urn:a> <urn:p> {number} }} }}"
    body = f"update={text}".encode()
    return client.send("POST", "/update", body, Content_Type=FORM, Authorization=bearer(token))


def test_what_is_told_is_true_and_nothing_stays(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, folder = make_token(home, "owner:pes-qm", "load"), tmp_path / "tmp"
    folder.mkdir()
    with service_here(home) as client:
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        monkeypatch.setenv("TMPDIR", str(folder))
        monkeypatch.setattr(submitting, "SECONDS", 0.05)
        stopped = update(client, token, 2)
        assert stopped.status == 504
        assert "Nothing has changed." in stopped.json["detail"]
        monkeypatch.setattr(submitting, "SECONDS", 140)
        monkeypatch.setattr(submitting, "WRITER", (sys.executable, "-P", "-c", BROKEN))
        broken = update(client, token, 3)
        assert broken.status == 500
        assert "release 000002 came to be served" in broken.json["detail"]
        assert list(folder.glob("pesai-write-*")) == []


@pytest.mark.attack("29")
def test_an_update_is_on_the_account_of_its_writer(home: Path, serve: Serve) -> None:
    """Beside his queries; others still write."""
    token, other = (make_token(home, "owner:pes-qm", "load") for _ in range(2))
    with serve(home, PESAI_CLIENT_SECONDS="1") as address:
        client = Client(address)
        first = update(client, token, 1)
        assert first.status == 200
        assert first.headers["ratelimit"].startswith('"evaluation";r=0;t=')
        for turn in range(40):  # the account fills up meanwhile, and may have let one through
            queries = (f"ASK {{ ?s ?p {turn}.{number} }}" for number in range(12))
            if 429 not in {client.get(q, Authorization=bearer(token)).status for q in queries}:
                continue
            over = update(client, token, 2)
            if over.status == 429:
                break
        assert (over.status, int(over.headers["retry-after"]) > 0) == (429, True)
        assert update(client, other, 3).status == 200
