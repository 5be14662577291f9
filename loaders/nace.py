"""NACE: the statistical classification of economic activities, as Turtle, RDF/XML or CSV.

The IRIs are the source's own: those of Eurostat's RAMON server
(``http://ec.europa.eu/eurostat/ramon/rdfdata/nace_r2/01.11``) for the publications of Revision 2,
in CSV too; other publications in SKOS keep theirs (``http://data.europa.eu/ux2/nace2.1/…``).
"""

import re
from typing import ClassVar

from pyoxigraph import Literal, NamedNode, Quad, parse

from pesai.errors import InputProblem
from pesai.loading.bundle import Member, bundle
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source
from pesai.loading.rdf import FORMATS
from pesai.loading.records import bulk, read_records
from pesai.loading.sink import Sink
from pesai.loading.tally import Tally
from pesai.loading.xmlcheck import xml_fault
from pesai.namespaces import EU_LICENCE, OWL, RDF, SKOS, Vocabulary

__all__ = ["NaceLoader"]

_RAMON = Vocabulary("http://ec.europa.eu/eurostat/ramon/ontologies/nace.rdf#")
_DATA = "http://ec.europa.eu/eurostat/ramon/rdfdata/nace_r2/"
_SCHEME = NamedNode("http://ec.europa.eu/eurostat/ramon/rdfdata/nace_r2")
_CODE = re.compile(r"[A-U]|\d{2}(\.\d{1,2})?")
_CUT = re.compile(r"\d(\.\d{1,2})?")
_NEEDED = ("Level", "Code", "Parent", "Description")
_TEXTS = {
    "This item includes": SKOS.definition,
    "This item also includes": SKOS.scopeNote,
    "Rulings": SKOS.editorialNote,
    "This item excludes": SKOS.scopeNote,
}
_OPTIONAL = ("Order", *_TEXTS, "Reference to ISIC Rev. 4")
_PLAIN = {_RAMON.code: SKOS.notation}
_ENGLISH = {_RAMON.name: SKOS.prefLabel, _RAMON.definition: SKOS.definition}


class NaceLoader:
    """Sections, divisions, groups and classes with their hierarchy."""

    kind: ClassVar[str] = "nace"
    classification: ClassVar[bool] = True

    def describe(self, source: Source) -> Description:
        """What the source is."""
        version = "2.1" if "2.1" in source.name else "2"
        return Description(
            title_en=f"NACE Rev. {version}",
            title_fr=f"NACE Rév. {version}",
            version=version,
            licence=EU_LICENCE.COM_REUSE.value,  # Commission Decision 2011/833/EU
            attribution="NACE, Eurostat, European Union",
            homepage="https://ec.europa.eu/eurostat/web/nace",
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:  # noqa: ARG002
        """Read the files into the sink; those of a folder are the same thing in several formats.

        Raises:
            InputProblem: there is no file of NACE.
        """
        with bundle(source.paths) as members, bulk():
            read = [member for member in members if _ending(member) in {*FORMATS, ".csv"}]
            if not read:
                raise InputProblem(
                    "there is no file of NACE among {names}: it comes as ttl, rdf or csv",
                    names=", ".join(member.name for member in members) or "no files at all",
                )
            for member in read:
                if _ending(member) == ".csv":
                    _table(member, sink)
                else:
                    _document(member, sink)


def _ending(member: Member) -> str:
    return "." + member.name.rpartition(".")[2].lower()


def _document(member: Member, sink: Sink) -> None:
    """RDF: SKOS as it stands, and Eurostat's own vocabulary said in SKOS."""
    content = member.read()
    form = FORMATS[_ending(member)]
    place = Place(member.origin)
    if form.media_type == "application/rdf+xml" and (wrong := xml_fault(content)):
        expected = "RDF/XML, well-formed and without a DOCTYPE"
        sink.lose(wrong[0], Place(member.origin, row=wrong[1]), expected=expected)
        return
    before = sink.rows_read
    try:
        for quad in parse(content, format=form, base_iri=_DATA):
            _triple(quad, sink)
    except SyntaxError as error:
        sink.lose(f"cannot be read: {error}", place, expected=str(form))
    if sink.rows_read == before:
        expected = "the Turtle, RDF/XML or CSV file of Eurostat"
        sink.lose("holds no concepts of NACE", place, expected=expected)


def _triple(quad: Quad, sink: Sink) -> None:
    subject, predicate, value = quad.subject, quad.predicate, quad.object
    if not isinstance(subject, NamedNode):
        return
    if isinstance(value, Literal):
        if predicate in _PLAIN:
            sink.add(subject, _PLAIN[predicate], Literal(value.value))
        elif predicate in _ENGLISH:
            sink.text(subject, _ENGLISH[predicate], value.value.strip(), value.language or "en")
        elif predicate.value.startswith(SKOS.iri) or predicate == OWL.versionInfo:
            sink.add(subject, predicate, value)
    elif isinstance(value, NamedNode):
        if predicate == RDF.type and value in {_RAMON.Activity, SKOS.Concept}:
            sink.rows_read += 1
            _concept(subject, sink)
        elif predicate == _RAMON.broader:
            sink.add(subject, SKOS.broader, value)
        elif predicate.value.startswith(SKOS.iri):
            sink.add(subject, predicate, value)


def _concept(subject: NamedNode, sink: Sink) -> None:
    sink.add(subject, RDF.type, SKOS.Concept)
    if subject.value.startswith(_DATA):
        _scheme(sink)
        sink.add(subject, SKOS.inScheme, _SCHEME)


def _scheme(sink: Sink) -> None:
    sink.add(_SCHEME, RDF.type, SKOS.ConceptScheme)
    sink.add(_SCHEME, OWL.versionInfo, Literal("2"))
    sink.text(_SCHEME, SKOS.prefLabel, "NACE Rev. 2", "en")
    sink.text(_SCHEME, SKOS.prefLabel, "NACE Rév. 2", "fr")


def _table(member: Member, sink: Sink) -> None:
    records = read_records(member.origin, member.read(), sink, _NEEDED, _OPTIONAL)
    if records is None:
        return
    tally, seen = Tally(sink, member.origin), dict[str, int]()
    codes = {code.strip() for code in records.column("Code")}
    for row, *cells in records.pick("Code", "Parent", "Description", *_TEXTS):
        code, parent, label, *texts = [cell.strip() for cell in cells]
        if not _CODE.fullmatch(code) or not label:
            right = f"0{code}" if _CUT.fullmatch(code) else "A, 01, 01.1 or 01.11, and a text"
            message = "the code has lost its leading zero, or is none"
            tally.skip(message, row, column="Code", value=code, expected=right)
            continue
        if (before := seen.setdefault(code, row)) != row:
            tally.skip(f"the code is also in row {before}", row, value=code, expected="once")
            continue
        node = NamedNode(_DATA + code)
        _concept(node, sink)
        sink.add(node, SKOS.notation, Literal(code))
        sink.text(node, SKOS.prefLabel, label, "en")
        for term, text in zip(_TEXTS.values(), texts, strict=True):
            sink.text(node, term, text, "en")
        if parent and _CODE.fullmatch(parent):
            sink.add(node, SKOS.broader, NamedNode(_DATA + parent))
        if parent and parent not in codes:
            tally.add("warning", "is in no row", row, column="Parent", value=parent)
    tally.report()
