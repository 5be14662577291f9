"""From sources to a release: load, check, keep, publish."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from pyoxigraph import NamedNode, Store

from pesai.access.audiences import PUBLIC, Audience, Reader
from pesai.loading.discovery import loader
from pesai.loading.issues import Issue
from pesai.loading.loader import Context, Source
from pesai.loading.sink import Sink
from pesai.namespaces import Base
from pesai.releases import sources
from pesai.releases.layout import Home
from pesai.releases.manifest import GraphEntry, Manifest, SourceFile
from pesai.releases.publisher import Change, publish

__all__ = ["Load", "Outcome", "load"]


@dataclass(frozen=True)
class Load:
    """One source to be loaded, and for whom."""

    source: Source
    audience: Audience = PUBLIC


@dataclass
class Outcome:
    """What became of some loads."""

    manifest: Manifest | None = None
    issues: list[Issue] = field(default_factory=list)
    loaded: list[GraphEntry] = field(default_factory=list)
    refused: list[Source] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many errors were reported."""
        return sum(issue.severity == "error" for issue in self.issues)


def load(
    home: Home, base: Base, loads: Sequence[Load], *, who: str, why: str, dry_run: bool = False
) -> Outcome:
    """Load sources together into one release.

    Good rows are loaded, bad ones skipped and reported. A source of which nothing could be loaded
    is refused: an empty load is no success and never replaces a graph that holds something.
    """
    outcome, change = Outcome(), Change()
    known = _Known(home)
    for item in loads:
        sink = Sink()
        loader(item.source.kind).load(item.source, Context(base, known), sink)
        outcome.issues.extend(sink.issues)
        lines = sink.lines()
        if not lines:
            outcome.refused.append(item.source)
            continue
        known.add(sink.subjects())
        entry = _entry(base, item, sink)
        change.put.append((entry, lines))
        outcome.loaded.append(entry)
    if change.put and not dry_run:
        _keep(home, change, loads)
        outcome.manifest = publish(home, base, change, who=who, why=why)
    return outcome


def _entry(base: Base, item: Load, sink: Sink) -> GraphEntry:
    source = item.source
    files = tuple(SourceFile(name=n, sha256=digest) for n, digest in source.files)
    entry = GraphEntry(
        iri=base.graph(source.kind, source.name).value,
        kind=source.kind,
        name=source.name,
        audience=str(item.audience),
        checksum="",
        triples=0,
        loaded=datetime.now(UTC).replace(microsecond=0),
        sources=files,
        rows=sink.rows_read,
        skipped=sink.rows_skipped,
    )
    return entry.described(loader(source.kind).describe(source))


def _keep(home: Home, change: Change, loads: Iterable[Load]) -> None:
    taken = {entry.iri for entry, _ in change.put}
    for item in loads:
        if taken:
            sources.keep(home.sources, item.source.paths)


class _Known:
    """Which things exist: in the present release, and in what was loaded before in this run."""

    def __init__(self, home: Home) -> None:
        current = home.current()
        self._store = (
            Store.read_only(str(current.store(Reader("public")))) if current is not None else None
        )
        self._fresh: set[str] = set()

    def add(self, subjects: Iterable[str]) -> None:
        self._fresh.update(subjects)

    def __call__(self, iri: str) -> bool:
        if f"<{iri}>" in self._fresh:
            return True
        if self._store is None:
            return False
        return (
            next(iter(self._store.quads_for_pattern(NamedNode(iri), None, None)), None) is not None
        )
