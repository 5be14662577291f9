"""Terms given to a query as inline data: ``VALUES`` at the start of its pattern.

pyoxigraph substitutes a variable only where the SELECT clause projects it, and the SPARQL Protocol
has no substitution at all. Inline data (SPARQL 1.1, section 10) mean the same on every engine: the
terms are joined with the pattern, and filters of the pattern and of its OPTIONALs see them. They do
not reach a filter inside a subquery or a UNION branch: let the pattern there use the variable.
"""

import re
from collections.abc import Mapping

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

__all__ = ["term", "with_bindings"]

_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n]*|<[^<>"{}|^`\\\x00-\x20]*>
        |\"{3}(?:\"{0,2}(?:[^"\\]|\\.))*\"{3}|'{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
        |"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'
        |[?$:@]\w+|\w+:\w*)
      |(?P<word>\w+)|(?P<sign>[{}()])""",
    re.VERBOSE | re.DOTALL,
)


def term(text: str) -> NamedNode | Literal:
    """Read one N-Triples term that is an IRI or a literal.

    Raises:
        ValueError: it is something else, or more than one term.
    """
    try:
        triples = list(parse(f"<urn:s> <urn:p> {text} .".encode(), RdfFormat.N_TRIPLES))
    except (SyntaxError, UnicodeEncodeError):
        triples = []
    found: object = triples[0].object if len(triples) == 1 else None
    if isinstance(found, NamedNode | Literal):
        return found
    raise ValueError(f"{text!r} is not one IRI or literal in N-Triples")


def with_bindings(text: str, bindings: Mapping[str, str]) -> str:
    """The query with ``bindings`` (N-Triples terms by variable) as inline data.

    Without bindings the text comes back as it is. Line numbers stay.

    Raises:
        ValueError: a value is not a term, a name is not a variable, or the query has no pattern in
            braces to put data into (``CONSTRUCT WHERE { … }`` takes none).
    """
    if not bindings:
        return text
    for name in bindings:
        if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII):
            raise ValueError(f"'{name}' is not the name of a variable")
    names = " ".join(f"?{name}" for name in bindings)
    terms = " ".join(_written(term(value)) for value in bindings.values())
    at = _start_of_pattern(text)
    return f"{text[:at]} VALUES ({names}) {{ ({terms}) }} {text[at:]}"


def _written(value: NamedNode | Literal) -> str:
    r"""The term in SPARQL.

    A ``u`` after a backslash is itself escaped: some parsers resolve ``\uXXXX`` before they read
    strings (SPARQL 1.1, section 19.2) and would see one in the text ``\u0022``. The long form, as
    rdflib takes eight digits after either letter.
    """
    return re.sub(r"\\\\([uU])", lambda m: rf"\\\U{ord(m[1]):08X}", str(value))


def _start_of_pattern(text: str) -> int:
    """The place after the first brace of the WHERE clause."""
    depth, template = 0, False
    for token in _TOKEN.finditer(text):
        word, sign = (token["word"] or "").upper(), token["sign"]
        if word == "CONSTRUCT":
            template = True
        elif word == "WHERE" and template and depth == 0:
            break
        elif sign in {"(", "{"}:
            if sign == "{" and depth == 0 and not template:
                return token.end()
            depth += 1
        elif sign:
            depth -= 1
            template = template and not (sign == "}" and depth == 0)
    raise ValueError("the query has no pattern in braces that parameters could be given to")
