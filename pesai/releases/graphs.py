"""Graphs one by one: find, take back, give another audience."""

from pesai.access.audiences import Audience, Reader
from pesai.errors import NotFound
from pesai.namespaces import Base
from pesai.releases.layout import Home
from pesai.releases.lock import Held
from pesai.releases.manifest import GraphEntry, Manifest
from pesai.releases.publisher import Change, publish_held

__all__ = ["change_audience", "find", "readable", "remove"]


def readable(home: Home, reader: Reader, release: str | None = None) -> tuple[GraphEntry, ...]:
    """The entries of all graphs that a reader may read."""
    graphs = home.release(release).manifest().graphs
    return tuple(graph for graph in graphs if reader.may_read(graph.is_for()))


def find(home: Home, base: Base, name: str) -> GraphEntry:
    """A graph of the present release, by its IRI or, in short, as ``kind/name``.

    Raises:
        NotFound: there is no such graph.
    """
    manifest = home.release().manifest()
    entry = manifest.graph(name) or manifest.graph(f"{base.iri}graph/{name}")
    if entry is None:
        raise NotFound("there is no graph '{name}'; 'pesai graphs list' shows them", name=name)
    return entry


def remove(held: Held, base: Base, name: str, *, who: str, why: str) -> Manifest | None:
    """Take a graph back: a new release without it, and older ones that hold it are closed.

    Raises:
        NotFound: there is no such graph.
    """
    entry = find(held.home, base, name)
    return publish_held(held, base, Change(remove=[entry.iri]), who=who, why=why)


def change_audience(
    held: Held, base: Base, name: str, audience: Audience, *, who: str, why: str
) -> Manifest | None:
    """Give a graph to other readers: a new release.

    Narrowing closes older releases to those who may not read the graph any more; widening opens
    again what a narrowing had closed.

    Returns:
        The new release's manifest, or ``None`` when that is its audience already.

    Raises:
        NotFound: there is no such graph.
    """
    entry = find(held.home, base, name).model_copy(update={"audience": str(audience)})
    return publish_held(held, base, Change(edit=[entry]), who=who, why=why)
