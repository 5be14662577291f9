"""What a request sees of the node: its settings, and one release from its first byte to its last.

A new release may come while a page is made. Everything in one answer is taken from the release
that was current when the request came, so a page never mixes two.
"""

from functools import lru_cache
from pathlib import Path
from typing import cast

from flask import Flask, current_app, g

from pesai.engine.protocol import Engine, Limits
from pesai.errors import NotFound
from pesai.namespaces import Base
from pesai.releases.closing import Closures
from pesai.releases.layout import Home, ReleaseFolder
from pesai.releases.manifest import AudienceEntry, GraphEntry, Manifest
from pesai.settings import Settings
from pesai.web.readers import current_principal, current_reader

__all__ = [
    "base",
    "checksum",
    "chosen",
    "closures",
    "engine",
    "entry_of",
    "graph_titles",
    "home",
    "limits",
    "manifest_of",
    "put",
    "release",
    "release_or_none",
    "travel",
    "visible",
]


def put(app: Flask, engine: Engine, chosen: Settings) -> None:
    """Hand an application its engine and settings."""
    app.extensions["pesai.engine"] = engine
    app.extensions["pesai.settings"] = chosen
    app.extensions["pesai.closures"] = Closures(Home(chosen.home))


def chosen() -> Settings:
    """The settings of this application."""
    return cast("Settings", current_app.extensions["pesai.settings"])


def engine() -> Engine:
    """The engine of this application."""
    return cast("Engine", current_app.extensions["pesai.engine"])


def limits() -> Limits:
    """What a query of this request may use."""
    settings = chosen()
    seconds = settings.signed_in_seconds if current_principal() else settings.query_seconds
    return Limits(seconds, settings.query_memory, settings.result_size)


def base() -> Base:
    """The names of this node's own things."""
    return Base(chosen().base_iri, plain=chosen().dataset == "plain")


def home() -> Home:
    """Where the releases are."""
    return Home(chosen().home)


def release() -> ReleaseFolder:
    """The release of this request.

    Raises:
        NotFound: there is none yet.
    """
    if "release" not in g:
        g.release = home().release()
    return cast("ReleaseFolder", g.release)


def travel(folder: ReleaseFolder) -> None:
    """Let this request see the node as it was at a release.

    Raises:
        Gone: the release was withdrawn or pruned, or is closed to this request's reader.
    """
    closures().check(current_reader(), folder)
    g.release = folder


def release_or_none() -> ReleaseFolder | None:
    """The release of this request, when there is one."""
    try:
        return release()
    except NotFound:
        return None


def checksum() -> str:
    """The checksum of the store that this request's reader asks."""
    return release().checksum(current_reader())


def manifest_of(folder: ReleaseFolder) -> Manifest:
    """The manifest of a release. Manifests never change, so they are kept."""
    return _manifest(folder.path)


@lru_cache(maxsize=32)
def _manifest(path: Path) -> Manifest:
    return ReleaseFolder(path).manifest()


def closures() -> Closures:
    """What of older releases is closed to whom."""
    return cast("Closures", current_app.extensions["pesai.closures"])


def entry_of(folder: ReleaseFolder) -> AudienceEntry:
    """What a release holds for this request's reader."""
    entries = {**manifest_of(folder).audiences, **folder.status().remade}
    return next(entries[name] for name in current_reader().chain if name in entries)


def visible(folder: ReleaseFolder) -> tuple[GraphEntry, ...]:
    """The graphs of a release that this request's reader may know of, by IRI.

    The manifest names graphs of every audience: pages take them from here alone, where only those
    pass that are in the reader's own store.
    """
    held = entry_of(folder).graphs
    found = [graph for graph in manifest_of(folder).graphs if graph.iri in held]
    return tuple(sorted(found, key=lambda graph: graph.iri))


def graph_titles() -> dict[str, dict[str, str]]:
    """Titles, by language, of the graphs that the reader may read, by IRI."""
    if "graph_titles" not in g:
        g.graph_titles = {
            graph.iri: {"en": graph.title_en, "fr": graph.title_fr} for graph in visible(release())
        }
    return cast("dict[str, dict[str, str]]", g.graph_titles)
