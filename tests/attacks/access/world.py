"""A small world of graphs for different audiences, made from a seed as Turtle files.

Graphs overlap: some triples are for the public and for others as well, terms of closed graphs are
spoken of in open ones, and each graph also has terms of its own. QM and QN are fictional services.
Sources hold no blank nodes and no literals that the store rewrites: these have tests of their own
(``tests/loaders``), and here what is read must be what was written.
"""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from pesai.access.audiences import Audience, Reader
from pesai.loading.loader import Source
from pesai.namespaces import Base
from pesai.releases.intake import Load, load
from pesai.releases.layout import Home

__all__ = ["BASE", "READERS", "World", "publish_world"]

BASE = Base("https://example.org/")
READERS = tuple(
    map(Reader.parse, ("public", "partners", "owner:pes-qm", "owner:pes-qn", "owner:pes-xb"))
)
"""The last one owns nothing: it reads what partners read."""

_AUDIENCES = {
    "open": "public",
    "also-open": "public",
    "between": "partners",
    "also-between": "partners",
    "qm": "owners:pes-qm",
    "qn": "owners:pes-qn",
    "both": "owners:pes-qm,pes-qn",
}
_LABELS = ("un", "deux", "trois")


@dataclass(frozen=True)
class World:
    """Graphs by name: for whom each is, and its triples as lines of Turtle.

    Attributes:
        seed: what it was made from.
        graphs: audience and lines by name.
    """

    seed: int
    graphs: dict[str, tuple[str, tuple[str, ...]]]

    @classmethod
    def of(cls, seed: int) -> "World":
        """The world that a seed stands for."""
        random = Random(seed)
        pool = [_triple(random) for _ in range(30)]
        graphs = {}
        for name, audience in _AUDIENCES.items():
            lines = {*random.sample(pool, 8), *(_own(random, name, n) for n in range(3))}
            graphs[name] = (audience, tuple(sorted(lines)))
        return cls(seed, graphs)

    def names(self) -> tuple[str, ...]:
        """IRIs of all graphs."""
        return tuple(BASE.graph("rdf", name).value for name in self.graphs)

    def readable(self, reader: Reader) -> dict[str, tuple[str, ...]]:
        """Lines by graph IRI of what a reader may read, by the written rule: public graphs are for
        all, partners' for all but the public, and an owner's for that owner."""
        found = {}
        for name, (audience, lines) in self.graphs.items():
            owners = audience.removeprefix("owners:").split(",")
            mine = reader.organisation != "" and reader.organisation in owners
            if audience == "public" or (audience == "partners" and str(reader) != "public") or mine:
                found[BASE.graph("rdf", name).value] = lines
        return found


def publish_world(world: World, home: Path, sources: Path, *, only: Reader | None = None) -> None:
    """Load the files of a world as a user would.

    Args:
        world: the graphs.
        home: where the release goes.
        sources: where the files go.
        only: leave out what this reader may not read, altogether.
    """
    sources.mkdir(parents=True, exist_ok=True)
    kept = world.graphs if only is None else world.readable(only)
    loads = []
    for name, (audience, lines) in world.graphs.items():
        if name in kept or BASE.graph("rdf", name).value in kept:
            path = sources / f"{name}.ttl"
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
            loads.append(Load(Source("rdf", name, (path,)), Audience.parse(audience)))
    outcome = load(Home(home), BASE, loads, who="tests", why="a world")
    assert outcome.manifest is not None, outcome.issues


def _triple(random: Random) -> str:
    subject, predicate = f"<urn:t{random.randrange(8)}>", f"<urn:p{random.randrange(4)}>"
    return f"{subject} {predicate} {_object(random)} ."


def _object(random: Random) -> str:
    return random.choice(
        [
            f"<urn:t{random.randrange(8)}>",
            f"<urn:t{random.randrange(8)}>",
            f'"{random.choice(_LABELS)}"',
            f'"{random.choice(_LABELS)}"@fr',
            str(random.randrange(1, 6)),  # rdflib takes 0 for no term at all
            f"<{BASE.graph('rdf', random.choice(list(_AUDIENCES))).value}>",
        ]
    )


def _own(random: Random, name: str, number: int) -> str:
    """A triple with terms that no other graph has."""
    subject = random.choice([f"<urn:only-{name}-{number}>", f"<urn:t{random.randrange(8)}>"])
    predicate = random.choice([f"<urn:only-{name}-p>", f"<urn:p{random.randrange(4)}>"])
    return f'{subject} {predicate} "only {name} {number}" .'
