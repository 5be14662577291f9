"""One way from a query to an answer over HTTP, for every address that gives data.

A page group makes a ``Query`` and calls ``answer``. Format, language, validator, cache, download
names and cross-origin reading are decided here, once. An answer is complete before its first byte
is sent, and its length is always known.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from flask import Flask, Response, g, request
from werkzeug.wsgi import wrap_file

from pesai.engine.protocol import Query
from pesai.sparql import guard
from pesai.sparql.formats import Format, kind_of
from pesai.sparql.negotiation import Chosen, negotiate
from pesai.sparql.terms import Table, rows_of, take
from pesai.web import headers
from pesai.web.cache import ResultCache
from pesai.web.fetching import SMALL, Fetched, Plan, edition, fetch, key_of, make, results
from pesai.web.i18n import language
from pesai.web.readers import current_principal

__all__ = ["SHOWN", "Answer", "Page", "answer", "init_app", "select"]

SHOWN = 1000
"""Rows that a page shows; the downloads have all."""


@dataclass(frozen=True)
class Answer:
    """What a page is made of.

    Attributes:
        query: as it was asked.
        scan: what the guard found in it.
        format: HTML, for rows or for triples.
        table: the first rows, or triples as rows.
        release: number of the release that answered.
        title: of page and workbook; empty when it has none of its own.
    """

    query: Query
    scan: guard.Scan
    format: Format
    table: Table
    release: str
    title: str


Page = Callable[[Answer], str]
"""Makes the HTML of an answer."""


def init_app(app: Flask) -> None:
    """Give an application its cache of results."""
    settings = app.extensions["pesai.settings"]
    app.extensions["pesai.cache"] = ResultCache(settings.home / "cache", settings.cache_size)


def answer(
    query: Query,
    *,
    format: str | None = None,  # noqa: A002 - the name that it has in addresses
    download: bool | None = None,
    name: str = "result",
    title: str = "",
    page: Page | None = None,
    content: str = "",
) -> Response:
    """Answer a query in the format that the request asks for.

    Args:
        query: its ``solutions`` and ``graph`` are chosen here.
        format: a format's name when the address decides it, as ``/data/….ttl`` does; otherwise
            ``format=`` and ``Accept`` decide.
        download: whether the answer is saved as a file; otherwise ``download=`` decides. CSV that
            is saved is guarded against formulas, CSV for programs is the standard's.
        name: stem of the names of downloads.
        title: of the page and the workbook.
        page: makes the HTML; the page of results by default.
        content: a checksum of all that the answer depends on, for the validator; by default that
            of the reader's store.

    Raises:
        Problem: whatever is wrong; ``pesai.web.problems`` makes an answer of it.
    """
    plan = Plan.of(query)
    kind = kind_of(plan.scan.form) or "table"
    asked = format or g.get("asked_format")
    if asked is None:
        asked = request.args.get("format")
    chosen = negotiate(kind, asked, request.headers.get("Accept"))
    if download is None:
        download = request.values.get("download", "0") not in ("", "0")
    job = _Job(plan, chosen, download, name, title, page, content)
    return job.not_modified() or job.respond()


def select(query: Query) -> Table:
    """All rows of a SELECT, for pages that are made of them; kept like any other result.

    Raises:
        Problem: the engine could not answer.
    """
    found = fetch(Plan.of(query), "tsv", readable=True)
    found.keep_now()
    with found.body as body:
        rows = rows_of(body, "tsv")
        listed = list(rows.rows)
    return Table(rows.variables, listed, len(listed))


@dataclass
class _Job:
    """One answer under way."""

    plan: Plan
    chosen: Chosen
    download: bool
    name: str
    title: str
    page: Page | None
    content: str
    started: float = field(default_factory=time.perf_counter)
    timing: str = ""
    _tag: str = ""
    _tagged_for: str = ""

    def __post_init__(self) -> None:
        self.release, self.checksum = self.plan.release, self.plan.checksum
        self.format = self.chosen.format
        self.guarded = self.download and self.format.name == "csv"

    def variant(self) -> str:
        """What distinguishes answers to one query over one store."""
        parts = [self.format.name, self.format.kind, "guarded" if self.guarded else ""]
        if self.format.localised:
            parts += [language(), self.release, self.title, edition(), headers.root()]
        if self.format.name == "html":
            parts += [request.full_path]
        return "\n".join(parts)

    def etag(self) -> str | None:
        """The validator, strong: the same one means the same bytes."""
        if self.plan.scan.volatile or request.method not in ("GET", "HEAD"):
            return None
        if self.format.name == "html" and current_principal():  # the frame shows who is signed in
            return None
        if self.content:
            return f'"{self.content[:32]}-{self.format.name}-{edition()[:8]}"'
        if self._tagged_for != self.checksum:
            self._tagged_for = self.checksum
            self._tag = f'"{key_of(self.plan.query, self.checksum, self.variant())[:32]}"'
        return self._tag

    def not_modified(self) -> Response | None:
        """304 when the client has this answer already; no worker is asked."""
        known, etag = request.headers.get("If-None-Match"), self.etag()
        if known is None or etag is None:
            return None
        listed = {one.strip().removeprefix("W/") for one in known.split(",")}
        return self._finish(Response(status=304)) if etag in listed else None

    def respond(self) -> Response:
        """The whole answer."""
        if self.format.name == "html":
            return self._finish(Response(self._html(), content_type=self.chosen.content_type))
        if self.format.made_by_engine and not self.guarded:
            found = fetch(self.plan, self.format.source)
        else:
            source = "tsv" if self.guarded else self.format.source
            found = make(self.plan, self.variant(), source, self._write)
        self._came_from(found)
        return self._finish(self._send(found))

    def _came_from(self, found: Fetched) -> None:
        """Tell of the release that answered, which may be newer than the one that was asked."""
        self.release, self.checksum = found.release, found.checksum
        self.timing = found.timing

    def _write(self, source: BinaryIO, target: BinaryIO) -> None:
        """Make the answer in a format that the engine does not write."""
        from pesai.sparql.spreadsheet import write_csv, write_xlsx
        from pesai.web.notes import notes_of

        rows = rows_of(source, "tsv")
        if self.guarded:
            write_csv(rows, target)
        else:
            notes = notes_of(self.plan.query, self.plan.folder, self.title)
            write_xlsx(rows, target, titles=notes.sheets, notes=notes.lines, made=notes.made)

    def _html(self) -> str:
        from pesai.web.results import result_page

        found = fetch(self.plan, self.format.source, readable=True)
        found.keep_now()
        with found.body as body:
            table = take(rows_of(body, self.format.source), SHOWN)
        self._came_from(found)
        make_page = self.page or result_page
        plan = self.plan
        return make_page(
            Answer(plan.query, plan.scan, self.format, table, found.release, self.title)
        )

    def _send(self, found: Fetched) -> Response:
        """The response with its body: from memory when it is small, from its file when not."""
        media, size = self.chosen.content_type, found.size
        if size > SMALL or request.method == "HEAD":
            found.keep_now()
        if request.method == "HEAD":
            found.body.close()
            response = Response(content_type=media)
        elif size > SMALL:
            body = wrap_file(request.environ, found.body, 1 << 18)
            response = Response(body, content_type=media, direct_passthrough=True)
        else:
            with found.body as file:
                data = file.read()
            response = Response(data, content_type=media)
            if found.keep:
                results().put_later(found.keep, data, found.seconds)
        response.headers["Content-Length"] = str(size)
        if self.download:
            value = headers.attachment(self.name, self.format.suffix)
            response.headers["Content-Disposition"] = value
        return response

    def _finish(self, response: Response) -> Response:
        """The headers that every answer has, 304 too (RFC 9110, 15.4.5)."""
        etag = self.etag()
        if etag:
            response.headers["ETag"] = etag
        response.vary.add("Accept")
        if self.format.localised:
            response.vary.update(("Accept-Language", "Cookie"))
            response.headers["Content-Language"] = language()
        response.headers["X-Release"] = self.release
        response.headers["X-Query-Id"] = headers.query_id()
        total = f"total;dur={(time.perf_counter() - self.started) * 1000:.2f}"
        timing = f"{self.timing}, {total}" if self.timing else total
        response.headers["Server-Timing"] = timing
        headers.caching(response, self.plan.query.reader, volatile=self.plan.scan.volatile)
        return headers.cors(response)
