"""The key that signs browser sessions."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_bytes
from tempfile import mkstemp

from pesai.errors import Failed

__all__ = ["session_key"]

_BYTES = 32


def session_key(chosen: Path | None, folder: Path) -> bytes:
    """The key, from the file that the settings name, or from ``folder``, made at first need.

    Args:
        chosen: ``PESAI_SECRET_KEY_FILE``; at least 32 bytes.
        folder: ``PESAI_HOME/access``.

    Raises:
        Failed: the file that the settings name cannot be read, or is too short.
    """
    if chosen is None:
        return _own(folder)
    try:
        key = chosen.read_bytes().strip()
    except OSError as error:
        raise Failed(
            "the key of browser sessions cannot be read: {path} ({reason}). Make it with "
            "'head -c 32 /dev/urandom | base64 > {path}', or unset PESAI_SECRET_KEY_FILE",
            path=chosen,
            reason=error.strerror or str(error),
        ) from error
    if len(key) < _BYTES:
        raise Failed(
            "the key of browser sessions in {path} has {found} bytes; it needs at least {least}",
            path=chosen,
            found=len(key),
            least=_BYTES,
        )
    return key


def _own(folder: Path) -> bytes:
    """The key of this home. Whoever needs it first at once with others gets the same one."""
    path = folder / "session.key"
    if not path.exists():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        # A file of its own for each that tries: threads of one process too.
        number, fresh = mkstemp(prefix="session.key.", dir=folder)
        try:
            with os.fdopen(number, "wb") as file:
                file.write(token_bytes(_BYTES))
            with suppress(FileExistsError):
                os.link(fresh, path)
        finally:
            Path(fresh).unlink()
    return path.read_bytes()
