"""Blank nodes become IRIs before anything is stored.

Loading one file twice gives different blank nodes, and an exact union needs the same. The label of
RDFC-1.0 (W3C RDF Dataset Canonicalization, 2024) depends on the graph alone: not on the order of
the file, nor on the labels that it uses.
"""

import re
from collections.abc import Callable, Iterable

from pyoxigraph import CanonicalizationAlgorithm, Dataset, NamedNode, RdfFormat, parse, serialize

from pesai.loading.bounded import Limits, TooMuch, call

__all__ = ["has_blank", "named", "relabelled", "replaced"]

# The last word of a line that ends with a literal always holds a quotation mark.
_BLANK = re.compile(r'^_:(\S+)|(?<= )_:([^\s"]+)(?= \.$)')
_LIMITS = Limits(seconds=10, memory=1 << 30)


def has_blank(line: str) -> bool:
    """Whether a line of N-Triples begins or ends with a blank node."""
    return line.startswith("_:") or (" _:" in line and _BLANK.search(line) is not None)


def named(
    lines: Iterable[str], iri: Callable[[str], NamedNode], limits: Limits = _LIMITS
) -> list[str]:
    """The lines of a graph with an IRI in the place of each blank node.

    Only the lines with blank nodes matter for their labels (RDFC-1.0, section 4.4.3), so only
    these are worked on.

    Args:
        lines: N-Triples, one triple each.
        iri: gives the IRI for a label such as ``c14n0``.
        limits: RDFC-1.0 takes exponential time on graphs that are made for it (section 7.1).

    Raises:
        TooMuch: the work is beyond the limits.
    """
    plain, blank = _parted(lines)

    def _iri(found: re.Match[str]) -> str:
        return str(iri(found[1] or found[2]))

    return plain + [_BLANK.sub(_iri, line) for line in _canonical(blank, limits)]


def relabelled(lines: Iterable[str], limits: Limits = _LIMITS) -> list[str]:
    """The lines of a graph with the labels of RDFC-1.0 for its blank nodes.

    Raises:
        TooMuch: the work is beyond the limits.
    """
    plain, blank = _parted(lines)
    return plain + _canonical(blank, limits)


def _parted(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """The lines without blank nodes, and those with."""
    plain: list[str] = []
    blank: list[str] = []
    for line in lines:
        (blank if has_blank(line) else plain).append(line)
    return plain, blank


def _canonical(blank: list[str], limits: Limits) -> list[str]:
    if not blank:
        return []
    try:
        answer = call("pesai.loading.blanks:canonicalise", "\n".join(blank).encode(), limits)
    except TooMuch as reason:
        raise TooMuch(
            "its blank nodes cannot be told apart: {reason}; give them IRIs", reason=str(reason)
        ) from reason
    return [line for line in answer.decode().split("\n") if line]


def replaced(lines: Iterable[str], iri: Callable[[str], NamedNode]) -> list[str]:
    """The lines with an IRI in the place of each blank node, by the label that it has there.

    For blank nodes that are new: their labels say nothing to anybody.
    """
    return [
        _BLANK.sub(lambda found: str(iri(found[1] or found[2])), line) if has_blank(line) else line
        for line in lines
    ]


def canonicalise(lines: bytes) -> bytes:
    """N-Triples with the blank node labels of RDFC-1.0. Runs in the child process."""
    dataset = Dataset(parse(lines, format=RdfFormat.N_TRIPLES))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return serialize(dataset, format=RdfFormat.N_QUADS) or b""
