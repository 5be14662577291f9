"""The codes of our lists, in the order of the lists."""

from functools import lru_cache

from pyoxigraph import NamedNode

from pesai.namespaces import CODE
from pesai.web import state
from pesai.web.readers import current_reader
from pesai.web.rows import ask

__all__ = ["codes", "themes"]


def codes(scheme: str) -> tuple[str, ...]:
    """The IRIs of the codes of a list that the graph has, by rank and then by name."""
    return _codes(state.checksum(), str(current_reader()), scheme)


def themes() -> tuple[str, ...]:
    """The themes that have none above them."""
    return _codes(state.checksum(), str(current_reader()), "theme", top=True)


@lru_cache(maxsize=64)
def _codes(_checksum: str, _reader: str, scheme: str, *, top: bool = False) -> tuple[str, ...]:
    rows = ask("codes-of", scheme=NamedNode(f"{CODE.iri}{scheme}"))
    return tuple(row["code"].value for row in rows if not top or "broader" not in row)
