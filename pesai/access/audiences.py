"""Audiences of graphs, and readers.

A graph's audience is ``public``, ``partners`` or a set of owners. A reader is the public, a
partner, or one organisation. What a reader may not read is not in the store that is opened for it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pesai.errors import WrongUse

__all__ = ["PARTNERS", "PUBLIC", "THE_PUBLIC", "Audience", "Reader", "readers"]

_ORGANISATION = re.compile(r"[a-z0-9][a-z0-9-]*")


def _organisation(text: str) -> str:
    name = text.strip()
    if not _ORGANISATION.fullmatch(name):
        raise WrongUse(
            "'{name}' is not the id of an organisation: lower-case letters, digits and hyphens, "
            "as in organisations.csv",
            name=name,
        )
    return name


@dataclass(frozen=True, slots=True, order=True)
class Audience:
    """Who may read a graph: ``public``, ``partners``, or ``owners:a,b``.

    >>> str(Audience.parse("owners:b,a"))
    'owners:a,b'
    """

    name: str
    owners: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the written form.

        Raises:
            WrongUse: the text is none of the three forms.
        """
        if text in ("public", "partners"):
            return cls(text)
        kind, _, names = text.partition(":")
        if kind != "owners" or not names:
            raise WrongUse(
                "'{text}' is not an audience: write public, partners or owners:ORG[,ORG…]",
                text=text,
            )
        return cls("owners", tuple(sorted({_organisation(name) for name in names.split(",")})))

    def __str__(self) -> str:
        return f"owners:{','.join(self.owners)}" if self.owners else self.name

    def is_wider_than(self, other: "Audience") -> bool:
        """Whether some reader may read this and not the other."""
        everybody = {*self.owners, *other.owners}
        probe = [THE_PUBLIC, Reader("partners"), *(Reader("owner", org) for org in everybody)]
        return any(reader.may_read(self) and not reader.may_read(other) for reader in probe)


@dataclass(frozen=True, slots=True, order=True)
class Reader:
    """One for whom a store is kept: ``public``, ``partners`` or ``owner:ORG``."""

    name: str
    organisation: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the written form.

        Raises:
            WrongUse: the text is none of the three forms.
        """
        if text in ("public", "partners"):
            return cls(text)
        kind, _, name = text.partition(":")
        if kind != "owner" or not name:
            raise WrongUse(
                "'{text}' is not a reader: write public, partners or owner:ORG", text=text
            )
        return cls("owner", _organisation(name))

    def __str__(self) -> str:
        return f"owner:{self.organisation}" if self.organisation else self.name

    @property
    def folder(self) -> str:
        """The name of the reader's folder in a release."""
        return f"owner-{self.organisation}" if self.organisation else self.name

    @property
    def chain(self) -> tuple[str, ...]:
        """The folders that the reader may be given: its own, or that of the next wider reader.

        An organisation without graphs of its own reads what partners read, and where nothing is
        for partners, what the public reads.
        """
        wider = ("partners", "public") if self.name == "owner" else ("public",)
        return tuple(dict.fromkeys((self.folder, *wider)))

    @classmethod
    def of_folder(cls, folder: str) -> Self:
        """The reader whose folder has that name."""
        return cls.parse(folder.replace("owner-", "owner:", 1))

    def may_read(self, audience: Audience) -> bool:
        """Whether graphs of that audience are in this reader's store."""
        if audience.name == "public":
            return True
        if audience.name == "partners":
            return self.name != "public"
        return self.organisation in audience.owners


PUBLIC = Audience("public")
PARTNERS = Audience("partners")
THE_PUBLIC = Reader("public")


def readers(audiences: Iterable[Audience]) -> list[Reader]:
    """The readers for whom a release of graphs of those audiences holds a store.

    The public always; partners and owners when a graph is for them. Those who have no store of
    their own read the next wider one (``pesai.releases.layout``).
    """
    present = set(audiences)
    owners = sorted({owner for audience in present for owner in audience.owners})
    found = [THE_PUBLIC]
    if owners or PARTNERS in present:
        found.append(Reader("partners"))
    return found + [Reader("owner", owner) for owner in owners]
