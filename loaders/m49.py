"""Countries and regions: the M49 standard of the United Nations, in six languages.

Regions have IRIs of ours (``https://w3id.org/pes-ai/code/region/m49-155``), countries those of the
EU country table. The ontology brings English and French everyday names of both; the names of the
United Nations in these two languages are alternative labels where they differ.
"""

import re
from functools import cache
from typing import ClassVar

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from pesai.errors import InputProblem
from pesai.loading.bundle import Member, bundle
from pesai.loading.countries import countries
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source
from pesai.loading.records import bulk, read_records
from pesai.loading.sink import Sink
from pesai.loading.tally import Tally
from pesai.namespaces import CODE, DCTERMS, PAI, RDF, SKOS
from pesai.resources import files

__all__ = ["M49Loader"]

_FILE = re.compile(r"UNSD.*?(?:-(?P<language>[a-z]{2}))?\.csv", re.IGNORECASE)
_LANGUAGES = {"cn": "zh"}
_LEVELS = (
    ("Global Code", "Global Name"),
    ("Region Code", "Region Name"),
    ("Sub-region Code", "Sub-region Name"),
    ("Intermediate Region Code", "Intermediate Region Name"),
)
_COUNTRY = ("Country or Area", "M49 Code", "ISO-alpha2 Code", "ISO-alpha3 Code")
_GROUPS = (
    "Least Developed Countries (LDC)", "Land Locked Developing Countries (LLDC)",
    "Small Island Developing States (SIDS)",
)  # fmt: skip
_COLUMNS = tuple(name for level in _LEVELS for name in level)


class M49Loader:
    """Countries with their codes, regions with what lies above them."""

    kind: ClassVar[str] = "m49"
    classification: ClassVar[bool] = True

    def describe(self, source: Source) -> Description:  # noqa: ARG002
        """What the source is."""
        return Description(
            title_en="Countries and regions (M49)",
            title_fr="Pays et régions (M49)",
            licence="https://opendatacommons.org/licenses/pddl/1-0/",
            attribution="United Nations Statistics Division, standard country or area codes (M49)",
            homepage="https://unstats.un.org/unsd/methodology/m49/",
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:  # noqa: ARG002
        """Read the tables of all languages into the sink.

        Raises:
            InputProblem: there is no table of M49.
        """
        with bundle(source.paths) as members, bulk():
            found = [(m, match["language"]) for m in members if (match := _FILE.fullmatch(m.name))]
            if not found:
                raise InputProblem(
                    "there is no table of M49 among {names}: they are called UNSD-en.csv and so on",
                    names=", ".join(member.name for member in members) or "no files at all",
                )
            for member, language in found:
                if not language:
                    sink.report(
                        "warning", "the language is not in the name; read as English",
                        place=Place(member.origin), expected="a name such as UNSD-fr.csv",
                    )  # fmt: skip
                _read(member, _LANGUAGES.get(language, language or "en"), sink)


def _read(member: Member, language: str, sink: Sink) -> None:
    content = member.read()
    # The Statistics Division hands its table out with semicolons.
    delimiter = ";" if content.partition(b"\n")[0].count(b";") > 5 else ","
    needed = (*_COLUMNS, *_COUNTRY)
    records = read_records(member.origin, content, sink, needed, _GROUPS, delimiter=delimiter)
    if records is None:
        return
    tally, seen = Tally(sink, member.origin), dict[str, int]()
    for row, *cells in records.pick(*_COLUMNS, *_COUNTRY):
        values = [cell.strip() for cell in cells]
        levels = list(zip(values[:8:2], values[1:8:2], strict=True))
        name, code, alpha2, alpha3 = values[8:]
        cut = next((c for c in (code, *(each for each, _ in levels)) if c and len(c) != 3), "")
        if cut or not code:
            tally.skip(
                "the code has lost its leading zeros" if cut else "the code is missing", row,
                value=cut or name, expected=cut.rjust(3, "0") if cut else "three digits",
            )  # fmt: skip
        elif (before := seen.setdefault(code, row)) != row:
            tally.skip(f"the code is also in row {before}", row, value=code, expected="once")
        else:
            region = _regions([level for level in levels if level[0]], language, sink)
            _country(row, name, (alpha2, code, alpha3), region, language, sink, tally)
    tally.report()


def _regions(levels: list[tuple[str, str]], language: str, sink: Sink) -> NamedNode | None:
    """The regions of a row from the world down; gives the smallest, the world itself apart."""
    above: NamedNode | None = None
    for code, name in levels:
        region = NamedNode(f"{CODE.iri}region/m49-{code}")
        sink.add(region, RDF.type, SKOS.Concept)
        sink.add(region, SKOS.inScheme, CODE.region)
        sink.add(region, SKOS.notation, Literal(code))
        _label(region, name, language, sink)
        if above is not None:
            sink.add(region, SKOS.broader, above)
        above = region
    return above if len(levels) > 1 else None


def _country(  # noqa: PLR0917 - a row and what it says
    row: int,
    name: str,
    codes: tuple[str, str, str],
    region: NamedNode | None,
    language: str,
    sink: Sink,
    tally: Tally,
) -> None:
    alpha2, *others = codes
    country = countries().get(alpha2)
    if country is None:
        tally.add(
            "warning", "is not in the EU country table and is left out", row,
            value=f"{name} {alpha2}", expected="an ISO 3166-1 two-letter code",
        )  # fmt: skip
        return
    sink.add(country, RDF.type, SKOS.Concept)
    _label(country, name, language, sink)
    for code in others:
        sink.text(country, DCTERMS.identifier, code)
    if region is not None:
        sink.add(country, PAI.inRegion, region)


def _label(node: NamedNode, name: str, language: str, sink: Sink) -> None:
    """A name: preferred, unless the ontology already has another one in this language."""
    ours = _labels().get((node.value, language))
    if ours is None:
        sink.text(node, SKOS.prefLabel, name, language)
    elif ours != name:
        sink.text(node, SKOS.altLabel, name, language)


@cache
def _labels() -> dict[tuple[str, str], str]:
    """The names that the ontology has for countries and regions."""
    found = {}
    paths = (files("ontology") / part for part in ("imports/countries.ttl", "codes/region.ttl"))
    for path in paths:
        for quad in parse(path=path, format=RdfFormat.TURTLE):
            node, value = quad.subject, quad.object
            if quad.predicate == SKOS.prefLabel and isinstance(value, Literal):
                found[getattr(node, "value", ""), value.language or ""] = value.value
    return found
