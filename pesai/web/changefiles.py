"""Changes between two releases as files: rows for spreadsheets, and change sets as RDF.

The RDF is that of the ChangeSet vocabulary: one set a thing, with the statements that were added
and removed, each as an ``rdf:Statement``.
"""

import io
from collections.abc import Iterator
from urllib.parse import urlencode

from flask import Response, request
from flask_babel import format_date, gettext
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

import pesai
from pesai.namespaces import DCTERMS, PREFIXES, RDF, XSD, Vocabulary
from pesai.releases.changes import Changes, Statement, ThingChange
from pesai.releases.layout import ReleaseFolder
from pesai.sparql.formats import by_name
from pesai.sparql.terms import Row, Rows, Term
from pesai.web import documents, headers, state
from pesai.web.i18n import language
from pesai.web.readers import current_reader
from pesai.web.results import Download

__all__ = ["TABLES", "links", "response"]

CS = Vocabulary("http://purl.org/vocab/changeset/schema#")
TABLES: dict[str, tuple[str, str]] = {
    "csv": ("text/csv", "CSV"),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel (XLSX)"),
}
"""Formats of rows by ending: media type and name."""

_FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
}
_COLUMNS = ("thing", "class", "state", "property", "change", "value", "language", "datatype")


def links() -> list[Download]:
    """The formats of this page as files."""
    given = [(n, v) for n in ("since", "until") for v in request.args.getlist(n) if v]
    return [
        Download(ending, name, f"{request.path}?{urlencode([*given, ('format', ending)])}")
        for ending, (_media, name) in (TABLES | documents.RDF).items()
    ]


def response(found: Changes, old: ReleaseFolder, new: ReleaseFolder, ending: str) -> Response:
    """The changes as a file."""
    stem = f"changes-{old.id}-{new.id}"
    if ending in documents.RDF:
        prefixes = {**PREFIXES, "cs": CS.iri}
        body = serialize(_triples(found, old, new), format=_FORMATS[ending], prefixes=prefixes)
        answer = Response(body or b"", mimetype=documents.RDF[ending][0])
    else:
        answer = Response(_table(found, old, new, ending), mimetype=TABLES[ending][0])
        chosen = by_name(ending, "table")
        value = headers.attachment(stem, chosen.suffix if chosen else "")
        answer.headers["Content-Disposition"] = value
    answer.headers["X-Release"] = new.id
    answer.vary.update(("Accept", "Accept-Language", "Cookie"))
    headers.caching(answer, current_reader())
    return headers.cors(answer)


def _table(found: Changes, old: ReleaseFolder, new: ReleaseFolder, ending: str) -> bytes:
    from pesai.sparql.spreadsheet import write_csv, write_xlsx

    target, rows = io.BytesIO(), Rows(_COLUMNS, _rows(found))
    if ending == "csv":
        write_csv(rows, target)
    else:
        made = state.manifest_of(new).created
        notes = _notes(old, new)
        titles = (gettext("What changed"), gettext("Sources & limits"))
        write_xlsx(rows, target, titles=titles, notes=notes, made=made)
    return target.getvalue()


def _notes(old: ReleaseFolder, new: ReleaseFolder) -> list[tuple[str, str]]:
    def said(folder: ReleaseFolder) -> str:
        date = format_date(state.manifest_of(folder).created, "long")
        return f"{folder.id} – {date} – {state.base().release(folder.id).value}"

    return [
        (gettext("Title"), gettext("What changed")),
        (gettext("From release"), said(old)),
        (gettext("To release"), said(new)),
        (gettext("Licence"), gettext("CC BY 4.0 for data and ontology of the observatory")),
        (gettext("Language"), language()),
        (gettext("Program"), f"PESAI {pesai.__version__}"),
    ]


def _rows(found: Changes) -> Iterator[Row]:
    """One row a statement that came or went."""
    for thing in found.things:
        kind = Term("iri", thing.classes[0]) if thing.classes else None
        for change, listed in (("removed", thing.lost), ("added", thing.gained)):
            for one in listed:
                yield (Term("iri", thing.iri), kind, _word(thing.state), Term("iri", one.property),
                       _word(change), *_value(one))  # fmt: skip


def _value(one: Statement) -> tuple[Term, Term | None, Term | None]:
    if isinstance(one.value, NamedNode):
        return Term("iri", one.value.value), None, None
    datatype = one.value.datatype.value
    language_ = _word(one.value.language) if one.value.language else None
    return Term("literal", one.value.value, "", datatype), language_, Term("iri", datatype)


def _word(text: str) -> Term:
    return Term("literal", text, "", XSD.string.value)


def _triples(found: Changes, old: ReleaseFolder, new: ReleaseFolder) -> Iterator[Triple]:
    base = state.base()
    made = state.manifest_of(new).created.isoformat()
    for number, thing in enumerate(found.things):
        node = BlankNode(f"c{number}")
        yield Triple(node, RDF.type, CS.ChangeSet)
        yield Triple(node, CS.subjectOfChange, NamedNode(thing.iri))
        yield Triple(node, CS.createdDate, Literal(made, datatype=XSD.dateTime))
        yield Triple(node, DCTERMS.replaces, base.release(old.id))
        yield Triple(node, DCTERMS.isPartOf, base.release(new.id))
        yield from _statements(thing, node, f"c{number}")


def _statements(thing: ThingChange, node: BlankNode, name: str) -> Iterator[Triple]:
    for predicate, listed in ((CS.removal, thing.lost), (CS.addition, thing.gained)):
        kind = "r" if predicate == CS.removal else "a"
        for number, one in enumerate(listed):
            statement = BlankNode(f"{name}{kind}{number}")
            yield Triple(node, predicate, statement)
            yield Triple(statement, RDF.type, RDF.Statement)
            yield Triple(statement, RDF.subject, NamedNode(thing.iri))
            yield Triple(statement, RDF.predicate, NamedNode(one.property))
            yield Triple(statement, RDF.object, one.value)
