"""Real parts for tests: a home with the bundled graph, and the service over it."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
    return port


def pesai(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "pesai"), *arguments],
        env={**os.environ, "PESAI_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@contextmanager
def serving(home: Path, **environment: str) -> Iterator[str]:
    """Run the service over a home; gives its address."""
    port = free_port()
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "pesai"), "serve", "--port", str(port)],
        env={**os.environ, "PESAI_HOME": str(home), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until_ready(address, process)
        yield address
    finally:
        process.terminate()
        process.communicate(timeout=30)


def _wait_until_ready(address: str, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 90  # a busy machine takes its time
    while time.monotonic() < deadline:
        if process.poll() is not None:
            output, _ = process.communicate()
            raise RuntimeError(f"the service ended at once: {output}")
        try:
            with urllib.request.urlopen(f"{address}/sparql?query=ASK%7B%7D", timeout=5):
                return
        except OSError:  # not there yet, or too slow to answer
            time.sleep(0.05)
    raise RuntimeError("the service did not become ready")


@pytest.fixture(scope="session")
def bundled_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a release of the bundled data. Not to be changed by a test."""
    home = tmp_path_factory.mktemp("bundled") / "var"
    done = pesai(home, "build")
    assert done.returncode == 0, done.stderr
    return home


@pytest.fixture(scope="session")
def service(bundled_home: Path) -> Iterator[str]:
    """The address of the real service over the bundled data."""
    with serving(bundled_home) as address:
        yield address


Serve = Callable[..., AbstractContextManager[str]]
RunPesai = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session")
def serve() -> Serve:
    """``with serve(home, PESAI_…=…) as address:`` runs the service over a home of a test."""
    return serving


@pytest.fixture(scope="session")
def run_pesai() -> RunPesai:
    """``run_pesai(home, "build")`` runs the command line."""
    return pesai
