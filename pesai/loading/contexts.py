"""JSON-LD contexts: our own is put in its place, another's is never fetched."""

import json
from collections.abc import Iterator
from typing import Any

__all__ = ["CONTEXT", "remote_contexts", "with_our_context"]

CONTEXT = "https://w3id.org/pes-ai/context.jsonld"
"""The IRI of our own context."""


def remote_contexts(text: str, at_hand: str) -> Iterator[tuple[str, int]]:
    """The contexts that a document names and that are not at hand, with their lines.

    Raises:
        json.JSONDecodeError: it is not JSON.
        RecursionError: it is nested too deeply.
    """
    for holder in _objects(json.loads(text)):
        for context in _listed(holder.get("@context")):
            if isinstance(context, str):
                names = [context] if context != at_hand else []
            else:
                names = _listed(context.get("@import")) if isinstance(context, dict) else []
            for name in names:
                yield str(name), _line(text, str(name))


def with_our_context(content: bytes, context: str) -> bytes:
    """The document with our context written out wherever it is named, if there is one to write."""
    text = content.decode("utf-8-sig")
    if not context or CONTEXT not in text:
        return text.encode()
    ours = json.loads(context)["@context"]
    document = json.loads(text)
    for holder in _objects(document):
        if "@context" in holder:
            written = [ours if one == CONTEXT else one for one in _listed(holder["@context"])]
            holder["@context"] = written[0] if len(written) == 1 else written
    return json.dumps(document).encode()


def _objects(value: object) -> Iterator[dict[str, Any]]:
    """Every object of a JSON value, without recursion."""
    left: list[Any] = [value]
    while left:
        item = left.pop()
        if isinstance(item, dict):
            yield item
            left.extend(item.values())
        elif isinstance(item, list):
            left.extend(item)


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _line(text: str, name: str) -> int:
    at = text.find(json.dumps(name)[1:-1])
    return text.count("\n", 0, at) + 1 if at >= 0 else 0
