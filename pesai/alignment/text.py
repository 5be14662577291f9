"""Labels made comparable: folded, cut into words, and spelt out in the forms that people type."""

import re
import unicodedata
from collections.abc import Iterator

__all__ = ["LITTLE", "fold", "forms", "likeness", "plain", "words"]

LITTLE = frozenset(
    ("a", "au", "aux", "d", "dans", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou",
     "par", "pour", "s", "sur", "un", "une",
     "an", "and", "at", "by", "for", "in", "of", "on", "or", "the", "to", "with")
)  # fmt: skip
"""Words of French and English that say little about what a label means."""

_LETTERS = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
_MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f]")
_OTHER = re.compile(r"[^\w+#]|_")
_SIGNS = re.compile(r"(?<![\w+#])[+#]+|[+#]+(?=[^\W_])")
_BOTH = re.compile(r"[\[(]?\b(?:[HFM]\s?[/-]\s?[HFM]|[mwdfx](?:/[mwdfx]){1,2})\b[\])]?")
_ENDINGS = re.compile(r"(?<=\w)(?:\([a-zéèâ]{1,5}\)|[·•‧][a-zéèâ]{1,5}(?:[·•‧]s)?)")
_SLASH = re.compile(r"(?<=\S)\s*/\s*(?=\S)")


def fold(text: str) -> str:
    """The text in lower case without accents, ligatures and punctuation, words one blank apart.

    ``+`` and ``#`` stay where they end a word: C++ and C# are not C.

    >>> fold("Chargé d’études – Œuvres & C++ (H/F)")
    'charge d etudes oeuvres c++ h f'
    """
    if not text.isascii():
        plain = _MARKS.sub("", unicodedata.normalize("NFKD", text))
        text = plain.casefold().translate(_LETTERS)
    else:
        text = text.lower()
    return " ".join(_SIGNS.sub(" ", _OTHER.sub(" ", text)).split())


def plain(text: str) -> str:
    """What a person wrote, without the signs that it is meant for all genders.

    >>> plain("Vendeur(se) en boulangerie (H/F)"), plain("Conseiller·ère emploi F/H")
    ('Vendeur en boulangerie', 'Conseiller emploi')
    """
    without = _ENDINGS.sub("", _BOTH.sub(" ", text))
    return " ".join(without.split()) or text


def words(folded: str) -> tuple[str, ...]:
    """The words of a folded text that are worth looking for, each once; all if none is.

    >>> words(fold("Agent d'entretien de l'entretien"))
    ('agent', 'entretien')
    """
    found = tuple(dict.fromkeys(folded.split()))
    return tuple(word for word in found if word not in LITTLE) or found


def forms(label: str) -> tuple[str, ...]:
    """What people type for a label: itself, and each gender of it alone, folded.

    ROME and ESCO name both genders in one label, in several ways.

    >>> forms("Abatteur / Abatteuse de carrière")[1:]
    ('abatteur de carriere', 'abatteuse de carriere')
    >>> forms("Analyste Concepteur / Conceptrice informatique")[1:]
    ('analyste concepteur informatique', 'analyste conceptrice informatique')
    >>> forms("pompier/pompière")
    ('pompier pompiere', 'pompier', 'pompiere')
    """
    whole = fold(label)
    if "/" not in label:
        return (whole,)
    return tuple(dict.fromkeys([whole, *_genders(label)]))


def likeness(one: str, other: str) -> float:
    """How alike two folded texts are, 0 to 1: by their words, and by their letters three by three.

    >>> likeness("data scientist", "data scientist")
    1.0
    >>> 0.5 < likeness("data scientists", "data scientist") < 1
    True
    """
    if one == other:
        return 1.0
    mine, yours = set(words(one)), set(words(other))
    return 0.5 * _dice(mine, yours) + 0.5 * _dice(_threes(one), _threes(other))


def _genders(label: str) -> Iterator[str]:
    """The two sides of the only slash, each with what the other one shares with it."""
    sides = _SLASH.split(label)
    if len(sides) != 2:
        return
    left, right = sides[0].split(), sides[1].split()
    start = _place(right[0], left)
    if start is None and len(right) < len(left):
        return
    start = start or 0
    yield fold(" ".join([*left, *right[len(left) - start :]]))
    yield fold(" ".join([*left[:start], *right]))


def _place(first: str, left: list[str]) -> int | None:
    """Which word on the left is the other gender of the first one on the right."""
    stem = fold(first)[:3]
    found = [i for i, word in enumerate(left) if fold(word)[:3] == stem and len(stem) == 3]
    return found[0] if found else None


def _threes(text: str) -> set[str]:
    padded = f"  {text} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def _dice(one: set[str], other: set[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0
