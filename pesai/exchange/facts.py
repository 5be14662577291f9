"""The facts behind the reasons, as the stored queries find them in the graphs of one reader."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from pesai.exchange.table import Kind, kinds, stored
from pesai.namespaces import RDF
from pesai.sparql.catalogue import StoredQuery

__all__ = ["Facts", "Found", "Key", "gather", "relevant"]

Key = tuple[str, str, str]
"""Seeker, provider and theme as IRIs; empty for what a kind of reason does not depend on."""

Term = NamedNode | Literal | BlankNode | Triple

_NAME = re.compile(r"(?<![\w:-])([a-z][a-z-]*):([A-Za-z][\w-]*)")
_PREFIX = re.compile(r"^PREFIX ([a-z-]+): <([^>]+)>", re.MULTILINE)
_STATEMENTS = ("statement", "also")


@dataclass
class Found:
    """What speaks for one reason: how often it counts, and the statements and initiatives."""

    times: int = 1
    statements: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Facts:
    """Everything that the table of points needs to know.

    Attributes:
        participants: who may take part, each with the organisations that it is a part of.
        found: by name of the kind of reason, then by key.
    """

    participants: Mapping[str, frozenset[str]]
    found: Mapping[str, Mapping[Key, Found]]


def gather(store: Store) -> Facts:
    """Ask a store whose default graph holds the facts."""
    parents: dict[str, set[str]] = defaultdict(set)
    names, rows = _rows(store, stored("participants"))
    one, above = names.index("organisation"), names.index("parent")
    for row in rows:
        parents[row[one]].update(filter(None, (row[above],)))
    return Facts(
        participants={who: frozenset(whole) for who, whole in parents.items()},
        found={kind.name: _found(store, kind) for kind in kinds()},
    )


def relevant(store: Store, graphs: Iterable[str]) -> Store:
    """A store in memory with what the queries read of some graphs, each triple once.

    They run several times as fast there, and see nothing else.
    """
    held = Store()
    for graph in map(NamedNode, graphs):
        for predicate in _predicates():
            found = store.quads_for_pattern(None, predicate, None, graph)
            held.extend(Quad(one.subject, one.predicate, one.object) for one in found)
    return held


@cache
def _predicates() -> tuple[NamedNode, ...]:
    """Every name in the queries: more than the predicates, and never less."""
    texts = [stored(name).text for name in ("participants", *(kind.name for kind in kinds()))]
    names = {RDF.type}
    for text in texts:
        prefixes = dict(_PREFIX.findall(text))
        names |= {
            NamedNode(prefixes[p] + local) for p, local in _NAME.findall(text) if p in prefixes
        }
    return tuple(sorted(names, key=str))


def _found(store: Store, kind: Kind) -> dict[Key, Found]:
    names, rows = _rows(store, stored(kind.name))
    wanted = ("seeker", "provider", "theme", "steps", *_STATEMENTS)
    # Columns by place: there are tens of thousands of rows, and a name is looked up each time.
    places = [names.index(name) if name in names else len(names) for name in wanted]
    found: dict[Key, Found] = {}
    for values in rows:
        seeker, provider, theme, steps, *statements = [values[place] for place in places]
        held = found.setdefault((seeker, provider, theme), Found())
        held.statements.update(text for text in statements if text)
        if steps:
            held.times = max(held.times, min(int(steps), kind.most))
    return found


def _rows(store: Store, query: StoredQuery) -> tuple[list[str], Iterator[list[str]]]:
    """The names of the columns, and rows of values; what is not there is empty.

    Each row has an empty value at its end, for a column that a query does not have.
    """
    answer = store.query(query.text)
    if not isinstance(answer, QuerySolutions):  # pragma: no cover - they are SELECT queries
        raise TypeError(f"{query.path} is no SELECT query")
    names = [variable.value for variable in answer.variables]
    return names, ([*(_text(term) for term in row), ""] for row in answer)


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else ""
