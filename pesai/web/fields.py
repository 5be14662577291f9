"""What a page shows first about a thing of a class: ``fields.toml``, which is data."""

import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pesai.web.borrowed import expand

__all__ = ["main_fields"]

Field = tuple[str, ...]
"""Properties that stand for one field; the first gives its label."""


def main_fields(types: Iterable[str]) -> tuple[Field, ...]:
    """The main fields of a thing with these classes; none when no class is known."""
    held = set(types)
    return next((fields for iri, fields in _table() if iri in held), ())


@cache
def _table() -> tuple[tuple[str, tuple[Field, ...]], ...]:
    path = Path(__file__).with_name("fields.toml")
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["class"]
    return tuple(
        (
            expand(entry["class"]),
            tuple(tuple(map(expand, field.split("|"))) for field in entry["fields"]),
        )
        for entry in entries
    )
