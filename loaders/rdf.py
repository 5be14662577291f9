"""RDF documents: Turtle, N-Triples, N-Quads, TriG, RDF/XML and JSON-LD."""

from typing import ClassVar

from pesai.loading.blanks import named
from pesai.loading.contexts import CONTEXT
from pesai.loading.loader import Context, Description, Source
from pesai.loading.rdf import is_json_ld, read_document
from pesai.loading.sink import Sink

__all__ = ["RdfLoader"]


class RdfLoader:
    """All files of a source become one graph. Nothing is fetched, whatever a document asks for."""

    kind: ClassVar[str] = "rdf"

    def describe(self, source: Source) -> Description:
        """What the source is: of somebody else's document nothing is assumed."""
        return Description(title_en=source.name, title_fr=source.name)

    def load(self, source: Source, context: Context, sink: Sink) -> None:
        """Read the documents into the sink.

        Raises:
            pesai.errors.InputProblem: the blank nodes cannot be told apart within limits.
        """
        graph = context.base.graph(source.kind, source.name)
        # Making it takes longer than reading most documents, and only JSON-LD can name it.
        ours = context.document(CONTEXT) if any(map(is_json_ld, source.paths)) else None
        lines: list[str] = []
        for path in source.paths:
            lines.extend(read_document(path, graph.value, ours, sink))
        part = f"{source.kind}-{source.name}"
        if context.base.plain:
            sink.extend(lines)
            return
        sink.extend(named(lines, lambda label: context.base.genid(part, label)))
