"""The one way from an IRI to a label, for tables, pages and downloads."""

import re
from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import NamedTuple
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode

from pesai.namespaces import DCTERMS, PREFIXES, RDFS, SKOS
from pesai.web import state
from pesai.web.borrowed import borrowed
from pesai.web.i18n import LANGUAGES
from pesai.web.links import is_ours
from pesai.web.readers import current_reader
from pesai.web.rows import ask

__all__ = ["LONGEST", "Label", "curie", "labels_for", "language_rank", "last_part", "tidy"]

LONGEST = 200
"""Characters of a label that are shown; a longer one is a text, or an attack."""

_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f\x7f-\x9f]")
_PROPERTIES = [
    term.value for term in (SKOS.prefLabel, RDFS.label, DCTERMS.title, DCTERMS.description)
]
_DESCRIPTION = len(_PROPERTIES) - 1
_CODE = SKOS.notation.value
_LONGEST_CODE = 40
_SENTENCE = 90
"""Characters of a description that stand for a label."""
_CHUNK = 1000
_KEPT = 200_000


class Label(NamedTuple):
    """What a thing is called.

    Attributes:
        text: the label.
        language: of the text; empty when none is stated, or when it is no label but a name.
        code: its ``skos:notation``, when that is a code and no word.
        concept: whether the graph has a ``skos:prefLabel`` for it, so that it has a page here.
    """

    text: str
    language: str
    code: str = ""
    concept: bool = False


class _Cache:
    """Labels by store checksum, reader, language and IRI; the oldest stores go first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._stores: OrderedDict[tuple[str, str, str], dict[str, Label]] = OrderedDict()

    def store(self, key: tuple[str, str, str]) -> dict[str, Label]:
        with self._lock:
            labels = self._stores.setdefault(key, {})
            self._stores.move_to_end(key)
            while len(self._stores) > 1 and self._size() > _KEPT:
                self._stores.popitem(last=False)
            if self._size() > _KEPT:
                labels.clear()
            return labels

    def _size(self) -> int:
        return sum(len(labels) for labels in self._stores.values())


_cache = _Cache()


def labels_for(iris: Iterable[str], language: str) -> dict[str, Label]:
    """The label of each IRI.

    ``skos:prefLabel``, then ``rdfs:label``, then ``dcterms:title`` in the reader's language, then
    in the other languages of the interface, then without a language, then in any other by its
    tag. Without any, the beginning of a ``dcterms:description`` in the same order, our own label
    for a term of another vocabulary, the title of a graph, or the last part of the IRI.

    Raises:
        Problem: the engine could not answer.
    """
    known = _cache.store((state.checksum(), str(current_reader()), language))
    wanted = list(dict.fromkeys(iris))
    missing = [iri for iri in wanted if iri not in known]
    for start in range(0, len(missing), _CHUNK):
        known.update(_found(missing[start : start + _CHUNK], language))
    return {iri: known.get(iri) or _without_the_graph(iri, language) for iri in wanted}


def last_part(iri: str) -> str:
    """What an IRI is called when nothing else is known.

    >>> last_part("https://example.org/id/a%20b/")
    'a b'
    """
    path = iri.rstrip("/#")
    name = re.split(r"[/#]", path)[-1] or path
    return tidy(unquote(name)) or iri


def tidy(text: str, longest: int = LONGEST) -> str:
    """A label in one line, not longer than that many characters.

    Control characters go, and those that turn the direction of writing: a page's title has no
    other way to keep them to itself.
    """
    line = " ".join(_TURNING.sub("", text[: 4 * LONGEST]).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def _found(iris: list[str], language: str) -> dict[str, Label]:
    best: dict[str, tuple[tuple[bool, int, str, int, str], Label]] = {}
    codes: dict[str, str] = {}
    for row in ask("labels", many={"thing": [NamedNode(iri) for iri in iris]}):
        label, said = row["label"], row["property"].value
        if not isinstance(label, Literal):
            continue
        if said == _CODE:
            codes[row["thing"].value] = min(label.value, codes.get(row["thing"].value, label.value))
            continue
        rank = _PROPERTIES.index(said)
        tag, described = label.language or "", rank == _DESCRIPTION
        key = (described, *language_rank(tag, language), rank, label.value)
        thing = row["thing"].value
        if thing not in best or key < best[thing][0]:
            text = tidy(label.value, _SENTENCE if described else LONGEST)
            best[thing] = (key, Label(text, tag, concept=rank == 0))
    found = {iri: label for iri, (_key, label) in best.items() if label.text}
    return {
        iri: (found.get(iri) or _without_the_graph(iri, language))._replace(
            code=_code(codes.get(iri, ""))
        )
        for iri in iris
    }


def _code(notation: str) -> str:
    """A notation that orders and tells apart: with a digit, or a letter of a section."""
    text = tidy(notation, _LONGEST_CODE)
    return text if len(text) <= 2 or any(c.isdigit() for c in text) else ""


def _without_the_graph(iri: str, language: str) -> Label:
    """The label of another vocabulary's term, the title of a graph, or the end of the IRI."""
    texts = borrowed().get(iri) or state.graph_titles().get(iri)
    if texts and texts.get(language):
        return Label(tidy(texts[language]), language)
    return Label(last_part(iri) if is_ours(iri) else tidy(curie(iri)), "")


def curie(iri: str) -> str:
    """An IRI with our prefix when we have one for it.

    >>> curie("http://www.w3.org/2004/02/skos/core#prefLabel")
    'skos:prefLabel'
    """
    fits = [
        (len(start), f"{prefix}:{iri[len(start) :]}")
        for prefix, start in PREFIXES.items()
        if iri.startswith(start) and len(iri) > len(start)
    ]
    return max(fits)[1] if fits else iri


def language_rank(tag: str, wanted: str) -> tuple[int, str]:
    """Place of a language tag in the order of choice."""
    primary = tag.partition("-")[0].lower()
    if primary == wanted:
        return 0, tag
    if primary in LANGUAGES:
        return 1, tag
    return (3, tag) if tag else (2, tag)
