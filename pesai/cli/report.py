"""Loading from the command line, and telling what became of each source."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pesai.cli import console
from pesai.cli.options import base, home
from pesai.errors import InputProblem

if TYPE_CHECKING:
    from pesai.releases.intake import Load, Loaded, Outcome

__all__ = ["report", "run_load"]


def run_load(loads: Sequence["Load"], *, who: str, why: str, dry_run: bool = False) -> None:
    """Load sources into one release and tell what became of each.

    Raises:
        InputProblem: errors were reported.
    """
    from pesai.releases.intake import load
    from pesai.vocabulary.context import document

    with console.told() as tell:
        outcome = load(
            home(), base(), loads,
            who=who, why=why, dry_run=dry_run, tell=tell, waiting=console.waiting,
            document=document,
        )  # fmt: skip
    report(outcome, dry_run=dry_run)


def report(outcome: "Outcome", *, dry_run: bool = False) -> None:
    """Tell what became of some loads.

    Raises:
        InputProblem: errors were reported.
    """
    if console.as_json():
        console.show_json(_as_data(outcome))
    else:
        for issue in outcome.issues:
            console.warn(str(issue))
        for item in outcome.loaded:
            console.say(_line(item, outcome, dry_run=dry_run))
        console.say(_end(outcome, dry_run=dry_run))
    if outcome.errors:
        loaded = any(item.entry is not None for item in outcome.loaded)
        raise InputProblem(
            "errors: {n}, listed above; the good rows were loaded"
            if loaded and not dry_run
            else "errors: {n}, listed above; nothing was loaded",
            n=outcome.errors,
        )


def _line(item: "Loaded", outcome: "Outcome", *, dry_run: bool) -> str:
    name = f"{item.source.kind}/{item.source.name}"
    entry = item.entry
    if entry is None:
        return f"{name}: refused"
    rows = f"{entry.rows} rows read, {entry.skipped} skipped, " if entry.rows else ""
    # What a try would change is not worked out.
    changed = dry_run or (outcome.manifest is not None and entry.iri in outcome.manifest.changed)
    return f"{name}: {rows}{entry.triples} triples{'' if changed else ' (no change)'}"


def _end(outcome: "Outcome", *, dry_run: bool) -> str:
    if dry_run:
        return "only tried: nothing was written"
    if outcome.manifest is not None:
        return f"release {outcome.manifest.id} is served now"
    current = home().current()
    if current is None:
        return "there is no release"
    return f"nothing changed: release {current.id} stays"


def _as_data(outcome: "Outcome") -> dict[str, Any]:
    manifest = outcome.manifest
    return {
        "release": manifest.id if manifest else None,
        "changed": list(manifest.changed) if manifest else [],
        "errors": outcome.errors,
        "sources": [_source(item) for item in outcome.loaded],
    }


def _source(item: "Loaded") -> dict[str, Any]:
    entry = item.entry
    return {
        "kind": item.source.kind,
        "name": item.source.name,
        "graph": entry.iri if entry else None,
        "rows": entry.rows if entry else 0,
        "skipped": entry.skipped if entry else 0,
        "triples": entry.triples if entry else 0,
        "issues": [
            {
                "file": issue.place.file,
                "sheet": issue.place.sheet,
                "row": issue.place.row,
                "column": issue.place.column,
                "severity": issue.severity,
                "message": issue.message,
                "value": issue.value,
                "expected": issue.expected,
            }
            for issue in item.issues
        ],
    }
