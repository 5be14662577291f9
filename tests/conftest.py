"""Real parts for tests: a home with the bundled graph, and the service over it."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from playwright.sync_api import Browser


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
        # Tests ask more than one client may in a minute, unless they are about that.
        env={**os.environ, "PESAI_HOME": str(home), "PESAI_CLIENT_SECONDS": "0", **environment},
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
    """A home with a release of the bundled data. Not to be changed by a test.

    It is built by the process of a run that needs it first; each has a copy of its own.
    """
    home, temporary = tmp_path_factory.mktemp("bundled") / "var", tmp_path_factory.getbasetemp()
    beside_others = "PYTEST_XDIST_WORKER" in os.environ
    built = _built((temporary.parent if beside_others else temporary) / "built")
    shutil.copytree(built, home, symlinks=True)
    return home


def _built(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    home = folder / "var"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "current").exists():
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


CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
]


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Debian's chromium without a window; tests say so when it is not there.

    One for all tests: a thread has one Playwright.
    """
    from playwright.sync_api import sync_playwright

    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM)
        yield browser
        browser.close()


LONG = (
    "classifications/published", "queries/test_rows", "attacks/test_crawl", "cli/test_commands",
    "conformance", "access/test_writing", "browser", "web/test_pages", "ontology/test_hygiene",
    "ontology/test_ontology", "access", "releases", "packaging",
)  # fmt: skip
"""What takes minutes begins first: at the end a long file would run while nothing else is left."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the long files first."""
    root = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        name = item.path.relative_to(root).as_posix()
        return next((n for n, begin in enumerate(LONG) if name.startswith(begin)), len(LONG))

    items.sort(key=place)


class _Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Tests of one file run in one process; those over the published files too, in one alone.

    Their home takes longer to make than any file takes to run.
    """

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        folder = file.rpartition("/")[0]
        return folder if folder.endswith("/published") else file


def pytest_xdist_auto_num_workers() -> int:
    """Two more than there are processors: tests wait for the processes that they start."""
    return len(os.sched_getaffinity(0)) + 2


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> _Together:
    """How ``--numprocesses`` shares tests out: in the order that they are in."""
    config.option.loadscopereorder = False
    return _Together(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was made up in this run, so that it can be made again."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if name == "made up":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")
