"""Real stores and real engines of a test's own; nothing here is about a real PES."""

import hashlib
import os
import signal
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from pesai.access.audiences import Reader
from pesai.engine.embedded import walls
from pesai.engine.embedded.local import LocalEngine
from pesai.engine.embedded.pool import Pool
from pesai.engine.embedded.workers import Worker
from pesai.engine.protocol import Limits, Query, Result, StoreRef
from tests.conftest import until

MakeStore = Callable[[Mapping[str, str]], StoreRef]
MakeEngine = Callable[..., LocalEngine]

LIMITS = Limits(seconds=60, memory=1 << 30, result=8 << 20)


def read(engine: LocalEngine, query: Query | str, limits: Limits = LIMITS) -> str:
    """The body of an answer, as text."""
    result: Result = engine.query(Query(query) if isinstance(query, str) else query, limits)
    with result.body as body:
        data = body.read()
    assert len(data) == result.size
    return data.decode()


@pytest.fixture(scope="session")
def make_store(tmp_path_factory: pytest.TempPathFactory) -> MakeStore:
    """Makes a store of Turtle texts by graph IRI, with their union as default graph."""

    def make(graphs: Mapping[str, str]) -> StoreRef:
        folder = tmp_path_factory.mktemp("store") / "store"
        store = Store(str(folder))
        for iri, text in graphs.items():
            for target in (NamedNode(iri), None):
                store.bulk_load(input=text.encode(), format=RdfFormat.TURTLE, to_graph=target)
        store.flush()
        del store
        checksum = hashlib.sha256(repr(sorted(graphs.items())).encode()).hexdigest()
        return StoreRef(folder, "000001", checksum)

    return make


@contextmanager
def running(
    store: StoreRef,
    *,
    size: int = 2,
    limits: Limits = LIMITS,
    raised: tuple[walls.Wall, ...] = walls.ALL,
    patience: float = 60,
    queue: int = 64,
) -> Iterator[LocalEngine]:
    """An engine over one store."""
    pool = Pool(
        size,
        limits,
        patience=patience,
        queue=queue,
        start=lambda ref: Worker(ref, limits, raised),
    )
    pool.prepare(store)

    def locate(_reader: Reader, _release: str | None) -> StoreRef:
        return store

    engine = LocalEngine(pool, locate, {"ex": "http://example.org/", "dct": "http://purl.org/dc/"})
    try:
        yield engine
    finally:
        engine.close()


def settled(engine: LocalEngine) -> None:
    """Wait until all places hold an idle worker."""
    until(lambda: len(engine.pool.pids()) == engine.pool.size, "idle workers in all places")


def kill_idle(engine: LocalEngine) -> None:
    """Kill the idle workers, and wait until they are dead: a signal takes its time."""
    pids = engine.pool.pids()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    until(lambda: all(_is_dead(pid) for pid in pids), "the end of the workers")


def _is_dead(pid: int) -> bool:
    try:
        return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
    except ChildProcessError:  # it is buried already
        return True


@pytest.fixture(scope="session")
def chain(make_store: MakeStore) -> StoreRef:
    """60,000 things in a row, each with a text: what bombs are made of."""
    lines = [
        f'<urn:n{i}> <urn:next> <urn:n{i + 1}> ; <urn:text> "{"a" * 24}{i}" .'
        for i in range(60_000)
    ]
    return make_store({"urn:g:chain": "\n".join(lines)})


@pytest.fixture(scope="session")
def small(make_store: MakeStore) -> StoreRef:
    """Three graphs that share a triple."""
    return make_store(
        {
            "http://example.org/g1": '<urn:a> <urn:p> 1, 2 ; <urn:l> "un"@fr .',
            "http://example.org/g2": "<urn:a> <urn:p> 2, 3 .",
            "http://example.org/g3": "<urn:b> <urn:p> 4 .",
        }
    )


@pytest.fixture
def engine(small: StoreRef) -> Iterator[LocalEngine]:
    """An engine over the small store."""
    with running(small) as made:
        yield made
