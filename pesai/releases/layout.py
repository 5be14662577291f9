"""Where everything lies in ``PESAI_HOME``."""

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from pesai.access.audiences import Reader
from pesai.durable import sync
from pesai.errors import Gone, NotFound
from pesai.releases.manifest import AudienceEntry, Manifest
from pesai.releases.status import Status

__all__ = ["BUILDING", "Home", "ReleaseFolder"]

BUILDING = ".building-"
"""Prefix of the folder of a release that is not finished; what a crash leaves has it too."""

_POINTER = "current"


@dataclass(frozen=True)
class ReleaseFolder:
    """The folder of one release: ``manifest.json``, ``master/`` and one folder per reader."""

    path: Path

    @property
    def id(self) -> str:
        """The release's number, six digits."""
        return self.path.name

    def manifest(self) -> Manifest:
        """What the release holds."""
        return Manifest.read(self.path / "manifest.json")

    def status(self) -> Status:
        """What happened to it since it was made."""
        return Status.read(self.path)

    def entries(self) -> dict[str, AudienceEntry]:
        """What each reader's folder holds, by the folder's name."""
        return {**self.manifest().audiences, **self.status().remade}

    def entry(self, reader: Reader) -> AudienceEntry:
        """What a reader is given: the entry of its own folder, or of the next wider reader's."""
        entries = self.entries()
        return next(entries[name] for name in reader.chain if name in entries)

    def check_present(self) -> None:
        """Make sure that its stores are there.

        Raises:
            Gone: the release was withdrawn, or its stores were pruned; with date and reason.
        """
        status = self.status()
        if status.withdrawn is not None:
            raise Gone(
                "Release {id} was withdrawn on {date}. Reason given: {why}",
                id=self.id,
                date=status.withdrawn.date,
                why=status.withdrawn.why,
            )
        if status.pruned is not None:
            date = status.pruned.date
            if self.is_cited():
                raise Gone(
                    "The stores of release {id} were taken away on {date} to save space. Its data "
                    "stayed: whoever runs the service makes the stores again, with the same "
                    "checksums, by 'pesai rebuild --release {id}'.",
                    id=self.id,
                    date=date,
                )
            raise Gone(
                "The stores of release {id} were taken away on {date} to save space.",
                id=self.id,
                date=date,
            )

    def is_cited(self) -> bool:
        """Whether it was marked as cited, or an answer from it was; its N-Quads stay then."""
        return bool(self.status().cited) or self.citations.is_dir()

    @property
    def citations(self) -> Path:
        """Citations of its answers, beside the releases: they stay whatever becomes of it."""
        return self.path.parents[1] / "citations" / self.id

    @property
    def master(self) -> Path:
        """The canonical files of all graphs; only the publisher opens them."""
        return self.path / "master"

    def folder(self, reader: Reader) -> Path:
        """The reader's folder: its own, or that of the next wider reader who has one."""
        folders = (self.path / name for name in reader.chain)
        return next((path for path in folders if path.is_dir()), self.path / "public")

    def store(self, reader: Reader) -> Path:
        """The Oxigraph store of a reader. Opened read-only, ever."""
        return self.folder(reader) / "store"

    def checksum(self, reader: Reader) -> str:
        """The checksum of the reader's store."""
        return (self.folder(reader) / "checksum").read_text(encoding="ascii").strip()


@dataclass(frozen=True)
class Home:
    """The home of one node."""

    path: Path

    @property
    def releases(self) -> Path:
        """All releases."""
        return self.path / "releases"

    @property
    def sources(self) -> Path:
        """Every accepted source, by content."""
        return self.path / "sources"

    @property
    def cache(self) -> Path:
        """Complete results, bounded."""
        return self.path / "cache"

    @property
    def access(self) -> Path:
        """Tokens (hashes only) and keys."""
        return self.path / "access"

    @property
    def _pointer(self) -> Path:
        return self.path / _POINTER

    @property
    def _switch(self) -> Path:
        return self.path / f"{BUILDING}current"

    def current(self) -> ReleaseFolder | None:
        """The release that is served, if there is one."""
        try:
            return _named(self.path, os.readlink(f"{self.path}/{_POINTER}").rpartition("/")[2])  # noqa: PTH115
        except FileNotFoundError:
            return None

    def release(self, identifier: str | None = None) -> ReleaseFolder:
        """A release by number (``42`` or ``000042``), or the current one.

        Raises:
            NotFound: there is no such release, or none at all.
        """
        if identifier is None:
            folder = self.current()
            if folder is None:
                raise NotFound(
                    "there is no release in {home} yet: run 'pesai build'", home=self.path
                )
            return folder
        folder = ReleaseFolder(self.releases / identifier.zfill(6))
        known = identifier.isascii() and identifier.isdigit()
        known = known and folder.id != self.about_to_switch()
        if not known or not (folder.path / "manifest.json").is_file():
            raise NotFound(
                "there is no release '{id}'; 'pesai releases list' shows them", id=identifier
            )
        return folder

    def all_releases(self) -> list[ReleaseFolder]:
        """Every finished release, oldest first."""
        if not self.releases.is_dir():
            return []
        unborn = self.about_to_switch()
        found = sorted(path for path in self.releases.iterdir() if path.name.isdigit())
        return [ReleaseFolder(path) for path in found if path.name != unborn]

    def last_number(self) -> int:
        """The highest number of a release in the folder; 0 when there is none."""
        return max((int(release.id) for release in self.all_releases()), default=0)

    def about_to_switch(self) -> str | None:
        """The number of the release that a publisher is about to switch to, or died before it did.

        Until the pointer is moved, that release does not exist.
        """
        try:
            return os.readlink(self._switch).rpartition("/")[2]  # noqa: PTH115
        except FileNotFoundError:
            return None

    def prepare_switch(self, identifier: str) -> None:
        """Say which release will be the current one, before it is moved into place."""
        self._switch.unlink(missing_ok=True)
        self._switch.symlink_to(f"releases/{identifier}")
        sync(self.path)

    def switch(self) -> None:
        """Make the release that was prepared for the current one, in one step."""
        self._switch.replace(self._pointer)
        sync(self.path)

    def drop_switch(self) -> None:
        """Give up a switch that was prepared."""
        self._switch.unlink(missing_ok=True)

    def point_back_to(self, release: ReleaseFolder) -> None:
        """Make a release that was current before the current one again, in one step."""
        fresh = self.path / f"{BUILDING}back"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(f"releases/{release.id}")
        fresh.replace(self._pointer)
        sync(self.path)


@lru_cache(maxsize=32)
def _named(home: Path, name: str) -> ReleaseFolder:
    """The folder of a release. Each request asks for it, and paths take a while to make."""
    return ReleaseFolder(Home(home).releases / name)
