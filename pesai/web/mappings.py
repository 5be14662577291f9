"""The mappings of a concept: which relation, why, from which table, and between which versions."""

from dataclasses import dataclass

from pyoxigraph import NamedNode

from pesai.namespaces import SSSOM
from pesai.web.listing import PER_PAGE
from pesai.web.membership import schemes_of
from pesai.web.rows import Row, Term, ask, written
from pesai.web.takeaway import behind
from pesai.web.values import Shown, show

__all__ = ["Mapping", "Mappings", "mappings"]


@dataclass(frozen=True)
class Mapping:
    """One mapping, as a row of a table.

    Attributes:
        subject, predicate, object: what it says.
        subject_scheme, object_scheme: the classifications of both ends, where they are known.
        negated: it says that this is not so.
        nothing: it says that there is no counterpart.
        justification: how it was found; empty when nothing tells.
        versions: of the subject's and of the object's classification; empty when not documented.
        record, graph: the row itself, and the source that holds it.
        comment: what its publisher remarks.
    """

    subject: Shown
    predicate: Shown
    object: Shown
    subject_scheme: str
    object_scheme: str
    negated: bool
    nothing: bool
    justification: Shown | None
    versions: tuple[str, str]
    record: Shown | None
    graph: Shown
    comment: Shown | None


@dataclass(frozen=True)
class Mappings:
    """Some mappings, whether there are more, and the query that has all."""

    rows: tuple[Mapping, ...] = ()
    more: bool = False
    query: str = ""


def mappings(thing: NamedNode) -> Mappings:
    """The mappings of a concept, those with a record first, then mere links."""
    rows = ask("mappings", thing=thing, limit=PER_PAGE + 1)
    if len(rows) <= PER_PAGE:
        rows += ask("bare-links", thing=thing, limit=PER_PAGE + 1 - len(rows))
    kept = rows[:PER_PAGE]
    terms = [term for row in kept for term in row.values()]
    by_term = dict(zip(terms, show(terms), strict=True))
    schemes = schemes_of(row[end].value for row in kept for end in ("subject", "object"))
    listed = tuple(_mapping(row, by_term, schemes) for row in kept)
    return Mappings(listed, len(rows) > PER_PAGE, behind(written("mappings", thing=thing)))


def _mapping(row: Row, by_term: dict[Term, Shown], schemes: dict[str, str]) -> Mapping:
    def told(name: str) -> Shown | None:
        return by_term[row[name]] if name in row else None

    def text(name: str) -> str:
        found = told(name)
        return found.text if found else ""

    return Mapping(
        subject=by_term[row["subject"]],
        predicate=by_term[row["predicate"]],
        object=by_term[row["object"]],
        subject_scheme=schemes.get(row["subject"].value, ""),
        object_scheme=schemes.get(row["object"].value, ""),
        negated="modifier" in row,
        nothing=row["object"] == SSSOM.NoTermFound,
        justification=told("justification"),
        versions=(text("subjectVersion"), text("objectVersion")),
        record=told("mapping"),
        graph=by_term[row["graph"]],
        comment=told("comment"),
    )
