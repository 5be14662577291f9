"""Errors as data: a code, a title, a sentence, and what programs and shells need to know.

Texts, JSON and pages are made from one place. ``title`` and ``template`` are English and serve
as keys of the translation catalogues; the values are put in after translation.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

__all__ = [
    "Conflict",
    "Failed",
    "Gone",
    "InputProblem",
    "NotFound",
    "Problem",
    "Refused",
    "WrongUse",
    "listed",
    "problem_told",
    "told",
    "translatable",
]


def translatable(text: str) -> str:
    """The text as it is; marks it for the catalogues (``tools.translations``)."""
    return text


def listed(parts: Sequence[str], last: str = "or") -> str:
    """``a, b or c``."""
    *first, final = parts or ("",)
    return f"{', '.join(first)} {last} {final}" if first else final


class Problem(Exception):
    """Something that a person can read and a program can act upon.

    Attributes:
        code: stable name, last part of the ``type`` of an RFC 9457 problem.
        title: short summary, the same for every occurrence.
        status: HTTP status.
        exit_code: exit code of the command line (see ``docs/reference/commands.md``).
        template: the sentence, with ``{names}`` for the values.
        values: what is put into the template, and the extension members of the problem. A list is
            written with commas and 'or'; ``expected`` is texts of ours, translated as the sentence.
    """

    code: ClassVar[str] = "failed"
    title: ClassVar[str] = "Something went wrong"
    status: ClassVar[int] = 500
    exit_code: ClassVar[int] = 4

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template)
        self.template = template
        self.values = values

    @property
    def detail(self) -> str:
        """The sentence in English."""
        if not self.values:
            return self.template
        written = {n: listed(v) if isinstance(v, list) else v for n, v in self.values.items()}
        return self.template.format(**written)

    def __str__(self) -> str:
        return self.detail


def told(problem: Problem) -> dict[str, Any]:
    """A problem as data, for another process: its code, sentence and values."""
    return {
        "code": problem.code,
        "template": problem.template,
        "values": {name: _plain(value) for name, value in problem.values.items()},
    }


def problem_told(data: Mapping[str, Any]) -> Problem:
    """The problem that another process told of, of the kind that has its code."""
    kinds = {kind.code: kind for kind in _kinds(Problem) if "code" in vars(kind)}
    return kinds.get(data["code"], Failed)(data["template"], **data["values"])


def _kinds(kind: type[Problem]) -> Iterator[type[Problem]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _kinds(child)


def _plain(value: object) -> object:
    return value if isinstance(value, bool | int | float | str | list) else str(value)


class InputProblem(Problem):
    """The input holds problems, which are listed."""

    code, title, status, exit_code = "input", "There are problems in the input", 400, 1


class WrongUse(Problem):
    """A command or address was called in a way it does not know."""

    code, title, status, exit_code = "wrong-use", "This is not how it is called", 400, 2


class NotFound(Problem):
    """A thing that was named does not exist, or not for this reader."""

    code, title, status, exit_code = "not-found", "There is nothing here", 404, 2


class Refused(Problem):
    """A thing that is not done, for a reason."""

    code, title, status, exit_code = "refused", "This is refused", 403, 3


class Conflict(Problem):
    """The state of the graph does not allow it now."""

    code, title, status, exit_code = "conflict", "This does not fit the present state", 409, 3


class Gone(Problem):
    """It was here, and was taken back."""

    code, title, status, exit_code = "gone", "This was taken back", 410, 3


class Failed(Problem):
    """The program could not do what it should."""
