"""The pool under use, misuse and kills."""

import os
import random
import shutil
import signal
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from pesai.access.audiences import Reader
from pesai.engine.embedded.local import LocalEngine
from pesai.engine.embedded.pool import Pool
from pesai.engine.embedded.workers import Worker
from pesai.engine.protocol import Busy, Crashed, Limits, Query, StoreRef, TooSlow
from pesai.errors import Gone, Problem
from tests.conftest import PATIENCE, until
from tests.engine.conftest import LIMITS, MakeStore, kill_idle, read, running, settled
from tests.shortened import SOAK

pytestmark = pytest.mark.alone

SLOW = "SELECT (COUNT(*) AS ?n) { ?a <urn:next> ?b . ?c <urn:next> ?d }"


def children() -> dict[int, str]:
    """States of the processes that this one started."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[1]) == os.getpid():
                found[int(entry.name)] = fields[0]
    return found


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def refused(engine: LocalEngine, query: Query, limits: Limits, kind: type[Problem]) -> None:
    with pytest.raises(kind):
        engine.query(query, limits)


def test_a_worker_killed_from_outside_at_work(chain: StoreRef) -> None:
    with running(chain) as engine:
        settled(engine)
        pids = set(engine.pool.pids())
        with ThreadPoolExecutor(1) as thread:
            asked = thread.submit(engine.query, Query(SLOW), LIMITS)
            while not (busy := pids - set(engine.pool.pids())):
                time.sleep(0.005)
            time.sleep(0.1)
            os.kill(busy.pop(), signal.SIGKILL)
            with pytest.raises(Crashed, match="ended unexpectedly"):
                asked.result(PATIENCE)
        assert "urn:n2" in read(engine, "SELECT ?o { <urn:n1> <urn:next> ?o }")
        settled(engine)


def test_workers_that_died_while_idle_are_not_lent(small: StoreRef) -> None:
    with running(small) as engine:
        for _ in range(3):
            settled(engine)
            kill_idle(engine)
            assert "boolean" in read(engine, "ASK {}")


def test_kills_leave_no_descriptor_and_no_zombie(small: StoreRef) -> None:
    """500 of them when the long suites run."""
    ask = Query("ASK {}", curated=True)  # of the lane that may take all places
    rounds = 250 if SOAK else 12
    with running(small) as engine:
        settled(engine)
        read(engine, "ASK {}")
        descriptors_before, children_before = descriptors(), len(children())
        for _ in range(rounds):
            settled(engine)
            for pid in engine.pool.pids():
                os.kill(pid, signal.SIGKILL)
            with ThreadPoolExecutor(2) as threads:
                for answer in [threads.submit(read, engine, ask) for _ in range(2)]:
                    try:
                        answer.result()
                    except Crashed:  # lent in the moment before it was killed
                        continue
        until(lambda: asked_well(engine), "an answer")
        settled(engine)
        assert descriptors() <= descriptors_before
        assert len(children()) == children_before
        assert "Z" not in children().values()


def test_late_answers_leave_no_descriptor_and_no_zombie(chain: StoreRef) -> None:
    limits = Limits(0.05, LIMITS.memory, LIMITS.result)
    with running(chain) as engine:
        settled(engine)
        before = descriptors()
        for _ in range(6):
            with pytest.raises(TooSlow):
                engine.query(Query(SLOW), limits)
        settled(engine)
        assert descriptors() <= before
        assert "Z" not in children().values()


def test_closing_ends_every_process_also_those_at_work(chain: StoreRef) -> None:
    before = children()
    with running(chain) as engine:
        settled(engine)
        thread = threading.Thread(target=refused, args=(engine, Query(SLOW), LIMITS, Problem))
        thread.start()
        time.sleep(0.2)
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert set(children()) <= set(before)
    with pytest.raises(Busy, match="stopping"):
        engine.query(Query("ASK {}"), LIMITS)


def test_many_at_once_each_get_their_own_answer(chain: StoreRef) -> None:
    with running(chain, patience=30) as engine, ThreadPoolExecutor(16) as threads:
        numbers = random.sample(range(60_000), 400)
        query = "SELECT ?o {{ <urn:n{}> <urn:next> ?o }}"
        answers = threads.map(lambda n: read(engine, query.format(n)), numbers)
        for number, answer in zip(numbers, answers, strict=True):
            assert f'"urn:n{number + 1}"' in answer


def test_many_at_once_with_kills(chain: StoreRef) -> None:
    """Whatever is killed: whole answers or errors, and it goes on."""
    with running(chain, size=3, patience=30) as engine, ThreadPoolExecutor(8) as threads:
        over = threading.Event()

        def murder() -> None:
            while not over.wait(0.05):
                for pid in engine.pool.pids()[:1]:
                    with suppress(ProcessLookupError):  # it was replaced meanwhile
                        os.kill(pid, signal.SIGKILL)

        def ask(number: int) -> str:
            try:
                answer = read(engine, f"SELECT ?o {{ <urn:n{number}> <urn:next>/<urn:text> ?o }}")
            except Crashed:
                return "crashed"
            assert answer.endswith(f'{number + 1}"}}}}]}}}}'), answer
            return "answered"

        killer = threading.Thread(target=murder)
        killer.start()
        outcomes = Counter(threads.map(ask, range(1_500)))
        over.set()
        killer.join()
        assert outcomes["answered"] > 750
        until(lambda: ask(7) == "answered", "an answer when nobody kills any more")


def asked_well(engine: LocalEngine) -> bool:
    """Whether an answer comes; the last that was killed may not be dead yet."""
    with suppress(Crashed):
        return "boolean" in read(engine, "ASK {}")
    return False


def test_a_full_queue_is_busy_at_once_and_says_when_to_come_back(chain: StoreRef) -> None:
    """The one before it in the queue is answered when the slow one ends."""
    with running(chain, size=1, patience=30, queue=1) as engine, ThreadPoolExecutor(2) as threads:
        settled(engine)
        first = threads.submit(refused, engine, Query(SLOW), Limits(4), TooSlow)
        until(lambda: not engine.pool.pids(), "the slow one at work")
        second = threads.submit(read, engine, "ASK {}")
        until(lambda: engine.pool._waiting[False] == 1, "one in the queue")
        with pytest.raises(Busy) as refusal:
            engine.query(Query("ASK {}"), LIMITS)
        assert not second.done(), "the other is turned away at once, not when it was patient"
        assert refusal.value.status == 503
        assert refusal.value.values["retry_after"] == 30
        assert "boolean" in second.result()
        first.result()
        assert "boolean" in read(engine, "ASK {}")


def test_a_start_keeps_nobody_waiting(small: StoreRef) -> None:
    """While a worker is made anew, the others are lent."""
    may_start = threading.Event()

    def start(store: StoreRef) -> Worker:
        assert may_start.wait(PATIENCE)
        return Worker(store, LIMITS)

    pool = Pool(3, LIMITS, patience=PATIENCE, start=start)
    try:
        may_start.set()
        pool.prepare(small)
        until(lambda: len(pool.pids()) == 3, "idle workers")
        may_start.clear()
        pool.discard(pool.borrow(small))
        with ThreadPoolExecutor(1) as thread:
            lent = thread.submit(lambda: pool.give_back(pool.borrow(small)))
            try:
                lent.result(PATIENCE / 2)
            finally:
                may_start.set()
    finally:
        may_start.set()
        pool.close()


def test_other_stores_share_the_places(make_store: MakeStore) -> None:
    stores = {
        name: make_store({f"urn:g:{name}": f'<urn:a> <urn:name> "{name}" .'})
        for name in ("public", "partners", "owner-x")
    }

    def locate(reader: Reader, _release: str | None) -> StoreRef:
        return stores[reader.folder]

    pool = Pool(2, LIMITS, patience=30)
    engine = LocalEngine(pool, locate, {})
    readers = [Reader("public"), Reader("partners"), Reader("owner", "x")] * 6
    try:
        with ThreadPoolExecutor(6) as threads:
            text = "SELECT ?n { ?a <urn:name> ?n }"
            answers = threads.map(lambda r: read(engine, Query(text, reader=r)), readers)
            for reader, answer in zip(readers, answers, strict=True):
                assert f'"value":"{reader.folder}"' in answer
        assert len(pool.pids()) == 2
    finally:
        engine.close()


def test_a_worker_that_grew_is_replaced(chain: StoreRef) -> None:
    with running(chain, size=1) as engine:
        settled(engine)
        before = engine.pool.pids()
        read(engine, "SELECT ?a { ?a <urn:text> ?t } ORDER BY ?t LIMIT 1")
        settled(engine)
        assert engine.pool.pids() == before, "this is the working size of a query"
        engine.pool.retire = 1 << 20
        merged = Query(
            "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", default_graphs=("urn:g:chain", "urn:g:none")
        )
        assert "120000" in read(engine, merged)
        settled(engine)
        assert engine.pool.pids() != before


def test_a_store_that_was_taken_away(make_store: MakeStore, tmp_path: Path) -> None:
    kept = make_store({"urn:g:1": "<urn:a> <urn:b> <urn:c> ."})
    gone = StoreRef(tmp_path / "store", "000009", "another")
    shutil.copytree(kept.path, gone.path)
    with running(gone, size=1) as engine:
        settled(engine)
        shutil.rmtree(gone.path)
        kill_idle(engine)
        with pytest.raises(Gone, match="000009"):
            engine.query(Query("ASK {}"), LIMITS)


def test_a_store_that_lives_on_in_another_release_when_its_own_is_pruned(tmp_path: Path) -> None:
    """More files than the engine opens at first (16): it waits for ever for one that is gone."""
    older = StoreRef(tmp_path / "1" / "store", "000001", "same")
    newer = StoreRef(tmp_path / "2" / "store", "000002", "same")
    older.path.mkdir(parents=True)
    newer.path.parent.mkdir()
    store = Store(str(older.path))
    for graph in range(30):
        line = f"<urn:s{graph}> <urn:p> <urn:o{graph}> ."
        store.bulk_load(line.encode(), RdfFormat.N_TRIPLES, to_graph=NamedNode(f"urn:g{graph}"))
    store.flush()
    store.backup(str(newer.path))
    assert len(list(older.path.glob("*.sst"))) > 16
    with running(older, size=1) as engine:
        settled(engine)
        engine.locate = lambda _reader, _release: newer
        assert '"boolean":true' in read(engine, "ASK { GRAPH ?g { ?s ?p ?o } }")
        shutil.rmtree(older.path.parent)
        count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
        assert '"value":"30"' in read(engine, count, LIMITS)


def test_a_broken_store_is_told_and_harms_no_other(make_store: MakeStore, tmp_path: Path) -> None:
    good = make_store({"urn:g:1": "<urn:a> <urn:b> <urn:c> ."})
    (tmp_path / "store").mkdir()
    (tmp_path / "store" / "CURRENT").write_text("nonsense")
    stores = {None: good, "000002": StoreRef(tmp_path / "store", "000002", "broken")}

    def locate(_reader: Reader, release: str | None) -> StoreRef:
        return stores[release]

    engine = LocalEngine(Pool(1, LIMITS), locate, {})
    try:
        for _ in range(3):
            with pytest.raises(Crashed, match="cannot be opened"):
                engine.query(Query("ASK {}", release="000002"), LIMITS)
            assert '"boolean":true' in read(engine, "ASK { ?s ?p ?o }")
    finally:
        engine.close()
