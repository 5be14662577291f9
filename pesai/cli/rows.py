"""Rows of an answer as a table."""

import json
from typing import Any

from pesai.cli import console
from pesai.engine.protocol import Result
from pesai.namespaces import PREFIXES

__all__ = ["show"]


def show(result: Result) -> None:
    """Print the rows of a SELECT, or the answer of an ASK; IRIs are shortened by our prefixes."""
    answer: dict[str, Any] = json.load(result.body)
    if "boolean" in answer:
        console.say("yes" if answer["boolean"] else "no")
        return
    names = answer["head"]["vars"]
    rows = answer["results"]["bindings"]
    cells = [[_cell(row.get(name)) for name in names] for row in rows]
    number = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
    caption = f"{number}, release {result.release}, {result.seconds * 1000:.0f} ms"
    console.show_table(names, cells, caption=caption)


def _cell(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    value = term["value"]
    if term["type"] == "uri":
        for prefix, start in PREFIXES.items():
            rest = value.removeprefix(start)
            if rest != value and "/" not in rest:
                return f"{prefix}:{rest}"
        return f"<{value}>"
    return value
