"""What is known of the tables of a publication before they are read."""

from dataclasses import dataclass

__all__ = ["Layout"]


@dataclass(frozen=True)
class Layout:
    """The columns of a table: those that are read, and those that may stand beside them.

    ``use`` is told when the table is missing.
    """

    needed: tuple[str, ...]
    optional: tuple[str, ...]
    use: str
