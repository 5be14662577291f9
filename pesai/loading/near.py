"""What is right, in words: the name that was meant, or the list of those that are allowed."""

from collections.abc import Collection
from difflib import get_close_matches

__all__ = ["hint", "nearest"]

_SHOWN = 15
_LONGEST = 80


def nearest(value: str, names: Collection[str]) -> str:
    """The name that is most like the value, or nothing when none is."""
    if not value or len(value) > _LONGEST:
        return ""
    folded = {name.casefold(): name for name in names}
    found = get_close_matches(value.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else ""


def hint(value: str, names: Collection[str]) -> str:
    """``did you mean 'x'?``, or ``one of a, b, c`` when nothing is near and the list is short."""
    near = nearest(value, names)
    if near:
        return f"did you mean '{near}'?"
    if 0 < len(names) <= _SHOWN:
        return "one of " + ", ".join(names)
    return ""
