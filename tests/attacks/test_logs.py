"""What was asked and answered is not in the log (row 31)."""

import json
import logging
import signal
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.attacks.here import service_here
from tests.attacks.hostile import CANARY
from tests.engine.test_serve import address_of, first_line, service
from tests.web.conftest import Client

ASKED = "Zaunkoenig"
"""A word that is only in what is asked."""


def ask_everything(client: Client) -> list[int]:
    """Questions and parameters with the word, of which some fail in every way there is."""
    texts = [
        f'SELECT * {{ ?s ?p "{ASKED}" }}', f"SELECT * {{ {ASKED} ", f"SERVICE <urn:{ASKED}>",
        f'SELECT * {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?a = "{ASKED}") }}',
        f'SELECT (<urn:{ASKED}>("{ASKED}") AS ?x) {{}}', f"LOAD <http://{ASKED}/>",
        f"# {ASKED}\nASK {'{' * 240}{'}' * 240}",
        f'SELECT * {{ ?a ?b ?c . ?d ?e ?f BIND("{ASKED}" AS ?x) }} ORDER BY ?f ?c',
    ]  # fmt: skip
    found = [client.form(text).status for text in texts]
    found += [client.get(text[:4000]).status for text in texts]
    paths = ["/search?q={}", "/queries/x/{}", "/graph/rdf/{}", "/page/initiative/{}", "/{}",
             "/references?iri=urn:{}", "/reconcile/suggest/entity?prefix={}"]  # fmt: skip
    found += [client.send("GET", path.format(quote(ASKED))).status for path in paths]
    batch = f"queries={quote(json.dumps({'q0': {'query': ASKED}}))}".encode()
    form = "application/x-www-form-urlencoded"
    found.append(client.send("POST", "/reconcile", batch, Content_Type=form).status)
    found.append(client.send("GET", "/", Authorization=f"Bearer {ASKED}").status)
    found.append(client.send("GET", "/", Cookie=f"session={ASKED}").status)
    found.append(client.send("POST", "/reconcile", ASKED.encode()).status)
    return found


@pytest.mark.attack("31")
def test_no_word_of_a_question_or_an_answer_is_logged(hostile_home: Path) -> None:
    limits = {"PESAI_QUERY_SECONDS": "1", "PESAI_QUERY_MEMORY": "64MiB"}
    with service(hostile_home, "--port", "0", **limits) as process:
        statuses = ask_everything(Client(address_of(first_line(process))))
        assert {200, 400, 403, 404} <= set(statuses)
        assert {504, 507} & set(statuses)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
    assert ASKED not in out + err
    assert CANARY not in out + err
    assert "urn:t0" not in out + err


@pytest.mark.undefended("31")
def test_a_server_that_logs_requests_logs_the_questions(
    hostile_home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with (
        caplog.at_level(logging.INFO, "werkzeug"),
        service_here(hostile_home, query_seconds=1, query_memory="64MiB") as client,
    ):
        ask_everything(client)
    assert ASKED in caplog.text
