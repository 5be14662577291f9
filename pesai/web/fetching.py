"""From a query to the bytes of its answer: from the cache, or else from the engine."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import BinaryIO, cast

from flask import current_app

import pesai
from pesai.engine.protocol import GraphFormat, Query, SolutionsFormat
from pesai.releases.layout import ReleaseFolder
from pesai.releases.locate import store_of
from pesai.sparql import guard
from pesai.web import headers, state
from pesai.web.cache import ResultCache
from pesai.web.clients import account
from pesai.web.readers import current_principal

__all__ = ["SMALL", "Fetched", "Plan", "edition", "fetch", "key_of", "make", "results"]

SMALL = 1 << 20
"""Results up to this size are handled in memory."""

READABLE = 32 << 20
"""Bytes of a result that the web reads, for a page or a workbook: no wall stands around it."""

_GRAPHS = ("ttl", "nt", "jsonld", "rdf", "trig", "nq")


@dataclass(frozen=True)
class Plan:
    """What is asked, and of which store.

    Attributes:
        query: the query, with its dataset as the engine should have it.
        scan: what the guard found in it.
        folder: the release that is asked.
        checksum: of the reader's store in it.
    """

    query: Query
    scan: guard.Scan
    folder: ReleaseFolder
    checksum: str

    @property
    def release(self) -> str:
        """The number of the release."""
        return self.folder.id

    @classmethod
    def of(cls, query: Query) -> "Plan":
        """Look at a query, refuse what is refused, and find the store that it asks.

        FROM clauses become lists when they are to be merged: an engine counts a triple once for
        each default graph that holds it. The dataset of the protocol goes before that of the text
        (SPARQL 1.1 Protocol, 2.1.4).

        Raises:
            Problem: the query is refused, or there is no such release, or it is closed.
        """
        scan = guard.admit(query.text, query.base or "")
        given = query.default_graphs or query.named_graphs
        if len(scan.default_graphs) > 1 and not (given or scan.undeclared or scan.form is None):
            default, named = scan.default_graphs, scan.named_graphs
            query = replace(query, default_graphs=default, named_graphs=named)
        if query.release:
            folder = state.home().release(query.release)
            state.closures().check(query.reader, folder)
            return cls(query, scan, folder, folder.checksum(query.reader))
        folder = state.release()
        return cls(query, scan, folder, store_of(folder, query.reader).checksum)


@dataclass
class Fetched:
    """The bytes of a whole answer.

    Attributes:
        body: from its start; the one who fetched it closes it.
        size: its length in bytes.
        release, checksum: of the store that answered.
        timing: a metric for ``Server-Timing``.
        seconds: how long the engine evaluated.
        keep: the key under which it is to be kept, or ``None`` when it is kept already, or never.
    """

    body: BinaryIO
    size: int
    release: str
    checksum: str
    timing: str
    seconds: float = 0
    keep: str | None = None

    def keep_now(self) -> None:
        """Keep it, if it is to be kept; the body is at its start again."""
        if self.keep is None:
            return
        if self.size > SMALL:
            results().put(self.keep, self.body, self.size)
        else:
            results().put_later(self.keep, self.body.read(), self.seconds)
        self.body.seek(0)
        self.keep = None


def results() -> ResultCache:
    """The cache of this application."""
    return cast("ResultCache", current_app.extensions["pesai.cache"])


def key_of(query: Query, checksum: str, variant: str) -> str:
    """The name of an answer: two answers with the same one have the same bytes.

    It is taken over all that an answer depends on: the reader and the store's content, the query
    with its dataset, parameters and base, and the variant (format, language, …).
    """
    parts = (
        str(query.reader), checksum, variant, query.base or "", query.text,
        repr(query.default_graphs), repr(query.named_graphs), repr(sorted(query.bindings.items())),
    )  # fmt: skip
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "big") + data)
    return digest.hexdigest()


def fetch(plan: Plan, source: str, *, readable: bool = False, anew: bool = False) -> Fetched:
    """The answer in one of the engine's formats.

    Args:
        plan: what is asked.
        source: the format.
        readable: whether the web is to read it, and not only to pass it on.
        anew: whether the engine is to evaluate it even when the answer is kept.

    Raises:
        Problem: the engine could not answer, or the answer is too large to be read here.
    """
    limits = state.limits()
    if readable:
        limits = replace(limits, result=min(READABLE, limits.result))
    kept = None if anew else _kept(plan, source)
    if kept is not None and kept.size <= limits.result:
        return kept
    asked = replace(
        plan.query,
        solutions=None if source in _GRAPHS else cast("SolutionsFormat", source),
        graph=cast("GraphFormat", source) if source in _GRAPHS else None,
        client="" if plan.query.curated else account(current_principal()),
    )
    if plan.scan.form is None:  # the engine will say what is wrong, not which format fits
        asked = replace(asked, solutions="json", graph="ttl")
    found = state.engine().query(asked, limits)
    headers.note_budget(found.left)
    guard.confirm(plan.scan)
    keep = None if plan.scan.volatile else key_of(plan.query, found.checksum, source)
    timing = f"engine;dur={found.seconds * 1000:.2f}"
    return Fetched(
        found.body, found.size, found.release, found.checksum, timing, found.seconds, keep
    )


def make(
    plan: Plan, variant: str, source: str, write: Callable[[BinaryIO, BinaryIO], None]
) -> Fetched:
    """The answer in a format that is made from one of the engine's, and kept like those.

    Args:
        plan: what is asked.
        variant: the format, and all that its bytes depend on beside the query.
        source: the engine's format that it is made from.
        write: makes it, from the first file into the second.

    Raises:
        Problem: the engine could not answer, or the format cannot hold the answer.
    """
    kept = _kept(plan, variant)
    if kept is not None:
        return kept
    found = fetch(plan, source, readable=True)
    found.keep_now()
    target = io.BytesIO()
    with found.body as body:
        write(body, target)
    size = target.seek(0, io.SEEK_END)
    target.seek(0)
    keep = None if plan.scan.volatile else key_of(plan.query, found.checksum, variant)
    return Fetched(target, size, found.release, found.checksum, found.timing, found.seconds, keep)


def _kept(plan: Plan, variant: str) -> Fetched | None:
    """The answer from the cache."""
    if plan.scan.volatile:
        return None
    body = results().get(key_of(plan.query, plan.checksum, variant))
    if body is None:
        return None
    size = body.seek(0, io.SEEK_END)
    body.seek(0)
    return Fetched(body, size, plan.release, plan.checksum, 'cache;desc="hit"')


@cache
def edition() -> str:
    """What changes when the program's own texts and templates do.

    Pages depend on these too, and a reader must not be told that a page is as it was.
    """
    folder = Path(__file__).parent
    digest = hashlib.sha256(pesai.__version__.encode())
    for part in ("templates", "translations"):
        for path in sorted((folder / part).rglob("*")):
            if path.is_file():
                status = path.stat()
                digest.update(f"{path.name} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:16]
