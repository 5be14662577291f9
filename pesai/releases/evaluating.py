"""Evaluating an update on a copy of a reader's store, and what it would change."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from pesai.engine.embedded.local import problem_of
from pesai.engine.embedded.wire import Frame
from pesai.engine.embedded.workers import Worker
from pesai.engine.protocol import Limits, StoreRef

__all__ = ["Effect", "Update", "evaluate"]


@dataclass(frozen=True)
class Update:
    """An update and what its evaluation depends on.

    Attributes:
        text: SPARQL 1.1 Update.
        base: base IRI for relative IRIs.
        graphs: IRIs of the graphs to look at afterwards, the default graph's being empty; ``None``
            for all, which takes time where the store is large.
        empty: graphs that are there without a triple, which a store does not tell.
    """

    text: str
    base: str
    graphs: tuple[str, ...] | None
    empty: tuple[str, ...] = ()


@dataclass(frozen=True)
class Effect:
    """What an update does.

    Attributes:
        changed: graphs that are other than before, with what they hold then: lines of N-Triples,
            with blank nodes.
        gone: graphs that are there no more.
        seconds: how long it was evaluated.
    """

    changed: dict[str, list[str]]
    gone: tuple[str, ...]
    seconds: float = 0


def evaluate(store: StoreRef, copy: Path, update: Update, limits: Limits) -> Effect:
    """Evaluate an update on a copy of a store, in a process that can be killed.

    Args:
        store: it is only read.
        copy: where the copy is made, on the same disk; it is removed.
        update: what to evaluate.
        limits: of time, memory, and what the changed graphs hold.

    Raises:
        Problem: it is no SPARQL, cannot be evaluated, or is beyond the limits.
    """
    with _copied(store, copy) as ref:
        worker = Worker(ref, limits, program="updater")
        try:
            request = {
                "base": update.base,
                "graphs": None if update.graphs is None else list(update.graphs),
                "empty": list(update.empty),
                "memory": limits.memory,
                "result": limits.result,
            }
            frame = worker.ask(request, update.text.encode(), limits.seconds)
            if "error" in frame.header:
                raise problem_of(frame.header, limits)
            gone, seconds = tuple(frame.header["gone"]), frame.header["seconds"]
            return Effect(dict(_graphs(frame)), gone, seconds)
        finally:
            worker.kill()
            worker.reap()


@contextmanager
def _copied(store: StoreRef, copy: Path) -> Iterator[StoreRef]:
    """A checkpoint: hard links to files that never change, about a millisecond."""
    Store.read_only(str(store.path)).backup(str(copy))
    try:
        yield StoreRef(copy, store.release, store.checksum)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _graphs(frame: Frame) -> Iterable[tuple[str, list[str]]]:
    """The changed graphs, one after the other in the body."""
    with frame.open() as body:
        for iri, size in zip(frame.header["changed"], frame.header["sizes"], strict=True):
            text = body.read(size).decode()
            # Only a line feed ends a line (``pesai.releases.graphfile``).
            yield iri, text.split("\n")[:-1]
