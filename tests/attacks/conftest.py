"""What attacks are tried with: a hostile home and its service, a listener, a file for nobody."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.hostile import CANARY, fill
from tests.attacks.listening import Listener, listening
from tests.conftest import Serve
from tests.web.conftest import Client


@pytest.fixture(scope="session")
def hostile_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with hostile text, and graphs for others. Not to be changed by a test."""
    home = tmp_path_factory.mktemp("hostile") / "var"
    fill(home)
    return home


@pytest.fixture(scope="session")
def hostile(hostile_home: Path, serve: Serve) -> Iterator[Client]:
    """The service over the hostile home, with all its defences."""
    with serve(hostile_home) as address:
        yield Client(address)


@pytest.fixture
def listener() -> Iterator[Listener]:
    """Counts who calls."""
    with listening() as found:
        yield found


@pytest.fixture
def canary_file(tmp_path: Path) -> Path:
    """A file of RDF that nobody should read."""
    path = tmp_path / "canary.ttl"
    path.write_text(f'<urn:canary> <urn:canary> "{CANARY}" .\n', encoding="utf-8")
    return path
