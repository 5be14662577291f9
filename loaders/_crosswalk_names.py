"""The IRIs of what a table of mappings names: the source's own, or ours where it has none."""

import re
from urllib.parse import quote

from pyoxigraph import NamedNode

from pesai.loading.loader import Context
from pesai.loading.records import is_spreadsheet_error
from pesai.loading.terms import Terms
from pesai.namespaces import CODE, SKOS, slug

__all__ = ["Fault", "Namer"]

_ISCO = re.compile(r"\d{1,4}")
_ESCO = re.compile(r"\d{4}(\.\d+)+")
_CUT = re.compile(r"[123]10(\.\d+)*")
"""Armed forces (0110, 0210, 0310) without their zero. ISCO-08 has no groups 110, 210, 310."""
_ROUNDED = re.compile(r"\d(?:[.,]\d+)?[Ee]\+\d+")
"""A code of digits as a spreadsheet shows a large number."""
_ALL_OCCUPATIONS = "http://data.europa.eu/esco/concept-scheme/occupations"
_OCCUPATIONS = "http://data.europa.eu/esco/occupation/"
_SLUGS = {"o-net": "onet", "isco": "isco"}


class Fault(Exception):
    """Why a code names nothing, and what would be right."""

    def __init__(self, message: str, expected: str) -> None:
        super().__init__(message)
        self.message, self.expected = message, expected


class Namer:
    """Makes IRIs of the codes of one classification.

    Args:
        name: what the table calls the classification.
        context: asked for the occupations of ESCO by code.
        terms: keeps what was made.
    """

    def __init__(self, name: str, context: Context, terms: Terms) -> None:
        self.scheme = _SLUGS.get(slug(name), slug(name)) or "unknown"
        self._context = context
        self._terms = terms
        self._esco: dict[str, set[str]] | None = None

    def __call__(self, code: str) -> NamedNode:
        """The IRI of a code.

        Raises:
            Fault: it names nothing.
        """
        if code.startswith(("http://", "https://")):
            made = self._terms.iri(code)
            if made is None:
                raise Fault("is no IRI", "an IRI without blanks")
            return made
        if is_spreadsheet_error(code):
            raise Fault("is an error of a spreadsheet, not a value", "the code, or an IRI")
        if _ROUNDED.fullmatch(code):
            raise Fault("is a number that a spreadsheet made of a code", "the code, as text")
        if not code:
            raise Fault("is empty", "a code or an IRI; a merged cell holds its value only once")
        if self.scheme in {"esco", "isco"}:
            return self._occupation(code)
        return self._terms.at(f"{CODE.iri}{self.scheme}/", quote(code, safe=""))

    def _occupation(self, code: str) -> NamedNode:
        if _CUT.fullmatch(code):
            raise Fault("the code has lost its leading zero", f"0{code}")
        if _ISCO.fullmatch(code):
            return self._terms.isco(code)
        if self.scheme == "isco" or not _ESCO.fullmatch(code):
            address = "the address of an occupation, or " if self.scheme == "esco" else ""
            raise Fault(
                "is no code of this classification", f"{address}four digits, as 2511 or 2511.4"
            )
        found = self._codes().get(code, set())
        if len(found) == 1:
            return NamedNode(next(iter(found)))
        if not found:
            raise Fault(
                "no ESCO occupation that is loaded has this code",
                "a code; load the ESCO version of the table first",
            )
        raise Fault("several occupations have this code", " or ".join(sorted(found)))

    def _codes(self) -> dict[str, set[str]]:
        """The occupations that are in the graph, by code; asked for once."""
        if self._esco is None:
            self._esco = {}
            if not self._context.knows(_ALL_OCCUPATIONS):
                return self._esco
            for iri in self._context.things(_OCCUPATIONS):
                for value in self._context.values(NamedNode(iri), SKOS.notation):
                    self._esco.setdefault(value.value, set()).add(iri)
        return self._esco
