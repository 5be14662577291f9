"""Every stored query: the same rows from the service and from rdflib, and enough of them."""

import gzip
import json
import re
import shutil
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from rdflib import Dataset

from pesai.engine.syntax import bindings
from pesai.loading.loader import Source
from pesai.namespaces import PREFIXES, Base
from pesai.releases.intake import Load, load
from pesai.releases.layout import Home
from pesai.settings import DEFAULT_BASE
from pesai.sparql.catalogue import Catalogue, StoredQuery, bind

# rdflib 7 warns of its own use of what it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")

BASE = Base(DEFAULT_BASE)
CATALOGUE = Catalogue.read()
QUERIES = list(CATALOGUE)
EXAMPLE = Path(__file__).parents[1] / "data" / "fictional" / "example.trig"
XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {f"{XSD}{name}" for name in ("integer", "decimal", "double", "float")}

Term = tuple[str, ...] | None
Row = tuple[Term, ...]


@dataclass(frozen=True)
class Rows:
    """A result: its columns, and its rows as a multiset of canonical values."""

    columns: tuple[str, ...]
    rows: Counter[Row]

    def column(self, name: str) -> list[Term]:
        place = self.columns.index(name)
        return [row[place] for row in self.rows.elements()]

    def where(self, name: str, holds: Callable[[Term], bool]) -> Counter[Row]:
        place = self.columns.index(name)
        return Counter({row: n for row, n in self.rows.items() if holds(row[place])})

    def equal(self, name: str, value: Term) -> Counter[Row]:
        return self.where(name, lambda term: term == value)

    def without(self, name: str, value: Term) -> Counter[Row]:
        """The rows with that value in a column, less the column."""
        place, left = self.columns.index(name), Counter[Row]()
        for row, number in self.equal(name, value).items():
            left[row[:place] + row[place + 1 :]] += number
        return left


def canonical(term: Mapping[str, str] | None) -> Term:
    """One RDF term by value: numbers are equal when their values are, to twelve digits."""
    if term is None:
        return None
    datatype = term.get("datatype", f"{XSD}string")
    if term["type"] == "uri":
        return ("iri", term["value"])
    assert term["type"] in {"literal", "typed-literal"}, "no blank node is stored"
    if datatype in NUMBERS:
        return ("number", f"{Decimal(term['value']):.12g}")
    if datatype == f"{XSD}boolean":
        return ("boolean", {"1": "true", "0": "false"}.get(term["value"], term["value"]))
    if language := term.get("xml:lang"):
        return ("text", term["value"], language.lower())
    return ("literal", term["value"], datatype)


def rows(answer: str | bytes) -> Rows:
    """A SPARQL 1.1 JSON result as rows."""
    found = json.loads(answer)
    columns = tuple(found["head"]["vars"])
    return Rows(
        columns,
        Counter(
            tuple(canonical(binding.get(name)) for name in columns)
            for binding in found["results"]["bindings"]
        ),
    )


def from_service(address: str, text: str) -> Rows:
    """The answer of ``/sparql``."""
    return fetched(f"{address}/sparql", urllib.parse.urlencode({"query": text}).encode())


def given(address: str, query: StoredQuery, **values: str) -> Rows:
    """The answer of the query's own address, with parameters."""
    return fetched(f"{address}/queries/{query.path}?{urllib.parse.urlencode(values)}")


def fetched(address: str, body: bytes | None = None) -> Rows:
    request = urllib.request.Request(address, body, {"Accept": "application/sparql-results+json"})
    with urllib.request.urlopen(request, timeout=150) as answer:
        return rows(answer.read())


def from_rdflib(dataset: Dataset, text: str) -> Rows:
    """rdflib gives one row without any value where a GROUP BY has nothing to group: dropped."""
    answer = dataset.query(text).serialize(format="json")
    assert answer is not None
    found = rows(answer)
    return Rows(found.columns, Counter({row: n for row, n in found.rows.items() if any(row)}))


def with_defaults(query: StoredQuery) -> str:
    return bindings.bind(query.text, bind(query, {}, BASE))


def dump(home: Path) -> Dataset:
    """The public dump of the present release, as rdflib reads it."""
    dataset = Dataset(default_union=True)
    lines = gzip.decompress((home / "current" / "public" / "data.nq.gz").read_bytes())
    dataset.parse(data=lines, format="nquads")
    return dataset


@pytest.fixture(scope="module")
def bundled(bundled_home: Path) -> Dataset:
    return dump(bundled_home)


@pytest.fixture(scope="module")
def example_home(bundled_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled data, and the fictional world beside them."""
    home = tmp_path_factory.mktemp("example") / "var"
    shutil.copytree(bundled_home, home, symlinks=True)
    source = Source("rdf", "fictional", (EXAMPLE,))
    outcome = load(Home(home), BASE, [Load(source)], who="tests", why="fictional example")
    assert outcome.manifest is not None, outcome.issues
    return home


@pytest.fixture(scope="module")
def example(example_home: Path) -> Dataset:
    return dump(example_home)


@pytest.fixture(scope="module")
def example_service(
    example_home: Path, serve: Callable[[Path], AbstractContextManager[str]]
) -> Iterator[str]:
    with serve(example_home) as address:
        yield address


def named(queries: list[StoredQuery]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("query", queries, ids=lambda query: query.path)


@named(QUERIES)
def test_the_rows_are_the_same_and_enough_on_the_bundled_data(
    query: StoredQuery, service: str, bundled: Dataset
) -> None:
    text = with_defaults(query)
    found = from_service(service, text)
    assert found == from_rdflib(bundled, text)
    if query.on == "bundled":
        assert found.rows.total() >= query.least


@named([query for query in QUERIES if query.on == "example"])
def test_the_rows_are_the_same_and_enough_on_the_example(
    query: StoredQuery, example_service: str, example: Dataset
) -> None:
    text = with_defaults(query)
    found = from_service(example_service, text)
    assert found == from_rdflib(example, text)
    assert found.rows.total() >= query.least


def test_the_combined_effect_is_that_worked_out_by_hand(example_service: str) -> None:
    """(3.5 / 0.81 + 1 / 0.25) / (1 / 0.81 + 1 / 0.25), from the two fictional measurements."""
    found = given(example_service, CATALOGUE.find("combined-effect"))
    assert found.column("measurements") == [("number", "2")]
    (effect,) = found.column("effect")
    assert effect is not None
    assert float(effect[1]) == pytest.approx(1.589623, abs=1e-6)


FILTERS: dict[str, tuple[str, Callable[[str, str], bool]]] = {
    "maturity": ("stage", str.__eq__),
    "since": ("year", str.__ge__),
}
"""Parameters that no pattern binds: the column that they filter, and how."""


def free(query: StoredQuery, name: str) -> str:
    """The query with one parameter free and in the result, and the others at their defaults."""
    bound = bind(query, {}, BASE)
    bound.pop(name, None)
    head = query.text.partition("WHERE")[0]
    text = query.text
    if not re.search(rf"[?]{name}\b", head):
        text = re.sub(r"SELECT (DISTINCT )?", rf"SELECT \1?{name} ", text, count=1)
    return bindings.bind(text, bound)


@pytest.mark.parametrize(
    ("query", "name"),
    [(query, p.name) for query in QUERIES for p in query.parameters if p.type != "language"],
    ids=lambda value: value.path if isinstance(value, StoredQuery) else value,
)
def test_a_parameter_gives_what_filtering_would(
    query: StoredQuery, name: str, service: str, example_service: str
) -> None:
    address = service if query.on == "bundled" else example_service
    if name in FILTERS:
        filtered_by_condition(query, name, address)
        return
    everything = from_service(address, free(query, name))
    values = sorted({term for term in everything.column(name) if term is not None})
    assert values
    for value in {values[0], values[-1]}:
        found = given(address, query, **{name: value[1]})
        assert found.rows
        if name in found.columns:
            assert found.rows == everything.equal(name, value)
        else:
            assert found.rows == everything.without(name, value)


def filtered_by_condition(query: StoredQuery, name: str, address: str) -> None:
    column, holds = FILTERS[name]
    everything = from_service(address, with_defaults(query))
    values = sorted({term[1] for term in everything.column(column) if term is not None})
    value = values[len(values) // 2]
    found = given(address, query, **{name: value})
    assert 0 < found.rows.total() < everything.rows.total()
    assert found.rows == everything.where(column, lambda t: t is not None and holds(t[1], value))


ENGLISH_ONLY = {
    "initiatives/services-with-a-task-in-production",
    "results/production-without-a-figure",
    "results/who-evaluates-whom",
    "surveys/share-behind-findings",
    "governance/vendors-of-several-services",
    "catalogue/choices-of-organisation",
    "catalogue/statements-by-graph",
}
"""What these show, names of organisations mostly, has no French text in the data yet."""


ALL_PAIRS = {"labour-market-ontology/path-between-two-concepts"}
"""Without parameters these ask for all pairs of concepts: more than a query has time for."""


@named([query for query in QUERIES if any(p.name == "lang" for p in query.parameters)])
def test_the_language_changes_the_texts_and_nothing_else(
    query: StoredQuery, service: str, example_service: str
) -> None:
    address = service if query.on == "bundled" else example_service
    english = given(address, query, lang="en")
    french = given(address, query, lang="fr")
    other = given(address, query, lang="de")
    pasted = english if query.path in ALL_PAIRS else from_service(address, query.text)
    assert other == english
    assert spoken(english) <= {"en"} | spoken(pasted)
    assert "fr" in spoken(french) or query.path in ENGLISH_ONLY
    assert bare(french) == bare(english)


def spoken(found: Rows) -> set[str]:
    return {term[2] for row in found.rows for term in row if term and term[0] == "text"}


def bare(found: Rows) -> Counter[Row]:
    """The rows without their texts."""
    left = Counter[Row]()
    for row, number in found.rows.items():
        left[tuple(term for term in row if term is None or term[0] != "text")] += number
    return left


def test_enough_queries_answer_on_the_bundled_data() -> None:
    assert len([query for query in QUERIES if query.on == "bundled"]) >= 40


def test_every_competency_question_is_answered_once() -> None:
    assert sorted(query.cq for query in QUERIES if query.cq) == list(range(1, 31))


@named(QUERIES)
def test_prefixes_are_the_same_everywhere_and_all_used(query: StoredQuery) -> None:
    body = re.sub(r"<[^>\s]*>|\"[^\"\n]*\"", "", query.text)
    for prefix, namespace in re.findall(r"^PREFIX ([\w-]+): <(.+)>$", query.text, re.MULTILINE):
        scheme = f"https://w3id.org/pes-ai/code/{prefix}/"
        known = {**PREFIXES, "disco": "http://rdf-vocabulary.ddialliance.org/discovery#"}
        assert namespace == known.get(prefix, scheme)
        assert len(re.findall(rf"(?<![\w-]){prefix}:", body)) > 1


@named(QUERIES)
def test_the_order_is_total(query: StoredQuery, service: str, example_service: str) -> None:
    """No two rows agree in all that they are ordered by, so that a page of them can be cited."""
    address = service if query.on == "bundled" else example_service
    found = from_service(address, with_defaults(query))
    ordered = query.text.rpartition("ORDER BY")[2]
    assert query.form == "SELECT"
    places = [found.columns.index(name) for name in re.findall(r"[?](\w+)", ordered)]
    keys = {tuple(row[place] for place in places) for row in found.rows}
    assert len(keys) == len(found.rows) == found.rows.total()
