"""What the loaders write is what the ontology defines, and nothing about people."""

import csv
import re
from pathlib import Path
from random import Random

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from pesai.loading.canonical import checksum
from pesai.loading.codes import codes, written
from pesai.loading.countries import countries, country, is_fictional
from pesai.loading.sink import Sink
from pesai.namespaces import CODE, EU_COUNTRY, PAI, RDF, Base
from pesai.resources import files
from tests.loaders.runs import BASE, TABLES, Loads, quads

KINDS = sorted(TABLES)
DEFINED = {
    quad.subject.value
    for folder in ("modules", "codes", "imports")
    for path in (files("ontology") / folder).glob("*.ttl")
    for quad in parse(path=path, format=RdfFormat.TURTLE)
    if quad.predicate == RDF.type and isinstance(quad.subject, NamedNode)
}
OURS = (PAI.iri, CODE.iri, EU_COUNTRY.iri)


@pytest.mark.parametrize("kind", KINDS)
def test_every_term_and_code_is_defined(sinks: dict[str, Sink], kind: str) -> None:
    named = {
        term.value
        for quad in quads(sinks[kind].lines())
        for term in (quad.subject, quad.predicate, quad.object)
        if isinstance(term, NamedNode) and term.value.startswith(OURS)
    }
    assert named
    assert named <= DEFINED


@pytest.mark.parametrize("kind", KINDS)
def test_things_that_are_named_are_made(sinks: dict[str, Sink], kind: str) -> None:
    made = {quad.subject for sink in sinks.values() for quad in quads(sink.lines())}
    ours = BASE.iri + "id/"
    for quad in quads(sinks[kind].lines()):
        value = quad.object
        if isinstance(value, NamedNode) and value.value.startswith(ours):
            assert value in made or quad.predicate == PAI.fromRow, quad


PERSONAL = re.compile(r"(?i)[\w.+-]+@[\w-]+\.[a-z]{2,}|mailto:|tel:|\b0\d(?:[ .]\d\d){4}\b|orcid")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_personal(sinks: dict[str, Sink], kind: str) -> None:
    texts = [q.object.value for q in quads(sinks[kind].lines()) if isinstance(q.object, Literal)]
    assert [text for text in texts if PERSONAL.search(text)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_second_load_is_the_same_graph(bundled: Loads, kind: str) -> None:
    again = Loads(said=dict(bundled.said))
    sink = again.load(kind, *(files("data") / n for n in TABLES[kind]), name="observatory")
    assert checksum(sink.lines()) == checksum(bundled.sinks[kind].lines())


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_rows_matters_to_their_numbers_alone(
    bundled: Loads, tmp_path: Path, kind: str
) -> None:
    for name in TABLES[kind]:
        with (files("data") / name).open(encoding="utf-8", newline="") as handle:
            header, *rows = csv.reader(handle)
        Random(7).shuffle(rows)
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([header, *rows])
    again = Loads(said=dict(bundled.said))
    sink = again.load(kind, *(tmp_path / name for name in TABLES[kind]), name="observatory")
    assert sink.issues == []
    assert without_rows(sink) == without_rows(bundled.sinks[kind])


def without_rows(sink: Sink) -> list[str]:
    return [line for line in sink.lines() if f" {PAI.fromRow} " not in line]


def test_another_node_makes_things_of_its_own() -> None:
    node = Loads(base=Base("https://node.qm.example/"))
    sink = node.load("organisations", files("data") / "organisations.csv", name="observatory")
    assert sink.lines()
    assert all(line.startswith("<https://node.qm.example/id/") for line in sink.lines())
    assert "https://w3id.org/pes-ai/id/" not in "\n".join(sink.lines())


def test_codes_are_found_as_tables_write_them() -> None:
    assert codes("unit")["EUR"] == codes("unit")["eur"]
    assert codes("indicator")["users_reached"].value == CODE.iri + "indicator/users-reached"
    assert "users_reached" in written("indicator")
    assert {"percent", "EUR"} <= set(written("unit"))
    assert "%" not in written("unit")
    for path in (files("ontology") / "codes").glob("*.ttl"):
        assert all(codes(path.stem)[text] for text in written(path.stem))


def test_countries_are_those_of_the_table_and_the_free_codes() -> None:
    assert country("FR", BASE) == EU_COUNTRY.FRA
    assert country("XK", BASE) == countries()["XK"]
    asked = ("QM", "QZ", "XA", "XZ", "XK", "QL", "ZZ", "FR")
    assert [code for code in asked if is_fictional(code)] == ["QM", "QZ", "XA", "XZ"]
    made = country("QM", BASE)
    assert made is not None
    assert made.value == "https://w3id.org/pes-ai/id/country/qm"
    assert country("ZZ", BASE) is None
