"""``pesai serve``: ready when it says so, ends whole, leaves nobody behind."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPException
from pathlib import Path

import pytest

from pesai.cli.webworker import HEAD_SECONDS, PACE, SILENT_SECONDS, WINDOW, _Progress
from tests.conftest import PATIENCE, until

ASK = "/sparql?query=ASK%7B%7D"


@contextmanager
def service(home: Path, *arguments: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """A service with its output at hand; the first line is there when it is ready."""
    process = subprocess.Popen(
        [str(Path(sys.executable).parent / "pesai"), "serve", *arguments],
        env={**os.environ, "PESAI_HOME": str(home), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        process.communicate(timeout=PATIENCE)


def first_line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline()


def descendants(pid: int) -> set[int]:
    """All processes below one, by the kernel's account."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
                parents[int(entry.name)] = int(fields[1])
    found: set[int] = {pid}
    while fresh := {child for child, parent in parents.items() if parent in found} - found:
        found |= fresh
    return found - {pid}


def running(pids: set[int]) -> set[int]:
    """Those that run: not gone, and no zombie that waits for a lazy init."""
    alive = set()
    for pid in pids:
        with suppress(OSError):
            state = (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
            if state != "Z":
                alive.add(pid)
    return alive


def named(pids: set[int], module: str) -> set[int]:
    found = set()
    for pid in pids:
        with suppress(OSError):  # it ended meanwhile
            if module in (Path("/proc") / str(pid) / "cmdline").read_text("utf-8"):
                found.add(pid)
    return found


def count(service: int, module: str) -> int:
    return len(named(descendants(service), module))


def the_engine(service: int, killed: set[int]) -> int:
    """The engine of a service, when it is there again after others were killed."""
    found: set[int] = set()

    def there() -> bool:
        nonlocal found
        found = named(running(descendants(service)), "pesai.cli.engine") - killed
        return len(found) == 1

    until(there, "an engine")
    return found.pop()


def all_end(pids: set[int]) -> None:
    until(lambda: not running(pids), "the end of all processes")


def get(address: str, path: str = ASK) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address + path, timeout=PATIENCE) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def address_of(line: str) -> str:
    return next(word for word in line.split() if word.startswith("http://"))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_one_line_when_ready_and_no_process_left_at_the_end(
    bundled_home: Path, number: signal.Signals
) -> None:
    with service(bundled_home, "--port", "0") as process:
        line = first_line(process)
        assert line.startswith("PESAI serves release 000001 on http://127.0.0.1:")
        assert get(address_of(line))[0] == 200, "ready means ready"
        until(lambda: count(process.pid, "pesai.cli.webserver") >= 3, "two web processes")
        until(lambda: count(process.pid, "pesai.engine.embedded.worker") >= 2, "two workers")
        everyone = descendants(process.pid)
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE)
        all_end(everyone)
        assert (out, err) == ("", "")
        assert process.returncode == (0 if number != signal.SIGKILL else -signal.SIGKILL)


def test_an_engine_that_dies_is_started_anew_and_clients_wait(bundled_home: Path) -> None:
    with service(bundled_home, "--port", "0") as process:
        address = address_of(first_line(process))
        killed: set[int] = set()
        for turn in range(2):
            engine = the_engine(process.pid, killed)
            os.kill(engine, signal.SIGKILL)
            killed.add(engine)
            # Each question is a new one: an answer that was kept would need no engine.
            fresh = [f"{ASK}%23{turn}{number}" for number in range(4)]
            assert [get(address, question)[0] for question in fresh] == [200] * 4
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE)
        assert out == ""
        assert err.count("the engine ended by SIGKILL and is started anew") == 2
        assert process.returncode == 0


def test_an_engine_that_keeps_dying_ends_the_service(bundled_home: Path) -> None:
    with service(bundled_home, "--port", "0") as process:
        address = address_of(first_line(process))
        everyone = descendants(process.pid)
        while process.poll() is None:
            with suppress(OSError, HTTPException):
                get(address)
            everyone |= descendants(process.pid)
            for engine in named(running(descendants(process.pid)), "pesai.cli.engine"):
                with suppress(ProcessLookupError):
                    os.kill(engine, signal.SIGKILL)
            time.sleep(0.05)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 4
        assert "The engine of the service ended by SIGKILL, so the service ends" in err
        all_end(everyone)


def test_the_end_of_the_web_is_the_end_of_the_service(bundled_home: Path) -> None:
    with service(bundled_home, "--port", "0") as process:
        first_line(process)
        everyone = descendants(process.pid)
        web = min(named(everyone, "pesai.cli.webserver"))
        os.kill(web, signal.SIGKILL)
        _, err = process.communicate(timeout=PATIENCE)
        assert process.returncode == 4
        assert "The web of the service ended by SIGKILL" in err
        all_end(everyone)


def test_a_port_in_use_is_told_at_once(bundled_home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        with service(bundled_home, "--port", port) as process:
            out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 4
    assert out == ""
    assert f"Cannot listen on 127.0.0.1, port {port}: Address already in use" in err
    assert len(err.splitlines()) == 1


def test_a_host_that_is_not_ours(bundled_home: Path) -> None:
    with service(bundled_home, "--host", "192.0.2.1", "--port", "0") as process:
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 4
    assert "Cannot listen on 192.0.2.1" in err


def test_without_a_release_it_says_what_to_do(tmp_path: Path) -> None:
    with service(tmp_path / "var", "--port", "0") as process:
        _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 2
    assert "run 'pesai build'" in err
    assert len(err.splitlines()) == 1


def test_the_runtime_folder_is_private_and_goes_with_the_service(
    bundled_home: Path, tmp_path: Path
) -> None:
    with service(bundled_home, "--port", "0", TMPDIR=str(tmp_path)) as process:
        first_line(process)
        (folder,) = tmp_path.glob("pesai-*")
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "engine.sock").stat().st_mode & 0o777 == 0o600
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE)
        assert list(tmp_path.iterdir()) == []


def test_a_long_address_is_414_and_a_long_head_431(service_address: str) -> None:
    query = "ASK%7B%7D%23" + "x" * 7_000
    assert get(service_address, f"/sparql?query={query}")[0] == 200
    assert get(service_address, f"/sparql?query={query}{'x' * 2_000}")[0] == 414
    request = urllib.request.Request(service_address + ASK, headers={"X-Long": "x" * 9_000})
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(request, timeout=PATIENCE)
    with refusal.value:
        assert refusal.value.code == 431


@pytest.fixture
def service_address(bundled_home: Path) -> Iterator[str]:
    with service(bundled_home, "--port", "0", "--workers", "1") as process:
        yield address_of(first_line(process))


@pytest.mark.attack("8")
def test_clients_that_send_half_a_request_hold_nobody_for_ever(service_address: str) -> None:
    host, port = service_address.removeprefix("http://").split(":")
    started = time.monotonic()
    slow = [socket.create_connection((host, int(port))) for _ in range(8)]
    for sock in slow:
        sock.sendall(b"GET /sparql?query=ASK HTTP/1.1\r\nHost: x\r\nX-Slow: ")
    time.sleep(0.2)
    assert get(service_address)[0] == 200
    assert time.monotonic() - started > HEAD_SECONDS, "all eight threads were held"
    for sock in slow:
        sock.settimeout(PATIENCE)
        assert sock.recv(1) == b""
        sock.close()


@pytest.mark.attack("8")
def test_a_reader_that_takes_nothing_is_cut() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        ours, _ = server.accept()
    with client, ours:
        progress = _Progress(ours)
        begun = progress.begun
        assert not progress.too_slow(begun + HEAD_SECONDS - 1)
        assert progress.too_slow(begun + HEAD_SECONDS + 1)
        progress.has_head = True
        assert not progress.too_slow(begun + HEAD_SECONDS + 1), "its query is under way"
        assert progress.too_slow(begun + SILENT_SECONDS + 1)
        writing = threading.Thread(target=lambda: _write(ours), daemon=True)
        writing.start()
        until(progress.waiting, "an answer that waits")
        assert not progress.too_slow(begun + WINDOW - 1)
        taken = 0
        while taken < PACE * 40:
            taken += len(client.recv(65_536))
        until(lambda: _stalled(progress), "buffers that are full again")
        assert not progress.too_slow(begun + WINDOW + 1), "it reads well"
        assert not progress.too_slow(begun + WINDOW * 2)
        assert progress.too_slow(begun + WINDOW * 2 + 2), "it stopped reading"
        ours.shutdown(socket.SHUT_RDWR)
        writing.join(PATIENCE)
        assert not writing.is_alive()


def _stalled(progress: _Progress) -> bool:
    before = progress.taken()
    time.sleep(0.2)
    return progress.waiting() > 0 and progress.taken() == before


def _write(sock: socket.socket) -> None:
    with suppress(OSError):
        sock.sendall(b"x" * (64 << 20))
