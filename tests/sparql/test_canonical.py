"""The canonical form of an answer is the same for the same rows, and for no others."""

import hashlib
from io import BytesIO
from random import Random

import pyoxigraph as ox
from hypothesis import given
from hypothesis import strategies as st

from pesai.sparql.canonical import Canonical, canonical
from pesai.sparql.guard import Form

ROWS = 'VALUES (?b ?a) { (1.50 "x\\ty\\n\\"é"@fr) (UNDEF <urn:x>) (UNDEF <urn:x>) (true "z") }'


def measured(query: str, form: Form = "select") -> Canonical:
    found = ox.Store().query(query)
    if isinstance(found, ox.QueryTriples):
        body = ox.serialize(found, format=ox.RdfFormat.N_TRIPLES)
    else:
        assert not isinstance(found, bool)
        body = found.serialize(format=ox.QueryResultsFormat.TSV)
    return canonical(BytesIO(body or b""), form)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_the_text_is_what_the_reference_says() -> None:
    xsd = "http://www.w3.org/2001/XMLSchema#"
    text = (
        "?a\t?b\n"
        f'"x\\ty\\n\\"é"@fr\t"1.5"^^<{xsd}decimal>\n'
        f'"z"\t"true"^^<{xsd}boolean>\n'
        "<urn:x>\t\n"
        "<urn:x>\t\n"
    )
    assert measured(f"SELECT ?a ?b {{ {ROWS} }}") == Canonical(4, sha256(text))
    assert measured("ASK {}", "ask") == Canonical(1, sha256("true\n"))
    assert measured("SELECT ?x { FILTER(false) }") == Canonical(0, sha256("?x\n"))


def test_the_order_of_rows_and_columns_is_not_part_of_it() -> None:
    first = measured(f"SELECT ?a ?b {{ {ROWS} }}")
    assert measured(f"SELECT ?b ?a {{ {ROWS} }} ORDER BY DESC(?a)") == first
    assert measured(f"SELECT DISTINCT ?a ?b {{ {ROWS} }}") != first


def test_labels_of_blank_nodes_are_not_part_of_it() -> None:
    text = "CONSTRUCT {{ _:{0} <urn:p> _:{1} . _:{1} <urn:q> ?x }} {{ VALUES ?x {{ 1 2 }} }}"
    first, second = (measured(text.format(*pair), "construct") for pair in ("ab", "zc"))
    assert first == second
    assert first.rows == 4


@given(st.lists(st.integers(0, 9), min_size=1), st.randoms())
def test_the_same_bag_of_rows_has_the_same_hash(
    values: list[int],
    random: Random,
) -> None:
    shuffled = random.sample(values, len(values))
    first, second = (
        measured(f"SELECT ?x {{ VALUES ?x {{ {' '.join(map(str, listed))} }} }}")
        for listed in (values, shuffled)
    )
    assert first == second
    assert measured(f"SELECT ?x {{ VALUES ?x {{ {' '.join(map(str, [*values, 1]))} }} }}") != first
