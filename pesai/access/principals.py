"""Principals: who holds a token, whose store they read, and what they may do."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from pesai.access.audiences import PUBLIC, Audience, Reader
from pesai.errors import Problem, WrongUse

__all__ = [
    "RIGHTS",
    "InvalidToken",
    "NotSignedIn",
    "Principal",
    "Right",
    "last_moment",
    "rights",
]

Right = Literal["load", "publish", "admin"]
"""``load``: write graphs; ``publish``: write what the public reads, or show data to more readers;
``admin``: take graphs back, and write under any name."""

RIGHTS: tuple[Right, ...] = get_args(Right)


class NotSignedIn(Problem):
    """It is only for those who say who they are."""

    code, title, status, exit_code = "sign-in", "A token is needed here", 401, 3


class InvalidToken(NotSignedIn):
    """A token was sent that is good for nothing: unknown, revoked, expired or cut short."""

    code, title = "invalid-token", "This token is not accepted"


class Principal(BaseModel):
    """The holder of a token. The token itself is nowhere.

    Attributes:
        id: public name of the token; it begins the token, and stands in logs and releases.
        name: what people call the holder: a service or a unit, never a person.
        audience: the written form of the reader (``pesai.access.audiences.Reader``).
        may: rights beyond reading.
        created: when it was made, or its secret was last changed.
        expires: from this moment on the token is refused.
        mark: SHA-256 of the secret, in hexadecimal.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: str
    audience: str
    may: tuple[Right, ...]
    created: datetime
    expires: datetime
    mark: str

    @property
    def reader(self) -> Reader:
        """Whose store is read."""
        return Reader.parse(self.audience)

    @property
    def own(self) -> Audience:
        """The audience of what is for this reader and no wider."""
        organisation = self.reader.organisation
        return Audience("owners", (organisation,)) if organisation else Audience(self.audience)

    def expired(self, at: datetime | None = None) -> bool:
        """Whether the token is refused by its age."""
        return (at or datetime.now(UTC)) >= self.expires

    def may_write_for(self, audience: Audience) -> bool:
        """Whether graphs for that audience may be written.

        What the principal cannot read it does not write. Beyond its own audience, and wherever the
        public reads, it takes the right ``publish``.
        """
        if "load" not in self.may or not self.reader.may_read(audience):
            return False
        wider = audience == PUBLIC or audience.is_wider_than(self.own)
        return "publish" in self.may or not wider

    def may_create(self, name: str) -> bool:
        """Whether a new graph may have that name.

        Each principal has names of its own, which begin with ``ORG.`` (or ``partners.``,
        ``public.``): whether a name is taken by a graph that one may not read then tells nothing.
        No id of an organisation holds a point, so no principal's names begin like another's.
        """
        return "admin" in self.may or name.startswith(f"{self.own_prefix}.")

    @property
    def own_prefix(self) -> str:
        """How the names of its new graphs begin, without the point."""
        return self.reader.organisation or self.audience


def rights(names: Iterable[str]) -> tuple[Right, ...]:
    """Rights by name, in their order, each once.

    Raises:
        WrongUse: there is no such right.
    """
    wanted = {name.strip() for name in names if name.strip()}
    for name in sorted(wanted - set(RIGHTS)):
        raise WrongUse(
            "'{name}' is not a right: write load, publish or admin, with commas between them",
            name=name,
        )
    return tuple(name for name in RIGHTS if name in wanted)


def last_moment(text: str) -> datetime:
    """The end, in UTC, of the last day on which a token is good.

    Raises:
        WrongUse: it is no date, or it is past.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WrongUse("'{text}' is not a date: write it as 2027-06-30", text=text) from None
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    if end <= datetime.now(UTC):
        raise WrongUse("{text} is past: a token is good until the end of that day", text=text)
    return end
