"""``pesai releases``: list, show, roll back, verify, prune, withdraw, compare."""

from typing import TYPE_CHECKING, Annotated

import typer

from pesai.cli import console
from pesai.cli.group import Group
from pesai.cli.options import As, AtRelease, Because, home  # noqa: F401
from pesai.errors import Failed

if TYPE_CHECKING:
    from pesai.releases.layout import ReleaseFolder

__all__ = ["app"]

app = Group(name="releases", no_args_is_help=True, help="The releases of the graph.")

Number = Annotated[str, typer.Argument(metavar="ID", help="Number of the release, as 42.")]
Optional = Annotated[
    str | None, typer.Argument(metavar="[ID]", help="Number of the release; the present one.")
]


@app.command("list")
def list_() -> None:
    """Show all releases, the newest first.

    Example: pesai releases list
    """
    rows = [_summary(release) for release in reversed(home().all_releases())]
    if console.as_json():
        console.show_json(rows)
        return
    columns = ["release", "made", "by", "graphs", "changed", "state", "why"]
    console.show_table(columns, [[row[name] for name in columns] for row in rows])


@app.command()
def show(identifier: Optional = None) -> None:
    """Show what a release holds, for whom, and what happened to it since.

    Example: pesai releases show 42
    """
    release = home().release(identifier)
    manifest, status = release.manifest(), release.status()
    if console.as_json():
        console.show_json(
            {"manifest": manifest.model_dump(mode="json"), "status": status.model_dump(mode="json")}
        )
        return
    summary = _summary(release)
    facts: dict[str, object] = {name: summary[name] for name in ("release", "made", "by", "why")}
    facts |= {"state": summary["state"], "parent": manifest.parent or "none"}
    facts |= {f"for {n}": f"{e.triples} triples" for n, e in release.entries().items()}
    facts["changed"] = ", ".join(manifest.changed) or "nothing"
    console.show_facts(facts)


@app.command()
def rollback(
    identifier: Number,
    why: Because = "",
) -> None:
    """Serve an older release again; later ones stay.

    Example: pesai releases rollback 41 --why "42 lost a country"
    """
    from pesai.releases.lock import publisher_lock
    from pesai.releases.rollback import roll_back

    with publisher_lock(home(), waiting=console.waiting) as held:
        release = roll_back(held, identifier, who=console.user(), why=why)
    _done({"release": release.id}, f"release {release.id} is served now")


@app.command()
def verify(identifier: Optional = None) -> None:
    """Compute every checksum of a release anew and compare its stores, triple by triple.

    Example: pesai releases verify
    """
    from pesai.releases.verify import verify as check

    release = home().release(identifier)
    defects = check(release)
    if console.as_json():
        console.show_json({"release": release.id, "defects": [vars(defect) for defect in defects]})
    for defect in defects:
        console.warn(str(defect))
    if defects:
        raise Failed(
            "release {id} is not what its manifest says ({n} defects): roll back to another one, "
            "or run 'pesai rebuild'",
            id=release.id,
            n=len(defects),
        )
    console.say(f"release {release.id} is whole")


@app.command()
def prune(
    keep: Annotated[
        int | None, typer.Option(min=1, help="How many of the newest to keep (PESAI_KEEP).")
    ] = None,
) -> None:
    """Take away the stores of old releases. Those that are cited keep their N-Quads.

    Example: pesai releases prune --keep 10
    """
    from pesai.releases.lock import publisher_lock
    from pesai.releases.prune import prune as take_away
    from pesai.settings import settings

    with publisher_lock(home(), waiting=console.waiting) as held:
        done = take_away(held, keep=keep or settings().keep, who=console.user())
    words = ", ".join(item.id for item in done) or "none"
    _done({"pruned": [vars(item) for item in done]}, f"stores taken away: {words}")


@app.command()
def withdraw(
    identifier: Number,
    why: Annotated[str, typer.Option("--why", help="The reason; shown to whoever asks.")],
) -> None:
    """Take a release back: it answers 410 Gone, with date and reason, from now on.

    Example: pesai releases withdraw 40 --why "figures of another year"
    """
    from pesai.releases.lock import publisher_lock
    from pesai.releases.withdraw import withdraw as take_back

    with publisher_lock(home(), waiting=console.waiting) as held:
        release = take_back(held, identifier, who=console.user(), why=why)
    _done({"release": release.id}, f"release {release.id} is withdrawn")


@app.command()
def cite(
    identifier: Number,
    why: Annotated[str, typer.Option("--why", help="Where it is cited.")],
) -> None:
    """Mark a release as cited: when it is pruned, its N-Quads stay.

    Example: pesai releases cite 42 --why "report of the working group, page 7"
    """
    from pesai.releases.lock import publisher_lock
    from pesai.releases.withdraw import cite as mark

    with publisher_lock(home(), waiting=console.waiting) as held:
        release = mark(held, identifier, who=console.user(), why=why)
    _done({"release": release.id}, f"release {release.id} is marked as cited")


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="A", help="The earlier release.")],
    new: Annotated[str, typer.Argument(metavar="B", help="The later release.")],
    lines: Annotated[bool, typer.Option("--lines", help="Show every triple.")] = False,
) -> None:
    """Show which graphs differ between two releases, and by how many triples.

    Example: pesai releases diff 41 42 --lines
    """
    from pesai.releases.compare import compare

    found = compare(home().release(old), home().release(new))
    if console.as_json():
        console.show_json(
            [
                {
                    "graph": d.iri,
                    "added": list(d.added) if lines else len(d.added),
                    "removed": list(d.removed) if lines else len(d.removed),
                }
                for d in found
            ]
        )
        return
    if lines:
        for item in found:
            for sign, texts in (("-", item.removed), ("+", item.added)):
                for text in texts:
                    console.say(f"{sign} {text[:-1]}<{item.iri}> .")
        return
    rows = [[item.iri, len(item.added), len(item.removed)] for item in found]
    console.show_table(["graph", "added", "removed"], rows)


def _summary(release: "ReleaseFolder") -> dict[str, object]:
    manifest = release.manifest()
    return {
        "release": release.id,
        "made": manifest.created.isoformat(),
        "by": manifest.who,
        "graphs": len(manifest.graphs),
        "changed": len(manifest.changed),
        "state": ", ".join(_states(release)),
        "why": manifest.why,
    }


def _states(release: "ReleaseFolder") -> list[str]:
    status, current = release.status(), home().current()
    found = ["served"] if current is not None and current.id == release.id else []
    if status.withdrawn is not None:
        found.append(f"withdrawn on {status.withdrawn.date} ({status.withdrawn.why})")
    if status.pruned is not None:
        found.append(f"pruned on {status.pruned.date}")
    if release.is_cited():
        found.append("cited")
    found.extend(f"rolled back to on {n.date} by {n.who} ({n.why})" for n in status.served_again)
    return found


def _done(data: dict[str, object], words: str) -> None:
    if console.as_json():
        console.show_json(data)
    else:
        console.say(words)
