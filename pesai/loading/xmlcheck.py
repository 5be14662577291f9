"""Whether XML is well-formed, and free of a DOCTYPE: the door to entities and to other files."""

from xml.parsers import expat

__all__ = ["xml_fault"]


class _Doctype(Exception):
    """Ends the reading before anything is made of the declaration."""


def xml_fault(content: bytes) -> tuple[str, int, int] | None:
    """What is wrong with an XML document: a sentence, line and column; nothing when it is right.

    Expat understands whatever encoding the document declares, so that a DOCTYPE cannot hide in one,
    and tells lines, which the RDF/XML parser does not. Without a DOCTYPE there is no entity to
    expand.
    """
    parser = expat.ParserCreate()

    def _doctype(*_declaration: object) -> None:
        raise _Doctype

    parser.StartDoctypeDeclHandler = _doctype
    try:
        parser.Parse(content, True)
    except _Doctype:
        return "has a DOCTYPE", parser.CurrentLineNumber, 0
    except expat.ExpatError as wrong:
        return expat.ErrorString(wrong.code), wrong.lineno, wrong.offset + 1
    return None
