"""``/writes``: who changed which graph, when and why; for people, as PROV, and as a feed.

A reader is told of a change when he may know a graph that it changed, and who made it and why only
when he may know all of them: a reason may speak of the others.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext
from pyoxigraph import Literal, NamedNode, Triple
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import Gone, NotFound
from pesai.namespaces import PROV, RDF, RDFS, XSD
from pesai.releases.layout import ReleaseFolder
from pesai.web import headers, state
from pesai.web.described import answer_in
from pesai.web.documents import HTML, wanted
from pesai.web.documents import RDF as FORMATS
from pesai.web.feeds import atom, plain
from pesai.web.graphs import Named, named
from pesai.web.readers import current_reader

__all__ = ["blueprint"]

blueprint = Blueprint("journal", __name__)

_SHOWN = 100
"""Changes that are told, of the newest releases."""

_HOLDER = re.compile(r".+ \([0-9a-f]{8}\)")


@dataclass(frozen=True)
class Write:
    """One change, as far as the reader may know of it.

    Attributes:
        release: the number of the release that it made, and of the one before.
        made: when.
        who: the holder of the token; empty where other graphs that the reader may not know changed.
        why: the reason; empty like that.
        put: graphs that were made or changed.
        removed: graphs that were taken out.
    """

    release: str
    parent: str | None
    made: datetime
    who: str
    why: str
    put: tuple[Named, ...]
    removed: tuple[Named, ...]

    @property
    def graphs(self) -> tuple[Named, ...]:
        """All graphs."""
        return (*self.put, *self.removed)


@blueprint.route("/writes")
def page() -> AnyResponse:
    """The newest changes, as a page or as PROV."""
    ending = wanted()
    listed = list(_writes())
    if ending != HTML:
        response = answer_in(ending, list(_triples(listed)))
    else:
        links = [(f"{request.path}?format={one}", name) for one, (_, name) in FORMATS.items()]
        response = make_response(
            render_template("releases/writes.html", writes=listed, downloads=links)
        )
    return response


@blueprint.route("/feeds/writes.atom")
def feed() -> Response:
    """The newest changes (Atom, RFC 4287)."""
    page = render_template(
        "releases/writes.xml",
        writes=list(_writes()),
        root=headers.root(),
        iri=lambda release: f"{state.base().release(release).value}#change",
        plain=plain,
    )
    return atom(page)


def _writes() -> Iterator[Write]:
    """The changes that the reader may know of, the newest first."""
    folders = islice(reversed(state.home().all_releases()), _SHOWN)
    found = (_write(folder) for folder in folders if _open(folder))
    return (write for write in found if write is not None)


def _write(folder: ReleaseFolder) -> Write | None:
    manifest = state.manifest_of(folder)
    before = _before(manifest.parent)
    new = state.entry_of(folder).graphs
    old = state.entry_of(before).graphs if before else {}
    put = [iri for iri in manifest.changed if iri in new]
    removed = [iri for iri in manifest.changed if iri not in new and iri in old]
    if not put and not removed:
        return None
    whole = len(put) + len(removed) == len(manifest.changed)
    return Write(
        release=folder.id,
        parent=manifest.parent,
        made=manifest.created,
        who=_who(manifest.who) if whole else "",
        why=manifest.why if whole else "",
        put=tuple(named(iri, folder) for iri in put),
        removed=tuple(named(iri, before) for iri in removed),
    )


def _who(name: str) -> str:
    """The holder of a token. Accounts of the machine, who use the command line, are not named."""
    return name if _HOLDER.fullmatch(name) else gettext("those who run this service")


def _before(parent: str | None) -> ReleaseFolder | None:
    """The release before, where it is there and open to the reader."""
    if parent is None:
        return None
    try:
        folder = state.home().release(parent)
    except NotFound:
        return None
    return folder if _open(folder) else None


def _open(folder: ReleaseFolder) -> bool:
    try:
        state.closures().check(current_reader(), folder)
    except Gone:
        return False
    return True


def _triples(writes: Iterable[Write]) -> Iterator[Triple]:
    """Changes in PROV-O: an activity each, what it made and ended, and on whose behalf."""
    base = state.base()
    for write in writes:
        release = base.release(write.release)
        change, agent = NamedNode(f"{release.value}#change"), NamedNode(f"{release.value}#agent")
        yield Triple(change, RDF.type, PROV.Activity)
        made = write.made.isoformat()
        yield Triple(change, PROV.endedAtTime, Literal(made, datatype=XSD.dateTime))
        yield Triple(release, RDF.type, PROV.Entity)
        yield Triple(release, PROV.wasGeneratedBy, change)
        if write.parent:
            yield Triple(release, PROV.wasRevisionOf, base.release(write.parent))
        for graph in write.put:
            yield Triple(change, PROV.generated, NamedNode(graph.iri))
        for graph in write.removed:
            yield Triple(change, PROV.invalidated, NamedNode(graph.iri))
        if write.who:
            yield Triple(change, PROV.wasAssociatedWith, agent)
            yield Triple(agent, RDF.type, PROV.Agent)
            yield Triple(agent, RDFS.label, Literal(write.who))
            yield Triple(change, RDFS.comment, Literal(write.why))
