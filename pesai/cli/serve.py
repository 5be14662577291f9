"""``pesai serve``: supervises the engine and gunicorn as its children."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

import typer

from pesai.errors import Failed
from pesai.releases.layout import Home
from pesai.settings import settings

__all__ = ["serve"]


def serve(host: str, port: int, workers: int) -> None:
    """Start engine and web, and end both when one ends or a signal comes."""
    Home(settings().home).release()
    with tempfile.TemporaryDirectory(prefix="pesai-") as runtime:
        address = Path(runtime) / "engine.sock"
        environment = {**os.environ, "PESAI_ENGINE_SOCKET": str(address)}
        children = [
            subprocess.Popen([sys.executable, "-m", "pesai.cli.engine", str(address)]),
            subprocess.Popen(
                [
                    sys.executable, "-m", "gunicorn", "pesai.web:create_app()",
                    "--bind", f"{host}:{port}",
                    "--workers", str(workers), "--worker-class", "gthread", "--threads", "8",
                    "--preload", "--no-control-socket",
                ],
                env=environment,
            ),
        ]  # fmt: skip
        typer.echo(f"serving on http://{host}:{port}")
        try:
            _watch(children)
        finally:
            for child in children:
                child.terminate()
            for child in children:
                child.wait()


def _watch(children: list[subprocess.Popen[bytes]]) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    try:
        while all(child.poll() is None for child in children):
            time.sleep(0.2)
    except KeyboardInterrupt:
        return
    raise Failed("a part of the service ended; see what it said above")
