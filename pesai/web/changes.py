"""``/changes``: what changed in the data since a day or a release, thing by thing."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, make_response, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.alignment.kinds import kind_of
from pesai.alignment.searching import choose
from pesai.errors import NotFound, WrongUse
from pesai.releases.changes import Changes, GraphChange, Statement, ThingChange, changes
from pesai.releases.layout import ReleaseFolder
from pesai.releases.since import day, since
from pesai.web import changefiles, state
from pesai.web.documents import HTML, RDF, wanted
from pesai.web.graphs import Named, named
from pesai.web.i18n import language
from pesai.web.indexed import KINDS, kind_name
from pesai.web.labels import Label, labels_for, last_part, tidy
from pesai.web.listing import natural
from pesai.web.numbers import asked_page
from pesai.web.readers import current_reader
from pesai.web.rows import written
from pesai.web.takeaway import behind
from pesai.web.values import Shown, shown

__all__ = ["blueprint"]

blueprint = Blueprint("changes", __name__)

PER_KIND = 40
"""Things of one kind that are listed when all kinds are looked at."""
PER_PAGE = 200
"""Things that are listed of one kind alone."""
PER_THING = 12
"""Properties of a thing whose change is told."""
STATES = ("added", "changed", "removed")


@dataclass(frozen=True)
class Point:
    """A release as an end of the comparison."""

    id: str
    made: datetime


@dataclass(frozen=True)
class PropertyChange:
    """The values of one property that went, and those that came."""

    property: Shown
    lost: tuple[Shown, ...]
    gained: tuple[Shown, ...]


@dataclass(frozen=True)
class Entry:
    """A thing that changed; ``more`` properties are not shown."""

    thing: Shown
    state: str
    properties: tuple[PropertyChange, ...]
    more: int


@dataclass(frozen=True)
class Group:
    """The changed things of one kind: their number by state, and those that are shown."""

    kind: str
    name: str
    counts: dict[str, int]
    shown: tuple[Entry, ...]
    total: int

    def told(self, state: str) -> int:
        """How many changes there are of a state, or of any."""
        return self.counts.get(state, 0) if state else self.total


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
    if chosen.until:
        state.travel(state.home().release(chosen.until))
    ending = wanted(RDF | changefiles.TABLES)
    old = _base(chosen.since)
    new = state.release()
    found = changes(old, new, current_reader()) if old else Changes()
    if ending != HTML:
        return changefiles.response(found, old or new, new, ending)
    response = make_response(_html(chosen, old, new, found))
    response.headers["X-Release"] = new.id
    return response


def _read() -> _Chosen:
    return _Chosen(
        request.args.get("since", "").strip(),
        request.args.get("until", "").strip(),
        request.args.get("kind", ""),
        _asked_state(),
        asked_page(100_000),
    )


def _asked_state() -> str:
    """Which changes are asked for; empty for all.

    Raises:
        WrongUse: there are no such changes.
    """
    asked = request.args.get("state", "")
    if asked and asked not in STATES:
        known = ", ".join(STATES)
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
    groups = _groups(found.things, chosen)
    if chosen.kind and chosen.kind not in {group.kind for group in groups}:
        known = ", ".join(group.kind for group in groups) or "–"
        raise NotFound(
            "Nothing of the kind '{kind}' changed. Kinds that did: {known}.",
            kind=chosen.kind[:40],
            known=known,
        )
    alone = next((group for group in groups if group.kind == chosen.kind), None)
    more = alone is not None and alone.told(chosen.state) > chosen.page * PER_PAGE
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
        states=STATES,
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


def _groups(things: Iterable[ThingChange], chosen: _Chosen) -> list[Group]:
    by_kind: dict[str, list[ThingChange]] = {}
    for thing in things:
        by_kind.setdefault(kind_of(thing.classes), []).append(thing)
    order = [*KINDS, *sorted(by_kind.keys() - KINDS.keys())]
    cut = {kind: _cut(kind, by_kind[kind], chosen) for kind in order if kind in by_kind}
    labels = labels_for(_iris(one for listed in cut.values() for one in listed), language())
    return [
        Group(
            kind,
            _kind_name(kind, by_kind[kind][0], labels),
            dict(Counter(one.state for one in by_kind[kind])),
            tuple(_entry(one, labels) for one in listed),
            len(by_kind[kind]),
        )
        for kind, listed in cut.items()
    ]


def _cut(kind: str, things: list[ThingChange], chosen: _Chosen) -> list[ThingChange]:
    """The things of a kind that this page lists."""
    asked = [one for one in things if chosen.state in ("", one.state)]
    ordered = sorted(asked, key=lambda one: (STATES.index(one.state), natural(_name(one).text)))
    if not chosen.kind:
        return ordered[:PER_KIND]
    start = (chosen.page - 1) * PER_PAGE
    return ordered[start : start + PER_PAGE] if kind == chosen.kind else []


def _iris(things: Iterable[ThingChange]) -> set[str]:
    found: set[str] = set()
    for thing in things:
        found.add(thing.iri)
        found.update(thing.classes)
        for statement in (*thing.gained, *thing.lost):
            found.add(statement.property)
            if isinstance(statement.value, NamedNode):
                found.add(statement.value.value)
    return found


def _kind_name(kind: str, first: ThingChange, labels: dict[str, Label]) -> str:
    """What a kind is called; one that we have no name for, by the name of its class."""
    if kind in KINDS or not first.classes or first.classes[0] not in labels:
        return kind_name(kind)
    return labels[first.classes[0]].text


def _name(thing: ThingChange) -> Label:
    """What a thing is called by its own titles, those that it had when it is gone."""
    text, tag = choose([(name.value, name.language or "") for name in thing.names], language())
    return Label(tidy(text), tag) if text else Label(last_part(thing.iri), "")


def _entry(thing: ThingChange, labels: dict[str, Label]) -> Entry:
    """A thing for the page. One that is gone has no page any more, so it is no link."""
    if thing.state == "removed":
        name = _name(thing)
        heading = Shown(name.text, name.language, iri=thing.iri)
    else:
        heading = shown(NamedNode(thing.iri), {**labels, thing.iri: _best(thing, labels)})
    listed = _properties(thing, labels) if thing.state == "changed" else []
    return Entry(heading, thing.state, tuple(listed[:PER_THING]), max(0, len(listed) - PER_THING))


def _best(thing: ThingChange, labels: dict[str, Label]) -> Label:
    return _name(thing) if thing.names else labels[thing.iri]


def _properties(thing: ThingChange, labels: dict[str, Label]) -> list[PropertyChange]:
    def values(statements: Iterable[Statement], name: str) -> tuple[Shown, ...]:
        return tuple(shown(one.value, labels) for one in statements if one.property == name)

    names = dict.fromkeys(one.property for one in (*thing.lost, *thing.gained))
    return [
        PropertyChange(
            shown(NamedNode(name), labels), values(thing.lost, name), values(thing.gained, name)
        )
        for name in sorted(names, key=lambda iri: natural(labels[iri].text))
    ]
