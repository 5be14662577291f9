"""Worlds that were published, and engines over them."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pesai.engine.embedded.client import SocketEngine
from pesai.engine.embedded.local import LocalEngine
from pesai.engine.embedded.pool import Pool
from pesai.engine.embedded.server import EngineServer
from pesai.engine.protocol import Locate
from pesai.releases import audience_build, publisher
from pesai.releases.layout import Home
from pesai.releases.locate import locator
from tests.attacks.access.fuzzing import LIMITS
from tests.attacks.access.world import READERS, World, publish_world


@contextmanager
def sources_alone() -> Iterator[None]:
    """Releases without derived graphs: what is asked then can be worked out from the sources."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (audience_build, publisher):
            patch.setattr(module, "steps", tuple)
        yield


@contextmanager
def engine_over(home: Path, locate: Locate | None = None) -> Iterator[SocketEngine]:
    """An engine behind its socket, with a worker for the store of each reader."""
    pool = Pool(len(READERS) + 1, LIMITS, patience=60)
    server_engine = LocalEngine(pool, locate or locator(Home(home)), {})
    path = home.parent / "engine.sock"
    path.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(16)
        server = EngineServer(server_engine, listener)
        thread = threading.Thread(target=server.serve)
        thread.start()
        client = SocketEngine(path)
        try:
            yield client
        finally:
            client.close()
            server.close()
            thread.join(10)


def published(world: World, folder: Path) -> Path:
    """The home of a world, without derived graphs."""
    with sources_alone():
        publish_world(world, folder / "var", folder / "sources")
    return folder / "var"
