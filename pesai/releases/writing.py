"""Writes of principals, and how each becomes a release.

A write changes graphs of the kind ``rdf`` alone. What it leaves in a graph is kept as a source, so
that ``pesai rebuild`` gives the same, and is loaded and checked like any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from secrets import token_hex
from urllib.parse import quote

from pyoxigraph import NamedNode

from pesai.access.audiences import Audience
from pesai.access.principals import Principal
from pesai.engine.protocol import Limits, StoreRef
from pesai.errors import Conflict, InputProblem, Problem
from pesai.loading.blanks import replaced
from pesai.loading.canonical import Lines, checksum
from pesai.loading.contexts import CONTEXT
from pesai.loading.issues import Issue
from pesai.loading.loader import Document, Source
from pesai.loading.rdf import read_document
from pesai.loading.sink import Sink
from pesai.namespaces import Base
from pesai.releases import graphfile, recovery
from pesai.releases.admission import KIND, Admission
from pesai.releases.evaluating import Effect, Update, evaluate
from pesai.releases.intake import Intake, Load
from pesai.releases.layout import BUILDING
from pesai.releases.lock import Held
from pesai.releases.manifest import GraphEntry
from pesai.releases.publisher import publish_held

__all__ = ["TAG", "Changed", "Condition", "Desk", "Unfit", "Written"]

TAG = 32
"""Characters of a graph's checksum that its validator begins with."""

_MOST_PROBLEMS = 50


class Changed(Problem):
    """The graph is not in the state that the request says."""

    code, title, status, exit_code = "changed", "The graph has changed meanwhile", 412, 3


class Unfit(InputProblem):
    """What was sent is no RDF, or does not keep to the data contract; ``problems`` lists why."""

    code, title = "unfit", "What was sent cannot be taken in"


@dataclass(frozen=True)
class Condition:
    """Validators of the request (RFC 9110, 13.1): beginnings of checksums, or ``*``."""

    match: tuple[str, ...] | None = None
    none_match: tuple[str, ...] | None = None

    def check(self, entry: GraphEntry | None) -> None:
        """Compare with the graph as it is.

        Raises:
            Changed: it is another one.
        """
        known = {"*", entry.checksum[:TAG]} if entry else set()
        missed = self.match is not None and not known & set(self.match)
        if missed or (self.none_match is not None and known & set(self.none_match)):
            raise Changed(
                "The graph is not as you know it: somebody changed, made or removed it. Get it "
                "again, and send your change to what it is now."
            )


@dataclass(frozen=True)
class Written:
    """What became of a write.

    Attributes:
        release: the number of the release that is served now.
        changed: IRIs of the graphs that are other than before; nothing changed when there is none.
        created: a graph was not there before.
        notes: what was noticed and did not matter.
        seconds: how long an update was evaluated.
    """

    release: str
    changed: tuple[str, ...]
    created: bool = False
    notes: tuple[str, ...] = ()
    seconds: float = 0


@dataclass
class Desk:
    """Takes the writes of one principal, while the publisher's lock is held.

    Attributes:
        held: the lock.
        base: makes IRIs.
        principal: who writes.
        why: the reason, told in the release.
        document: gives the bundled documents that RDF may name.
        folder: an empty folder for sources that are written here.
    """

    held: Held
    base: Base
    principal: Principal
    why: str
    document: Document
    folder: Path
    _mark: str = field(default_factory=lambda: f"write-{token_hex(8)}")
    _labels: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        recovery.clear_debris(self.held)
        self.release = self.held.home.release()
        self.admission = Admission(self.base, self.principal, self.release)

    def put(
        self, iri: str, files: tuple[Path, ...], audience: Audience | None, condition: Condition
    ) -> Written:
        """Have a graph hold what some documents say, and nothing else."""
        entry, readers = self.admission.admit(iri, audience)
        condition.check(entry)
        source = Source(KIND, self.admission.name(iri), files)
        return self._publish([Load(source, readers, may_be_empty=True)], created=entry is None)

    def merge(
        self, iri: str, files: tuple[Path, ...], audience: Audience | None, condition: Condition
    ) -> Written:
        """Add what some documents say to a graph."""
        entry, readers = self.admission.admit(iri, audience)
        condition.check(entry)
        sink, ours = Sink(), self.document(CONTEXT)
        lines = [line for file in files for line in read_document(file, iri, ours, sink)]
        if sink.errors:
            raise _unfit(sink.issues)
        held = graphfile.read(self.release.master, iri) if entry else ()
        load = self._whole(iri, [*held, *self._fresh(lines)], readers)
        return self._publish([load], created=entry is None)

    def delete(self, iri: str, condition: Condition) -> Written:
        """Take a graph back. Older releases that hold it are closed."""
        condition.check(self.admission.removable(iri))
        return self._publish([], remove=[iri])

    def admit_target(self, name: str, *, dropped: bool) -> None:
        """Refuse an update for a graph that its text names, whether or not it would change it.

        Args:
            name: IRI of the graph; empty for the default graph.
            dropped: whether the update drops it.

        Raises:
            Problem: the principal may not do that.
        """
        self.admission.admit(self._iri(name))
        if dropped:
            self.admission.needs("admin")

    def update(self, update: Update, limits: Limits) -> Written:
        """Evaluate an update on a copy of the principal's own store, and take over what it changed.

        Args:
            update: what to evaluate; the targets in its text were admitted.
            limits: of its evaluation.
        """
        effect = self._evaluated(update, limits)
        for name in effect.gone:
            self.admission.removable(self._iri(name))
        loads, created = [], False
        for name, lines in effect.changed.items():
            iri = self._iri(name)
            entry, readers = self.admission.admit(iri)
            loads.append(self._whole(iri, self._fresh(lines), readers))
            created = created or entry is None
        done = self._publish(loads, remove=map(self._iri, effect.gone), created=created)
        return replace(done, seconds=effect.seconds)

    def _evaluated(self, update: Update, limits: Limits) -> Effect:
        reader, release = self.principal.reader, self.release
        store = StoreRef(release.store(reader), release.id, release.checksum(reader))
        copy = self.held.home.releases / f"{BUILDING}update"
        return evaluate(store, copy, replace(update, empty=self.admission.empty()), limits)

    def _iri(self, name: str) -> str:
        """The IRI of a graph as an update names it: the default graph may have a stand-in.

        Raises:
            Conflict: it is the default graph, and that is made from the others.
        """
        iri = name or self.base.default_graph
        if iri is None:
            raise Conflict(
                "The update writes to the default graph, which is the union of the named graphs: "
                "name the graph, by GRAPH or WITH."
            )
        return iri

    def _fresh(self, lines: Iterable[str]) -> list[str]:
        """Lines with IRIs for blank nodes, which are all new; in a plain node they stay."""
        return list(lines) if self.base.plain else replaced(lines, self._named)

    def _named(self, label: str) -> NamedNode:
        number = self._labels.setdefault(label, f"b{len(self._labels)}")
        return self.base.genid(self._mark, number)

    def _whole(self, iri: str, lines: Iterable[str], readers: Audience) -> Load:
        """All that a graph holds now as its source: what led there is in earlier releases."""
        name = self.admission.name(iri)
        path = self.folder / f"{quote(name, safe='')[-100:]}.nt"
        path.write_text("".join(f"{line}\n" for line in sorted(set(lines))), encoding="utf-8")
        return Load(Source(KIND, name, (path,)), readers, may_be_empty=True)

    def _publish(
        self, loads: list[Load], *, remove: Iterable[str] = (), created: bool = False
    ) -> Written:
        """Check everything, and make a release of all or of nothing."""
        intake = Intake(self.held.home, self.base, document=self.document)
        outcome = intake.read(loads)
        if outcome.errors or any(item.entry is None for item in outcome.loaded):
            raise _unfit(outcome.issues)
        intake.change.put = [put for put in intake.change.put if not self._is_there(*put)]
        intake.change.remove.extend(remove)
        notes = tuple(str(issue) for issue in outcome.issues)
        if not (intake.change.put or intake.change.remove):
            # Also when a newer program would make another release of the same: not in his name.
            return Written(self.release.id, (), notes=notes)
        who = f"{self.principal.name} ({self.principal.id})"
        manifest = publish_held(
            self.held, self.base, intake.change, who=who, why=self.why, files=intake.files
        )
        if manifest is None:
            return Written(self.release.id, (), notes=notes)
        return Written(manifest.id, manifest.changed, created, notes)

    def _is_there(self, entry: GraphEntry, lines: Lines) -> bool:
        """Whether a graph says the same already, to the same readers: then nothing is written."""
        present = self.release.manifest().graph(entry.iri)
        return (
            present is not None
            and present.audience == entry.audience
            and present.checksum == checksum(lines)
        )


def _unfit(issues: list[Issue]) -> Unfit:
    """Why nothing of it was taken, with the place of the first fault."""
    errors = [issue for issue in issues if issue.severity == "error"] or issues
    place = errors[0].place
    where = {"line": place.row, "column": int(place.column or 0)} if place.row else {}
    return Unfit(
        "Problems: {count}; nothing was changed. The first: {first}",
        count=len(errors),
        first=str(errors[0]),
        problems=[str(issue) for issue in errors[:_MOST_PROBLEMS]],
        **where,
    )
