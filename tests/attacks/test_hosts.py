"""A forged name of the host is in no link, description or feed (row 34)."""

from pathlib import Path

import pytest

from tests.attacks.here import service_here
from tests.web.conftest import Client

FORGED = "forged.example"
PATHS = [
    "/", "/sitemap.xml", "/robots.txt", "/feeds/releases.atom", "/feeds/writes.atom", "/reconcile",
    "/.well-known/void", "/sparql", "/releases/000001", "/page/initiative/qm-hostile", "/sign-in",
    "/sparql?query=SELECT%20*%7B%20BIND(%3Crelative%3E%20AS%20%3Fx)%20%7D", "/changes", "/graphs",
    "/id/initiative/qm-hostile", "/initiatives?view=list&theme=", "/service", "/nowhere",
]  # fmt: skip


def shown(client: Client) -> list[str]:
    """The paths whose answers hold the forged name."""
    found = []
    for path in PATHS:
        for accept in ("text/html", None):
            reply = client.send(
                "GET", path, Accept=accept, Host=FORGED, X_Forwarded_Host=FORGED,
                X_Forwarded_Proto="https", Forwarded=f"host={FORGED}",
            )  # fmt: skip
            if FORGED in reply.text + str(reply.headers):
                found.append(path)
    return found


@pytest.mark.attack("34")
def test_where_the_address_is_set_no_request_changes_it(hostile_home: Path) -> None:
    with service_here(hostile_home, public_url="https://pesai.example/") as client:
        assert shown(client) == []


@pytest.mark.undefended("34")
def test_where_it_is_not_set_answers_say_what_was_asked(hostile_home: Path) -> None:
    with service_here(hostile_home) as client:
        assert "/sitemap.xml" in shown(client)
