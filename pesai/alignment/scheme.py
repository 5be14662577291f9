"""The scheme that a list is aligned with: found by the name that a person gives it, and read."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from itertools import groupby

from pesai.alignment.index import Grouping, Index
from pesai.alignment.ranking import Concept
from pesai.alignment.schema import Role, for_reading
from pesai.errors import InputProblem, WrongUse
from pesai.loading.near import nearest
from pesai.namespaces import PREFIXES

__all__ = ["concepts", "find", "names_of"]

_SHOWN = 12
_LABELS = """
SELECT iri, role, text, language FROM thing JOIN label ON label.thing = thing.id
WHERE ' ' || groupings || ' ' LIKE ? AND role < ? ORDER BY thing.id, role, label.id
"""


def names_of(grouping: Grouping) -> tuple[str, ...]:
    """What a class or scheme may be called: its IRI, with a prefix, by the last part of it.

    >>> names_of(Grouping("http://data.europa.eu/esco/model#Occupation", 1, False, 3007))[1:]
    ('esco:occupation', 'occupation')
    """
    short = [
        f"{prefix}:{grouping.iri.removeprefix(start)}".lower()
        for prefix, start in PREFIXES.items()
        if grouping.iri.startswith(start) and len(grouping.iri) > len(start)
    ]
    last = grouping.iri.rstrip("/").replace("#", "/").rpartition("/")[2]
    return (grouping.iri, *short, last.lower())


def find(index: Index, name: str) -> Grouping:
    """The class or concept scheme that a name means.

    Raises:
        WrongUse: there is none of that name, or several; those that there are are told.
    """
    wanted = name if "//" in name else name.lower()
    every = list(index.groupings.values())
    found = [one for one in every if wanted in names_of(one)]
    if len(found) == 1:
        return found[0]
    if found:
        raise WrongUse(
            "'{name}' may be several schemes; give the IRI of one: {iris}",
            name=name,
            iris=", ".join(one.iri for one in found),
        )
    known = {each: one for one in every for each in names_of(one)}
    near = nearest(wanted, known)
    raise WrongUse(
        "there is no classification '{name}' here{meant} There are: {known}",
        name=name[:100],
        meant=f"; did you mean '{near}'?" if near else ".",
        known=", ".join(_usual(one) for one in every[:_SHOWN]),
    )


def concepts(index: Index, grouping: Grouping, language: str) -> list[Concept]:
    """The concepts of a scheme that have a label in a language, with their labels and codes.

    Raises:
        InputProblem: none has a label in that language; those that there are are told.
    """
    languages: Counter[str] = Counter()
    found: list[Concept] = []
    for iri, rows in groupby(_rows(index, grouping), key=lambda row: row[0]):
        labels: list[tuple[str, Role]] = []
        for _iri, role, text, tag in rows:
            own = tag.partition("-")[0].lower()
            if own == language or (not own and role is Role.CODE):
                labels.append((text, role))
            if role is Role.PREFERRED:
                languages[own] += 1
        named = [text for text, role in labels if role is not Role.CODE]
        if named:
            found.append(Concept(iri, named[0], labels))
    if not found:
        raise InputProblem(
            "nothing in {scheme} has a label in the language '{language}'; there are: {known}",
            scheme=_usual(grouping),
            language=language,
            known=", ".join(f"{tag or 'none'} ({n:,})" for tag, n in languages.most_common()),
        )
    return found


def _rows(index: Index, grouping: Grouping) -> Iterator[tuple[str, Role, str, str]]:
    with closing(for_reading(index.path)) as connection:
        asked = (f"% {grouping.number} %", int(Role.TEXT))
        for iri, role, text, language in connection.execute(_LABELS, asked):
            yield iri, Role(role), text, language


def _usual(grouping: Grouping) -> str:
    return names_of(grouping)[1]
