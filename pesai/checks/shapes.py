"""Checks a graph against the shapes of the data contract."""

from dataclasses import dataclass, field
from typing import Literal as OneOf

import pyshacl
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import SH
from rdflib.term import Node

from pesai.checks import contract
from pesai.errors import Failed

__all__ = ["Violation", "validate"]


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that a shape refuses.

    Attributes:
        focus: IRI of the thing that is wrong.
        path: IRI of the property, or None when the thing as a whole is meant (or the path is not
            a single property).
        value: the value that is refused, as text; None when something is missing.
        severity: an error refuses the graph, a warning does not.
        shape: IRI of the shape, such as ``https://w3id.org/pes-ai/shapes#Finding-evidence``.
        component: last part of the constraint component, such as ``MinCount``.
        messages: language -> what would be right.
    """

    focus: str
    path: str | None
    value: str | None
    severity: OneOf["error", "warning"]
    shape: str
    component: str
    messages: dict[str, str] = field(default_factory=dict, hash=False)


def validate(data: Graph, neighbourhood: Graph | None = None) -> list[Violation]:
    """Hold a graph against the shapes, without inference.

    Args:
        data: the triples to check; it is not changed.
        neighbourhood: what the data refer to beyond our codes and countries: organisations of
            other graphs, say. Its things are checked only as far as the data speak of them.

    Returns:
        Violations of things of ``data``, in a stable order; none when all is well.

    Raises:
        Failed: the validator could not finish.
    """
    merged = contract.context()
    for graph in (neighbourhood, data):
        for triple in graph or ():
            merged.add(triple)
    focus = {str(subject) for subject in data.subjects()}
    report = _report(merged)
    found = [_violation(report, result) for result in report.objects(None, SH.result)]
    return sorted((one for one in found if one.focus in focus), key=_order)


def _report(merged: Graph) -> Graph:
    _, report, text = pyshacl.validate(
        merged,
        shacl_graph=contract.shapes(),
        inference="none",
        advanced=True,
        inplace=True,  # the graph is ours: no second copy
        allow_warnings=True,
    )
    # A constraint that cannot be evaluated comes back as an object, not as an exception.
    if not isinstance(report, Graph):
        raise Failed("the shapes could not be checked: {reason}", reason=str(text or report))
    return report


def _violation(report: Graph, result: Node) -> Violation:
    path, value = report.value(result, SH.resultPath), report.value(result, SH.value)
    component = str(report.value(result, SH.sourceConstraintComponent))
    return Violation(
        focus=str(report.value(result, SH.focusNode)),
        path=str(path) if isinstance(path, URIRef) else None,
        value=None if value is None else str(value),
        severity="warning" if report.value(result, SH.resultSeverity) == SH.Warning else "error",
        shape=str(report.value(result, SH.sourceShape)),
        component=component.removeprefix(str(SH)).removesuffix("ConstraintComponent"),
        messages={
            message.language: str(message)
            for message in report.objects(result, SH.resultMessage)
            if isinstance(message, Literal) and message.language
        },
    )


def _order(violation: Violation) -> tuple[str, ...]:
    return (
        violation.focus,
        violation.shape,
        violation.component,
        violation.path or "",
        violation.value or "",
    )
