"""Which engine a setting means: the second is a change of one line."""

from pathlib import Path

from pesai.engine.embedded.client import SocketEngine
from pesai.engine.fairuse import Ledger, MeteredEngine
from pesai.engine.protocol import Engine

__all__ = ["EMBEDDED", "engine_for", "metered"]

EMBEDDED = "embedded"


def engine_for(setting: str, socket: Path, share: float = 0) -> Engine:
    """The engine of ``PESAI_ENGINE``.

    Args:
        setting: ``embedded``, or an address with ``{audience}``.
        socket: where the embedded engine listens; it keeps the accounts of clients itself.
        share: seconds of evaluation that a client has in a minute from a server elsewhere, in
            each web process; 0 for as much as he likes.
    """
    if setting == EMBEDDED:
        return SocketEngine(socket)
    from pesai.engine.remote import RemoteEngine

    return metered(RemoteEngine(setting), share)


def metered(engine: Engine, share: float) -> Engine:
    """The engine with accounts of its clients, where they have a share."""
    return MeteredEngine(engine, Ledger(share)) if share else engine
