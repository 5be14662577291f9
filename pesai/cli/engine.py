"""The engine process: ``python -m pesai.cli.engine SOCKET``, started by ``pesai serve``."""

import signal
import sys
from pathlib import Path
from types import FrameType

from pesai.access.audiences import THE_PUBLIC
from pesai.engine.embedded.local import LocalEngine
from pesai.engine.embedded.pool import Pool
from pesai.engine.embedded.server import EngineServer
from pesai.engine.embedded.walls import die_with_parent
from pesai.engine.protocol import Limits
from pesai.namespaces import PREFIXES
from pesai.releases.layout import Home
from pesai.releases.locate import locator
from pesai.settings import settings

__all__ = ["main"]


def main() -> None:
    """Serve the engine until a signal comes."""
    die_with_parent()
    chosen = settings()
    limits = Limits(chosen.query_seconds, chosen.query_memory, chosen.result_size)
    locate = locator(Home(chosen.home))
    pool = Pool(chosen.workers, limits)
    pool.prepare(locate(THE_PUBLIC, None))
    server = EngineServer(LocalEngine(pool, locate, PREFIXES), Path(sys.argv[1]))

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.close()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve()


if __name__ == "__main__":
    main()
