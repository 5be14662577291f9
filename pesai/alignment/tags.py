"""Tags: filters and beginnings of labels as words of the full-text index.

The index crosses them with the words that are asked for, in the order of what counts most, and
stops when it has enough: filters cost next to nothing, and the lists of what begins with one or two
letters are there beforehand.
"""

from collections.abc import Iterable

__all__ = ["HEAD", "begins", "grouping_tag", "language_tag", "tags", "terms"]

HEAD = 4
"""Letters of a beginning that are kept."""


def grouping_tag(number: int) -> str:
    """The tag of a class or scheme."""
    return f"g{number}"


def language_tag(language: str) -> str:
    """The tag of a language: of ``pt-BR`` that of ``pt``.

    >>> language_tag("pt-BR"), language_tag("")
    ('l_pt', 'l_')
    """
    return f"l_{language.partition('-')[0].lower()}"


def begins(form: str) -> str:
    """The tag of a beginning of up to ``HEAD`` letters.

    >>> begins("a la carte")
    'h_a_la'
    """
    return "h_" + form[:HEAD].replace(" ", "_")


def tags(forms: Iterable[str], language: str, groupings: Iterable[int]) -> str:
    """All tags of a label; ``forms`` are folded, and none for a text that is no label."""
    heads = {begins(form[:size]) for form in forms for size in range(1, min(HEAD, len(form)) + 1)}
    own = [language_tag(language), *map(grouping_tag, groupings)]
    return " ".join([*own, *sorted(heads)])


def terms(listed: Iterable[str], *, last_is_open: bool = False) -> str:
    """Words or tags as an expression of FTS5: all of them, the last one perhaps as a beginning.

    Each is a string in quotation marks (SQLite, FTS5, section 3.2): none can be an operator.

    >>> terms(["near", 'a"b'], last_is_open=True)
    '("near" AND "a""b"*)'
    """
    quoted = ['"' + word.replace('"', '""') + '"' for word in listed]
    if last_is_open:
        quoted[-1] += "*"
    return f"({' AND '.join(quoted)})"
