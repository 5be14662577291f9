"""From sources to a release: load, check, keep, publish."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from pesai.access.audiences import PUBLIC, Audience
from pesai.errors import Conflict, InputProblem
from pesai.loading.canonical import Lines
from pesai.loading.discovery import loader
from pesai.loading.issues import Issue, Place, Severity
from pesai.loading.loader import Context, Document, Source, no_document
from pesai.loading.sink import Sink
from pesai.namespaces import Base
from pesai.releases import again
from pesai.releases.checking import (
    Complaint,
    RefusingSink,
    complaints,
    issue,
    needs_checking,
)
from pesai.releases.known import Known
from pesai.releases.layout import Home
from pesai.releases.lock import Held, publisher_lock
from pesai.releases.manifest import GraphEntry, Manifest, SourceFile
from pesai.releases.publisher import Change, Tell, publish_held, tell_nobody
from pesai.releases.status import now

__all__ = ["Intake", "Load", "Loaded", "Outcome", "load"]


@dataclass(frozen=True)
class Load:
    """One source to be loaded, and for whom.

    Without an audience it is for those who may read its graph now, and a new one for the public.
    A source without a triple is refused, unless it is known that it is meant to be empty.
    ``replaces`` is found when the lock is held: the graph that is there.
    """

    source: Source
    audience: Audience | None = None
    may_be_empty: bool = False
    replaces: GraphEntry | None = None

    @property
    def is_for(self) -> Audience:
        """The audience."""
        return self.audience or PUBLIC


@dataclass(frozen=True)
class Loaded:
    """What became of one source.

    ``entry`` is that of its graph, or ``None`` when the source was refused: nothing in it could be
    loaded, and a graph that was there before stays as it was.
    """

    source: Source
    entry: GraphEntry | None
    issues: tuple[Issue, ...]


@dataclass
class Outcome:
    """What became of some loads; ``manifest`` is that of the new release, if there is one."""

    manifest: Manifest | None = None
    loaded: list[Loaded] = field(default_factory=list)

    @property
    def issues(self) -> list[Issue]:
        """All that was reported, in the order of the sources."""
        return [issue for item in self.loaded for issue in item.issues]

    @property
    def errors(self) -> int:
        """How many errors were reported; a refused source is one at least."""
        return sum(issue.severity == "error" for issue in self.issues)


def load(
    home: Home,
    base: Base,
    loads: Sequence[Load],
    *,
    who: str,
    why: str,
    dry_run: bool = False,
    tell: Tell = tell_nobody,
    waiting: Callable[[str], None] = lambda _holder: None,
    document: Document = no_document,
) -> Outcome:
    """Load sources together into one release.

    Good rows are loaded, bad ones skipped and reported. A source of which nothing could be loaded
    is refused: an empty load is no success and never replaces a graph that holds something. Nor
    does a source with a file that cannot be read, or not to its end.

    Args:
        home: where the release goes.
        base: makes IRIs.
        loads: the sources, each after those whose things it names.
        who: who asked for it.
        why: the reason.
        dry_run: only read and check; nothing is written anywhere.
        tell: told how far it is.
        waiting: told the process id of another publisher when there is one.
        document: gives the bundled documents that a source may name instead of holding them.

    Raises:
        WrongUse: there is no such kind of source.
        Conflict: a graph would be shown to more readers than now; or see ``publish``.
        Failed, OSError: see ``pesai.releases.publisher.publish``.
    """
    if dry_run:
        return Intake(home, base, tell, document).read(_addressed(home, base, loads))
    with publisher_lock(home, waiting=waiting) as held:
        loads = _addressed(home, base, loads)
        if again.was_loaded(home, base, loads):
            return Outcome()
        intake = Intake(home, base, tell, document)
        outcome = intake.read(loads)
        outcome.manifest = intake.publish(held, who, why)
        if not outcome.issues:
            again.remember(home, base, loads)
        return outcome


def _addressed(home: Home, base: Base, loads: Sequence[Load]) -> list[Load]:
    """The loads with their audiences. Loading never shows a graph to more readers than now."""
    current = home.current()
    present = {graph.iri: graph for graph in current.manifest().graphs} if current else {}
    found = []
    for item in loads:
        entry = present.get(base.graph(item.source.kind, item.source.name).value)
        if entry is None:
            found.append(replace(item, audience=item.is_for))
            continue
        audience = item.audience or entry.is_for()
        if audience.is_wider_than(entry.is_for()):
            raise Conflict(
                "{graph} is for {present} now; loading it again does not show it to {wanted}. "
                "'pesai graphs audience {graph} {wanted}' does",
                graph=f"{entry.kind}/{entry.name}",
                present=entry.audience,
                wanted=audience,
            )
        found.append(replace(item, audience=audience, replaces=entry))
    return found


class Intake:
    """Reads sources one after the other; each may name the things of those before it."""

    def __init__(
        self, home: Home, base: Base, tell: Tell = tell_nobody, document: Document = no_document
    ) -> None:
        self.home, self.base, self.tell, self.document = home, base, tell, document
        self.known = Known(home)
        self.change = Change()
        self.files: list[Path] = []

    def read(self, loads: Sequence[Load]) -> Outcome:
        """Load and check all; what is good goes into ``change``."""
        outcome = Outcome()
        for number, item in enumerate(loads):
            self.tell(f"{item.source.kind}/{item.source.name}", number, len(loads))
            outcome.loaded.append(self._one(item))
        self.tell("sources", len(loads), len(loads))
        return outcome

    def _one(self, item: Load) -> Loaded:
        graph = self.base.graph(item.source.kind, item.source.name)
        self.known.begin(graph)
        sink, lines, refusal = self._checked(item)
        if refusal:
            self.known.give_back(graph)
            return Loaded(item.source, None, (*sink.issues, *refusal))
        self.known.add(item.is_for, lines)
        entry = _entry(graph.value, item, sink, lines)
        self.change.put.append((entry, lines))
        self.files.extend(item.source.paths)
        return Loaded(item.source, entry, tuple(sink.issues))

    def _checked(self, item: Load) -> tuple[Sink, Lines, list[Issue]]:
        """Read a source until no row is left that the contract refuses.

        Returns:
            The sink, what it holds, and why the source as a whole is refused (empty when not).
        """
        refused: dict[Place, list[Complaint]] = {}
        while True:
            sink = RefusingSink(refused)
            refusal = self._read_into(sink, item)
            lines = sink.lines()
            if refusal or not needs_checking(item.source.kind, lines):
                return sink, lines, refusal
            around = self.known.neighbourhood(item.is_for, lines)
            found = complaints(sink, lines, around)
            bad = [complaint for complaint in found if complaint.severity == "error"]
            homeless = [c for c in bad if c.place is None or c.place in refused]
            if not bad or homeless:
                warnings = [c for c in found if c.severity != "error"]
                sink.issues.extend(issue(c, _files(item.source)) for c in warnings)
                return sink, lines, [issue(c, _files(item.source)) for c in homeless]
            for complaint in bad:
                if complaint.place is not None:
                    refused.setdefault(complaint.place, []).append(complaint)

    def _read_into(self, sink: Sink, item: Load) -> list[Issue]:
        """Read a source; why it is refused as a whole, if it is."""
        context = Context(
            self.base,
            knows=self.known.for_(item.is_for),
            said=self.known.said(item.is_for),
            things=self.known.things(item.is_for),
            document=self.document,
        )
        try:
            loader(item.source.kind).load(item.source, context, sink)
        except InputProblem as problem:
            return [Issue(Place(_files(item.source)), "error", problem.detail)]
        if sink or (item.may_be_empty and not sink.errors):
            return _kept_back(sink, item)
        expected = f"a file with data of the kind '{item.source.kind}'"
        said = "nothing in it could be loaded; the graph stays as it was"
        # Errors that led there were reported: this one only says what follows from them.
        severity: Severity = "note" if sink.errors else "error"
        return [Issue(Place(_files(item.source)), severity, said, "", expected)]

    def publish(self, held: Held, who: str, why: str) -> Manifest | None:
        """Make the release, if anything was accepted; the files of what was are kept."""
        if not self.change.put:
            return None
        return publish_held(
            held, self.base, self.change, who=who, why=why, files=self.files, tell=self.tell
        )


def _files(source: Source) -> str:
    return ", ".join(path.name for path in source.paths)


def _kept_back(sink: Sink, item: Load) -> list[Issue]:
    """Why a source with files that cannot be read does not replace a graph, if it does not.

    How much they hold is not known: what other files brought is not given up for the rest. The
    same files may be loaded again, and change nothing.
    """
    entry = item.replaces
    if not sink.lost or entry is None or not entry.triples:
        return []
    if {(file.name, file.sha256) for file in entry.sources} == set(item.source.files):
        return []
    said = f"{', '.join(sorted(sink.lost))} cannot be read whole; the graph stays as it was"
    return [Issue(Place(_files(item.source)), "note", said, "", "every file of the source")]


def _entry(iri: str, item: Load, sink: Sink, lines: Lines) -> GraphEntry:
    source = item.source
    entry = GraphEntry(
        iri=iri,
        kind=source.kind,
        name=source.name,
        audience=str(item.is_for),
        checksum="",
        triples=len(lines),
        loaded=now(),
        sources=tuple(SourceFile(name=n, sha256=digest) for n, digest in source.files),
        rows=sink.rows_read,
        skipped=sink.rows_skipped,
    )
    return entry.described(loader(source.kind).describe(source))
