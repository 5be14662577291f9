"""One worker as the pool sees it: a process, its socket, and why it died."""

import contextlib
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable

from pesai.engine.embedded import walls
from pesai.engine.embedded.wire import Closed, Frame, Header, Late, receive, send
from pesai.engine.protocol import Crashed, Limits, StoreRef, TooMuchMemory, TooSlow
from pesai.errors import Problem

__all__ = ["Start", "Worker"]

log = logging.getLogger(__name__)

START_SECONDS = 30
"""A worker that is not ready by then is given up: the machine is badly overloaded."""

_OUT_OF_MEMORY = re.compile(
    rb"memory allocation of \d+ bytes failed|out of memory|bad_alloc|MemoryError"
)
_TOO_DEEP = re.compile(rb"overflowed its stack")


class Worker:
    """One process with one open store; it is ready when it is made.

    Args:
        store: what it opens.
        limits: beyond these it is ended.
        raised: the walls around it; all of them, but in tests.
        program: ``worker`` for queries, ``updater`` for one update.

    The kernel kills it when the thread that made it ends (prctl 2, PR_SET_PDEATHSIG), so that
    none outlives its engine. The pool therefore makes workers in threads of its own.

    Raises:
        Crashed: the process did not come up; what it said is in the log, not in the message.
    """

    def __init__(
        self,
        store: StoreRef,
        limits: Limits,
        raised: tuple[walls.Wall, ...] = walls.ALL,
        program: str = "worker",
    ) -> None:
        self.store, self.limits = store, limits
        self.grown = 0
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by reap()
        self._sock, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", f"{__package__}.{program}", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TMPDIR": tempfile.gettempdir()},
            )
        try:
            self.up = self._set_up(raised)
        except BaseException:
            self.kill()
            self.reap()
            raise

    def _set_up(self, raised: tuple[walls.Wall, ...]) -> Header:
        deadline = time.monotonic() + START_SECONDS
        setup: Header = {
            "store": str(self.store.path),
            "memory": self.limits.memory,
            "result": self.limits.result,
            "walls": list(raised),
        }
        try:
            send(self._sock, setup, deadline=deadline)
            up: Header = receive(self._sock, deadline).header["walls"]
        except (Closed, Late):
            said = self._last_words().decode(errors="replace").strip() or "it said nothing"
            log.error("a worker for the store %s did not start: %s", self.store.path, said)
            raise Crashed(
                "The store of release {release} cannot be opened. The log of the service says why.",
                release=self.store.release,
            ) from None
        return up

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def ask(self, request: Header, text: bytes, seconds: float) -> Frame:
        """Evaluate a query; the whole answer.

        After an error of this method the process is dead or dying: discard the worker.

        Raises:
            TooSlow: it was still at work after ``seconds``.
            TooMuchMemory: it died of its memory limit.
            Crashed: it died of something else (a query nested too deeply, say).
        """
        deadline = time.monotonic() + seconds
        try:
            send(self._sock, request, text, deadline=deadline)
            frame = receive(self._sock, deadline)
        except Late:
            self.kill()
            raise TooSlow(
                "The query was stopped after {seconds:g} seconds. Ask for less: add a LIMIT, name "
                "more of the things and properties you look for, or avoid patterns that share no "
                "variable; or download the release and ask it on your own machine.",
                seconds=seconds,
            ) from None
        except Closed:
            raise self._death(int(request["memory"])) from None
        self.grown = frame.header["grown"]
        return frame

    def _death(self, memory: int) -> Problem:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        said, code = self._last_words(), self._process.returncode
        self.kill()
        if _TOO_DEEP.search(said) or code == -signal.SIGSEGV:
            return Crashed(
                "The query is nested too deeply to be read. Write it with fewer braces "
                "or parentheses inside one another."
            )
        if _OUT_OF_MEMORY.search(said) or code == -signal.SIGABRT:
            return TooMuchMemory(
                "The query needed more than {memory} bytes of memory. Sort or group fewer rows, or "
                "ask for them in parts.",
                memory=memory,
            )
        log.error("a worker ended with code %s: %s", code, said.decode(errors="replace"))
        return Crashed(
            "The process that ran the query ended unexpectedly (code {exit}). Try "
            "again; if it happens twice, tell the service.",
            exit=code,
        )

    def _last_words(self) -> bytes:
        self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, self._complaints.tell() - 4000))
        return self._complaints.read()

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """Have the process end now; does not wait for it."""
        self._process.kill()

    def reap(self) -> None:
        """Wait for the end of a process that was killed, and let go of all it had."""
        self._process.wait()
        self._sock.close()
        self._complaints.close()


Start = Callable[[StoreRef], Worker]
"""How a pool makes workers: the seam for workers that are forked by a parent with the store in
memory."""
