"""Real parts for tests: a home with the bundled graph, and the service over it."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

if TYPE_CHECKING:
    from playwright.sync_api import Browser


OF_TESTS = {f"PESAI_{name}" for name in
            ("TAXONOMIES", "W3C_TESTS", "REQUIRE_TAXONOMIES", "SOAK", "UPDATE_DOCS")}  # fmt: skip
OF_TERMINALS = {"COLUMNS", "LINES", "FORCE_COLOR", "NO_COLOR", "PY_COLORS", "GITHUB_ACTIONS"}


def _as_anywhere() -> None:
    """Whoever starts the tests has settings of his own, colours, and a proxy: none is for here."""
    for name in list(os.environ):
        if (name.startswith("PESAI_") and name not in OF_TESTS) or name in OF_TERMINALS:
            del os.environ[name]
    for name in ("no_proxy", "NO_PROXY"):
        given = os.environ.get(name)
        os.environ[name] = ",".join([*([given] if given else []), "127.0.0.1", "localhost", "::1"])


_as_anywhere()

# Machines have bad moments, and a property that takes long then is not wrong. Speed is measured in
# benchmarks.
settings.register_profile(
    "pesai",
    parent=settings(),  # in CI, Hypothesis' own for it: the same examples each time
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("pesai")

PATIENCE = 60.0
"""Seconds after which something that should come is taken not to come, on a busy machine too."""


def until(happened: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait for something that processes or threads beside the test do."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, f"{what}: not within {seconds:g} seconds"
        time.sleep(0.01)


def pesai(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line as a user would."""
    return subprocess.run(
        [str(Path(sys.executable).parent / "pesai"), *arguments],
        env={**os.environ, "PESAI_HOME": str(home), **environment},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@contextmanager
def serving(home: Path, **environment: str) -> Iterator[str]:
    """Run the service over a home; gives its address."""
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "pesai"), "serve", "--port", "0"],
        # Tests ask more than one client may in a minute, unless they are about that.
        env={**os.environ, "PESAI_HOME": str(home), "PESAI_CLIENT_SECONDS": "0", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    reader = threading.Thread(target=_listen, args=(process, said), daemon=True)
    reader.start()
    try:
        until(lambda: _address(said) or process.poll() is not None, "the service is ready", 180)
        address = _address(said)
        if address is None:
            reader.join(PATIENCE)
            raise RuntimeError(f"the service ended at once: {''.join(said)}")
        until(lambda: _answers(address), "the first answer")
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)
        reader.join(PATIENCE)
        assert process.stdout is not None
        process.stdout.close()


def _listen(process: subprocess.Popen[str], said: list[str]) -> None:
    """Take what a process says, so that it never waits for somebody to read it."""
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)  # noqa: PERF402 - one by one, for who waits for it


def _address(said: list[str]) -> str | None:
    """Where the service says that it is, when it is ready."""
    found = (READY.match(line) for line in list(said))
    return next((match[1] for match in found if match), None)


def _answers(address: str) -> bool:
    """Whether its engine has a worker by now."""
    try:
        with urllib.request.urlopen(f"{address}/sparql?query=ASK%7B%7D", timeout=PATIENCE):
            return True
    except urllib.error.HTTPError as busy:
        with busy:
            return False


READY = re.compile(r"PESAI serves release \S+ on (http://\S+)")


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
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)

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
