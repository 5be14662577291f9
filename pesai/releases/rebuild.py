"""Making the graph again from the kept sources, or the stores of one release from its N-Quads."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from pesai.errors import Failed, NotFound
from pesai.loading.loader import Document, Source, no_document
from pesai.namespaces import Base
from pesai.releases import graphfile, sources
from pesai.releases.intake import Intake, Load, Outcome
from pesai.releases.journal import Journal
from pesai.releases.layout import Home
from pesai.releases.lock import Held
from pesai.releases.manifest import GraphEntry
from pesai.releases.publisher import Tell, publish_held, tell_nobody

__all__ = ["rebuild"]


def rebuild(
    held: Held,
    base: Base,
    *,
    who: str,
    why: str,
    tell: Tell = tell_nobody,
    document: Document = no_document,
) -> Outcome:
    """A new release from the kept sources, read by today's loaders, with all stores made anew.

    The journal of sources says what was loaded, so it works where all releases are lost. Graphs
    that came from no file are taken from the present release.

    Raises:
        NotFound: nothing was ever loaded here.
        Failed: a kept source is missing or damaged, or holds nothing that today's loaders can
            read; the present release stays.
    """
    entries = _entries(held.home)
    intake = Intake(held.home, base, tell, document)
    with tempfile.TemporaryDirectory(prefix="pesai-rebuild-") as folder:
        loads = [_load(held.home, e, Path(folder) / str(n)) for n, e in enumerate(entries)]
        outcome = intake.read([item for item in loads if item is not None])
    _all_there(outcome)
    for entry, item in zip(entries, loads, strict=True):
        if item is None:
            intake.change.put.append((entry, _present(held.home, entry)))
    intake.change.only = True
    outcome.manifest = publish_held(
        held, base, intake.change, who=who, why=why, fresh=True, tell=tell
    )
    return outcome


def _entries(home: Home) -> Sequence[GraphEntry]:
    """The graphs to make, in the order in which they first came.

    Those of the present release; when that is lost or cannot be read, those of the journal.
    """
    journal = Journal(home.sources).graphs()
    present = _present_graphs(home)
    if present is None and not journal:
        raise NotFound(
            "nothing was loaded into {home} yet: run 'pesai build' or 'pesai load'", home=home.path
        )
    order = {entry.iri: number for number, entry in enumerate(journal)}
    graphs = journal if present is None else present
    return sorted(graphs, key=lambda entry: order.get(entry.iri, len(order)))


def _present_graphs(home: Home) -> Sequence[GraphEntry] | None:
    current = home.current()
    if current is None or not current.path.is_dir():
        return None
    try:
        return current.manifest().graphs
    except Failed:
        if not Journal(home.sources).path.exists():
            raise
        return None


def _load(home: Home, entry: GraphEntry, folder: Path) -> Load | None:
    if not entry.sources:
        return None
    folder.mkdir()
    paths = sources.restore(home.sources, entry.sources, folder)
    return Load(Source(entry.kind, entry.name, paths), entry.is_for(), not entry.triples)


def _present(home: Home, entry: GraphEntry) -> tuple[str, ...]:
    current = home.current()
    if current is None or not current.path.is_dir():
        raise Failed(
            "the graph {graph} came from no file and its release is lost: bring the folder "
            "'releases' back from a backup",
            graph=entry.iri,
        )
    return graphfile.read(current.master, entry.iri)


def _all_there(outcome: Outcome) -> None:
    refused = [item for item in outcome.loaded if item.entry is None]
    if refused:
        raise Failed(
            "{names} cannot be loaded any more: {reason}. The present release stays",
            names=", ".join(f"{item.source.kind}/{item.source.name}" for item in refused),
            reason="; ".join(str(issue) for issue in refused[0].issues[:3]),
        )
