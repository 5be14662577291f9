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
    for a worker, and at most ``queue`` queries of either lane wait.

    There are two lanes. Free queries, which strangers make up, hold at most all places but one at
    a time (in a pool of one place, that one), from being lent a worker until it or another one in
    its place is idle again. Curated ones may take any place: they wait for one another only.

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
        self._most_free = max(1, size - 1)
        self._free = 0  # places that free queries hold
        self._lock = threading.Lock()
        # Whether curated: who waits, and where.
        self._waiting = {True: 0, False: 0}
        self._changed = {lane: threading.Condition(self._lock) for lane in self._waiting}
        self._closed = False

    def prepare(self, store: StoreRef) -> None:
        """Start workers for a store in all free places, before the first query asks for it."""
        with self._lock:
            empty = self.size - self._taken
            self._taken += empty
        for _ in range(empty):
            self._replace(None, store, curated=True)

    def borrow(self, store: StoreRef, *, curated: bool = False) -> Worker:
        """A worker for a store; give it back or discard it, in the same lane.

        Raises:
            Busy: no worker became free in time.
            Crashed: a worker could not be started.
        """
        deadline = time.monotonic() + self.patience
        while True:
            with self._lock:
                if self._closed:
                    raise _stopping()
                worker, evicted, empty = None, None, False
                if curated or self._free < self._most_free:
                    worker, evicted, empty = self._choose(store)
                if worker is None and evicted is None and not empty:
                    self._wait(deadline, curated)
                    continue
                self._free += not curated
            if worker is not None and worker.alive():
                return worker
            return self._fresh(worker or evicted, store, curated)

    def _choose(self, store: StoreRef) -> tuple[Worker | None, Worker | None, bool]:
        """An idle worker of the store, one of another store to be evicted, or an empty place."""
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

    def _fresh(self, old: Worker | None, store: StoreRef, curated: bool) -> Worker:
        """A new worker in the place of an old one or in a free place."""
        try:
            return self._threads.submit(self._exchange, old, store).result()
        except BaseException:
            self._free_place(curated)
            raise

    def _exchange(self, old: Worker | None, store: StoreRef) -> Worker:
        if old is not None:
            old.kill()
            old.reap()
        if self._closed:
            raise _stopping()
        return self._start(store)

    def _wait(self, deadline: float, curated: bool) -> None:
        left = deadline - time.monotonic()
        if left <= 0 or self._waiting[curated] >= self.queue:
            raise Busy(
                "All {size} workers are at work. Try again in {retry_after} seconds.",
                size=self.size if curated else self._most_free,
                retry_after=max(1, round(self.patience)),
            )
        self._waiting[curated] += 1
        try:
            self._changed[curated].wait(left)
        finally:
            self._waiting[curated] -= 1

    def give_back(self, worker: Worker, *, curated: bool = False) -> None:
        """The worker is free again; one that grew much is replaced by a fresh one."""
        if worker.grown > self.retire:
            self.discard(worker, curated=curated)
            return
        self._put(worker, curated)

    def discard(self, worker: Worker, *, curated: bool = False) -> None:
        """The worker is dead or not to be trusted; another one is started in its place."""
        worker.kill()
        self._replace(worker, worker.store, curated)

    def _replace(self, old: Worker | None, store: StoreRef, curated: bool) -> None:
        """Have a worker made in the background; the place is already taken."""

        def made(future: "Future[Worker]") -> None:
            error = future.exception()
            if error is None:
                self._put(future.result(), curated)
                return
            # A query that needs the store starts a worker itself, and is told what is wrong.
            log.log(logging.INFO if isinstance(error, Problem) else logging.ERROR, "%s", error)
            self._free_place(curated)

        try:
            self._threads.submit(self._exchange, old, store).add_done_callback(made)
        except RuntimeError:  # the pool was closed
            if old is not None:
                old.reap()

    def _put(self, worker: Worker, curated: bool) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(worker)
                self._release(curated)
                return
        worker.kill()
        worker.reap()

    def _free_place(self, curated: bool) -> None:
        with self._lock:
            self._taken -= 1
            self._release(curated)

    def _release(self, curated: bool) -> None:
        """A place is no longer held: one query of either lane may look for it."""
        self._free -= not curated
        for changed in self._changed.values():
            changed.notify()

    def pids(self) -> list[int]:
        """Process ids of the idle workers."""
        with self._lock:
            return [worker.pid for worker in self._idle]

    def close(self) -> None:
        """End all workers, those at work too: they die with the threads that made them."""
        with self._lock:
            self._closed = True
            idle = list(self._idle)
            self._idle.clear()
            for changed in self._changed.values():
                changed.notify_all()
        for worker in idle:
            worker.kill()
            worker.reap()
        self._threads.shutdown()


def _stopping() -> Busy:
    return Busy("The engine is stopping. Try again in {retry_after} seconds.", retry_after=60)
