"""The protocol of loaders, and what they are given."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Protocol

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from pesai.loading.sink import Sink
from pesai.namespaces import Base

__all__ = [
    "Context",
    "Description",
    "Document",
    "Loader",
    "Source",
    "no_document",
    "row_iri",
]


@dataclass(frozen=True)
class Source:
    """The files that are read together into one named graph."""

    kind: str
    name: str
    paths: tuple[Path, ...]

    @cached_property
    def files(self) -> tuple[tuple[str, str], ...]:
        """Name and SHA-256 of each file, by name."""
        return tuple(
            sorted(
                (path.name, hashlib.sha256(path.read_bytes()).hexdigest()) for path in self.paths
            )
        )


@dataclass(frozen=True)
class Description:
    """What is known of a source as a publication; shown wherever its data are."""

    title_en: str
    title_fr: str
    version: str = ""
    licence: str = ""
    attribution: str = ""
    homepage: str = ""


def _knows_nothing(_iri: str) -> bool:
    return False


def _says_nothing(_thing: str) -> Iterable[str]:
    return ()


Document = Callable[[str], bytes | None]
"""Gives a bundled document that has an IRI of ours, or nothing."""


def no_document(_iri: str) -> bytes | None:
    """No document at all."""
    return None


@dataclass(frozen=True)
class Context:
    """What a loader may rely on: the node's names, and what is known already.

    'Known' is what the submitter may see: the present release and the earlier loads of the same
    run, the graph that is being replaced left out.

    Attributes:
        base: makes the IRIs of things and graphs.
        knows: tells whether an IRI is a known thing.
        said: gives the N-Triples lines known of a thing, by its IRI.
        things: gives the IRIs of known things that begin with a text. Only asked for to name the
            one that is near when a reference is wrong, so it need not be fast.
        document: gives a bundled document that has an IRI of ours (the JSON-LD context); nothing
            is ever fetched.
    """

    base: Base
    knows: Callable[[str], bool] = field(default=_knows_nothing)
    said: Callable[[str], Iterable[str]] = field(default=_says_nothing)
    things: Callable[[str], Iterable[str]] = field(default=_says_nothing)
    document: Document = field(default=no_document)

    def values(self, thing: NamedNode, predicate: NamedNode) -> list[NamedNode | Literal]:
        """What is known of a thing by one property."""
        beginning = f"{thing} {predicate} "
        lines = [line for line in self.said(thing.value) if line.startswith(beginning)]
        triples = parse("\n".join(lines), format=RdfFormat.N_TRIPLES)
        values = [triple.object for triple in triples]
        return [value for value in values if isinstance(value, NamedNode | Literal)]


class Loader(Protocol):
    """Turns one source into the triples of one named graph.

    A loader never talks to a store and never stops at the first problem: it reports all of them to
    the sink, with their places, and adds what is good.
    """

    kind: ClassVar[str]
    """Name of the kind of source, as in ``pesai load KIND``."""

    def describe(self, source: Source) -> Description:
        """What the source is, as a publication."""
        ...

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the source into the sink.

        Raises:
            pesai.errors.InputProblem: nothing at all can be read (a wrong file, say).
        """
        ...


def row_iri(source: Source, context: Context, file: str, row: int) -> NamedNode:
    """The IRI of a row: the source's IRI with an RFC 7111 fragment (the header is row 1)."""
    stem = source.name if len(source.paths) == 1 else f"{source.name}-{Path(file).stem}"
    document = context.base.thing("source", f"{source.kind}-{stem}")
    return NamedNode(f"{document.value}#row={row}")
