"""What the page of matches asks the graph: rows, names, statements, and the same to take along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask_babel import gettext
from pyoxigraph import Literal, NamedNode

from pesai.engine.syntax.bindings import bind
from pesai.exchange.ranking import Ranked, ranked
from pesai.exchange.table import kinds, stored
from pesai.web import state
from pesai.web.answers import select
from pesai.web.i18n import language
from pesai.web.labels import labels_for
from pesai.web.readers import current_reader
from pesai.web.rows import ask, prepared, text_of
from pesai.web.takeaway import Takeaway

__all__ = ["Side", "matches_of", "participants", "statements", "takeaway", "wishes"]

_PLACE = "VALUES (?kind ?weight ?published) {}"

Side = Mapping[str, NamedNode]
"""What is chosen, by variable: ``seeker`` or ``provider``, and ``theme``."""


@dataclass(frozen=True)
class Wish:
    """A stated need or interest, of which no pair can be made."""

    seeker: str
    kind: str


def participants() -> tuple[str, ...]:
    """The organisations that may take part, by IRI."""
    return _participants(state.checksum(), str(current_reader()))


@lru_cache(maxsize=8)
def _participants(_checksum: str, _reader: str) -> tuple[str, ...]:
    """Those of one reader's store, which the checksum stands for."""
    table = select(prepared(stored("participants").text))
    at = table.variables.index("organisation")
    return tuple(dict.fromkeys(term.value for row in table.rows if (term := row[at])))


def matches_of(chosen: Side, weights: Mapping[str, int]) -> list[Ranked]:
    """The matches on one side of an organisation, or on a theme, ranked."""
    table = select(prepared(stored("matches").text, **chosen))
    rows = [
        {name: term.value for name, term in zip(table.variables, row, strict=True) if term}
        for row in table.rows
    ]
    names = labels_for(
        {row[n] for row in rows for n in ("seeker", "provider", "theme")}, language()
    )
    return ranked(rows, weights, lambda iri: names[iri].text)


def statements(reasons: Iterable[str]) -> dict[str, list[NamedNode]]:
    """The statements and initiatives behind reasons, by the reason's IRI."""
    found: dict[str, list[NamedNode]] = {}
    wanted = [NamedNode(iri) for iri in dict.fromkeys(reasons)]
    for row in ask("reason-statements", many={"reason": wanted}) if wanted else []:
        if isinstance(row["statement"], NamedNode):
            found.setdefault(row["reason"].value, []).append(row["statement"])
    return found


def wishes(theme: NamedNode) -> list[Wish]:
    """Needs and interests stated on a theme."""
    found = []
    for kind in ("need", "interest"):
        table = select(prepared(stored(kind).text, theme=theme))
        at = table.variables.index("seeker")
        found += [Wish(term.value, kind) for row in table.rows if (term := row[at])]
    return found


def takeaway(chosen: Side, weights: Mapping[str, int]) -> Takeaway:
    """The ranked rows and the graph of what the page shows, in every format."""
    table = " ".join(f"({NamedNode(k.iri)} {weights[k.name]} {k.weight})" for k in kinds())
    terms = {name: str(term) for name, term in chosen.items()}
    ranks = text_of("matches-ranked").replace(_PLACE, f"{_PLACE[:-1]}{table}}}")
    return Takeaway(
        name="matches",
        title=gettext("Who could talk to whom"),
        rows=bind(ranks, {**terms, "language": str(Literal(language()))}),
        graph=bind(text_of("matches-graph"), terms),
    )
