"""What was loaded, in the folder of kept sources: enough to make the graph again without releases.

One JSON object a line in ``sources/journal.jsonl``. A line belongs to a release; the graphs of a
release are the lines of its chain of parents, applied in order. A line with ``current`` says that
the pointer was moved to an older release.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from pesai.durable import append_line, replace_file
from pesai.releases.manifest import GraphEntry

__all__ = ["Journal", "Line"]


class Line(BaseModel):
    """One release's change, or one move of the pointer (``current``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    release: str = ""
    parent: str | None = None
    current: str = ""
    put: tuple[GraphEntry, ...] = ()
    remove: tuple[str, ...] = ()
    who: str = ""
    why: str = ""


class Journal:
    """The journal of a home."""

    def __init__(self, sources: Path) -> None:
        self.path = sources / "journal.jsonl"

    def append(self, line: Line) -> None:
        """Write a line and have it on disk."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        append_line(self.path, line.model_dump_json(exclude_defaults=True))

    def forget(self, release: str) -> None:
        """Take out the line of a release that never came to be."""
        lines = list(self.lines())
        kept = [line for line in lines if line.release != release]
        if len(kept) != len(lines):
            text = "".join(f"{line.model_dump_json(exclude_defaults=True)}\n" for line in kept)
            replace_file(self.path, text.encode())

    def lines(self) -> Iterator[Line]:
        """All whole lines, oldest first; what a power cut left of one is none."""
        if self.path.exists():
            for text in self.path.read_text("utf-8").splitlines():
                with suppress(ValidationError):
                    yield Line.model_validate_json(text)

    def last_release(self) -> int:
        """The highest number of a release that it names; 0 when it names none."""
        return max((int(line.release) for line in self.lines() if line.release), default=0)

    def graphs(self) -> tuple[GraphEntry, ...]:
        """The graphs of the release that was served last, in the order of their first loading."""
        by_release: dict[str, Line] = {}
        served = ""
        for line in self.lines():
            if line.release:
                by_release[line.release] = line
            served = line.current or line.release
        graphs: dict[str, GraphEntry] = {}
        for line in reversed(list(_chain(by_release, served))):
            graphs.update({entry.iri: entry for entry in line.put})
            for iri in line.remove:
                graphs.pop(iri, None)
        return tuple(graphs.values())


def _chain(lines: dict[str, Line], release: str) -> Iterator[Line]:
    """A release's line and those of its parents, newest first."""
    at: str | None = release
    while at and at in lines:
        yield lines[at]
        at = lines[at].parent
