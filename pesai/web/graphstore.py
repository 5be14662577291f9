"""SPARQL 1.1 Graph Store HTTP Protocol: graphs as documents that are read and replaced.

A graph is named by its own address (``/graph/rdf/{name}``) or by ``/graphs?graph=IRI``, the default
graph by ``/graphs?default``. Who may read a graph may get it; writing takes a token.
"""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import IO
from urllib.parse import quote, unquote

from flask import Blueprint, Response, request
from pyoxigraph import NamedNode
from werkzeug.datastructures import ETags

from pesai.engine.protocol import Query
from pesai.errors import Conflict, NotFound, WrongUse
from pesai.releases.admission import KIND
from pesai.releases.writing import TAG
from pesai.web import headers, state, submitting
from pesai.web.documents import RDF, graph_answer, wanted
from pesai.web.problems import TooLarge, UnknownMediaType
from pesai.web.rows import prepared, text_of

__all__ = ["blueprint", "data", "iri_of", "is_indirect", "read"]

blueprint = Blueprint("graphstore", __name__)

_SUFFIXES = {media: f".{ending}" for ending, (media, _name) in RDF.items()}
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_TAG = re.compile(rf"[0-9a-f]{{{TAG}}}")
_DEFAULT = ""
"""Stands for the default graph."""


def iri_of(kind: str, name: str) -> str:
    """The IRI that an address stands for, as ``Base.graph`` makes it; whether or not it is one."""
    return f"{state.base().iri}graph/{kind}/{quote(name, safe='')}"


def is_indirect() -> bool:
    """Whether the request names a graph by a parameter."""
    return "graph" in request.args or "default" in request.args


def read() -> Response:
    """The graph that the request names by a parameter."""
    iri, ending = _named(), wanted(page=False)
    own = state.base().default_graph
    if iri == _DEFAULT and own is None:
        return graph_answer(_whole_default(), ending)
    return data(iri or own or "", ending)


def data(iri: str, ending: str) -> Response:
    """A graph in an RDF format.

    Raises:
        NotFound: there is none that the reader may read.
    """
    entry = state.entry_of(state.release())
    checksum = (entry.graphs | entry.derived).get(iri)
    if checksum is None:
        raise NotFound("There is no graph {graph} that you may read.", graph=iri)
    if iri == state.base().default_graph:
        query = _whole_default()
    else:
        query = prepared(text_of("graph"), graph=NamedNode(iri))
    return graph_answer(query, ending, content=checksum)


def _whole_default() -> Query:
    """The default graph. It may be all that there is, so it waits as free queries do."""
    return replace(prepared(text_of("default-graph-triples")), curated=False)


@blueprint.route("/graphs", methods=["PUT", "POST", "DELETE"])
def indirect() -> Response:
    """Write to the graph that a parameter names; POST without one makes a new graph."""
    principal = submitting.writer()
    if request.method == "POST" and not is_indirect():
        return _write(iri_of(KIND, f"{principal.own_prefix}.{token_hex(6)}"))
    return _write(_named())


@blueprint.route("/graph/<kind>/<path:name>", methods=["PUT", "POST", "DELETE"])
def direct(kind: str, name: str) -> Response:
    """Write to the graph of this address."""
    submitting.writer()
    return _write(iri_of(kind, name))


def _write(iri: str) -> Response:
    graph = iri or state.base().default_graph
    if graph is None:
        raise Conflict(
            "The default graph is the union of the named graphs and cannot be written to: name the "
            "graph (graph=…)."
        )
    condition = (
        _tags("If-Match", request.if_match, weak=False),
        _tags("If-None-Match", request.if_none_match, weak=True),
    )
    if request.method == "DELETE":
        found = submitting.submit("delete", "Graph Store DELETE", graph=graph, condition=condition)
        return submitting.answer(found)
    with _documents() as files:
        found = submitting.submit(
            "put" if request.method == "PUT" else "merge",
            f"Graph Store {request.method}",
            graph=graph,
            condition=condition,
            audience=request.args.get("audience", ""),
            files=[str(path) for path in files],
        )
    if found["created"]:
        return submitting.answer(found, 201, _address(graph))
    return submitting.answer(found, 204 if request.method == "PUT" else 200)


def _named() -> str:
    """The IRI of the graph that a parameter names; empty for the default graph.

    Raises:
        WrongUse: none or several are named, or it is no IRI.
    """
    named, default = request.args.getlist("graph"), request.args.getlist("default")
    if len(named) + len(default) != 1:
        raise WrongUse("Name one graph: by graph=IRI, or the default graph by 'default'.")
    if default:
        return _DEFAULT
    iri = named[0]
    if not _ABSOLUTE.fullmatch(iri):
        raise WrongUse("'{value}' in {name} is not an absolute IRI.", name="graph", value=iri[:200])
    own = f"{headers.root()}/graph/"
    if iri.startswith(own):  # the address of a graph here stands for the graph
        kind, _, name = iri.removeprefix(own).partition("/")
        return iri_of(kind, unquote(name))
    return iri


def _address(iri: str) -> str:
    """Where a graph is found."""
    own = state.base().iri
    if iri.startswith(f"{own}graph/"):
        return f"{headers.root()}/{iri.removeprefix(own)}"
    return f"{headers.root()}/graphs?graph={quote(iri, safe='')}"


def _tags(name: str, given: ETags, *, weak: bool) -> list[str] | None:
    """The validators of a condition, as beginnings of checksums.

    A weak one says that what was got is the same to the eye, not that it is the same: it never
    fits If-Match (RFC 9110, 13.1.1).
    """
    if name not in request.headers:
        return None
    if given.star_tag:
        return ["*"]
    tags = given.as_set(include_weak=weak)
    # The empty tag, and one that says "*" in quotes, are legal and none of ours.
    return [tag[:TAG] for tag in tags if tag and _TAG.match(tag)]


@contextmanager
def _documents() -> Iterator[list[Path]]:
    """The documents of the request as files, named by their format."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise UnknownMediaType("Send the document as it is, not compressed.")
    request.max_content_length = request.max_form_memory_size = state.chosen().write_size
    with tempfile.TemporaryDirectory(prefix="pesai-upload-") as name:
        folder = Path(name)
        if request.mimetype == "multipart/form-data":
            parts = [(part.stream, _suffix(part.mimetype)) for part in request.files.values()]
        else:
            parts = [(request.stream, _suffix(request.mimetype))]
        if not parts:
            raise WrongUse("The form holds no file.")
        yield [_saved(folder, number, *part) for number, part in enumerate(parts)]


def _suffix(media: str) -> str:
    if media not in _SUFFIXES:
        raise UnknownMediaType(
            "A graph is sent as one of {types}, and this is {media}.",
            types=", ".join(_SUFFIXES),
            media=media[:80] or "of no declared type",
        )
    return _SUFFIXES[media]


def _saved(folder: Path, number: int, stream: IO[bytes], suffix: str) -> Path:
    path = folder / f"document{number or ''}{suffix}"
    most = state.chosen().write_size
    with path.open("wb") as file:
        shutil.copyfileobj(stream, file)
        if file.tell() > most:
            raise TooLarge("The body is longer than {most} bytes.", most=int(most))
    return path
