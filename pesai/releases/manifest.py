"""What a release holds, as ``manifest.json``."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import pyoxigraph
from pydantic import BaseModel, ConfigDict, ValidationError

import pesai
from pesai.access.audiences import Audience
from pesai.errors import Failed
from pesai.loading.loader import Description
from pesai.namespaces import Base

__all__ = [
    "AudienceEntry",
    "GraphEntry",
    "Limit",
    "Manifest",
    "SourceFile",
    "StepEntry",
    "software",
]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceFile(_Model):
    """A file of a source, in the folder of kept sources by its SHA-256."""

    name: str
    sha256: str


class GraphEntry(_Model):
    """One named graph of a release.

    ``checksum`` is the SHA-256 of the canonical form and names the graph's file in ``master/``.
    ``loaded`` is the time at which this content came in, and ``rows``/``skipped`` the account of
    what the loader read.
    """

    iri: str
    kind: str
    name: str
    audience: str
    checksum: str
    triples: int
    loaded: datetime
    sources: tuple[SourceFile, ...] = ()
    rows: int = 0
    skipped: int = 0
    title_en: str = ""
    title_fr: str = ""
    version: str = ""
    licence: str = ""
    attribution: str = ""
    homepage: str = ""

    def is_for(self) -> Audience:
        """The audience."""
        return Audience.parse(self.audience)

    def described(self, description: Description) -> "GraphEntry":
        """The entry with a publication's description."""
        return self.model_copy(update=vars(description))


class StepEntry(_Model):
    """What a derived step made for one reader.

    ``key`` is taken over the step and everything it read: a step with the same key is not run
    again. ``graphs`` holds the checksums of what it derived, ``triples`` how many these are in
    all, and ``files`` what it wrote.
    """

    key: str
    graphs: dict[str, str] = {}
    triples: int = 0
    files: tuple[str, ...] = ()


class AudienceEntry(_Model):
    """The store of one reader.

    ``graphs`` holds the checksums of the graphs that the reader may read. ``checksum`` is taken
    over these and the derived ones: it is the validator of every answer from this store.
    ``triples`` is the size of the default graph (each triple once), ``quads`` that of all named
    graphs together.
    """

    checksum: str
    triples: int
    quads: int
    graphs: dict[str, str]
    steps: dict[str, StepEntry] = {}

    @property
    def derived(self) -> dict[str, str]:
        """Checksums of all derived graphs."""
        return {
            iri: checksum for step in self.steps.values() for iri, checksum in step.graphs.items()
        }


class Limit(_Model):
    """From this release on, older ones that hold the graph are open to this audience alone.

    ``audience`` is empty when the graph was taken back: nobody then, and for good. ``wider`` marks
    an explicit widening, which opens again what a narrowing had closed.
    """

    graph: str
    audience: str
    wider: bool = False


class Manifest(_Model):
    """A release: what it holds, where it came from, and which software made it.

    ``base`` is the base of the node's own IRIs at the time, ``plain`` whether its default graph is
    one of its own (``pesai.namespaces.Base``), ``limits`` what the release means for older ones
    (``pesai.releases.closing``). ``differs`` tells of each graph that has other content than in the
    parent how many triples came and how many went.
    """

    id: str
    base: str
    plain: bool = False
    parent: str | None
    created: datetime
    who: str
    why: str
    changed: tuple[str, ...]
    graphs: tuple[GraphEntry, ...]
    audiences: dict[str, AudienceEntry]
    software: dict[str, str]
    limits: tuple[Limit, ...] = ()
    differs: dict[str, tuple[int, int]] = {}

    def names(self) -> Base:
        """What made the IRIs of the release."""
        return Base(self.base, plain=self.plain)

    def graph(self, iri: str) -> GraphEntry | None:
        """The entry of a graph, by IRI."""
        return next((graph for graph in self.graphs if graph.iri == iri), None)

    @classmethod
    def read(cls, path: Path) -> "Manifest":
        """Read a manifest from its file.

        Raises:
            Failed: it is damaged, or was written by another version of the program.
        """
        try:
            return cls.model_validate_json(path.read_bytes())
        except ValidationError as error:
            raise Failed(
                "{path} is damaged, or was written by another version of pesai ({reason}): "
                "'pesai rebuild' makes a new release from the kept sources",
                path=path,
                reason=f"{error.error_count()} fields do not fit",
            ) from None

    def write(self, path: Path) -> None:
        """Write it."""
        path.write_text(self.model_dump_json(indent=1) + "\n", encoding="utf-8")


def software(steps: Mapping[str, str]) -> dict[str, str]:
    """The versions that have a part in what a release holds: program, store and derived steps."""
    own = {"pesai": pesai.__version__, "pyoxigraph": pyoxigraph.__version__}
    return own | {f"step {name}": version for name, version in sorted(steps.items())}
