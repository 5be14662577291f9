"""``/matches``: who could talk to whom, about what, and for which reasons."""

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, current_app, make_response, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as AnyResponse

from pesai.errors import NotFound, WrongUse
from pesai.exchange.groups import Group, available, grouped
from pesai.exchange.ranking import Given, Missing, Ranked, missing, weights
from pesai.exchange.table import AREA, Kind, kinds, stored
from pesai.loading.codes import codes
from pesai.web import nearest, state
from pesai.web.acronyms import with_acronyms
from pesai.web.i18n import language
from pesai.web.labels import labels_for
from pesai.web.numbers import asked_number
from pesai.web.pairs import Side, matches_of, participants, statements, takeaway, wishes
from pesai.web.sorting import natural
from pesai.web.values import Shown, shown

__all__ = ["blueprint"]

blueprint = Blueprint("matches", __name__)

PER_PAGE = 10
MOST_STATEMENTS = 4
"""Statements of one reason that the page names; the query behind it gives all."""
USUAL_CAP, MOST_CAP = 2, 20
MUTUAL = frozenset(("pilots", "shared-interest"))
"""Grounds on which nobody is ahead of the other."""


@dataclass(frozen=True)
class Asked:
    """What the address chooses.

    Attributes:
        org, theme: as terms, or nothing.
        side: the side of the organisation: ``seeker`` or ``provider``.
        weights: of every kind of reason.
        cap: guests of one host in a group, at most.
    """

    org: NamedNode | None
    theme: NamedNode | None
    side: str
    weights: Mapping[str, int]
    cap: int
    page: int

    @property
    def chosen(self) -> Side:
        """The organisation on its side, and the theme, by variable."""
        given = {self.side: self.org, "theme": self.theme}
        return {name: term for name, term in given.items() if term is not None}

    @property
    def changed(self) -> dict[str, int]:
        """Weights that differ from the published ones."""
        return {k.name: self.weights[k.name] for k in kinds() if self.weights[k.name] != k.weight}

    @property
    def theme_name(self) -> str:
        """The theme as in the address."""
        return short(self.theme)

    def published(self) -> str:
        """The address with the weights of the published table."""
        return self.address(**{f"w.{name}": "" for name in self.changed})

    def address(self, **other: str | int) -> str:
        """The address with some of it otherwise."""
        given: dict[str, str | int] = {
            "org": short(self.org), "theme": short(self.theme),
            "side": "" if self.side == "seeker" else self.side,
            "cap": "" if self.cap == USUAL_CAP else self.cap,
            **{f"w.{name}": weight for name, weight in self.changed.items()},
            **other,
        }  # fmt: skip
        kept = {name: value for name, value in given.items() if value != ""}
        return f"{url_for('matches.page')}?{urlencode(kept)}" if kept else url_for("matches.page")


@dataclass(frozen=True)
class Reason:
    """A reason as it is shown: its points, what it rests on, and the address of its query."""

    given: Given
    statements: tuple[Shown, ...]
    more: int
    query: str


@dataclass(frozen=True)
class Entry:
    """A match as it is shown; ``tied`` is how many others have its place."""

    match: Ranked
    seeker: Shown
    provider: Shown
    theme: Shown
    mutual: bool
    reasons: tuple[Reason, ...]
    missing: tuple[Missing, ...]
    page: str
    compare: str
    tied: int


@blueprint.route("/matches")
def page() -> AnyResponse:
    """Matches of an organisation or on a theme; without either, what may be chosen."""
    asked = _read()
    taken = takeaway(asked.chosen, asked.weights)
    response = taken.response() if asked.chosen else None
    return response or make_response(_html(asked, taken))


def short(term: NamedNode | None) -> str:
    """What stands for a term in an address: the end of an IRI of ours, else the IRI."""
    if term is None:
        return ""
    for start in (f"{state.base().iri}id/organisation/", "https://w3id.org/pes-ai/code/theme/"):
        if term.value.startswith(start):
            return term.value.removeprefix(start)
    return term.value


def _read() -> Asked:
    """The request, checked.

    Raises:
        WrongUse: a parameter is not what it should be.
        NotFound: there is no such organisation or theme.
    """
    given = {key[2:]: value for key, value in request.args.items() if key.startswith("w.")}
    side = request.args.get("side", "").strip() or "seeker"
    if side not in {"seeker", "provider"}:
        raise WrongUse("'side' is seeker or provider, not '{side}'.", side=side[:40])
    return Asked(
        _organisation(request.args.get("org", "").strip()),
        _theme(request.args.get("theme", "").strip()),
        side,
        weights(given),
        asked_number("cap", USUAL_CAP, MOST_CAP),
        asked_number("page", 1, 10_000),
    )


def _organisation(text: str) -> NamedNode | None:
    if not text:
        return None
    term = stored("matches").parameter("seeker").term(text, state.base())
    known = participants()
    if term.value in known and isinstance(term, NamedNode):
        return term
    names = {short(NamedNode(iri)): iri for iri in known}
    near = difflib.get_close_matches(text[:100], names, 3, 0.4) or [*names][:3]
    raise NotFound(
        "There is no organisation '{org}' that takes part here. The nearest: {near}.",
        org=text[:100],
        near=nearest.told({name: NamedNode(names[name]) for name in near}),
    )


def _theme(text: str) -> NamedNode | None:
    if not text:
        return None
    term = stored("matches").parameter("theme").term(text, state.base())
    if isinstance(term, NamedNode) and term in codes("theme").values():
        return term
    raise NotFound(
        "There is no theme '{theme}'. There are: {known}.",
        theme=text[:100],
        known=nearest.told({short(theme): theme for theme in _themes()}),
    )


def _themes() -> list[NamedNode]:
    return list(dict.fromkeys(codes("theme").values()))


def _html(asked: Asked, taken: object) -> str:
    listed = matches_of(asked.chosen, asked.weights) if asked.chosen else []
    start = (asked.page - 1) * PER_PAGE
    if start and start >= len(listed):
        raise NotFound("This list has no page {page}.", page=asked.page)
    group = _group(asked, listed)
    grouped_pairs = [*group.pairs, *(one.match for one in group.left_out)] if group else []
    entries = _entries(listed, range(start, min(start + PER_PAGE, len(listed))))
    names = _names([*participants(), *_iris(grouped_pairs)])
    more = len(listed) > start + PER_PAGE
    return render_template(
        "matches/matches.html",
        asked=asked,
        taken=taken,
        entries=entries,
        total=len(listed),
        behind=_behind_first(listed),
        organisations=_choices(participants(), names),
        themes=[(short(theme), names[theme.value]) for theme in _themes()],
        org=names[asked.org.value] if asked.org else None,
        theme=names[asked.theme.value] if asked.theme else None,
        kinds=[(kind, _query(kind, {})) for kind in kinds()],
        group=group,
        unmet=_unmet(asked, listed),
        names=names,
        previous=asked.address(page=asked.page - 1) if asked.page > 1 else "",
        following=asked.address(page=asked.page + 1) if more else "",
    )


def _names(iris: Iterable[str]) -> dict[str, Shown]:
    wanted = [*iris, *(theme.value for theme in _themes())]
    labels = labels_for(wanted, language())
    return {iri: shown(NamedNode(iri), labels) for iri in wanted}


def _choices(iris: Iterable[str], names: Mapping[str, Shown]) -> list[tuple[str, Shown]]:
    called = with_acronyms({iri: names[iri].text for iri in iris})
    ordered = sorted(called, key=lambda iri: (natural(called[iri]), iri))
    return [(short(NamedNode(iri)), replace(names[iri], text=called[iri])) for iri in ordered]


def _iris(listed: Iterable[Ranked]) -> set[str]:
    return {iri for one in listed for iri in (one.seeker, one.provider, one.theme)}


def _behind_first(listed: list[Ranked]) -> int:
    """How many points the best match is ahead of the next place; 0 when it is alone or tied."""
    below = [one.points for one in listed if one.points < listed[0].points] if listed else []
    return listed[0].points - below[0] if below and listed[0].place != listed[1].place else 0


def _entries(listed: list[Ranked], places: range) -> list[Entry]:
    part = [listed[at] for at in places]
    facts = statements(given.iri for one in part for given in one.reasons)
    told = {term.value for terms in facts.values() for term in terms[:MOST_STATEMENTS]}
    labels = labels_for([*_iris(part), *told, *(one.iri for one in part)], language())

    def reason(one: Ranked, given: Given) -> Reason:
        terms = facts.get(given.iri, [])
        return Reason(
            given,
            tuple(shown(term, labels) for term in terms[:MOST_STATEMENTS]),
            max(0, len(terms) - MOST_STATEMENTS),
            _query(given.kind, _terms(one)),
        )

    return [
        Entry(
            one,
            shown(NamedNode(one.seeker), labels),
            shown(NamedNode(one.provider), labels),
            shown(NamedNode(one.theme), labels),
            mutual=one.ground.rpartition("/")[2] in MUTUAL,
            reasons=tuple(reason(one, given) for given in one.reasons),
            missing=tuple(missing(listed, at)),
            page=shown(NamedNode(one.iri), labels).href,
            compare=_compare(one),
            tied=sum(other.place == one.place for other in listed) - 1,
        )
        for at, one in zip(places, part, strict=True)
    ]


def _terms(one: Ranked) -> dict[str, str]:
    values = {"seeker": one.seeker, "provider": one.provider, "theme": one.theme}
    return {name: short(NamedNode(iri)) for name, iri in values.items()}


def _query(kind: Kind, given: Mapping[str, str]) -> str:
    """The address of the query behind a kind of reason, with those parameters that it has."""
    names = [parameter.name for parameter in stored(kind.name).parameters]
    path = url_for("queries.run", area=AREA, name=kind.name)
    chosen = {name: given[name] for name in names if name in given}
    return f"{path}?{urlencode(chosen)}" if chosen else path


def _compare(one: Ranked) -> str:
    """The comparison of the two, where this application has one."""
    if "compare.page" not in current_app.view_functions:
        return ""
    terms = _terms(one)
    pairs = [("org", terms["seeker"]), ("org", terms["provider"]), ("theme", terms["theme"])]
    return f"{url_for('compare.page')}?{urlencode(pairs)}"


def _group(asked: Asked, listed: list[Ranked]) -> Group | None:
    """Pairs for a meeting on a theme; of one organisation alone there is no group."""
    if asked.theme is None or asked.org is not None or not available():
        return None
    return grouped(listed, asked.cap)


def _unmet(asked: Asked, listed: list[Ranked]) -> list[tuple[str, str]]:
    """Stated wishes on the theme that nobody could meet: organisation and kind."""
    if asked.theme is None or asked.org is not None:
        return []
    met = {one.seeker for one in listed}
    known = set(participants())
    return [(w.seeker, w.kind) for w in wishes(asked.theme) if w.seeker in known - met]
