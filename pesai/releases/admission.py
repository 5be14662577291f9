"""What a principal may write, in the release that is served."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from pesai.access.audiences import Audience
from pesai.access.principals import Principal, Right
from pesai.errors import Conflict, NotFound, Refused
from pesai.namespaces import Base
from pesai.releases.layout import ReleaseFolder
from pesai.releases.manifest import GraphEntry

__all__ = ["KIND", "Admission"]

KIND = "rdf"
"""The kind of the graphs that are written to."""

_NAME = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?")


@dataclass
class Admission:
    """Lets a principal write to a graph, or not. What he may not read is not there for him."""

    base: Base
    principal: Principal
    release: ReleaseFolder

    def __post_init__(self) -> None:
        self.manifest = self.release.manifest()
        entry = self.release.entry(self.principal.reader)
        self.readable, self.derived = entry.graphs, entry.derived

    def entry(self, iri: str) -> GraphEntry | None:
        """The entry of a graph, if the principal may read it."""
        return self.manifest.graph(iri) if iri in self.readable else None

    def empty(self) -> tuple[str, ...]:
        """The graphs that he may read and that hold nothing.

        The default graph of a plain node is there whatever it holds, so it is not among them.
        """
        named = self.readable.keys() - {self.base.default_graph}
        mine = (graph for graph in self.manifest.graphs if graph.iri in named)
        return tuple(graph.iri for graph in mine if not graph.triples)

    def name(self, iri: str) -> str:
        """The name of a graph by its IRI; the IRI itself where it has no other."""
        own = self.base.graph(KIND, "").value
        return unquote(iri.removeprefix(own)) if iri.startswith(own) else iri

    def admit(
        self, iri: str, audience: Audience | None = None
    ) -> tuple[GraphEntry | None, Audience]:
        """The graph as it is, and for whom it will be.

        Args:
            iri: the graph.
            audience: for whom it shall be; by default for those who may read it now, and a new one
                for its maker's own audience.

        Raises:
            Refused: the principal may not write it, or not for those.
            Conflict: its name is that of a graph which he may not read.
        """
        self.needs("load")
        entry = self.entry(iri)
        kind = "derived" if iri in self.derived else entry.kind if entry else KIND
        if kind != KIND:
            raise Refused(
                "The graph {graph} comes from a source of the kind {kind}: loading that "
                "again changes it. Only graphs of the kind rdf are written to.",
                rule="kind",
                graph=iri,
                kind=kind,
            )
        if entry is None:
            self._admit_name(iri)
            return None, self._admit_audience(audience or self.principal.own)
        present = self._admit_audience(entry.is_for())
        wanted = self._admit_audience(audience or present)
        if present.is_wider_than(wanted):
            self.needs("admin")
        return entry, wanted

    def removable(self, iri: str) -> GraphEntry:
        """A graph that the principal may take back.

        Raises:
            NotFound: there is none that he may read.
            Refused: he may not.
        """
        entry = self.entry(iri)
        if entry is None and iri not in self.derived:
            raise NotFound("There is no graph {graph} that you may read.", graph=iri)
        entry, _readers = self.admit(iri)
        self.needs("admin")
        if entry is None:  # pragma: no cover - a derived graph is refused before
            raise LookupError(iri)
        return entry

    def needs(self, right: Right) -> None:
        """Make sure that the principal has a right.

        Raises:
            Refused: he does not.
        """
        if right not in self.principal.may:
            raise Refused(
                "This takes the right '{right}', which your token does not have.",
                rule=right,
                right=right,
            )

    def _admit_name(self, iri: str) -> None:
        name = self.name(iri)
        named = bool(_NAME.fullmatch(name)) and iri == self.base.graph(KIND, name).value
        if not self.base.plain and not (named and self.principal.may_create(name)):
            raise Refused(
                "There is no graph {graph} that you may write. A new graph of yours is called "
                "{example}: small letters, digits, hyphens and points after that beginning.",
                rule="name",
                graph=iri,
                example=f"{self.base.iri}graph/{KIND}/{self.principal.own_prefix}.…",
            )
        if self.manifest.graph(iri) is not None:
            raise Conflict("The name of the graph {graph} is not free: choose another.", graph=iri)

    def _admit_audience(self, audience: Audience) -> Audience:
        if not self.principal.may_write_for(audience):
            raise Refused(
                "Your token may not write for {audience}: it reads as {reader}, and it takes the "
                "right 'publish' to write what more readers see, or the public.",
                rule="audience",
                audience=audience,
                reader=self.principal.audience,
            )
        return audience
