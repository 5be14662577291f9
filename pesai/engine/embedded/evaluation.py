"""Evaluating one query on an open store, from text to the bytes of its answer."""

import errno
import re
from collections.abc import Sequence
from typing import Any, BinaryIO, cast

import pyoxigraph as ox

from pesai.engine.embedded.spool import Spool
from pesai.engine.embedded.wire import Header
from pesai.engine.syntax.bindings import NotBindable, bind
from pesai.engine.syntax.grammar import Start
from pesai.engine.syntax.tokens import BadToken

__all__ = ["evaluate", "failed", "refused", "without_unused_prefixes"]

_SOLUTIONS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
_GRAPHS = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
}
_PREFIX_LINES = re.compile(rb"(?:@prefix [^\n]*\n)+")
_Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph


def evaluate(store: ox.Store, text: str, request: Header, spool: Spool) -> Header:
    """Evaluate a query; its answer is in the spool.

    Returns:
        The header of the answer: ``kind`` and ``format``, or ``error`` with what it is about.
    """
    try:
        bound = bind(text, request["bindings"])
    except NotBindable as error:
        return _parameter(error.template, **error.values)
    except BadToken:
        bound = text  # the engine refuses it, too
    try:
        header = _run(store, bound, request, spool)
        spool.flush()
        return header
    except SyntaxError as error:
        return _syntax(text, request, str(error))
    except MemoryError:
        return {"error": "memory"}
    except (ValueError, RuntimeError, OSError) as error:
        return failed(error, spool)


def _run(store: ox.Store, text: str, request: Header, spool: Spool) -> Header:
    store, dataset = _dataset(store, request["default_graphs"], request["named_graphs"])
    found = store.query(text, base_iri=request["base"], **dataset)
    # Results belong to the thread that asked: they are written here and now.
    output = cast("BinaryIO", spool)
    if isinstance(found, ox.QueryTriples):
        name = request["graph"]
        if name not in _GRAPHS:
            return {"error": "format", "kind": "graph"}
        ox.serialize(found, output, format=_GRAPHS[name], prefixes=request["prefixes"])
        return {"kind": "graph", "format": name}
    kind = "boolean" if isinstance(found, ox.QueryBoolean) else "solutions"
    name = request["solutions"]
    if name not in _SOLUTIONS:
        return {"error": "format", "kind": kind}
    found.serialize(output, format=_SOLUTIONS[name])
    return {"kind": kind, "format": name}


def _dataset(
    store: ox.Store, default: Sequence[str], named: Sequence[str]
) -> tuple[ox.Store, dict[str, Any]]:
    """The store and the arguments for the dataset of a request (SPARQL 1.1 Protocol, 2.1.4).

    Both lists are always given: with one alone, the other graphs would stay readable. Given, they
    replace the dataset that the query's text names. The engine counts a triple once for each
    default graph that holds it, so several are merged in a store in memory first.
    """
    if not default and not named:
        return store, {}
    named_graphs = [ox.NamedNode(iri) for iri in named]
    defaults: list[_Graph] = [ox.NamedNode(iri) for iri in dict.fromkeys(default)]
    if len(defaults) > 1:
        store = _merged(store, defaults, named_graphs)
        defaults = [ox.DefaultGraph()]
    return store, {"default_graph": defaults, "named_graphs": named_graphs}


def _merged(store: ox.Store, default: list[_Graph], named: list[ox.NamedNode]) -> ox.Store:
    """A store in memory whose default graph is the merge of some graphs, each triple once."""
    merged = ox.Store()
    for graph in default:
        found = store.quads_for_pattern(None, None, None, graph)
        merged.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in found)
    for graph in named:
        merged.extend(store.quads_for_pattern(None, None, None, graph))
    return merged


def without_unused_prefixes(body: bytes) -> bytes:
    """Turtle or TriG without the declarations of prefixes that nothing uses.

    A word before a colon inside a text counts as a use: a declaration too many is right, too.
    """
    head = _PREFIX_LINES.match(body)
    if head is None:
        return body
    used = set(re.findall(rb"([A-Za-z][\w.-]*):", body[head.end() :]))
    kept = [
        line for line in head.group().splitlines(True) if line.split(b":")[0].split()[1] in used
    ]
    return b"".join(kept) + body[head.end() :]


def _parameter(template: str, **values: str) -> Header:
    return {"error": "parameter", "template": template, "values": values}


def _syntax(text: str, request: Header, said: str) -> Header:
    """The explanation of a syntax error, which is told of the text without its parameters."""
    if request["bindings"]:
        try:
            ox.Store().query(text, base_iri=request["base"])
        except SyntaxError as error:
            said = str(error)
        else:
            names = ", ".join(f"?{name}" for name in sorted(request["bindings"]))
            return _parameter(
                "A parameter cannot stand where the query has it: a text where only an IRI can be, "
                "say. Parameters: {names}.",
                names=names,
            )
    return refused(text, request["base"], said)


def refused(text: str, base: str | None, said: str, start: Start = "Query") -> Header:
    """The explanation of a syntax error of a query or an update."""
    from pesai.engine.syntax.explain import explain

    explanation = explain(text, said, base, start)
    return {"error": "syntax", "template": explanation.template, "values": explanation.values}


def failed(error: Exception, spool: Spool) -> Header:
    """Why an evaluation failed, from what the engine raised and how far its answer came."""
    if spool.full or (spool.failure is not None and spool.failure.errno == errno.EFBIG):
        return {"error": "result-size"}
    if spool.failure is not None:
        return {"error": "failed", "reason": str(spool.failure)}
    return {"error": "evaluation", "reason": str(error)}
