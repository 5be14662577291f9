"""The web process: ``python -m pesai.cli.webserver LISTENER READY PARENT WORKERS``.

Started by ``pesai serve``. LISTENER is the descriptor of the listening TCP socket, to READY one
byte is written by each worker that accepts requests, PARENT is the supervisor's process id.
"""

import os
import sys
from collections.abc import Callable
from typing import Any

from gunicorn.app.base import BaseApplication

from pesai.engine.embedded.walls import die_with_parent
from pesai.errors import Problem

__all__ = ["main"]


class _Web(BaseApplication):  # type: ignore[misc]
    """Gunicorn with our application and settings, and none of its own from elsewhere."""

    def __init__(self, app: Callable[..., Any], options: dict[str, Any]) -> None:
        self._app, self.options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Take our settings."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Callable[..., Any]:
        """The application, from before the workers are forked."""
        return self._app


def _options(listener: int, ready: int, workers: int) -> dict[str, Any]:
    master = os.getpid()

    def forked(_arbiter: object, _worker: object) -> None:
        die_with_parent(master)

    def accepting(_worker: object) -> None:
        os.write(ready, b"W")

    return {
        "bind": f"fd://{listener}",
        "workers": workers,
        "worker_class": "pesai.cli.webworker.PatientWorker",
        "threads": 8,
        "preload_app": True,
        # Heartbeats in memory: a slow disk is no reason to kill a worker.
        "worker_tmp_dir": "/dev/shm",  # noqa: S108 - gunicorn makes unlinked files there
        "timeout": 60,
        "graceful_timeout": 3,
        "keepalive": 5,
        # A query of up to about 8 kB by GET; longer ones get 414 and are sent by POST.
        "limit_request_line": 8190,
        "limit_request_fields": 64,
        "limit_request_field_size": 8190,
        "accesslog": None,
        "errorlog": "-",
        "loglevel": "warning",
        "control_socket_disable": True,
        "post_fork": forked,
        "post_worker_init": accepting,
    }


def main() -> None:
    """Serve the web until a signal comes."""
    listener, ready, parent, workers = (int(argument) for argument in sys.argv[1:5])
    die_with_parent(parent)
    options = _options(listener, ready, workers)
    sys.argv = sys.argv[:1]
    from pesai.web import create_app

    try:
        app = create_app()
    except Problem as problem:
        sys.stderr.write(f"pesai web: {problem}\n")
        raise SystemExit(problem.exit_code) from None
    _Web(app, options).run()


if __name__ == "__main__":
    main()
