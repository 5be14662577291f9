"""Homes and services to measure on."""

import atexit
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

__all__ = ["built_home", "pesai", "serving"]


def pesai(home: Path, *arguments: str) -> None:
    """Run the command line as a user would."""
    program = str(Path(sys.executable).parent / "pesai")
    subprocess.run([program, *arguments], env=_environment(home), check=True, capture_output=True)


@cache
def built_home() -> Path:
    """A home with the bundled data, made once a run."""
    folder = tempfile.mkdtemp(prefix="pesai-bench-")
    atexit.register(shutil.rmtree, folder)
    home = Path(folder) / "var"
    pesai(home, "build")
    return home


@contextmanager
def serving(home: Path) -> Iterator[tuple[http.client.HTTPConnection, float]]:
    """A service, a kept connection to it, and the seconds from its start to its first answer."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "pesai"), "serve", "--port", "0"],
        env=_environment(home),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        line = process.stdout.readline()
        address = next(word for word in line.split() if word.startswith("http://"))
        connection = http.client.HTTPConnection(address.removeprefix("http://"))
        connection.request("GET", "/sparql?query=ASK%7B%3Fs%20%3Fp%20%3Fo%7D")
        answer = connection.getresponse()
        answer.read()
        assert answer.status == 200
        yield connection, time.perf_counter() - started
        connection.close()
    finally:
        process.terminate()
        process.wait(20)


def _environment(home: Path) -> dict[str, str]:
    # One client asks here as fast as it can.
    return {**os.environ, "PESAI_HOME": str(home), "PESAI_CLIENT_SECONDS": "0"}
