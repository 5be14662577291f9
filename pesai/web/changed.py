"""Things that changed, put in words for a page or a feed."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from pesai.alignment.kinds import kind_of
from pesai.alignment.searching import choose
from pesai.releases.changes import Statement, ThingChange
from pesai.web.i18n import language
from pesai.web.indexed import KINDS, kind_name
from pesai.web.labels import Label, labels_for, last_part, tidy
from pesai.web.sorting import natural
from pesai.web.values import Shown, shown

__all__ = ["PER_PAGE", "STATES", "Entry", "Group", "PropertyChange", "entries", "groups"]

PER_KIND = 40
"""Things of one kind that are listed when all kinds are looked at."""
PER_PAGE = 200
"""Things that are listed of one kind alone."""
PER_THING = 12
"""Properties of a thing whose change is told."""
STATES = ("added", "changed", "removed")


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
class _Asked:
    """Which changes are wanted."""

    kind: str
    state: str
    page: int


def groups(things: Iterable[ThingChange], kind: str, state: str, page: int) -> list[Group]:
    """The changes by kind of thing.

    Args:
        things: what changed.
        kind: the kind whose things are wanted; of all kinds, the first of each when it is empty.
        state: the changes that are wanted; all when it is empty.
        page: of the things of the one kind.
    """
    asked = _Asked(kind, state, page)
    by_kind: dict[str, list[ThingChange]] = {}
    for thing in things:
        by_kind.setdefault(kind_of(thing.classes), []).append(thing)
    order = [*KINDS, *sorted(by_kind.keys() - KINDS.keys())]
    cut = {kind: _cut(kind, by_kind[kind], asked) for kind in order if kind in by_kind}
    labels = _labels([one for listed in cut.values() for one in listed])
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


def _cut(kind: str, things: list[ThingChange], asked: _Asked) -> list[ThingChange]:
    """The things of a kind that this page lists."""
    wanted = [one for one in things if asked.state in ("", one.state)]
    ordered = sorted(wanted, key=lambda one: (STATES.index(one.state), natural(_name(one).text)))
    if not asked.kind:
        return ordered[:PER_KIND]
    start = (asked.page - 1) * PER_PAGE
    return ordered[start : start + PER_PAGE] if kind == asked.kind else []


def _labels(things: Sequence[ThingChange]) -> dict[str, Label]:
    """The labels of what is shown: the things, their classes, properties and values."""
    names = {one for thing in things for one in (thing.iri, *thing.classes, *_changed(thing))}
    labels = labels_for(names, language())
    values = {iri for thing in things for iri in _values(thing, labels)}
    return {**labels, **labels_for(values - labels.keys(), language())}


def _changed(thing: ThingChange) -> list[str]:
    """The properties whose change is told: of a thing that came or went, none."""
    if thing.state != "changed":
        return []
    return list(dict.fromkeys(one.property for one in (*thing.lost, *thing.gained)))


def _ordered(thing: ThingChange, labels: dict[str, Label]) -> list[str]:
    """The properties that changed, by their names."""
    return sorted(_changed(thing), key=lambda iri: natural(labels[iri].text))


def _values(thing: ThingChange, labels: dict[str, Label]) -> set[str]:
    """The things that are values of the properties that are shown."""
    told = set(_ordered(thing, labels)[:PER_THING])
    return {
        one.value.value
        for one in (*thing.lost, *thing.gained)
        if one.property in told and isinstance(one.value, NamedNode)
    }


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
    names = _ordered(thing, labels)
    told = tuple(_property(thing, name, labels) for name in names[:PER_THING])
    return Entry(heading, thing.state, told, len(names) - len(told))


def _best(thing: ThingChange, labels: dict[str, Label]) -> Label:
    return _name(thing) if thing.names else labels[thing.iri]


def _property(thing: ThingChange, name: str, labels: dict[str, Label]) -> PropertyChange:
    def values(statements: Iterable[Statement]) -> tuple[Shown, ...]:
        return tuple(shown(one.value, labels) for one in statements if one.property == name)

    return PropertyChange(shown(NamedNode(name), labels), values(thing.lost), values(thing.gained))


def entries(things: Iterable[ThingChange]) -> list[Entry]:
    """Some changes, in the order in which they are given."""
    listed = list(things)
    labels = _labels(listed)
    return [_entry(one, labels) for one in listed]
