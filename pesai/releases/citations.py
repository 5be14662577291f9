"""Citations: one query with all that its answer depends on, at one release, and the answer's hash.

They lie in ``PESAI_HOME/citations``, by release, one small file each. The name of a citation is
made of its content, so the same answer always has the same address. A release with citations keeps
its N-Quads when it is pruned (``pesai.releases.prune``).
"""

import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from pydantic import BaseModel, ConfigDict

from pesai.access.audiences import Reader
from pesai.durable import replace_file
from pesai.errors import NotFound, Problem
from pesai.releases.layout import Home, ReleaseFolder

__all__ = ["LENGTH", "ROOM", "Citation", "Full", "find", "is_kept", "keep"]

ROOM = 32 << 20
"""Bytes that the citations of one release may take; once half is used, strangers add none."""

LENGTH = 20
"""Hexadecimal digits of the second half of a citation's name."""

_NAME = re.compile(rf"(\d{{6}})-([0-9a-f]{{{LENGTH}}})")


class Full(Problem):
    """There is no room for more."""

    code: ClassVar[str] = "full"
    title: ClassVar[str] = "There is no room for more"
    status: ClassVar[int] = 507


class Citation(BaseModel):
    """A query and what it answered.

    Attributes:
        name: of the citation, as ``000042-0f3a…``: its release and a hash of its content.
        text, bindings, default_graphs, named_graphs, base: see ``pesai.engine.protocol.Query``.
        form: of the query.
        reader: whose store answered; also who may see the citation.
        release: its number.
        checksum: of the reader's store in it.
        rows: number of rows, or of triples.
        sha256: of the canonical answer (``pesai.sparql.canonical``).
        unsettled: why the same hash cannot be promised (``pesai.sparql.guard.Scan``).
        stored: path of the stored query that was asked, or empty.
        titles: of a stored query, by language.
        made: when it was first cited.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    text: str
    bindings: dict[str, str] = {}
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str | None = None
    form: str
    reader: str
    release: str
    checksum: str
    rows: int
    sha256: str
    unsettled: tuple[str, ...] = ()
    stored: str = ""
    titles: dict[str, str] = {}
    made: datetime

    def content(self) -> bytes:
        """The file that is kept."""
        return self.model_dump_json(indent=1).encode() + b"\n"

    def may_be_seen_by(self, reader: Reader) -> bool:
        """Whether a reader may read what the one who cited could read."""
        return Reader.parse(self.reader).folder in reader.chain


def find(home: Home, name: str, reader: Reader) -> Citation:
    """A citation that a reader may see.

    Raises:
        NotFound: there is none of that name, or not for this reader; the two are told alike.
    """
    path = _path(home, name)
    try:
        found = Citation.model_validate_json(path.read_bytes()) if path else None
    except FileNotFoundError:
        found = None
    if found is None or not found.may_be_seen_by(reader):
        raise NotFound("There is no citation {name}.", name=name[:60])
    return found


def is_kept(home: Home, name: str) -> bool:
    """Whether there is a citation of that name, whoever may see it."""
    path = _path(home, name)
    return path is not None and path.exists()


def keep(home: Home, citation: Citation, *, stranger: bool = False) -> None:
    """Keep a citation; one that is there already stays as it is.

    Args:
        home: where it is kept.
        citation: what to keep.
        stranger: whether somebody without a token made it, who adds nothing once half is used.

    Raises:
        Full: the citations of the release take too much room.
        Gone: the release was pruned or withdrawn meanwhile.
    """
    folder = home.release(citation.release)
    path = folder.citations / f"{citation.name.partition('-')[2]}.json"
    if path.exists():
        return
    content = citation.content()
    if _used(folder) + len(content) > (ROOM // 2 if stranger else ROOM):
        raise Full(
            "Release {id} holds as many citations as it may. Cite the release and the query as "
            "they are.",
            id=folder.id,
        )
    folder.citations.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):  # another process has just written the same
        replace_file(path, content)
    # Whoever prunes after this line sees the citation; of whoever did before, we see the note.
    folder.check_present()


def _path(home: Home, name: str) -> Path | None:
    found = _NAME.fullmatch(name)
    return home.path / "citations" / found[1] / f"{found[2]}.json" if found else None


def _used(folder: ReleaseFolder) -> int:
    if not folder.citations.is_dir():
        return 0
    return sum(path.stat().st_size for path in folder.citations.glob("*.json"))
