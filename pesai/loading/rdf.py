"""RDF documents that nobody vouches for: read with limits, never fetching anything.

The reading runs in a process of its own (``pesai.loading.bounded``): it gives the triples as
canonical lines, or what is wrong with the document.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, RdfFormat, parse

from pesai.loading.bounded import Limits, TooMuch, call
from pesai.loading.canonical import line
from pesai.loading.contexts import CONTEXT, remote_contexts, with_our_context
from pesai.loading.issues import Place, Severity
from pesai.loading.sink import Sink
from pesai.loading.xmlcheck import xml_fault

__all__ = ["FORMATS", "Fault", "read_document", "triples"]

FORMATS = {
    ".ttl": RdfFormat.TURTLE,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".trig": RdfFormat.TRIG,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
    ".jsonld": RdfFormat.JSON_LD,
    ".json": RdfFormat.JSON_LD,
}
"""Formats by the end of a file's name."""

_MOST_FAULTS = 50
_MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Fault:
    """What is wrong with a document; line and column are counted from 1, 0 when not known."""

    message: str
    expected: str = ""
    line: int = 0
    column: int = 0
    severity: Severity = "error"
    value: str = ""


def is_json_ld(path: Path) -> bool:
    """Whether the end of a file's name says so."""
    return FORMATS.get(path.suffix.lower()) == RdfFormat.JSON_LD


def read_document(path: Path, base: str, context: bytes | None, sink: Sink) -> list[str]:
    """The triples of one file as canonical lines, with blank nodes.

    Args:
        path: its end tells the format.
        base: the IRI against which relative ones are resolved; none are understood when empty.
        context: our own JSON-LD context, if it is at hand.
        sink: takes the issues.

    Returns:
        Nothing when the document has an error: half of a document may say what it does not mean.
    """
    place = Place(path.name)
    if path.suffix.lower() not in FORMATS:
        expected = "one of " + ", ".join(FORMATS)
        sink.lose("is of no RDF format", place, value=path.suffix, expected=expected)
        return []
    content = path.read_bytes()
    order = {
        "suffix": path.suffix.lower(),
        "base": base,
        "context": context.decode() if context else "",
    }
    size = len(content) // _MEGABYTE
    limits = Limits(seconds=20 + size, memory=(2048 + 32 * size) * _MEGABYTE)
    try:
        answer = call(
            "pesai.loading.rdf:read", json.dumps(order).encode() + b"\n" + content, limits
        )
    except TooMuch as reason:
        sink.lose(f"cannot be read: {reason}", place)
        return []
    head, _, body = answer.partition(b"\n")
    faults = [Fault(**fault) for fault in json.loads(head)]
    for fault in faults:
        where = Place(path.name, row=fault.line, column=str(fault.column or ""))
        sink.report(
            fault.severity, fault.message, place=where, value=fault.value, expected=fault.expected
        )
    if any(fault.severity == "error" for fault in faults):
        sink.lost.add(path.name)
        return []
    return body.decode().split("\n") if body else []


def read(payload: bytes) -> bytes:
    """Faults as JSON, then the lines. Runs in the child process."""
    head, _, content = payload.partition(b"\n")
    order: dict[str, str] = json.loads(head)
    form = FORMATS[order["suffix"]]
    faults = list(_refusals(form, content, CONTEXT if order["context"] else ""))
    found: dict[str, None] = {}
    if not faults:
        if form == RdfFormat.JSON_LD:
            content = with_our_context(content, order["context"])
        found = dict.fromkeys(
            triples(content.removeprefix(b"\xef\xbb\xbf"), form, order["base"], faults)
        )
    return (
        json.dumps([asdict(fault) for fault in faults]).encode() + b"\n" + "\n".join(found).encode()
    )


def triples(content: bytes, form: RdfFormat, base: str, faults: list[Fault]) -> Iterator[str]:
    """The triples of a document as canonical lines; what is wrong with it goes into ``faults``.

    The parser goes on after an error, so that all of them are told at once.
    """
    parser = parse(content, format=form, base_iri=base or None, rename_blank_nodes=True)
    graphs: set[str] = set()
    while len(faults) < _MOST_FAULTS:
        try:
            quad = next(parser)
        except StopIteration:
            break
        except SyntaxError as wrong:
            faults.append(_syntax(wrong))
            continue
        if not isinstance(quad.object, NamedNode | BlankNode | Literal):
            faults.append(Fault("holds a triple about a triple (RDF 1.2)", "plain triples"))
            continue
        if not isinstance(quad.graph_name, DefaultGraph):
            graphs.add(str(quad.graph_name))
        yield line(quad.subject, quad.predicate, quad.object)
    if graphs:
        message = f"{len(graphs)} named graphs are merged into one"
        faults.append(Fault(message, severity="warning", value=", ".join(sorted(graphs)[:3])))


def _refusals(form: RdfFormat, content: bytes, at_hand: str) -> Iterator[Fault]:
    if form == RdfFormat.RDF_XML:
        if wrong := xml_fault(content):
            message, at, column = wrong
            yield Fault(message, "RDF/XML, well-formed and without a DOCTYPE", at, column)
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        yield Fault("is not UTF-8", "the file in UTF-8", content.count(b"\n", 0, bad.start) + 1)
        return
    if form == RdfFormat.JSON_LD:
        yield from _contexts(text, at_hand)


def _contexts(text: str, at_hand: str) -> Iterator[Fault]:
    try:
        found = list(remote_contexts(text, at_hand))
    except json.JSONDecodeError as wrong:
        yield Fault(wrong.msg, "JSON (RFC 8259)", wrong.lineno, wrong.colno)
    except RecursionError:
        yield Fault("is nested too deeply", "JSON-LD")
    else:
        expected = "the context itself" + (f", or {at_hand}" if at_hand else "")
        for iri, at in found:
            message = "names a context that would have to be fetched"
            yield Fault(message, expected, at, value=iri)


def _syntax(wrong: SyntaxError) -> Fault:
    message = (
        wrong.msg.partition(": ")[2] if wrong.msg.startswith("Parser error at ") else wrong.msg
    )
    return Fault(message, line=wrong.lineno or 0, column=wrong.offset or 0)
