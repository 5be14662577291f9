"""What happened to a release after it was made, as ``status.json`` beside its manifest.

The manifest never changes. The status holds what today's decisions add: that the release was
withdrawn, cited, pruned, rolled back to, or that a reader's store was made again without a graph.
"""

from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from pesai.durable import replace_file
from pesai.releases.manifest import AudienceEntry

__all__ = ["Note", "Status", "now"]


def now() -> datetime:
    """The present time, to the second, in UTC."""
    return datetime.now(UTC).replace(microsecond=0)


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Note(_Model):
    """Who did something, when and why."""

    time: datetime
    who: str
    why: str = ""

    @property
    def date(self) -> str:
        """The day, as ``2026-11-23``."""
        return self.time.date().isoformat()


class Status(_Model):
    """The status of one release.

    Attributes:
        withdrawn: set when the release answers 410 for good.
        pruned: set when its stores were taken away.
        cited: by whom or where it is cited; such a release keeps its N-Quads when pruned.
        served_again: each time the pointer was moved back to it.
        remade: by reader's folder, what it holds since it was made again without a graph.
    """

    withdrawn: Note | None = None
    pruned: Note | None = None
    cited: tuple[Note, ...] = ()
    served_again: tuple[Note, ...] = ()
    remade: dict[str, AudienceEntry] = {}

    @classmethod
    def read(cls, folder: Path) -> "Status":
        """The status of the release in a folder."""
        try:
            return cls.model_validate_json((folder / "status.json").read_bytes())
        except FileNotFoundError:
            return cls()

    def write(self, folder: Path) -> None:
        """Write it, in one step."""
        replace_file(folder / "status.json", self.model_dump_json(indent=1).encode() + b"\n")
