"""Running some processes as one: ready together, restarted or ended together, never orphaned."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import typer

from pesai.errors import Failed

__all__ = ["Child", "Supervisor"]

WINDOW = 60.0
"""Restarts are counted over so many seconds."""

PATIENCE = 6.0
"""Seconds that children have for ending themselves."""


@dataclass
class Child:
    """A process that gets a listening socket and says when it is ready.

    It is started as ``program LISTENER READY PARENT *arguments`` and writes to READY.

    Attributes:
        name: for messages.
        restarts: how often within a minute it is started anew when it ends.
    """

    name: str
    program: Sequence[str]
    listener: int
    environment: Mapping[str, str]
    arguments: tuple[str, ...] = ()
    restarts: int = 0
    ready: bool = False
    pipe: int = -1
    _process: subprocess.Popen[bytes] | None = None
    _starts: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start the process; Ctrl-C at the terminal reaches the supervisor alone."""
        self.pipe, told = os.pipe()
        self.ready = False
        self._starts.append(time.monotonic())
        self._process = subprocess.Popen(
            [*self.program, str(self.listener), str(told), str(os.getpid()), *self.arguments],
            pass_fds=(self.listener, told),
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            process_group=0,
        )
        os.close(told)

    def ended(self) -> int | None:
        """The exit code, or minus the signal, of a process that ended."""
        return self._process.poll() if self._process else None

    def restart(self) -> bool:
        """Start it anew, if it was ready once and did not end too often."""
        since = time.monotonic() - WINDOW
        recent = [start for start in self._starts if start > since]
        if not self.ready or len(recent) > self.restarts:
            return False
        os.close(self.pipe)
        self.start()
        return True

    def stop(self, number: signal.Signals) -> None:
        """Send a signal to a process that runs."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(number)

    def wait(self, deadline: float) -> None:
        """Wait for its end, and make it end at the deadline."""
        if self._process is None:
            return
        try:
            self._process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class Supervisor:
    """Children that live and end together."""

    def __init__(self, children: Sequence[Child]) -> None:
        self.children = children
        self._stop = self._announced = False

    def run(self, announce: Callable[[], None]) -> None:
        """Start all, announce when all are ready, and stay until a signal comes or one ends.

        Raises:
            Failed: a child ended and is not started anew.
        """
        with self._wake_up() as wake:
            try:
                for child in self.children:
                    child.start()
                while not self._stop:
                    self._look_after(announce)
                    waiting = [child.pipe for child in self.children if not child.ready]
                    select.select([wake.fileno(), *waiting], [], [])
                    with contextlib.suppress(BlockingIOError):
                        wake.recv(4096)
            finally:
                self._end()

    def _look_after(self, announce: Callable[[], None]) -> None:
        for child in self.children:
            code = child.ended()
            if code is not None:
                self._restart(child, code)
            elif not child.ready and select.select([child.pipe], [], [], 0)[0]:
                child.ready = bool(os.read(child.pipe, 1))
        if not self._announced and all(child.ready for child in self.children):
            self._announced = True
            announce()

    def _restart(self, child: Child, code: int) -> None:
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with code {code}"
        if self._stop:
            return
        if not child.restart():
            raise Failed(
                "The {part} of the service ended {how}, so the service ends. It said why above.",
                part=child.name,
                how=how,
            )
        typer.echo(f"pesai: the {child.name} ended {how} and is started anew", err=True)

    def _end(self) -> None:
        """End the last child first: the web before the engine that it asks."""
        deadline = time.monotonic() + PATIENCE
        for child in reversed(self.children):
            child.stop(signal.SIGTERM)
            child.wait(deadline)
            if child.pipe >= 0:
                os.close(child.pipe)

    @contextlib.contextmanager
    def _wake_up(self) -> Iterator[socket.socket]:
        """A socket that can be read when a signal came: one to stop, or a child's end."""

        def stop(_number: int, _frame: object) -> None:
            self._stop = True

        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        theirs.setblocking(False)
        handlers = {signal.SIGTERM: stop, signal.SIGINT: stop, signal.SIGCHLD: lambda *_: None}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        wake_before = signal.set_wakeup_fd(theirs.fileno())
        try:
            yield ours
        finally:
            signal.set_wakeup_fd(wake_before)
            for number, handler in before.items():
                signal.signal(number, handler)
            ours.close()
            theirs.close()
