"""Tokens: made once and shown once; only hashes are kept, in ``PESAI_HOME/access/tokens.json``.

A token is ``pesai_ID_SECRET``. The secret has 256 random bits, so one round of SHA-256 is enough:
slow hashes are for what people can remember.
"""

import fcntl
import hashlib
import hmac
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex, token_urlsafe
from threading import Lock

from pydantic import BaseModel, ConfigDict, ValidationError

from pesai.access.audiences import Reader
from pesai.access.principals import Principal, Right
from pesai.durable import replace_file
from pesai.errors import Failed, NotFound, WrongUse

__all__ = ["Tokens"]

_TOKEN = re.compile(r"pesai_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")
_LONGEST_NAME = 80
_NOBODY = "0" * 64


class _Book(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    tokens: tuple[Principal, ...] = ()


class Tokens:
    """The tokens of a home. Every look sees the file as it is now: what was revoked is refused.

    Args:
        folder: ``PESAI_HOME/access``; made when the first token is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._path = folder / "tokens.json"
        self._stamp: tuple[int, ...] = ()
        self._known: dict[str, Principal] = {}
        self._reading = Lock()

    def all(self) -> list[Principal]:
        """Every token, expired ones too, in the order in which they were made."""
        return list(self._current().values())

    def holder(self, token: str) -> Principal | None:
        """Who holds a token; nobody when it was never made, was revoked or has expired.

        It takes the same time whatever is wrong with the secret.
        """
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        known = self._current().get(parts[1])
        right = hmac.compare_digest(_mark(parts[1], parts[2]), known.mark if known else _NOBODY)
        return known if known is not None and right and not known.expired() else None

    def present(self, identifier: str, mark: str) -> Principal | None:
        """The holder of a token that was shown before, while it is good and has the same secret."""
        known = self._current().get(identifier)
        if known is None or known.expired() or not hmac.compare_digest(known.mark, mark):
            return None
        return known

    def create(
        self, name: str, reader: Reader, may: Sequence[Right], expires: datetime
    ) -> tuple[Principal, str]:
        """A new token: its holder, and the token, which is shown this once.

        Raises:
            WrongUse: the name is empty, too long or holds control characters.
        """
        if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
            raise WrongUse(
                "a name has 1 to {most} characters, on one line: the service or unit that uses the "
                "token",
                most=_LONGEST_NAME,
            )
        with self._changing() as book:
            identifier = token_hex(4)
            while identifier in book:
                identifier = token_hex(4)
            secret = token_urlsafe(32)
            made = Principal(
                id=identifier,
                name=name.strip(),
                audience=str(reader),
                may=tuple(may),
                created=_now(),
                expires=expires,
                mark=_mark(identifier, secret),
            )
            book[identifier] = made
        return made, f"pesai_{identifier}_{secret}"

    def rotate(self, identifier: str, expires: datetime | None = None) -> tuple[Principal, str]:
        """A new secret for a token; the old one is refused from now on.

        Args:
            identifier: of the token.
            expires: a new last moment, if it changes.

        Raises:
            NotFound: there is no such token.
        """
        with self._changing() as book:
            known = _find(book, identifier)
            secret = token_urlsafe(32)
            change = {
                "mark": _mark(identifier, secret),
                "created": _now(),
                "expires": expires or known.expires,
            }
            book[identifier] = made = known.model_copy(update=change)
        return made, f"pesai_{identifier}_{secret}"

    def revoke(self, identifier: str) -> Principal:
        """Refuse a token from now on, and end the sessions that were begun with it.

        Raises:
            NotFound: there is no such token.
        """
        with self._changing() as book:
            known = _find(book, identifier)
            del book[identifier]
        return known

    def _current(self) -> dict[str, Principal]:
        """The tokens by id, read when the file is another one than at the last look."""
        stamp = self._look()
        if stamp != self._stamp:
            with self._reading:
                self._known, self._stamp = self._read(), stamp
        return self._known

    def _look(self) -> tuple[int, ...]:
        try:
            status = self._path.stat()
        except FileNotFoundError:
            return ()
        return (status.st_ino, status.st_mtime_ns, status.st_size)

    def _read(self) -> dict[str, Principal]:
        try:
            book = _Book.model_validate_json(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except ValidationError as error:
            raise Failed(
                "{path} is damaged ({count} fields do not fit): bring it back from a backup",
                path=self._path,
                count=error.error_count(),
            ) from None
        return {principal.id: principal for principal in book.tokens}

    @contextmanager
    def _changing(self) -> Iterator[dict[str, Principal]]:
        """The tokens, to be changed by one process at a time; written when nothing went wrong."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder.chmod(0o700)
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            book = self._read()
            yield book
            text = _Book(tokens=tuple(book.values())).model_dump_json(indent=1)
            replace_file(self._path, text.encode() + b"\n", mode=0o600)
        finally:
            os.close(handle)


def _find(book: dict[str, Principal], identifier: str) -> Principal:
    if identifier not in book:
        raise NotFound(
            "there is no token '{id}'; 'pesai token list' shows them", id=identifier[:80]
        )
    return book[identifier]


def _mark(identifier: str, secret: str) -> str:
    return hashlib.sha256(f"{identifier}:{secret}".encode()).hexdigest()


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)
