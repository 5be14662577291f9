"""``pesai graphs``: the named graphs of the present release."""

from typing import TYPE_CHECKING, Annotated

import typer

from pesai.cli import console
from pesai.cli.group import Group
from pesai.cli.options import As, AtRelease, Because, audience_of, base, home, reader_of
from pesai.errors import NotFound

if TYPE_CHECKING:
    from pesai.releases.manifest import Manifest

__all__ = ["app"]

app = Group(name="graphs", no_args_is_help=True, help="The named graphs.")

Name = Annotated[
    str, typer.Argument(metavar="IRI", help="IRI of the graph, or in short its kind/name.")
]


@app.command("list")
def list_(audience: As = "", release: AtRelease = None) -> None:
    """Show all graphs, or those that one reader may read.

    Example: pesai graphs list --audience partners
    """
    from pesai.releases.graphs import readable

    if audience:
        graphs = readable(home(), reader_of(audience), release)
    else:
        graphs = home().release(release).manifest().graphs
    if console.as_json():
        console.show_json([graph.model_dump(mode="json") for graph in graphs])
        return
    rows = [
        [f"{g.kind}/{g.name}", g.audience, g.triples, g.rows, g.loaded.date(), g.title_en]
        for g in graphs
    ]
    console.show_table(["graph", "audience", "triples", "rows", "loaded", "title"], rows)


@app.command()
def show(iri: Name) -> None:
    """Show what is known of a graph: for whom, how large, from which files.

    Example: pesai graphs show organisations/observatory
    """
    from pesai.releases.graphs import find

    entry = find(home(), base(), iri)
    if console.as_json():
        console.show_json(entry.model_dump(mode="json"))
        return
    facts = entry.model_dump(exclude={"sources"}, exclude_defaults=True)
    facts["sources"] = ", ".join(f"{file.name} ({file.sha256})" for file in entry.sources)
    console.show_facts(facts)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The older graph, as esco/1.1.1.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The newer graph, as esco/1.2.0.")],
    show: Annotated[int, typer.Option(min=0, help="Rows of each kind to show; 0 for all.")] = 20,
    audience: As = "public",
) -> None:
    """What a newer version of a classification added, dropped, moved, renamed and retired.

    And which alignments name a concept that changed: these have to be read again.

    Example: pesai graphs diff esco/1.1.1 esco/1.2.0

    Example: pesai graphs diff esco/1.1.1 esco/1.2.0 --json
    """
    from dataclasses import asdict

    from pyoxigraph import Store

    from pesai.alignment.versions import compare, read, touch
    from pesai.cli.changes import tell
    from pesai.releases.graphs import find, readable

    reader = reader_of(audience)
    graphs = [find(home(), base(), name) for name in (old, new)]
    for graph in graphs:
        if graph not in readable(home(), reader):
            raise NotFound(
                "'{reader}' may not read {kind}/{name}; see --audience",
                reader=str(reader),
                kind=graph.kind,
                name=graph.name,
            )
    store = Store.read_only(str(home().release().store(reader)))
    report = compare(*(read(store, graph.iri) for graph in graphs))
    touch(report, store)
    if console.as_json():
        console.show_json({"old": graphs[0].iri, "new": graphs[1].iri} | asdict(report))
    else:
        tell(report, show)


@app.command()
def remove(
    iri: Name,
    why: Annotated[str, typer.Option("--why", help="The reason; shown to whoever asks.")],
) -> None:
    """Take a graph back. Older releases that hold it are closed from now on.

    Example: pesai graphs remove rdf/answers --why "the service asked for it"
    """
    from pesai.releases import graphs
    from pesai.releases.lock import publisher_lock

    with publisher_lock(home(), waiting=console.waiting) as held:
        manifest = graphs.remove(held, base(), iri, who=console.user(), why=why)
    _told(manifest)


@app.command()
def audience(
    iri: Name,
    audience: Annotated[
        str, typer.Argument(metavar="A", help="public, partners or owners:ORG[,ORG...].")
    ],
    why: Because = "",
) -> None:
    """Give a graph to other readers. Narrowing closes older releases; widening opens them again.

    Example: pesai graphs audience rdf/answers partners --why "agreed on 3 March"
    """
    from pesai.releases import graphs
    from pesai.releases.lock import publisher_lock

    readers = audience_of(audience)
    with publisher_lock(home(), waiting=console.waiting) as held:
        manifest = graphs.change_audience(
            held, base(), iri, readers, who=console.user(), why=why or f"audience {readers}"
        )
    _told(manifest)


def _told(manifest: "Manifest | None") -> None:
    current = home().release().id
    if console.as_json():
        console.show_json({"release": manifest.id if manifest else None, "served": current})
    elif manifest is None:
        console.say(f"nothing changed: release {current} stays")
    else:
        console.say(f"release {manifest.id} is served now")
