"""The room for citations is bounded and nothing in it is given up: nobody fills it alone."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from pesai.releases import citations
from pesai.web.allowance import DAY, SHARE, Allowance
from tests.access.conftest import bearer, make_token
from tests.attacks.here import service_here
from tests.web.conftest import FORM, Client, put

LARGE = 60_000
ROOM = 2 * (SHARE + 2 * LARGE)
"""Room for strangers in which one client's share is not all."""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    put(tmp_path, "open", ['<urn:a> <urn:p> "open" .'])
    monkeypatch.setattr(citations, "ROOM", ROOM)
    return tmp_path


def cite(client: Client, number: int, size: int = LARGE, **headers: str) -> int:
    body = urlencode({"query": f"ASK {{ ?s ?p {number} }} #{'x' * size}"}).encode()
    return client.send("POST", "/q", body, Content_Type=FORM, **headers).status


def fill(client: Client) -> list[int]:
    return [cite(client, number) for number in range(ROOM // LARGE)]


@pytest.mark.attack("35")
def test_one_client_does_not_fill_the_room_for_citations(home: Path) -> None:
    with service_here(home, client_seconds=60, trusted_proxy=1) as client:
        found = fill(client)
        assert found[0] == 201
        assert found[-1] == 429
        assert cite(client, 0) == 201, "one that is there takes no room"
        assert cite(client, 100, 10, X_Forwarded_For="192.0.2.7") == 201


@pytest.mark.attack("35")
def test_one_site_does_not_come_as_many_networks(home: Path) -> None:
    """A site has 65,536 networks of IPv6."""
    with service_here(home, client_seconds=60, trusted_proxy=1) as client:
        found = [
            cite(client, number, X_Forwarded_For=f"2001:db8:0:{number:x}::1")
            for number in range(ROOM // LARGE)
        ]
        assert (found[0], found[-1]) == (201, 429)
        assert cite(client, 100, 10, X_Forwarded_For="2001:db8:1::1") == 201


@pytest.mark.attack("35")
def test_all_strangers_together_leave_half_to_holders_of_tokens(home: Path) -> None:
    with service_here(home, client_seconds=0) as client:
        assert fill(client)[-1] == 507
        assert cite(client, 100, Authorization=bearer(make_token(home, "partners"))) == 201


@pytest.mark.undefended("35")
def test_without_shares_one_stranger_fills_it_for_all(home: Path) -> None:
    with service_here(home, client_seconds=0, trusted_proxy=1) as client:
        fill(client)
        assert cite(client, 100, LARGE, X_Forwarded_For="192.0.2.7") == 507


def test_a_share_fills_up_in_a_day() -> None:
    now = [0.0]
    allowance = Allowance(lambda: now[0])
    assert allowance.take("a", SHARE) == 0
    assert allowance.take("a", SHARE // 2) == pytest.approx(DAY / 2, rel=1e-4)
    assert allowance.take("b", SHARE) == 0
    now[0] = DAY / 2 + 1
    assert allowance.take("a", SHARE // 2) == 0
