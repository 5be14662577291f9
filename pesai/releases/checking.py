"""Holding what was loaded against the data contract, and tracing what is wrong to its row."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pesai.loading.canonical import Lines
from pesai.loading.discovery import loader
from pesai.loading.issues import Issue, Place, Severity
from pesai.loading.sink import Sink
from pesai.namespaces import PAI

__all__ = ["Complaint", "RefusingSink", "complaints", "issue", "needs_checking"]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the contract has against a thing: where it came from, and in words."""

    place: Place | None
    severity: Severity
    message: str
    value: str = ""


def needs_checking(kind: str, lines: Lines) -> bool:
    """Whether shapes and rules have anything to say of a graph.

    They look at our own classes and properties: RDF that names none of these needs no look. Other
    people's classifications are checked while they are read (their loaders say ``classification =
    True``), and the ontology itself is checked by ``pesai check ontology``.
    """
    if kind == "ontology" or getattr(loader(kind), "classification", False):
        return False
    return any(f"<{PAI.iri}" in line for line in lines)


def complaints(sink: Sink, lines: Lines, neighbourhood: list[str]) -> list[Complaint]:
    """Everything that the shapes and the rules for data have against a graph.

    Notes of the rules are left out: they tell nothing that would have to be changed.

    Args:
        sink: knows the row that each thing came from.
        lines: the graph.
        neighbourhood: what else is known of the things that it names.
    """
    from rdflib import Graph

    from pesai.checks.rules import check_data
    from pesai.checks.shapes import validate

    content, beyond = "\n".join(lines), "\n".join(neighbourhood)
    data, around = Graph(), Graph()
    data.parse(data=content, format="nt")
    around.parse(data=beyond, format="nt")
    by_shapes = [
        Complaint(
            place=sink.place_of(f"<{found.focus}>"),
            severity=found.severity,
            message=_words(found.focus, found.path, found.messages.get("en", found.component)),
            value=found.value or "",
        )
        for found in validate(data, around)
    ]
    by_rules = [
        Complaint(
            place=sink.place_of(f"<{found.subject}>"),
            severity=found.severity,
            message=_words(found.subject, None, found.message),
            value=found.detail,
        )
        for found in check_data(content.encode(), beyond.encode())
        if found.severity != "note"
    ]
    return by_shapes + by_rules


def _words(focus: str, path: str | None, message: str) -> str:
    return f"<{focus}>{f' {_short(path)}' if path else ''}: {message}"


def _short(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


class RefusingSink(Sink):
    """A sink that treats some rows as bad, whatever the loader says of them.

    A source is read again with it: what a loader does about a bad row (cutting references to it,
    say) is then done in the same way for a row that a check refused.
    """

    def __init__(self, refused: Mapping[Place, list[Complaint]]) -> None:
        super().__init__()
        self.refused = refused

    @contextmanager
    def row(self, place: Place) -> Iterator[None]:
        """One row of the source; an error when it is among the refused."""
        with super().row(place):
            yield
            for complaint in self.refused.get(place, ()):
                self.report(complaint.severity, complaint.message, value=complaint.value)


def issue(complaint: Complaint, files: str) -> Issue:
    """A complaint as an issue of the source."""
    place = complaint.place or Place(files)
    return Issue(place, complaint.severity, complaint.message, complaint.value)
