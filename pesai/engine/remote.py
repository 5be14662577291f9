"""An engine elsewhere: any SPARQL 1.1 Protocol server with one dataset per reader.

How a node outgrows one machine: ``PESAI_ENGINE=https://…/{audience}/sparql``. Its own limits are
not trusted: a request that takes too long is cut off here and told, a result that is too large is
given up, and an answer is passed on only when it is whole.
"""

import hashlib
import tempfile
import threading
import time
import urllib.error
from concurrent.futures import Future
from contextlib import closing
from http.client import HTTPException, HTTPResponse
from typing import BinaryIO, cast
from urllib.parse import quote

from SPARQLWrapper import POST, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from pesai.engine.protocol import (
    BadParameter,
    Busy,
    EvaluationFailed,
    FormatMismatch,
    Limits,
    Query,
    Result,
    ResultKind,
    ResultTooLarge,
    SyntaxProblem,
    TooSlow,
)
from pesai.engine.syntax.bindings import NotBindable, bind
from pesai.engine.syntax.explain import explain
from pesai.engine.syntax.grammar import deviation
from pesai.engine.syntax.tokens import BadToken, tokens
from pesai.errors import Failed, NotFound, Problem, Refused

__all__ = ["RemoteEngine"]

_MEDIA = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdf": "application/rdf+xml",
    "trig": "application/trig",
    "nq": "application/n-quads",
}
_KINDS: dict[str, ResultKind] = {
    "SELECT": "solutions",
    "ASK": "boolean",
    "CONSTRUCT": "graph",
    "DESCRIBE": "graph",
}
_STATUS = {
    "QueryBadFormed": 400,
    "Unauthorized": 401,
    "EndPointNotFound": 404,
    "URITooLong": 414,
}
"""Statuses for which SPARQLWrapper has exceptions of its own."""

_CHUNK = 1 << 16
_IN_MEMORY = 1 << 20


class RemoteEngine:
    """Asks a server by the SPARQL 1.1 Protocol.

    Args:
        address: address of the query endpoint; ``{audience}`` in it stands for the reader
            (``public``, ``partners``, ``owner-ORG``).
    """

    def __init__(self, address: str) -> None:
        self.address = address

    def query(self, query: Query, limits: Limits) -> Result:
        """Answer one query, wholly (see ``pesai.engine.protocol.Engine``).

        The limit of memory is the server's business. ``checksum`` is that of the answer.
        """
        if query.release is not None:
            raise NotFound("The remote engine keeps the present release only.")
        text, kind = _read(query)
        wanted = query.graph if kind == "graph" else query.solutions
        if wanted is None:
            raise FormatMismatch(
                "The query gives {kind}; ask for a format that can hold that.", kind=kind
            )
        request = self._request(query, text, kind, _MEDIA[wanted], limits)
        started = time.monotonic()
        answer = _Answer(request, limits).wait()
        return Result(
            kind=kind,
            format=wanted,
            body=answer.body,
            size=answer.size,
            release=answer.release,
            checksum=answer.checksum,
            seconds=time.monotonic() - started,
        )

    def budget(self, client: str) -> None:
        """Nothing is counted here."""

    def admit(self, client: str) -> None:
        """Nothing is counted here."""

    def charge(self, client: str, cost: float, *, failed: bool = False) -> None:
        """Nothing is counted here."""

    def close(self) -> None:
        """It holds nothing."""

    def _request(
        self, query: Query, text: str, kind: str, media: str, limits: Limits
    ) -> SPARQLWrapper:
        reader = quote(query.reader.folder, safe="")
        request = SPARQLWrapper(self.address.replace("{audience}", reader))
        request.setMethod(POST)
        # Set here, since setQuery guesses the form by patterns and may take it for an update.
        request.queryString = text
        request.queryType = "CONSTRUCT" if kind == "graph" else "SELECT"
        request.addCustomHttpHeader("Accept", media)
        request.setTimeout(max(1, round(limits.seconds + 1)))
        for iri in query.default_graphs:
            request.addParameter("default-graph-uri", iri)
        for iri in query.named_graphs:
            request.addParameter("named-graph-uri", iri)
        return request


def _read(query: Query) -> tuple[str, ResultKind]:
    """The text to be sent and what it gives.

    Raises:
        SyntaxProblem: it is no query.
        BadParameter: a parameter does not fit.
    """
    try:
        if deviation(tokens(query.text)) is None:
            text = bind(query.text, query.bindings)
            form = next(token.symbol for token in tokens(text) if token.symbol in _KINDS)
            return (f"BASE <{query.base}>\n{text}" if query.base else text), _KINDS[form]
    except NotBindable as error:
        raise BadParameter(error.template, **error.values) from None
    except BadToken:
        pass  # explained below
    explanation = explain(query.text, "", query.base)
    raise SyntaxProblem(explanation.template, **explanation.values)


class _Answer:
    """An answer that a thread of its own fetches, so that a server holds us no longer than agreed.

    A thread that was given up ends by itself at its next piece of the answer, or when the socket
    is silent for as long as the whole answer might have taken.
    """

    def __init__(self, request: SPARQLWrapper, limits: Limits) -> None:
        self.request, self.limits = request, limits
        self.deadline = time.monotonic() + limits.seconds
        self.body = cast("BinaryIO", tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115 - the caller closes it
        self.size = 0
        self.release = self.checksum = ""
        self._done: Future[None] = Future()

    def wait(self) -> "_Answer":
        """The whole answer.

        Raises:
            Problem: there is none.
        """
        threading.Thread(target=self._fetch, daemon=True).start()
        try:
            self._done.result(self.limits.seconds)
        except TimeoutError:
            raise self._late() from None
        self.body.seek(0)
        return self

    def _fetch(self) -> None:
        try:
            self._read(self.request.query().response)
        except Problem as problem:
            self._give_up(problem)
        except (SPARQLWrapperException, urllib.error.HTTPError) as error:
            self._give_up(_told(error))
        except TimeoutError:
            self._give_up(self._late())
        except (OSError, HTTPException) as error:
            reason = getattr(error, "reason", error)
            late = isinstance(reason, TimeoutError)
            self._give_up(self._late() if late else _Failed(str(reason)))
        else:
            self._done.set_result(None)

    def _give_up(self, problem: Problem) -> None:
        self.body.close()
        self._done.set_exception(problem)

    def _read(self, response: HTTPResponse) -> None:
        digest = hashlib.sha256()
        with closing(response):
            while part := response.read1(_CHUNK):
                self.size += len(part)
                if self.size > self.limits.result:
                    raise ResultTooLarge(
                        "The result is larger than {limit} bytes, so nothing of it is sent. Ask "
                        "for fewer rows (LIMIT with ORDER BY) or fewer variables.",
                        limit=self.limits.result,
                    )
                if time.monotonic() > self.deadline:
                    raise self._late()
                digest.update(part)
                self.body.write(part)
            announced = response.headers.get("Content-Length")
            if announced is not None and int(announced) != self.size:
                raise _Failed("the answer broke off")
        self.release = response.headers.get("X-Release", "")
        self.checksum = digest.hexdigest()

    def _late(self) -> TooSlow:
        return TooSlow(
            "The remote engine had not answered after {seconds:g} seconds. Ask for less: add a "
            "LIMIT, name more of the things and properties you look for, or avoid patterns that "
            "share no variable.",
            seconds=self.limits.seconds,
        )


class _Failed(Failed):
    """The remote engine failed, for a reason."""

    def __init__(self, reason: str) -> None:
        super().__init__("The remote engine failed: {reason}.", reason=reason)


def _told(error: SPARQLWrapperException | urllib.error.HTTPError) -> Problem:
    """What a server answered, as one of our problems; its own words are not passed on."""
    status = _STATUS.get(type(error).__name__, 500)
    if isinstance(error, urllib.error.HTTPError):
        status = error.code
        error.close()
    if status == 400:
        return EvaluationFailed("The remote engine does not take this query.")
    if status == 406:
        return FormatMismatch("The remote engine does not have this format.")
    if status in (429, 503):
        return Busy("The remote engine is busy. Try again in {retry_after} seconds.", retry_after=5)
    if status in (408, 504):
        return TooSlow("The remote engine stopped the query at its own time limit.")
    if status in (401, 403):
        return Refused("The remote engine refuses this query.")
    return _Failed(f"it answered with status {status}")
