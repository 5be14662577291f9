"""The catalogue: what a query file must hold, and what parameters become."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, RdfFormat, Store, parse

from pesai.engine.syntax import bindings
from pesai.namespaces import CODE, EU_COUNTRY, XSD, Base
from pesai.sparql.catalogue import (
    BrokenQuery,
    Catalogue,
    Parameter,
    StoredQuery,
    UnknownQuery,
    WrongParameter,
    bind,
)
from pesai.sparql.parameters import TYPES

BASE = Base("https://pes.example/")
LABELS = {"en": "A", "fr": "Un"}
GOOD = """\
#+ title.en = "Who?"
#+ title.fr = "Qui ?"
#+ description.en = "Who it is."
#+ description.fr = "Qui c’est."
#+ tags = ["who"]
#+ least = 1
#+ [parameters.who]
#+ type = "organisation"
#+ label.en = "Who"
#+ label.fr = "Qui"

SELECT ?who WHERE { ?who ?p ?o }
"""


def term(text: str) -> object:
    """The term that a text in N-Triples is."""
    (triple,) = parse(f"<urn:s> <urn:p> {text} .".encode(), RdfFormat.N_TRIPLES)
    return triple.object


Written = Callable[[str], Catalogue]


@pytest.fixture
def written(tmp_path: Path) -> Written:
    """The catalogue of one file with the given content."""

    def write(text: str) -> Catalogue:
        (tmp_path / "areas.toml").write_text('people.en = "People"\npeople.fr = "Gens"\n', "utf-8")
        (tmp_path / "people").mkdir()
        (tmp_path / "people" / "who.rq").write_text(text, "utf-8")
        return Catalogue.read(tmp_path)

    return write


def query_with(type_: str, *, required: bool = False, default: str | None = None) -> StoredQuery:
    parameter = Parameter("x", type_, LABELS, default, required)
    return StoredQuery("a", "q", "SELECT ?x { }", LABELS, LABELS, (parameter,), (), 1, "bundled")


def test_a_file_is_read_with_its_header(written: Written) -> None:
    catalogue = written(GOOD)
    assert [area.titles["fr"] for area in catalogue.areas()] == ["Gens"]
    query = catalogue.get("people", "who")
    assert (query.titles["fr"], query.least, query.on, query.cq) == ("Qui ?", 1, "bundled", None)
    assert query.text == "SELECT ?who WHERE { ?who ?p ?o }\n"
    assert query.form == "SELECT"
    assert [(p.name, p.type, p.labels["fr"]) for p in query.parameters] == [
        ("who", "organisation", "Qui")
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("#+", "#", "people/who.rq:1: begins without a header"),
        ('title.fr = "Qui ?"', 'title.fr = "', "people/who.rq:2: Illegal character"),
        ('#+ title.fr = "Qui ?"\n', "", "people/who.rq:1: title.fr: is missing"),
        ('description.fr = "Qui c’est."', 'description.fr = " "', "who.rq:4: description.fr: is m"),
        ('title.fr = "Qui ?"', 'title.fr = "Qui ?"\n#+ title.de = "Wer?"', "who.rq:3: title.de: "),
        ("least = 1", "least = 0", "people/who.rq:6: least: must be 1 or more"),
        ("least = 1", 'least = "1"', "people/who.rq:6: least: must be int, not '1'"),
        ("least = 1", "leats = 1", "people/who.rq:1: least: is missing"),
        ("least = 1", "least = 1\n#+ more = 2", "people/who.rq:7: more: is not known"),
        ("least = 1", 'least = 1\n#+ on = "all"', "people/who.rq:7: on: must be bundled or exam"),
        ('"organisation"', '"org"', "people/who.rq:7: parameters.who: the type 'org' is not known"),
        ("parameters.who", "parameters.whom", "who.rq:7: parameters.whom: is no variable of the q"),
        ('label.fr = "Qui"', 'label.fr = "Qui"\n#+ default = "a b"', "who.rq:7: parameters.who: "),
        ('label.fr = "Qui"', 'label.fr = "Qui"\n#+ defautl = "a"', "who.rq:11: defautl: is not"),
        (
            'label.fr = "Qui"',
            'label.fr = "Qui"\n#+ default = "a"\n#+ required = true',
            "people/who.rq:7: parameters.who: is required and has a default",
        ),
    ],
)
def test_a_wrong_header_is_told_with_its_line(
    written: Written, old: str, new: str, message: str
) -> None:
    assert old in GOOD
    with pytest.raises(BrokenQuery) as caught:
        written(GOOD.replace(old, new))
    assert message in str(caught.value)


def test_an_area_without_titles_is_told(tmp_path: Path) -> None:
    (tmp_path / "areas.toml").write_text("", "utf-8")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "who.rq").write_text(GOOD, "utf-8")
    with pytest.raises(BrokenQuery, match=r"the area 'other' is not in areas\.toml"):
        Catalogue.read(tmp_path)


def test_a_query_is_found_by_path_or_name_and_the_nearest_is_told(written: Written) -> None:
    catalogue = written(GOOD)
    assert catalogue.find("who") is catalogue.find("people/who")
    with pytest.raises(UnknownQuery, match="The nearest: people/who") as caught:
        catalogue.get("people", "whom")
    assert caught.value.status == 404
    with pytest.raises(UnknownQuery, match=r"no stored query '\.\./\.\./etc/passwd'\.$"):
        catalogue.find("../../etc/passwd")


VALUES: list[tuple[str, str, NamedNode | Literal]] = [
    ("iri", "http://a.example/x?y=é#z", NamedNode("http://a.example/x?y=é#z")),
    ("code:theme", "matching", CODE["theme/matching"]),
    ("code:theme", CODE["theme/matching"].value, CODE["theme/matching"]),
    ("code:region", "m49-150", CODE["region/m49-150"]),
    ("organisation", "qm-pes", NamedNode("https://pes.example/id/organisation/qm-pes")),
    ("organisation", "https://o.example/1", NamedNode("https://o.example/1")),
    ("country", "FR", EU_COUNTRY.FRA),
    ("country", "fr", EU_COUNTRY.FRA),
    ("country", "FRA", EU_COUNTRY.FRA),
    ("country", "XK", EU_COUNTRY["1A0"]),
    ("country", "QM", BASE.thing("country", "qm")),
    ("country", EU_COUNTRY.FRA.value, EU_COUNTRY.FRA),
    ("text", "l’été \\u0022", Literal("l’été \\u0022")),
    ("language", "FR", Literal("fr")),
    ("language", "pt-BR", Literal("pt-br")),
    ("integer", "+007", Literal("7", datatype=XSD.integer)),
    ("year", "2024", Literal("2024", datatype=XSD.gYear)),
    ("boolean", "1", Literal("true", datatype=XSD.boolean)),
    ("boolean", "FALSE", Literal("false", datatype=XSD.boolean)),
]


@pytest.mark.parametrize(("type_", "value", "expected"), VALUES)
def test_a_value_becomes_one_term(type_: str, value: str, expected: NamedNode | Literal) -> None:
    assert term(bind(query_with(type_), {"x": value}, BASE)["x"]) == expected


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("iri", "a.example"),
        ("iri", "ftp://a.example/"),
        ("iri", "javascript:alert(1)"),
        ("iri", "http://a.example/ x"),
        ("iri", "http://a.example/> . ?s ?p ?o"),
        ("iri", "http://a.example/\\u003e"),
        ("iri", "http://a.example/\nx"),
        ("iri", "http://a.example/{x}"),
        ("iri", "http://a.example/" + "x" * 3000),
        ("code:theme", "../maturity/pilot"),
        ("code:theme", "https://w3id.org/pes-ai/code/maturity/pilot"),
        ("code:theme", "a> <b"),
        ("organisation", "a/b"),
        ("organisation", '"} ; DROP ALL #'),
        ("country", "ZZ"),
        ("country", "France"),
        ("text", "\ud800"),
        ("language", "fr; q=1"),
        ("language", "f"),
        ("integer", "1.5"),
        ("integer", "１"),
        ("integer", "1" * 19),
        ("year", "24"),
        ("year", "2024-01"),
        ("boolean", "yes"),
    ],
)
def test_a_value_of_another_type_is_refused(type_: str, value: str) -> None:
    with pytest.raises(WrongParameter, match=r"'x' cannot be .*; expected: ") as caught:
        bind(query_with(type_), {"x": value}, BASE)
    assert (caught.value.status, caught.value.exit_code) == (400, 2)


def test_every_type_has_been_tried() -> None:
    assert {value[0].partition(":")[0] for value in VALUES} == {*TYPES, "code"}


def test_defaults_blanks_and_free_variables() -> None:
    assert bind(query_with("text", default="d"), {}, BASE) == {"x": '"d"'}
    assert bind(query_with("text", default="d"), {"x": " "}, BASE) == {"x": '"d"'}
    assert bind(query_with("text"), {"x": ""}, BASE) == {}
    with pytest.raises(WrongParameter, match="a/q needs the parameter 'x'"):
        bind(query_with("text", required=True), {"x": ""}, BASE)


def test_unknown_parameters_are_told_with_the_known_ones() -> None:
    with pytest.raises(WrongParameter, match=r"no parameter 'xx', but 'x'\. It has: x\."):
        bind(query_with("text"), {"xx": "1"}, BASE)
    with pytest.raises(WrongParameter, match=r"no parameter 'country'\. It has: x\."):
        bind(query_with("text"), {"country": "FR"}, BASE)


def test_a_text_with_a_language_is_looked_up_in_that_language() -> None:
    parameter = Parameter("x", "text", LABELS, language="fr")
    assert parameter.term("été", BASE) == Literal("été", language="fr")


ATTACKS = (
    '"} ; DROP ALL #',
    "> . ?s ?p ?o",
    "\\u0022",
    '" } UNION { ?x ?y ?z',
    "http://a.example/> ?p ?o } #",
    "\n}\nSELECT * {",
    "'''",
    '"""',
    "{{{",
    "#",
    "?x",
)


@given(
    type_=st.sampled_from([*TYPES, "code:theme"]),
    value=st.text(max_size=60) | st.builds("".join, st.lists(st.sampled_from(ATTACKS), max_size=4)),
)
def test_no_value_makes_another_query(type_: str, value: str) -> None:
    """Whatever is given, there is an error, or the one row that holds it as one term."""
    query = query_with(type_)
    try:
        bound = bind(query, {"x": value}, BASE)
    except WrongParameter:
        return
    found = Store().query(bindings.bind(query.text, bound))
    assert isinstance(found, QuerySolutions)
    rows = [row["x"] for row in found]
    if not bound:
        assert (rows, value.strip()) == ([None], "")
        return
    assert rows == [term(bound["x"])]
    if type_ == "text":
        assert rows == [Literal(value.strip())]
