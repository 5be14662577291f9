"""How a citation is written: a sentence in each language, BibTeX, and facts for programs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from babel.numbers import format_decimal

from pesai.releases.citations import Citation

__all__ = ["Cited"]

_PUBLISHER = "PESAI"
_LOCALES = {"en": "en_GB", "fr": "fr"}
_TITLES = {"en": "Answer to a SPARQL query", "fr": "Réponse à une requête SPARQL"}
_SENTENCES = {
    "en": "{publisher} ({year}). {title} Release {release} of {date}, {rows} {unit}. {address} "
    "(SHA-256 of the canonical answer: {sha256})",
    "fr": "{publisher} ({year}). {title} Édition {release} du {date}, {rows} {unit}. {address} "
    "(SHA-256 de la réponse canonique : {sha256})",
}
_UNITS = {
    "en": {False: ("row", "rows"), True: ("triple", "triples")},
    "fr": {False: ("ligne", "lignes"), True: ("triplet", "triplets")},
}
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#",
    "_": r"\_", "%": r"\%", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


@dataclass(frozen=True)
class Cited:
    """A citation at its permanent address.

    Attributes:
        citation: what is cited.
        address: permanent.
        published: when the release was made.
        iri: of the release.
    """

    citation: Citation
    address: str
    published: datetime
    iri: str

    @property
    def is_graph(self) -> bool:
        """Whether the answer is a graph."""
        return self.citation.form in ("construct", "describe")

    def title(self, language: str) -> str:
        """What is asked, when it is a stored query; otherwise that it is a query."""
        return self.citation.titles.get(language) or _TITLES[language]

    def sentence(self, language: str) -> str:
        """The citation for a list of references, in ``en`` or ``fr``."""
        cited = self.citation
        one = cited.rows == 1 or (language == "fr" and cited.rows == 0)
        return _SENTENCES[language].format(
            publisher=_PUBLISHER,
            year=self.published.year,
            title=self._titled(language),
            release=cited.release,
            date=format_date(self.published, "long", locale=_LOCALES[language]),
            rows=format_decimal(cited.rows, locale=language),
            unit=_UNITS[language][self.is_graph][0 if one else 1],
            address=self.address,
            sha256=cited.sha256,
        )

    def _titled(self, language: str) -> str:
        """The title as a sentence, with what was asked for in a stored query."""
        given = {name: term for name, term in self.citation.bindings.items() if name != "lang"}
        asked = ", ".join(f"{name}: {_short(term)}" for name, term in sorted(given.items()))
        title = self.title(language).rstrip(".") + (f" ({asked})" if asked else "")
        return title if title.endswith(("?", "!")) else f"{title}."

    def bibtex(self, language: str) -> str:
        """The citation as a BibTeX entry; the text is ASCII-safe for LaTeX, accents apart."""
        cited = self.citation
        fields = {
            "author": f"{{{_PUBLISHER}}}",
            "title": f"{{{_latex(self.title(language))}}}",
            "year": str(self.published.year),
            "version": f"release {cited.release}",
            "url": self.address,
            "note": f"SHA-256 of the canonical answer: {cited.sha256}",
        }
        lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
        return f"@misc{{pesai-{cited.name},\n{lines}}}\n"

    def schema_org(
        self, language: str, downloads: Iterable[tuple[str, str]], licences: Iterable[str]
    ) -> dict[str, object]:
        """The answer as a schema.org ``Dataset``, to be written in a page as JSON-LD.

        Args:
            language: of its texts.
            downloads: address and media type of each file.
            licences: addresses of the licences of the release.
        """
        cited = self.citation
        return {
            "@context": "https://schema.org",
            "@type": "Dataset",
            "@id": self.address,
            "name": self.title(language),
            "description": self.sentence(language),
            "inLanguage": language,
            "identifier": [self.address, f"sha256:{cited.sha256}"],
            "version": cited.release,
            "isBasedOn": self.iri,
            "dateModified": self.published.isoformat(),
            "url": self.address,
            "license": list(licences),
            "isAccessibleForFree": True,
            "creator": {"@type": "Organization", "name": _PUBLISHER},
            "distribution": [
                {"@type": "DataDownload", "contentUrl": address, "encodingFormat": media}
                for address, media in downloads
            ],
        }

    def facts(self) -> Mapping[str, object]:
        """All of it, for programs."""
        cited = self.citation
        return {
            "address": self.address,
            "query": cited.text,
            "bindings": cited.bindings,
            "default-graph-uri": list(cited.default_graphs),
            "named-graph-uri": list(cited.named_graphs),
            "base": cited.base,
            "stored": cited.stored or None,
            "release": self.iri,
            "published": self.published.isoformat(),
            "audience": cited.reader,
            "store": cited.checksum,
            "rows": cited.rows,
            "sha256": cited.sha256,
            "unsettled": list(cited.unsettled),
            "cited": cited.made.isoformat(),
            "text": {language: self.sentence(language) for language in ("en", "fr")},
            "bibtex": self.bibtex("en"),
        }


def _short(term: str) -> str:
    """A term in N-Triples as people name it: the end of an IRI, the text of a literal.

    >>> _short("<https://w3id.org/pes-ai/code/task-type/matching>"), _short('"a b"@en')
    ('matching', 'a b')
    """
    if term.startswith("<"):
        return term[1:-1].rstrip("/#").rpartition("/")[2].rpartition("#")[2]
    return term[1:].rpartition('"')[0]


def _latex(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in text)
