"""Validators, the cache of results, and what neither may ever do: show the wrong answer."""

import io
import multiprocessing
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pesai.access.audiences import Reader
from pesai.engine.embedded.local import LocalEngine
from pesai.engine.embedded.pool import Pool
from pesai.engine.protocol import Limits, Query
from pesai.releases.layout import Home
from pesai.releases.locate import locator
from pesai.settings import Settings
from pesai.web import create_app, fetching
from pesai.web.answers import select
from pesai.web.cache import ResultCache
from pesai.web.fetching import key_of
from tests.conftest import until
from tests.web.conftest import Client, put, small

Serve = Callable[..., AbstractContextManager[str]]
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


def timing(client: Client, query: str) -> str:
    return client.get(query).headers["server-timing"]


def until_kept(client: Client, query: str) -> None:
    """Small results are kept when there is time."""
    until(lambda: "cache" in timing(client, query), "it is kept")


def test_the_same_question_has_the_same_validator_and_costs_a_304(sparql: Client) -> None:
    first = sparql.get(COUNT)
    assert first.headers["etag"].startswith('"')
    again = sparql.get(COUNT, If_None_Match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert "engine" not in again.headers["server-timing"]
    for known in (f"W/{first.headers['etag']}", f'"x", {first.headers["etag"]}'):
        assert sparql.get(COUNT, If_None_Match=known).status == 304
    assert sparql.get(COUNT, If_None_Match='"x"').status == 200
    assert first.headers["cache-control"] == "public, no-cache"


def test_a_different_question_has_a_different_validator(sparql: Client) -> None:
    graph = "https://w3id.org/pes-ai/graph/organisations/observatory"
    asked: list[tuple[str, list[tuple[str, str]]]] = [
        (COUNT, []),
        (f"{COUNT} ", []),
        (COUNT, [("format", "xml")]),
        (COUNT, [("default-graph-uri", graph)]),
        (COUNT, [("named-graph-uri", graph)]),
        (COUNT, [("format", "csv")]),
        (COUNT, [("format", "csv"), ("download", "1")]),
        (COUNT, [("format", "html"), ("lang", "fr")]),
        (COUNT, [("format", "html"), ("lang", "en")]),
    ]
    tags = {sparql.get(query, more).headers["etag"] for query, more in asked}
    assert len(tags) == len(asked)


def test_pages_depend_on_the_language_of_the_reader(sparql: Client) -> None:
    french = sparql.get(COUNT, [("format", "html")], Accept_Language="fr")
    reply = sparql.get(
        COUNT, [("format", "html")], Accept_Language="en", If_None_Match=french.headers["etag"]
    )
    assert reply.status == 200
    assert "Accept-Language" in reply.headers["vary"]
    assert "Cookie" in reply.headers["vary"]
    assert reply.headers["cache-control"] == "private, no-cache"


def test_a_kept_answer_is_the_answer(sparql: Client) -> None:
    query = "SELECT ?s { ?s a <http://www.w3.org/ns/org#Organization> } ORDER BY ?s"
    first = sparql.get(query)
    until_kept(sparql, query)
    kept = sparql.get(query)
    assert (kept.body, kept.headers["etag"]) == (first.body, first.headers["etag"])
    assert kept.headers["x-query-id"] != first.headers["x-query-id"]


@pytest.mark.parametrize("name", ["ttl", "html", "xlsx"])
def test_large_answers_are_kept_too(sparql: Client, name: str) -> None:
    if name == "ttl":
        query = "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"
    else:
        query = "SELECT ?s ?p { ?s ?p ?o } ORDER BY ?s ?p LIMIT 3000"
    first = sparql.get(query, [("format", name)])
    deadline = time.monotonic() + 60
    while True:
        again = sparql.get(query, [("format", name)])
        assert again.body == first.body
        if "cache" in again.headers["server-timing"]:
            break
        assert time.monotonic() < deadline


@pytest.mark.parametrize("call", ["NOW()", "RAND()", "UUID()", "STRUUID()", 'BNODE("x")'])
def test_volatile_answers_are_new_each_time(sparql: Client, call: str) -> None:
    query = f"SELECT ({call} AS ?x) {{ }}"
    replies = [sparql.get(query) for _ in range(3)]
    assert len({reply.body for reply in replies}) == (1 if "BNODE" in call else 3)
    for reply in replies:
        assert "etag" not in reply.headers
        assert reply.headers["cache-control"] == "no-store"
        assert "cache" not in reply.headers["server-timing"]


def test_errors_are_not_kept(sparql: Client) -> None:
    for _ in range(2):
        reply = sparql.get("ASK {")
        assert reply.headers["cache-control"] == "no-store"
        assert "etag" not in reply.headers


def test_a_new_release_is_seen_at_once(tmp_path: Path, serve: Serve) -> None:
    home = tmp_path / "var"
    small(home)
    with serve(home) as address:
        client = Client(address)
        first = client.get(COUNT)
        until_kept(client, COUNT)
        put(home, "c", ['<urn:new> <urn:p> "new" .'])
        second = client.get(COUNT, If_None_Match=first.headers["etag"])
        assert second.status == 200
        assert second.headers["x-release"] > first.headers["x-release"]
        numbers = [int(r.json["results"]["bindings"][0]["n"]["value"]) for r in (first, second)]
        assert numbers[1] > numbers[0]
        # What changes for partners alone leaves the public's answers as they are.
        put(home, "secret", ['<urn:x> <urn:p> "more" .'], audience="partners")
        third = client.get(COUNT, If_None_Match=second.headers["etag"])
        assert third.status == 304
        assert third.headers["x-release"] > second.headers["x-release"]


@pytest.mark.attack("30")
def test_readers_never_share_an_answer(small_home: Path, tmp_path: Path) -> None:
    settings = Settings(home=small_home, cache_size="1MiB")
    engine = LocalEngine(Pool(1, Limits()), locator(Home(small_home)), {})
    app = create_app(engine, settings)
    app.extensions["pesai.cache"] = ResultCache(tmp_path, 1 << 20)
    text = "SELECT ?o { ?s <urn:p> ?o } ORDER BY ?o"
    try:
        for _ in range(2):
            for reader, wanted in (("public", 3), ("partners", 4), ("owner:qm", 4), ("public", 3)):
                with app.test_request_context():
                    found = select(Query(text, Reader.parse(reader)))
                assert found.total == wanted
    finally:
        engine.close()
    keys = {key_of(Query(text, Reader.parse(r)), "same", "json") for r in ("public", "partners")}
    assert len(keys) == 2


@pytest.mark.undefended("30")
def test_a_key_without_the_reader_gives_one_the_answer_of_another(
    small_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "key_of", lambda query, _checksum, variant: query.text + variant)
    engine = LocalEngine(Pool(1, Limits()), locator(Home(small_home)), {})
    app = create_app(engine, Settings(home=small_home))
    app.extensions["pesai.cache"] = ResultCache(tmp_path, 1 << 20)
    found = []
    for reader in ("partners", "public"):
        with app.test_request_context():
            found.append(select(Query("SELECT ?o { ?s <urn:p> ?o }", Reader.parse(reader))).total)
    engine.close()
    assert found == [4, 4], "the public is given what partners read"


@pytest.mark.attack("30")
def test_keys_keep_their_parts_apart() -> None:
    one = Query("ASK {}", default_graphs=("urn:a",), named_graphs=())
    other = Query("ASK {}", default_graphs=(), named_graphs=("urn:a",))
    bound = [Query("ASK {}", bindings={"a": term}) for term in ('"x"', "<x>")]
    keys = {key_of(query, "c", "json") for query in (one, other, *bound, Query("ASK {}c"))}
    keys |= {key_of(one, "cj", "son"), key_of(one, "c", "xml")}
    assert len(keys) == 7


def entry(cache: ResultCache, number: int, size: int) -> None:
    cache.put(f"{number:064x}", io.BytesIO(b"x" * size), size)


def test_the_cache_stays_within_its_limit_and_keeps_what_is_used(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, 1 << 20)
    entry(cache, 0, 5000)
    for number in range(1, 400):
        entry(cache, number, 5000)
        assert cache.used() <= 1 << 20
        kept = cache.get(f"{0:064x}")
        assert kept is not None
        kept.close()
    assert cache.get(f"{1:064x}") is None


def test_results_too_large_for_it_are_not_kept(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path, 80_000)
    entry(cache, 1, 10_001)
    entry(cache, 2, 10_000)
    assert cache.get(f"{1:064x}") is None
    kept = cache.get(f"{2:064x}")
    assert kept is not None
    kept.close()
    none = ResultCache(tmp_path / "none", 0)
    entry(none, 1, 1)
    assert none.get(f"{1:064x}") is None


def _fill(folder: Path, seed: int) -> None:
    cache = ResultCache(folder, 1 << 20)
    for number in range(150):
        entry(cache, seed * 1000 + number, 4000 + number)
        found = cache.get(f"{seed * 1000 + number:064x}")
        if found is not None:
            with found:
                assert len(found.read()) == 4000 + number


def test_processes_share_the_limit(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_fill, args=(tmp_path, seed)) for seed in range(3)]
    for worker in workers:
        worker.start()
    cache = ResultCache(tmp_path, 1 << 20)
    while any(worker.is_alive() for worker in workers):
        assert cache.used() <= 1 << 20
        time.sleep(0.01)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert not [path for path in cache.folder.rglob("*.*") if path.is_file()]


def test_a_disk_that_cannot_be_written_to_is_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").write_text("a file stands where the folder should be")
    cache = ResultCache(tmp_path / "cache", 1 << 20)
    entry(cache, 1, 10)
    assert "a result was not kept" in caplog.text


def test_entries_of_an_earlier_run_of_the_machine_go(tmp_path: Path) -> None:
    old = tmp_path / "11111111-2222-3333-4444-555555555555"
    (old / "ab").mkdir(parents=True)
    (old / "ab" / "cd").write_bytes(b"\0" * 10)
    cache = ResultCache(tmp_path, 1 << 20)
    entry(cache, 1, 10)
    assert not old.exists()
    assert list(tmp_path.iterdir()) == [cache.folder]


def test_many_readers_at_once_get_whole_answers(sparql: Client) -> None:
    queries = [
        f"SELECT * {{ ?s a <http://www.w3.org/ns/org#Organization> }} ORDER BY ?s LIMIT {100 + n}"
        for n in range(6)
    ]
    wanted = {query: sparql.get(query).body for query in queries}
    wrong: list[str] = []

    def read(start: int) -> None:
        for n in range(12):
            query = queries[(start + n) % len(queries)]
            reply = sparql.send("GET", f"/sparql?{urlencode({'query': query})}")
            if reply.status != 200 or reply.body != wanted[query]:
                wrong.append(f"{reply.status} {query}")

    threads = [threading.Thread(target=read, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
