"""The ontology that ships with the program: modules, code lists, extracts of others."""

from collections.abc import Iterable
from pathlib import Path
from typing import ClassVar

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from pesai.loading.blanks import named
from pesai.loading.issues import Place
from pesai.loading.loader import Context, Description, Source
from pesai.loading.rdf import FORMATS, Fault, triples
from pesai.loading.sink import Sink
from pesai.namespaces import DCTERMS, OWL, PAI

__all__ = ["OntologyLoader"]

TITLES = {
    "pes-ai": ("PES AI ontology", "Ontologie SPE IA"),
    "codes": ("Code lists of the PES AI ontology", "Listes de codes de l’ontologie SPE IA"),
    "imports": ("Extracts of other vocabularies", "Extraits d’autres vocabulaires"),
}
IMPORTS = str(OWL.imports)


class OntologyLoader:
    """The files of a source become one graph, merged: imports between them are left out."""

    kind: ClassVar[str] = "ontology"

    def describe(self, source: Source) -> Description:
        """What the source is, from what its own files say."""
        english, french = TITLES.get(source.name, (source.name, source.name))
        versions = _said(source.paths, OWL.versionInfo)
        licences = _said(source.paths, DCTERMS.license)
        return Description(
            title_en=english,
            title_fr=french,
            version=versions[0] if len(versions) == 1 else "",
            licence=licences[0] if len(licences) == 1 else "",
            attribution=" ".join(_said(source.paths, DCTERMS.rights)),
            homepage=PAI.iri.removesuffix("#"),
        )

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the files into the sink."""
        lines: list[str] = []
        for path in source.paths:
            lines.extend(_lines(path, sink))
        part = f"{source.kind}-{source.name}"
        sink.extend(named(lines, lambda label: context.base.genid(part, label)))


def _lines(path: Path, sink: Sink) -> list[str]:
    faults: list[Fault] = []
    form = FORMATS.get(path.suffix, RdfFormat.TURTLE)
    read = triples(path.read_bytes(), form, "", faults)
    found = [line for line in read if line.split(" ", 2)[1] != IMPORTS]
    for fault in faults:
        place = Place(path.name, row=fault.line, column=str(fault.column or ""))
        sink.report(fault.severity, fault.message, place=place, expected=fault.expected)
    return found if not faults else []


def _said(paths: Iterable[Path], predicate: NamedNode) -> list[str]:
    """What the files say by a property, each once, in the order of the files."""
    found: dict[str, None] = {}
    for path in paths:
        for quad in parse(path=path, format=FORMATS.get(path.suffix, RdfFormat.TURTLE)):
            if quad.predicate == predicate and isinstance(quad.object, Literal | NamedNode):
                found[quad.object.value] = None
    return list(found)
