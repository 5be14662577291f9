"""The workers: started before they are needed, lent to one query at a time, killed when late."""

import logging
import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor

from pesai.engine.embedded.workers import Start, Worker
from pesai.engine.protocol import Busy, Limits, StoreRef
from pesai.errors import Problem

__all__ = ["Pool"]

log = logging.getLogger(__name__)

RETIRE_SHARE = 4
"""A worker that kept more than one part in so many of its memory limit is replaced."""


class Pool:
    """At most ``size`` workers over all stores.

    A worker keeps its store open between queries. When another store is asked and no place is
    free, the worker that was idle longest makes room. A query waits at most ``patience`` seconds
    for a worker, and at most ``queue`` queries wait.

    Processes are started and buried by threads of the pool, never while its lock is held: a
    start, a kill or a slow burial keeps nobody else waiting. A place is taken from the moment a
    start is asked for until the process is dead.
    """

    def __init__(
        self,
        size: int,
        limits: Limits,
        *,
        patience: float = 5,
        queue: int = 64,
        start: Start | None = None,
    ) -> None:
        self.size, self.limits = size, limits
        self.patience, self.queue = patience, queue
        self.retire = limits.memory // RETIRE_SHARE
        self._start: Start = start or (lambda store: Worker(store, limits))
        # The threads stay for as long as the pool: workers die with the thread that made them.
        self._threads = ThreadPoolExecutor(size, "workers")
        self._idle: deque[Worker] = deque()
        self._taken = 0
        self._waiting = 0
        self._changed = threading.Condition()
        self._closed = False

    def prepare(self, store: StoreRef) -> None:
        """Start workers for a store in all free places, before the first query asks for it."""
        with self._changed:
            free = self.size - self._taken
            self._taken += free
        for _ in range(free):
            self._replace(None, store)

    def borrow(self, store: StoreRef) -> Worker:
        """A worker for a store; give it back or discard it.

        Raises:
            Busy: no worker became free in time.
            Crashed: a worker could not be started.
        """
        deadline = time.monotonic() + self.patience
        while True:
            with self._changed:
                if self._closed:
                    raise _stopping()
                worker, evicted, free = self._choose(store)
                if worker is None and evicted is None and not free:
                    self._wait(deadline)
                    continue
            if worker is not None and worker.alive():
                return worker
            return self._fresh(worker or evicted, store)

    def _choose(self, store: StoreRef) -> tuple[Worker | None, Worker | None, bool]:
        """An idle worker of the store, one of another store to be evicted, or a free place."""
        for worker in reversed(self._idle):  # the one that is warm
            # The same store may lie in several releases. A worker whose own was pruned is of no
            # use: the engine opens files as it needs them, and waits for ever for one that is gone.
            if worker.store.checksum == store.checksum and worker.store.path.exists():
                self._idle.remove(worker)
                return worker, None, False
        if self._taken < self.size:
            self._taken += 1
            return None, None, True
        if self._idle:
            return None, self._idle.popleft(), False
        return None, None, False

    def _fresh(self, old: Worker | None, store: StoreRef) -> Worker:
        """A new worker in the place of an old one or in a free place."""
        try:
            return self._threads.submit(self._exchange, old, store).result()
        except BaseException:
            self._free_place()
            raise

    def _exchange(self, old: Worker | None, store: StoreRef) -> Worker:
        if old is not None:
            old.kill()
            old.reap()
        if self._closed:
            raise _stopping()
        return self._start(store)

    def _wait(self, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or self._waiting >= self.queue:
            raise Busy(
                "All {size} workers are at work. Try again in {retry_after} seconds.",
                size=self.size,
                retry_after=max(1, round(self.patience)),
            )
        self._waiting += 1
        try:
            self._changed.wait(left)
        finally:
            self._waiting -= 1

    def give_back(self, worker: Worker) -> None:
        """The worker is free again; one that grew much is replaced by a fresh one."""
        if worker.grown > self.retire:
            self.discard(worker)
            return
        self._put(worker)

    def discard(self, worker: Worker) -> None:
        """The worker is dead or not to be trusted; another one is started in its place."""
        worker.kill()
        self._replace(worker, worker.store)

    def _replace(self, old: Worker | None, store: StoreRef) -> None:
        """Have a worker made in the background; the place is already taken."""

        def made(future: "Future[Worker]") -> None:
            error = future.exception()
            if error is None:
                self._put(future.result())
                return
            # A query that needs the store starts a worker itself, and is told what is wrong.
            log.log(logging.INFO if isinstance(error, Problem) else logging.ERROR, "%s", error)
            self._free_place()

        try:
            self._threads.submit(self._exchange, old, store).add_done_callback(made)
        except RuntimeError:  # the pool was closed
            if old is not None:
                old.reap()

    def _put(self, worker: Worker) -> None:
        with self._changed:
            if not self._closed:
                self._idle.append(worker)
                self._changed.notify()
                return
        worker.kill()
        worker.reap()

    def _free_place(self) -> None:
        with self._changed:
            self._taken -= 1
            self._changed.notify()

    def pids(self) -> list[int]:
        """Process ids of the idle workers."""
        with self._changed:
            return [worker.pid for worker in self._idle]

    def close(self) -> None:
        """End all workers, those at work too: they die with the threads that made them."""
        with self._changed:
            self._closed = True
            idle = list(self._idle)
            self._idle.clear()
            self._changed.notify_all()
        for worker in idle:
            worker.kill()
            worker.reap()
        self._threads.shutdown()


def _stopping() -> Busy:
    return Busy("The engine is stopping. Try again in {retry_after} seconds.", retry_after=60)
