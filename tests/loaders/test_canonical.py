"""The canonical form is what a real store gives back, whatever is put in."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from pesai.loading.canonical import canonical_literal, checksum, lines
from pesai.loading.sink import Sink
from pesai.namespaces import XSD

SUBJECT, PREDICATE = NamedNode("https://qm.example/s"), NamedNode("https://qm.example/p")

# Text that XML cannot carry is refused by the loaders; the store would take it.
text = st.text(st.characters(codec="utf-8"), max_size=40)
digits = st.text("0123456789", min_size=1, max_size=25)
sign = st.sampled_from(["", "+", "-"])
number = st.builds(lambda s, a, b: f"{s}{a}{b}", sign, digits, st.builds(".{}".format, digits))
LEXICAL = {
    XSD.integer: st.builds(lambda s, a: s + a, sign, digits),
    XSD.decimal: number,
    XSD.double: st.floats().map(repr) | st.sampled_from(["INF", "-INF", "NaN", "1E400", "01.0e-0"]),
    XSD.float: st.floats(width=32).map(repr),
    XSD.boolean: st.sampled_from(["true", "false", "1", "0", "TRUE", "yes"]),
    XSD.date: st.dates().map(str)
    | st.sampled_from(["2024-02-30", "2024-01-01+02:00", "-0001-01-01"]),
    XSD.dateTime: st.datetimes().map(lambda d: d.isoformat())
    | st.sampled_from(
        ["2024-01-01T24:00:00", "2024-01-01T00:00:00.000Z", "2024-01-01T00:00:00+00:00"]
    ),
    XSD.gYear: st.integers(-30, 3000).map(lambda y: f"{y:04d}"),
    XSD.gYearMonth: st.sampled_from(["2024-05", "2024-05Z", "2024-13"]),
    XSD.time: st.times().map(str),
    XSD.duration: st.sampled_from(["P1Y", "P12M", "PT36H", "P1DT12H", "-P1D", "P0Y"]),
    XSD.int: st.integers().map(str),
    XSD.nonNegativeInteger: digits,
    XSD.byte: st.integers(-300, 300).map(lambda n: f"{n:+05d}"),
    XSD.anyURI: text,
    NamedNode("https://qm.example/own-type"): text,
}
typed = st.one_of(
    *(
        st.builds(lambda t, kind=kind: Literal(t, datatype=kind), values)
        for kind, values in LEXICAL.items()
    )
)
languages = st.sampled_from(["en", "fr", "FR", "fr-CA", "zh-Hant-TW", "x-own"])
tagged = st.builds(lambda t, tag: Literal(t, language=tag), text, languages)
literals = st.one_of(st.builds(Literal, text), tagged, typed, st.integers().map(Literal))


def stored(values: Iterable[Literal]) -> tuple[str, ...]:
    """The sorted dump of a store that loaded the literals."""
    store = Store()
    store.extend(Quad(SUBJECT, PREDICATE, value, DefaultGraph()) for value in values)
    dump = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    assert dump is not None
    return tuple(sorted(line for line in dump.decode().split("\n") if line))


@given(st.lists(literals, max_size=8))
def test_lines_are_the_sorted_dump_of_the_store(values: list[Literal]) -> None:
    found = lines(Triple(SUBJECT, PREDICATE, value) for value in values)
    assert found == stored(values)
    sink = Sink()
    for value in values:
        sink.add(SUBJECT, PREDICATE, value)
    assert sink.lines() == found


@given(st.lists(literals, max_size=8))
def test_lines_read_again_are_the_same(values: list[Literal]) -> None:
    found = lines(Triple(SUBJECT, PREDICATE, value) for value in values)
    again = parse("\n".join(found), format=RdfFormat.N_TRIPLES)
    assert lines(Triple(t.subject, t.predicate, t.object) for t in again) == found


@given(st.lists(literals, max_size=8), st.randoms())
def test_order_does_not_matter(values: list[Literal], random: object) -> None:
    found = lines(Triple(SUBJECT, PREDICATE, value) for value in values)
    assert lines(Triple(SUBJECT, PREDICATE, value) for value in reversed(values)) == found
    assert checksum(found) == checksum(list(found))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (Literal("01", datatype=XSD.integer), '"1"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        (
            Literal("1.50", datatype=XSD.decimal),
            '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        ),
        (Literal("1", datatype=XSD.boolean), '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        (Literal("texte", language="fr-CA"), '"texte"@fr-ca'),
    ],
)
def test_what_the_store_rewrites(written: Literal, kept: str) -> None:
    assert str(canonical_literal(written)) == kept
    assert stored([written])[0].endswith(f" {kept} .")


@given(st.text(st.characters(codec="utf-8"), max_size=20))
def test_iris_are_written_as_the_store_writes_them(name: str) -> None:
    try:
        value = NamedNode(f"https://qm.example/{name}")
    except ValueError:
        return
    store = Store()
    store.add(Quad(value, PREDICATE, value, DefaultGraph()))
    dump = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    assert dump is not None
    assert lines([Triple(value, PREDICATE, value)]) == (dump.decode().rstrip("\n"),)
