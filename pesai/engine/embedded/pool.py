"""The workers: started before they are needed, lent to one query at a time, killed when late."""

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import IO

from pesai.engine.embedded import walls
from pesai.engine.embedded.wire import Closed, Header, Late, receive, send
from pesai.engine.protocol import Busy, Crashed, Limits, StoreRef, TooMuchMemory, TooSlow
from pesai.errors import Problem

__all__ = ["Pool", "Worker"]

START_SECONDS = 30
"""A worker that is not ready by then is given up: the machine is badly overloaded."""

_OUT_OF_MEMORY = re.compile(rb"memory allocation of \d+ bytes failed|out of memory|bad_alloc")
_TOO_DEEP = re.compile(rb"overflowed its stack")


@dataclass
class Worker:
    """One process with one open store."""

    store: StoreRef
    limits: Limits
    raised: tuple[walls.Wall, ...] = walls.ALL
    _sock: socket.socket = field(init=False)
    _process: subprocess.Popen[bytes] = field(init=False)
    _complaints: IO[bytes] = field(init=False)
    _ready: bool = False
    up: Header = field(default_factory=dict)

    def __post_init__(self) -> None:
        ours, theirs = socket.socketpair()
        self._sock = ours
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by kill()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "pesai.engine.embedded.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._complaints,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
            )
        send(
            ours,
            {
                "store": str(self.store.path),
                "memory": self.limits.memory,
                "result": self.limits.result,
                "walls": list(self.raised),
            },
        )

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def wait_until_ready(self) -> None:
        """Wait until the store is open and the walls are up.

        Raises:
            Crashed: the process did not come up; the message holds what it said.
        """
        if self._ready:
            return
        try:
            self.up = receive(self._sock, time.monotonic() + START_SECONDS)["walls"]
        except (Closed, Late):
            raise Crashed(
                "a worker for the store {store} did not start: {said}",
                store=self.store.path,
                said=self.last_words().decode(errors="replace").strip() or "it said nothing",
            ) from None
        self._ready = True

    def ask(self, request: Header, text: bytes, seconds: float) -> tuple[Header, socket.socket]:
        """Evaluate a query; the header of the answer, and the socket that holds its body.

        Raises:
            TooSlow: it was still at work after ``seconds``; it is dead now.
            TooMuchMemory: it died of its memory limit.
            Crashed: it died of something else (a query nested too deeply, say).
        """
        self.wait_until_ready()
        try:
            send(self._sock, request, text)
            return receive(self._sock, time.monotonic() + seconds), self._sock
        except Late:
            self.kill()
            raise TooSlow(
                "The query was stopped after {seconds:g} seconds. Ask for less: add a LIMIT, name "
                "more of the things and properties you look for, or avoid patterns that share no "
                "variable; or download the release and ask it on your own machine.",
                seconds=seconds,
            ) from None
        except Closed:
            raise self._death() from None

    def _death(self) -> Problem:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        said, code = self.last_words(), self._process.returncode
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
                memory=self.limits.memory,
            )
        return Crashed(
            "The process that ran the query ended unexpectedly (code {exit}). Try "
            "again; if it happens twice, tell the service.",
            exit=code,
        )

    def last_words(self) -> bytes:
        """What the process wrote to its standard error."""
        if self._complaints.closed:
            return b""
        self._complaints.seek(0)
        return self._complaints.read()[-4000:]

    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process now."""
        self._process.kill()
        self._process.wait()
        self._sock.close()
        self._complaints.close()


class Pool:
    """At most ``size`` workers over all stores.

    A worker keeps its store open between queries. When another store is asked and no place is
    free, the worker that was idle longest makes room. A query waits at most ``patience`` seconds
    for a worker, and at most ``queue`` queries wait.
    """

    def __init__(
        self,
        size: int,
        limits: Limits,
        *,
        patience: float = 5,
        queue: int = 64,
        raised: tuple[walls.Wall, ...] = walls.ALL,
    ) -> None:
        self.size, self.limits = size, limits
        self.patience, self.queue, self.raised = patience, queue, raised
        self._idle: deque[Worker] = deque()
        self._busy = 0
        self._waiting = 0
        self._changed = threading.Condition()
        self._closed = False

    def prepare(self, store: StoreRef) -> None:
        """Start workers for a store before the first query asks for it."""
        with self._changed:
            free = self.size - self._busy - len(self._idle)
            self._idle.extend(self._start(store) for _ in range(free))

    def borrow(self, store: StoreRef) -> Worker:
        """A worker for a store; give it back or discard it.

        Raises:
            Busy: no worker became free in time.
        """
        deadline = time.monotonic() + self.patience
        with self._changed:
            while True:
                worker = self._take(store)
                if worker is not None:
                    self._busy += 1
                    return worker
                self._wait(deadline)

    def _take(self, store: StoreRef) -> Worker | None:
        for worker in self._idle:
            if worker.store.checksum == store.checksum and worker.alive():
                self._idle.remove(worker)
                return worker
        if self._busy + len(self._idle) >= self.size and self._idle:
            self._idle.popleft().kill()
        if self._busy + len(self._idle) < self.size:
            return self._start(store)
        return None

    def _wait(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or self._waiting >= self.queue:
            raise Busy(
                "All {size} workers are at work. Try again in a few seconds.",
                size=self.size,
                retry_after=5,
            )
        self._waiting += 1
        try:
            self._changed.wait(left)
        finally:
            self._waiting -= 1

    def give_back(self, worker: Worker) -> None:
        """The worker is free again."""
        with self._changed:
            self._busy -= 1
            if self._closed:
                worker.kill()
            else:
                self._idle.append(worker)
            self._changed.notify()

    def discard(self, worker: Worker) -> None:
        """The worker is dead or not to be trusted; another one is started in its place."""
        worker.kill()
        with self._changed:
            self._busy -= 1
            if not self._closed:
                self._idle.append(self._start(worker.store))
            self._changed.notify()

    def _start(self, store: StoreRef) -> Worker:
        return Worker(store, self.limits, self.raised)

    def pids(self) -> list[int]:
        """Process ids of the idle workers."""
        with self._changed:
            return [worker.pid for worker in self._idle]

    def close(self) -> None:
        """End all workers."""
        with self._changed:
            self._closed = True
            while self._idle:
                self._idle.pop().kill()
