"""The service in this process, so that a test can switch off one of its defences.

It is the real application over a real engine and a real home, asked over HTTP; only gunicorn and
the supervisor are not there. Whatever a test replaces by ``monkeypatch`` is replaced in it.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

from pesai.engine.embedded import walls
from pesai.engine.embedded.local import LocalEngine
from pesai.engine.embedded.pool import Pool
from pesai.engine.embedded.workers import Worker
from pesai.engine.protocol import Limits
from pesai.namespaces import PREFIXES
from pesai.releases.layout import Home
from pesai.releases.locate import locator
from pesai.settings import Settings
from pesai.web import create_app
from tests.web.conftest import Client

__all__ = ["service_here"]


@contextmanager
def service_here(
    home: Path,
    *,
    raised: Sequence[walls.Wall] = walls.ALL,
    change: Any = None,  # noqa: ANN401 - a function of the application, or nothing
    threaded: bool = True,
    **settings: object,
) -> Iterator[Client]:
    """A client of a service in this process.

    Args:
        home: the home that is served.
        raised: the walls of the workers.
        change: is given the application before it serves.
        threaded: whether requests are answered side by side.
        settings: settings other than their defaults.
    """
    chosen = Settings(home=home, **settings)  # type: ignore[arg-type]  # any of them
    limits = Limits(chosen.query_seconds, chosen.query_memory, chosen.result_size)
    pool = Pool(2, limits, start=lambda store: Worker(store, limits, tuple(raised)))
    engine = LocalEngine(pool, locator(Home(home)), PREFIXES)
    app: Flask = create_app(engine, chosen)
    if change is not None:
        change(app)
    server = make_server("127.0.0.1", 0, app, threaded=threaded)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield Client(f"http://127.0.0.1:{server.server_port}")
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
        engine.close()
