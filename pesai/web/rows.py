"""The pages' own queries: files in ``pesai/web/queries``, run by name, answered as typed rows."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode

from pesai.engine.protocol import Query
from pesai.engine.syntax.bindings import bind
from pesai.web import state
from pesai.web.readers import current_reader

__all__ = ["Row", "Term", "ask", "ask_text", "filled", "number", "prepared", "text_of", "written"]

Term = NamedNode | Literal
Row = Mapping[str, Term]

_FOLDER = Path(__file__).parent / "queries"
_EMPTY = "VALUES ?{name} {{}}"


@cache
def text_of(name: str) -> str:
    """The text of ``queries/{name}.rq``."""
    return (_FOLDER / f"{name}.rq").read_text(encoding="utf-8")


def ask(
    name: str,
    *,
    many: Mapping[str, Iterable[Term]] | None = None,
    limit: int | None = None,
    offset: int = 0,
    **bindings: Term,
) -> list[Row]:
    """Run ``queries/{name}.rq`` on the store and release of this request.

    Args:
        name: the file, without its ending.
        many: terms by variable, put where the query says ``VALUES ?variable {}``.
        limit: rows wanted; the query then ends with an ORDER BY over all that tells rows apart.
        offset: rows left out before those.
        bindings: one term for a variable.

    Raises:
        Problem: the engine could not answer.
    """
    text = filled(name, many)
    if limit is not None:
        text = f"{text}\nLIMIT {int(limit)} OFFSET {int(offset)}\n"
    return ask_text(text, **bindings)


def ask_text(text: str, **bindings: Term) -> list[Row]:
    """Run the text of a query of ours, as ``ask`` does.

    Raises:
        Problem: the engine could not answer.
    """
    query = prepared(text, **bindings)
    result = state.engine().query(query, state.limits())
    with result.body:
        found = json.load(result.body)
    return [
        {variable: _term(value) for variable, value in row.items()}
        for row in found["results"]["bindings"]
    ]


def prepared(text: str, **bindings: Term) -> Query:
    """A query text of ours as a query of this request's reader and release.

    It goes to ``answers.answer`` for an answer in any format.
    """
    given = {variable: str(term) for variable, term in bindings.items()}
    release = state.release().id
    return Query(text, current_reader(), release, bindings=given, curated=True)


def number(row: Row, name: str) -> int:
    """A count in a row; 0 when it is not there."""
    term = row.get(name)
    return int(term.value) if term is not None else 0


def filled(name: str, many: Mapping[str, Iterable[Term]] | None = None) -> str:
    """``queries/{name}.rq`` with terms in its places ``VALUES ?variable {}``.

    The text is whole: what a page shows as the query behind a figure, it has asked.
    """
    text = text_of(name)
    for variable, terms in (many or {}).items():
        place = _EMPTY.format(name=variable)
        if place not in text:
            raise ValueError(f"queries/{name}.rq has no place '{place}'")
        # Written by pyoxigraph: a term cannot end the block that it stands in.
        text = text.replace(place, f"{place[:-1]}{' '.join(map(str, terms))}}}")
    return text


def written(name: str, **bindings: Term) -> str:
    """``queries/{name}.rq`` with one term for a variable, as ``ask`` runs it, as a whole text."""
    return bind(text_of(name), {variable: str(term) for variable, term in bindings.items()})


def _term(value: Mapping[str, str]) -> Term:
    """A term of SPARQL 1.1 Query Results JSON (section 3.2.2)."""
    if value["type"] == "uri":
        return NamedNode(value["value"])
    if "xml:lang" in value:
        return Literal(value["value"], language=value["xml:lang"])
    datatype = value.get("datatype")
    return Literal(value["value"], datatype=NamedNode(datatype) if datatype else None)
