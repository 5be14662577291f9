"""Who reads: the one place that decides whose store answers a request."""

from pesai.access.audiences import THE_PUBLIC, Reader

__all__ = ["current_reader"]


def current_reader() -> Reader:
    """The reader of this request: the public, until principals exist."""
    return THE_PUBLIC
