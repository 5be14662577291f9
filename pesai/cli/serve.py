"""``pesai serve``: supervises the engine and gunicorn as its children.

The sockets are opened here, so that a port in use is told at once, and clients of an engine that
is started anew wait in a queue of the kernel instead of failing.
"""

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from pesai.cli.supervisor import Child, Supervisor
from pesai.engine.choice import EMBEDDED
from pesai.errors import Failed
from pesai.releases.layout import Home
from pesai.settings import settings

__all__ = ["serve"]


def serve(host: str, port: int, workers: int) -> None:
    """Serve the present release until a signal comes.

    Args:
        host: name or address to listen on.
        port: TCP port; 0 for any that is free.
        workers: web processes.

    Raises:
        NotFound: there is no release yet.
        Failed: the port is in use, or a part of the service ended.
    """
    release = Home(settings().home).release()
    with listening(host, port) as web, runtime_folder() as folder, _unix(folder) as inner:
        address = f"http://{_written(host)}:{web.getsockname()[1]}"
        environment = {**os.environ, "PESAI_ENGINE_SOCKET": str(folder / "engine.sock")}
        children = [
            Child("engine", _program("engine"), inner.fileno(), environment, restarts=5),
            Child("web", _program("webserver"), web.fileno(), environment, (str(workers),)),
        ]
        if settings().engine != EMBEDDED:
            del children[0]
        Supervisor(children).run(
            lambda: typer.echo(f"PESAI serves release {release.id} on {address} (Ctrl-C ends it)")
        )


def _program(name: str) -> list[str]:
    return [sys.executable, "-P", "-m", f"pesai.cli.{name}"]


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """A TCP socket that listens.

    Raises:
        Failed: it cannot; the message says why and what to do.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        sock = socket.create_server(found[0][4][:2], family=found[0][0], backlog=512)
    except OSError as error:
        raise Failed(
            "Cannot listen on {host}, port {port}: {reason}. Choose another with --host and "
            "--port, or end the program that uses it.",
            host=host,
            port=port,
            reason=(error.strerror or str(error)).partition(" (")[0],
        ) from error
    with sock:
        # Connections inherit it from here. Those that come before gunicorn sets it would get every
        # answer 40 ms late: its body would wait until the client acknowledges the headers.
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        yield sock


@contextmanager
def runtime_folder() -> Iterator[Path]:
    """A folder that only this user may enter, for the engine's socket."""
    with tempfile.TemporaryDirectory(prefix="pesai-") as name:
        yield Path(name)


@contextmanager
def _unix(folder: Path) -> Iterator[socket.socket]:
    path = folder / "engine.sock"
    with socket.socket(socket.AF_UNIX) as sock:
        sock.bind(str(path))
        path.chmod(0o600)
        sock.listen(256)
        yield sock


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
