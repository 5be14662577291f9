"""``/changes``: what changed in the data since a day or a release, thing by thing."""

import time
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound, WrongUse
from pesai.releases.changes import Changes, GraphChange, changes
from pesai.releases.layout import ReleaseFolder
from pesai.releases.since import day, since
from pesai.web import changed, changefeed, changefiles, state
from pesai.web.accounts import on_account
from pesai.web.documents import HTML, RDF, wanted
from pesai.web.graphs import Named, named
from pesai.web.numbers import asked_page
from pesai.web.readers import current_reader
from pesai.web.rows import written
from pesai.web.takeaway import behind

__all__ = ["blueprint"]

blueprint = Blueprint("changes", __name__)


@dataclass(frozen=True)
class Point:
    """A release as an end of the comparison."""

    id: str
    made: datetime


@dataclass(frozen=True)
class Sized:
    """A graph that changed, what is known of it, and the queries behind its sizes."""

    change: GraphChange
    about: Named
    before: str
    after: str


@dataclass(frozen=True)
class _Chosen:
    """What the address chooses."""

    since: str
    until: str
    kind: str
    state: str
    page: int

    def address(self, **other: str | int) -> str:
        """The address with some of it otherwise."""
        given = {"since": self.since, "until": self.until, "kind": self.kind,
                 "state": self.state, **other}  # fmt: skip
        kept = {key: value for key, value in given.items() if value}
        return f"{url_for('changes.page')}?{urlencode(kept)}" if kept else url_for("changes.page")


@blueprint.route("/changes")
def page() -> AnyResponse:
    """What changed since ``since=``: a day, or the number of a release.

    ``until=`` is the number of the release to compare with, where it is not the present one.
    """
    chosen = _read()
    ending = wanted(RDF | changefiles.TABLES | changefeed.FEED)
    if ending in changefeed.FEED:
        _check_whole(chosen)
        if not (chosen.since or chosen.until):
            return _feed_of_releases()
    if chosen.until:
        state.travel(state.home().release(chosen.until))
    old = _base(chosen.since)
    new = state.release()
    found = _compared(old, new) if old else Changes()
    if ending in changefeed.FEED:
        return changefeed.response(found, old or new, new)
    if ending != HTML:
        return changefiles.response(found, old or new, new, ending)
    response = make_response(_html(chosen, old, new, found))
    response.headers["X-Release"] = new.id
    return response


def _compared(old: ReleaseFolder, new: ReleaseFolder) -> Changes:
    """The comparison, on the account of who asks: any two releases may be asked for."""
    with on_account() as work:
        begun = time.thread_time()
        found = changes(old, new, current_reader())
        work.seconds = time.thread_time() - begun
    return found


def _read() -> _Chosen:
    return _Chosen(
        request.args.get("since", "").strip(),
        request.args.get("until", "").strip(),
        request.args.get("kind", ""),
        _asked_state(),
        asked_page(100_000),
    )


def _check_whole(chosen: _Chosen) -> None:
    """Check that all changes are asked for: the Atom document is of no part of them.

    Raises:
        WrongUse: some are.
    """
    if chosen.kind or chosen.state:
        raise WrongUse(
            "'kind' and 'state' choose for the page; Atom has all changes: leave them out."
        )


def _feed_of_releases() -> AnyResponse:
    """To the feed that tells of each release: its address and the ids of its entries stay."""
    response = redirect(url_for("releases.feed"))
    response.vary.add("Accept")
    return response


def _asked_state() -> str:
    """Which changes are asked for; empty for all.

    Raises:
        WrongUse: there are no such changes.
    """
    asked = request.args.get("state", "")
    if asked and asked not in changed.STATES:
        known = ", ".join(changed.STATES)
        raise WrongUse("'{value}' is no state: {known}.", value=asked[:40], known=known)
    return asked


def _base(text: str) -> ReleaseFolder | None:
    """The release to compare with; without ``since=``, the one before the present."""
    reader, here = current_reader(), state.release()
    if text:
        return since(state.home(), state.closures(), reader, text)
    parent = state.manifest_of(here).parent
    if parent is None:
        return None
    try:
        return since(state.home(), state.closures(), reader, parent)
    except NotFound:
        return None


def _html(chosen: _Chosen, old: ReleaseFolder | None, new: ReleaseFolder, found: Changes) -> str:
    groups = changed.groups(found.things, chosen.kind, chosen.state, chosen.page)
    if chosen.kind and chosen.kind not in {group.kind for group in groups}:
        known = ", ".join(group.kind for group in groups) or "–"
        raise NotFound(
            "Nothing of the kind '{kind}' changed. Kinds that did: {known}.",
            kind=chosen.kind[:40],
            known=known,
        )
    alone = next((group for group in groups if group.kind == chosen.kind), None)
    more = alone is not None and alone.told(chosen.state) > chosen.page * changed.PER_PAGE
    return render_template(
        "changes/changes.html",
        since=chosen.since,
        chosen=chosen,
        old=_point(old) if old else None,
        new=_point(new),
        before_first=_is_before_first(chosen.since, old),
        groups=groups,
        alone=alone,
        graphs=[_sized(graph, old or new, new) for graph in found.graphs],
        releases=_releases(new),
        states=changed.STATES,
        page=chosen.page,
        previous=chosen.address(page=chosen.page - 1) if chosen.page > 1 else "",
        following=chosen.address(page=chosen.page + 1) if more else "",
        links=changefiles.links(),
    )


def _point(folder: ReleaseFolder) -> Point:
    return Point(folder.id, state.manifest_of(folder).created)


def _is_before_first(text: str, old: ReleaseFolder | None) -> bool:
    """Whether the day that was asked for is before the release that it is compared with."""
    is_day = bool(text) and not text.isdigit()
    return is_day and old is not None and not _is_before(old, text)


def _is_before(folder: ReleaseFolder, text: str) -> bool:
    return state.manifest_of(folder).created.date() < day(text)


def _releases(present: ReleaseFolder) -> list[Point]:
    """The last releases before the present one, the newest first."""
    listed = [folder for folder in state.home().all_releases() if folder.id < present.id]
    return [_point(folder) for folder in reversed(listed[-20:])]


def _sized(graph: GraphChange, old: ReleaseFolder, new: ReleaseFolder) -> Sized:
    """A graph that changed, with what is known of it; of one that is gone, what was."""
    size = written("graph-size", graph=NamedNode(graph.iri))
    about = named(graph.iri, old if graph.state == "removed" else new)
    return Sized(graph, about, behind(size, old.id), behind(size, new.id))
