"""The requests of protocol tests, as manifests write them (HTTP in RDF), and what they expect."""

from collections.abc import Iterator
from dataclasses import dataclass

import rdflib
from rdflib.collection import Collection

from tests.conformance.suite import MF, Test

__all__ = ["Body", "Request", "requests_of"]

_HTTP = rdflib.Namespace("http://www.w3.org/2011/http#")
_CONTENT = rdflib.Namespace("http://www.w3.org/2011/content#")
_STATUS = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}


@dataclass(frozen=True)
class Body:
    """An RDF document that is expected: its text and media type."""

    text: str
    media: str


@dataclass(frozen=True)
class Request:
    """A request and the answer that is expected.

    Attributes:
        method, path, headers, body: as they are sent.
        statuses: codes, or classes of codes as 2 for 2xx.
        boolean: of an ASK.
        format: ``boolean``, ``tabular``, ``RDF`` or empty.
        location: name for the value of ``Location`` in later requests.
        answer: an RDF document.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: bytes | None
    statuses: frozenset[int]
    boolean: bool | None
    format: str
    location: str
    answer: Body | None

    @property
    def media(self) -> str:
        """What the body is said to be."""
        return self.headers.get("content-type", "").partition(";")[0]


def requests_of(test: Test) -> Iterator[Request]:
    """The requests of a test, in order."""
    graph = test.manifest
    action = graph.value(test.node, MF.action)
    listed = graph.value(action, _HTTP.requests)
    for node in Collection(graph, listed) if listed is not None else ():
        response = graph.value(node, _HTTP.resp)
        boolean = graph.value(response, MF.expectedBoolean)
        text = _text(graph, response)
        media = _headers(graph, response).get("content-type", "")
        yield Request(
            method=str(graph.value(node, _HTTP.methodName)),
            path=str(graph.value(node, _HTTP.absolutePath)),
            headers=_headers(graph, node),
            body=_body(graph, node),
            statuses=frozenset(map(_status, graph.objects(response, MF.expectedStatus))),
            boolean=None if boolean is None else str(boolean) == "true",
            format=str(graph.value(response, MF.expectedFormat) or ""),
            location=str(graph.value(response, MF.expectedLocation) or ""),
            answer=None if text is None else Body(text, media.partition(";")[0]),
        )


def _headers(graph: rdflib.Graph, node: rdflib.term.Node | None) -> dict[str, str]:
    listed = graph.value(node, _HTTP.headers)
    found = Collection(graph, listed) if listed is not None else ()
    return {
        str(graph.value(one, _HTTP.fieldName)).lower(): str(graph.value(one, _HTTP.fieldValue))
        for one in found
    }


def _text(graph: rdflib.Graph, node: rdflib.term.Node | None) -> str | None:
    body = graph.value(node, _HTTP.body)
    return None if body is None else str(graph.value(body, _CONTENT.chars))


def _body(graph: rdflib.Graph, node: rdflib.term.Node) -> bytes | None:
    text = _text(graph, node)
    if text is None:
        return None
    return text.encode(str(graph.value(graph.value(node, _HTTP.body), _CONTENT.characterEncoding)))


def _status(node: rdflib.term.Node) -> int:
    name = str(node).rpartition("#")[2]
    return int(name[10]) if name.startswith("StatusCode") else _STATUS[name]
