"""From facts to matches: which pairs have ground for a talk, and all reasons of each.

A pair is kept when there is *ground*, which does not depend on any weight:

* *complementarity*: the seeker has stated a need or an interest, the provider an offer;
* *experience*: the seeker has stated a need or an interest and the provider has measured something
  or is at a later stage; or the provider is two stages ahead for the same task;
* *pilots*: both are trying out a tool for the same task;
* *shared interest*: both wish to talk about it.

Everything else (a language, a classification, users) adds points and is no ground by itself:
nearly everybody shares some of that with everybody.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pesai.exchange.facts import Facts, Found, Key
from pesai.exchange.table import Kind, kinds, stored
from pesai.namespaces import Base

__all__ = ["Match", "Reason", "matches"]

_DEMAND, _SUPPLY = ("need", "interest"), ("offer", "measured", "evaluated")
_FAR = 2
"""Stages ahead that are ground without anybody having stated a wish."""
_GROUNDING = frozenset((*_DEMAND, *_SUPPLY, "ahead", "pilots", "shared-interest"))
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with its points by the published table, and what it rests on.

    A reason that does not depend on all three of seeker, provider and theme is shared by matches.
    """

    iri: str
    kind: str
    points: int
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """The provider could inform the seeker about the theme."""

    iri: str
    seeker: str
    provider: str
    theme: str
    ground: str
    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """By the published table."""
        return sum(reason.points for reason in self.reasons)

    @property
    def statements(self) -> set[str]:
        """The statements and initiatives that give it ground."""
        grounding = (one for one in self.reasons if one.kind in _GROUNDING)
        return {statement for reason in grounding for statement in reason.statements}


def matches(facts: Facts, base: Base) -> Iterator[Match]:
    """Every pair that has ground, on every theme, in the order of their IRIs' parts."""
    maker = _Maker(facts, base)
    for key in sorted(_candidates(facts)):
        seeker, provider, _theme = key
        people = facts.participants
        if seeker not in people or provider not in people or seeker == provider:
            continue
        if seeker in people[provider] or provider in people[seeker]:
            continue
        yield maker.match(key)


def _candidates(facts: Facts) -> set[Key]:
    """Seeker, provider and theme of every pair with ground."""
    found = facts.found
    demand = {key for kind in _DEMAND for key in found[kind]}
    providers: dict[str, set[str]] = {}
    for kind in _SUPPLY:
        for _none, provider, theme in found[kind]:
            providers.setdefault(theme, set()).add(provider)
    told = {
        (seeker, provider, theme)
        for seeker, _none, theme in demand
        for provider in providers.get(theme, ())
    }
    ahead = {
        key
        for key, held in found["ahead"].items()
        if held.times >= _FAR or (key[0], "", key[2]) in demand
    }
    return told | ahead | set(found["pilots"]) | set(found["shared-interest"])


class _Maker:
    """Makes matches; a reason that several share is made once."""

    def __init__(self, facts: Facts, base: Base) -> None:
        self.facts, self.base = facts, base
        self._columns = [(kind, _columns(kind)) for kind in kinds()]
        self._made: dict[tuple[str, Key], Reason] = {}
        self._handles: dict[str, str] = {}

    def match(self, key: Key) -> Match:
        reasons = tuple(
            self._reason(kind, part, held)
            for kind, (seeker, provider, theme) in self._columns
            if (part := (key[0] * seeker, key[1] * provider, key[2] * theme))
            and (held := self.facts.found[kind.name].get(part)) is not None
        )
        iri = self.base.thing("match", self._name(key)).value
        return Match(iri, *key, _ground({reason.kind for reason in reasons}), reasons)

    def _reason(self, kind: Kind, part: Key, held: Found) -> Reason:
        made = self._made.get((kind.name, part))
        if made is None:
            iri = self.base.thing("reason", f"{kind.name}~{self._name(part)}").value
            points = kind.weight * held.times
            made = Reason(iri, kind.name, points, tuple(sorted(held.statements)))
            self._made[kind.name, part] = made
        return made

    def _name(self, key: Key) -> str:
        return "~".join(self._handle(iri) for iri in key if iri)

    def _handle(self, iri: str) -> str:
        """The end of an IRI of this node's own or of our codes; of others a checksum."""
        held = self._handles.get(iri)
        if held is None:
            kind, _slash, name = iri.removeprefix(self.base.iri).rpartition("/")
            own = kind in {"id/organisation", "https://w3id.org/pes-ai/code/theme", "code/theme"}
            plain = own and _PLAIN.fullmatch(name)
            held = name if plain else f"iri-{hashlib.sha256(iri.encode()).hexdigest()[:24]}"
            self._handles[iri] = held
        return held


def _columns(kind: Kind) -> tuple[bool, bool, bool]:
    """Whether a kind of reason depends on seeker, provider and theme: its query's parameters."""
    names = {parameter.name for parameter in stored(kind.name).parameters}
    return "seeker" in names, "provider" in names, "theme" in names


def _ground(reasons: set[str]) -> str:
    """The strongest ground: a code of the list ``match-kind``."""
    wished = not reasons.isdisjoint(_DEMAND)
    if wished and "offer" in reasons:
        return "complementarity"
    if "ahead" in reasons or (wished and not reasons.isdisjoint(_SUPPLY)):
        return "experience"
    return "pilots" if "pilots" in reasons else "shared-interest"
