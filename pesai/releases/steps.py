"""Derived steps: what is worked out from the graphs of an audience when a release is made.

A step is found by the entry-point group ``pesai.steps``. It reads the audience's own store and
nothing else, so that nothing can leak through what it writes.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import ClassVar, Protocol

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Store

from pesai.access.audiences import Reader
from pesai.loading.canonical import Lines
from pesai.namespaces import Base
from pesai.releases.manifest import GraphEntry

__all__ = ["GROUP", "Step", "StepContext", "StepResult", "steps"]

GROUP = "pesai.steps"

RESERVED = frozenset(("checksum", "data.nq.gz"))
"""Files in a reader's folder that are the publisher's own."""


@dataclass(frozen=True)
class StepContext:
    """What a step is given.

    Attributes:
        reader: the reader whose store is made.
        store: that store. Only to be read; prefer ``query``, which keeps to ``inputs``.
        entries: the entries of the graphs that the step reads, derived ones apart.
        inputs: the IRIs of all graphs that the step reads.
        folder: where the step writes its files.
        base: makes the IRIs of derived graphs: ``base.graph("derived", name)``.
        previous: the reader's folder of the parent release, with the files that the step wrote
            there; ``None`` when it did not run then. Only to be read, and with care: another
            version of the step may have written it, and of a graph that is no longer among
            ``inputs`` nothing may be taken over.
    """

    reader: Reader
    store: Store
    entries: tuple[GraphEntry, ...]
    inputs: tuple[str, ...]
    folder: Path
    base: Base
    previous: Path | None = None

    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """Ask the graphs that the step reads, and no others.

        The default graph is their merge; a triple that two of them hold counts twice, so count
        with DISTINCT.
        """
        graphs = [NamedNode(iri) for iri in self.inputs]
        return self.store.query(text, default_graph=[*graphs], named_graphs=[*graphs])


@dataclass(frozen=True)
class StepResult:
    """What a step derived.

    Attributes:
        graphs: canonical lines (``pesai.loading.canonical.lines``) by the IRI of the graph, which
            is ``base.graph("derived", name)``.
        files: what it wrote, as paths relative to its folder.
        kept: the step saw that all it made for the parent release still holds: graphs and files
            are taken over from there, and the two above are left empty.
    """

    graphs: Mapping[str, Lines] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    kept: bool = False

    def check(self, step: str, folder: Path, base: Base, taken: Collection[str]) -> None:
        """See that a step keeps to the rules: it may be another's plugin.

        Raises:
            ValueError: it does not; the message says how.
        """
        own = base.graph("derived", "").value
        for iri, lines in self.graphs.items():
            if not iri.startswith(own) or iri in taken:
                raise ValueError(f"the step {step} may not write the graph {iri}")
            if list(lines) != sorted(set(lines)):
                raise ValueError(f"the step {step} gave lines of {iri} that are not canonical")
        for name in self.files:
            inside = (folder / name).resolve().is_relative_to(folder.resolve())
            if not inside or not (folder / name).is_file() or name in RESERVED:
                raise ValueError(f"the step {step} named a file it did not write: {name}")


class Step(Protocol):
    """A derived step.

    ``version`` is raised whenever the same inputs would give another result. ``after`` names the
    steps whose graphs this one reads; it can read no other derived graphs.
    """

    name: ClassVar[str]
    version: ClassVar[str]
    after: ClassVar[tuple[str, ...]]

    def reads(self, kind: str, iri: str) -> bool:
        """Whether the step reads that graph (``kind`` is ``derived`` for derived ones)."""
        ...

    def run(self, context: StepContext) -> StepResult:
        """Derive."""
        ...


@cache
def steps() -> tuple[Step, ...]:
    """All steps, each after those it names, otherwise by name."""
    found: dict[str, Step] = {point.name: point.load()() for point in entry_points(group=GROUP)}
    ordered: list[Step] = []
    waiting = sorted(found)
    while waiting:
        ready = [n for n in waiting if not set(found[n].after) & set(waiting)]
        if not ready:
            raise ValueError(f"derived steps wait for each other: {', '.join(waiting)}")
        ordered.append(found[ready[0]])
        waiting.remove(ready[0])
    return tuple(ordered)
