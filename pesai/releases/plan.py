"""What a change means: the graphs of the new release, which differ, and what it closes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from pesai.loading.canonical import Lines, checksum
from pesai.releases.manifest import GraphEntry, Limit, Manifest

__all__ = ["Change", "Plan"]


@dataclass
class Change:
    """What is to become of the graphs.

    Attributes:
        put: new or replaced graphs: their entries (checksum and count are worked out) and lines.
        remove: IRIs of graphs that go.
        edit: entries that change without their content (another audience, say).
        only: the graphs that are put are all there will be; others go without being taken back.
    """

    put: list[tuple[GraphEntry, Lines]] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)
    edit: list[GraphEntry] = field(default_factory=list)
    only: bool = False


@dataclass(frozen=True)
class Plan:
    """The graphs of the new release.

    Attributes:
        graphs: the entries of all graphs, by IRI.
        lines: the contents of those that come in.
        changed: IRIs of graphs whose entry or content is another than before.
        removed: IRIs of graphs that are no more.
        limits: what the change means for older releases.
    """

    graphs: tuple[GraphEntry, ...]
    lines: Mapping[str, Lines]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    limits: tuple[Limit, ...]

    @classmethod
    def of(cls, old: Manifest | None, change: Change, *, fresh: bool = False) -> Self:
        """Work it out from the present release, if there is one.

        With ``fresh``, contents that are the same as before are kept to be written anew.
        """
        before = {graph.iri: graph for graph in old.graphs} if old else {}
        after = {} if change.only else dict(before)
        lines: dict[str, Lines] = {}
        for given, content in change.put:
            entry = _counted(given, content, before.get(given.iri))
            after[entry.iri] = entry
            if fresh or entry.iri not in before or before[entry.iri].checksum != entry.checksum:
                lines[entry.iri] = content
        after.update({entry.iri: entry for entry in change.edit})
        for iri in change.remove:
            after.pop(iri, None)
        changed = sorted(i for i in {*before, *after} if before.get(i) != after.get(i))
        return cls(
            graphs=tuple(after[iri] for iri in sorted(after)),
            lines=lines,
            changed=tuple(changed),
            removed=tuple(iri for iri in changed if iri not in after),
            limits=tuple(_limits(changed, before, after, change)),
        )


def _counted(given: GraphEntry, lines: Lines, present: GraphEntry | None) -> GraphEntry:
    """The entry with checksum and count. The time of loading is that of the content."""
    entry = given.model_copy(update={"checksum": checksum(lines), "triples": len(lines)})
    if present is not None and present.checksum == entry.checksum:
        return entry.model_copy(update={"loaded": present.loaded})
    return entry


def _limits(
    changed: Iterable[str],
    before: Mapping[str, GraphEntry],
    after: Mapping[str, GraphEntry],
    change: Change,
) -> Iterable[Limit]:
    """Narrowing and taking back close older releases; only an explicit widening opens them."""
    edited = {entry.iri for entry in change.edit}
    for iri in changed:
        was, becomes = before.get(iri), after.get(iri)
        if was is not None and becomes is not None:
            wider = iri in edited and becomes.is_for().is_wider_than(was.is_for())
            if wider or was.is_for().is_wider_than(becomes.is_for()):
                yield Limit(graph=iri, audience=becomes.audience, wider=wider)
        elif was is not None and iri in change.remove:
            yield Limit(graph=iri, audience="")
