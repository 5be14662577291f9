"""Which engine a setting means: the second is a change of one line."""

from pathlib import Path

from pesai.engine.embedded.client import SocketEngine
from pesai.engine.protocol import Engine

__all__ = ["EMBEDDED", "engine_for"]

EMBEDDED = "embedded"


def engine_for(setting: str, socket: Path) -> Engine:
    """The engine of ``PESAI_ENGINE``.

    Args:
        setting: ``embedded``, or an address with ``{audience}``.
        socket: where the embedded engine listens.
    """
    if setting == EMBEDDED:
        return SocketEngine(socket)
    from pesai.engine.remote import RemoteEngine

    return RemoteEngine(setting)
