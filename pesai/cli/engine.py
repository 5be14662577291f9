"""The engine process: ``python -m pesai.cli.engine LISTENER READY PARENT``.

Started by ``pesai serve``. LISTENER is the descriptor of the listening Unix socket, to READY one
byte is written when the first query can be answered, PARENT is the process id of the supervisor.
"""

import logging
import os
import signal
import socket
import sys
from types import FrameType

from pesai.access.audiences import THE_PUBLIC
from pesai.engine.choice import metered
from pesai.engine.embedded.local import LocalEngine
from pesai.engine.embedded.pool import Pool
from pesai.engine.embedded.server import EngineServer
from pesai.engine.embedded.walls import die_with_parent
from pesai.engine.protocol import Limits, Query
from pesai.errors import Problem
from pesai.namespaces import PREFIXES
from pesai.releases.layout import Home
from pesai.releases.locate import locator
from pesai.settings import settings

__all__ = ["main"]

LEAST_WORKERS = 2
"""One alone would keep everybody waiting for the whole limit of one bad query."""

KEPT_FOR_PAGES = 1
"""The worker that free queries never take is one more than the setting says."""


def main() -> None:
    """Serve the engine until a signal comes."""
    listener, ready, parent = (int(argument) for argument in sys.argv[1:4])
    die_with_parent(parent)
    logging.basicConfig(format="pesai engine: %(message)s", level=logging.WARNING)
    try:
        engine = _engine()
        engine.query(Query("ASK {}"), Limits())
    except Problem as problem:
        logging.error("%s", problem)  # noqa: LOG015 - this module is a program
        raise SystemExit(problem.exit_code) from None
    counting = metered(engine, settings().client_seconds)
    server = EngineServer(counting, socket.socket(fileno=listener))

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.close()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    os.write(ready, b"E")
    server.serve()


def _engine() -> LocalEngine:
    chosen = settings()
    limits = Limits(chosen.query_seconds, chosen.query_memory, chosen.result_size)
    locate = locator(Home(chosen.home))
    pool = Pool(max(LEAST_WORKERS, chosen.workers) + KEPT_FOR_PAGES, limits)
    pool.prepare(locate(THE_PUBLIC, None))
    return LocalEngine(pool, locate, PREFIXES)


if __name__ == "__main__":
    main()
