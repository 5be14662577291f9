"""Where everything lies in ``PESAI_HOME``."""

import os
from dataclasses import dataclass
from pathlib import Path

from pesai.access.audiences import Reader
from pesai.errors import NotFound
from pesai.releases.manifest import Manifest

__all__ = ["Home", "ReleaseFolder"]

BUILDING = ".building-"
"""Prefix of the folder of a release that is not finished; what a crash leaves has it too."""


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

    @property
    def master(self) -> Path:
        """The canonical files of all graphs; only the publisher opens them."""
        return self.path / "master"

    def folder(self, reader: Reader) -> Path:
        """The reader's folder: its own, or that of the next wider reader who has one.

        An organisation without graphs of its own reads what partners read, and where nothing is
        for partners, what the public reads.
        """
        chain = (
            [reader.folder, "partners", "public"]
            if reader.name == "owner"
            else [reader.folder, "public"]
        )
        return next(
            self.path / name for name in chain if (self.path / name).is_dir() or name == "public"
        )

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
    def _pointer(self) -> Path:
        return self.path / "current"

    def current(self) -> ReleaseFolder | None:
        """The release that is served, if there is one."""
        try:
            return ReleaseFolder(self.releases / Path(os.readlink(self._pointer)).name)  # noqa: PTH115
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
        if not identifier.isdigit() or not (folder.path / "manifest.json").is_file():
            raise NotFound(
                "there is no release '{id}'; 'pesai releases list' shows them", id=identifier
            )
        return folder

    def all_releases(self) -> list[ReleaseFolder]:
        """Every finished release, oldest first."""
        if not self.releases.is_dir():
            return []
        found = sorted(path for path in self.releases.iterdir() if path.name.isdigit())
        return [ReleaseFolder(path) for path in found]

    def point_to(self, release: ReleaseFolder) -> None:
        """Make a release the current one, in one step."""
        fresh = self.path / f"{BUILDING}current"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("releases") / release.id)
        fresh.replace(self._pointer)
