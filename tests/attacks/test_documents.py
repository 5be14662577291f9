"""Documents that were sent fetch nothing, read nothing and do not grow (rows 10, 11, 12, 18).

What reads them here is what reads every RDF document and workbook that comes in, from the command
line or over HTTP.
"""

import io
import json
import subprocess
import sys
import xml.sax
import zipfile
from itertools import islice
from pathlib import Path
from xml.sax.handler import ContentHandler, feature_external_ges

import pytest
import rdflib
from openpyxl import Workbook
from pyoxigraph import RdfFormat

from pesai.loading import bounded
from pesai.loading.rdf import Fault, read_document, triples
from pesai.loading.sheets import read_sheet
from pesai.loading.sink import Sink
from tests.attacks.hostile import CANARY
from tests.attacks.listening import Listener

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DOCUMENT = """{doctype}<rdf:RDF xmlns:rdf="{rdf}" xmlns="urn:x:">
<rdf:Description rdf:about="urn:a"><text>{text}</text></rdf:Description></rdf:RDF>
"""


def read(path: Path, content: bytes) -> tuple[list[str], str]:
    """The triples of a document, and what is said of it."""
    path.write_bytes(content)
    sink = Sink()
    lines = read_document(path, "", None, sink)
    return lines, " ".join(map(str, sink.issues))


def external(listener: Listener, canary_file: Path) -> dict[str, str]:
    """DOCTYPEs that reach out, by name."""
    fetched, file = f"{listener.address}/entity", canary_file.as_uri()
    return {
        "entity": f'<!DOCTYPE r [<!ENTITY e SYSTEM "{fetched}">]>',
        "file": f'<!DOCTYPE r [<!ENTITY e SYSTEM "{file}">]>',
        "dtd": f'<!DOCTYPE r SYSTEM "{listener.address}/dtd"[<!ENTITY e "x">]>',
        "parameter": f'<!DOCTYPE r [<!ENTITY % p SYSTEM "{fetched}"> %p; <!ENTITY e "x">]>',
    }


@pytest.mark.attack("10")
@pytest.mark.parametrize("name", ["entity", "file", "dtd", "parameter"])
@pytest.mark.parametrize("ending", [".rdf", ".owl", ".xml"])
def test_no_entity_is_fetched_or_read(
    tmp_path: Path, listener: Listener, canary_file: Path, name: str, ending: str
) -> None:
    doctype = external(listener, canary_file)[name]
    content = DOCUMENT.format(doctype=doctype, rdf=RDF, text="&e;").encode()
    lines, said = read(tmp_path / f"a{ending}", content)
    assert lines == []
    assert "has a DOCTYPE" in said
    assert CANARY not in said
    assert listener.hits == []


class _Texts(ContentHandler):
    """The text of a document."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def characters(self, content: str) -> None:
        self.text += content


@pytest.mark.undefended("10")
def test_a_parser_that_resolves_entities_fetches_and_reads(
    listener: Listener, canary_file: Path
) -> None:
    for name in ("entity", "file"):
        doctype = external(listener, canary_file)[name]
        texts, parser = _Texts(), xml.sax.make_parser()  # noqa: S317 - it is the point
        parser.setFeature(feature_external_ges, True)
        parser.setContentHandler(texts)
        content = DOCUMENT.format(doctype=doctype, rdf=RDF, text="&e;")
        if name == "file":  # what it reads must be XML
            canary_file.write_text(CANARY)
        else:
            content = content.replace("&e;", "")
        source = xml.sax.xmlreader.InputSource()
        source.setByteStream(io.BytesIO(content.encode()))
        if name == "entity":
            source.setByteStream(io.BytesIO(content.replace("<text>", "<text>&e;").encode()))
        try:
            parser.parse(source)
        except xml.sax.SAXParseException:
            assert name == "entity"  # what the listener sends is no XML
        if name == "file":
            assert CANARY in texts.text
    assert "/entity" in listener.hits


def bomb(levels: int) -> bytes:
    """Entities within entities: ten times the text at each level."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    doctype = f'<!DOCTYPE r [<!ENTITY e0 "0123456789">{entities}]>'
    return DOCUMENT.format(doctype=doctype, rdf=RDF, text=f"&e{levels - 1};").encode()


@pytest.mark.attack("11")
@pytest.mark.parametrize("levels", [2, 9])
def test_entities_do_not_grow(tmp_path: Path, levels: int) -> None:
    lines, said = read(tmp_path / "bomb.rdf", bomb(levels))
    assert lines == []
    assert "has a DOCTYPE" in said


@pytest.mark.attack("11")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-8-sig"])
def test_no_encoding_hides_a_doctype(tmp_path: Path, encoding: str) -> None:
    lines, _ = read(tmp_path / "bomb.rdf", bomb(4).decode().encode(encoding))
    assert lines == []


@pytest.mark.undefended("11")
def test_without_the_check_a_small_document_grows(tmp_path: Path) -> None:
    """The same document, four levels lower, straight to the parser: a thousand times its size."""
    content, faults = bomb(5), list[Fault]()
    text = "".join(triples(content, RdfFormat.RDF_XML, "", faults))
    assert faults == []
    assert len(text) > 100 * len(content)


def contexts(listener: Listener, canary_file: Path) -> list[str]:
    """JSON-LD that asks for contexts from elsewhere."""
    found = []
    for address in (f"{listener.address}/context.jsonld", canary_file.as_uri()):
        found += [
            json.dumps({"@context": address, "name": "x"}),
            json.dumps({"@context": [{"name": "urn:x:name"}, address], "name": "x"}),
            json.dumps({"@context": {"@import": address}, "name": "x"}),
            json.dumps({"@context": {"p": {"@id": "urn:p", "@context": address}}, "p": {"q": 1}}),
            json.dumps({"@graph": [{"a": {"@context": address, "name": "x"}}]}),
        ]
    return found


@pytest.mark.attack("12")
def test_no_context_is_fetched_or_read(
    tmp_path: Path, listener: Listener, canary_file: Path
) -> None:
    for text in contexts(listener, canary_file):
        lines, said = read(tmp_path / "a.jsonld", text.encode())
        assert lines == []
        assert "names a context that would have to be fetched" in said
    assert listener.hits == []


@pytest.mark.undefended("12")
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")  # rdflib's own
def test_rdflib_would_fetch_and_read_contexts(listener: Listener, canary_file: Path) -> None:
    canary_file.write_text(json.dumps({"@context": {"name": f"urn:{CANARY}:name"}}))
    graph = rdflib.Graph()
    for text in contexts(listener, canary_file)[::5]:
        try:
            graph.parse(data=text, format="json-ld")
        except ValueError:
            continue  # what the listener sends is no context
    assert "/context.jsonld" in listener.hits
    assert CANARY in graph.serialize(format="nt")


def workbook_bomb(path: Path, megabytes: int) -> None:
    """A workbook of some kilobytes whose sheet is so many megabytes of one row."""
    made = Workbook()
    made.save(path)
    cells = b'<c t="inlineStr"><is><t>' + b"0" * (1 << 20) + b"</t></is></c>"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    head, _, tail = parts["xl/worksheets/sheet1.xml"].partition(b"<sheetData")
    tail = tail.partition(b">")[2].removeprefix(b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, content)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            part.write(head + b"<sheetData><row>")
            for _ in range(megabytes):
                part.write(cells)
            part.write(b"</row></sheetData>" + tail)


SMALL = bounded.Limits(seconds=60, memory=256 << 20)


@pytest.mark.attack("18")
def test_a_workbook_that_unpacks_to_too_much_ends_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bomb.xlsx"
    workbook_bomb(path, 300)
    assert path.stat().st_size < 2 << 20
    monkeypatch.setattr("pesai.loading.sheets._LIMITS", SMALL)  # so that the test is quick
    sink = Sink()
    assert read_sheet(path, sink) is None
    assert "cannot be read as a spreadsheet" in str(sink.issues[0])


@pytest.mark.undefended("18")
def test_without_a_limit_it_takes_hundreds_of_times_its_size(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    workbook_bomb(path, 300)
    program = (
        "import resource, sys, pesai.loading.sheets as s\n"
        's.read(b\'{"suffix": ".xlsx", "sheet": ""}\\n\' + open(sys.argv[1], \'rb\').read())\n'
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program, str(path)],
        capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    assert int(done.stdout) * 1024 > 300 << 20 > 100 * path.stat().st_size


def prefix_bomb() -> bytes:
    """Half a megabyte of Turtle that is six gigabytes of triples: a prefix may be long."""
    lines = "".join(f"p:{n} p:{n} p:{n} .\n" for n in range(20_000))
    return f"@prefix p: <urn:{'x' * 100_000}> .\n{lines}".encode()


@pytest.mark.attack("18")
def test_a_long_prefix_that_unpacks_to_too_much_ends_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pesai.loading.rdf._MEGABYTE", 1 << 16)  # 128 MB instead of 2 GB
    lines, said = read(tmp_path / "bomb.ttl", prefix_bomb())
    assert lines == []
    assert "cannot be read: it takes more than" in said


@pytest.mark.undefended("18")
def test_without_a_limit_each_line_of_it_is_a_book() -> None:
    content = prefix_bomb()
    first = islice(triples(content, RdfFormat.TURTLE, "", []), 100)
    assert sum(map(len, first)) > 40 * len(content)
