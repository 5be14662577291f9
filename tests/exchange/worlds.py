"""Small invented worlds to match in. Countries are fictional; nothing may be quoted."""

import random
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from pesai.exchange.facts import gather
from pesai.exchange.matching import Match, matches
from pesai.namespaces import Base
from pesai.resources import files

EXAMPLE = Path(__file__).parents[1] / "data" / "fictional" / "example.trig"
GRAPHS = "https://w3id.org/pes-ai/graph/fictional/"
BASE = Base("https://w3id.org/pes-ai/")

Triples = list[Quad]
Key = tuple[str, str, str]


@cache
def codes() -> tuple[Quad, ...]:
    """The code lists of the ontology."""
    found: list[Quad] = []
    for path in sorted((files("ontology") / "codes").glob("*.ttl")):
        found += parse(path=str(path), format=RdfFormat.TURTLE)
    return tuple(found)


def example(*audiences: str) -> Triples:
    """Triples of the fictional example that those graphs hold: public, partners, owners-b."""
    wanted = {NamedNode(GRAPHS + name) for name in audiences}
    quads = parse(path=str(EXAMPLE), format=RdfFormat.TRIG)
    return [Quad(q.subject, q.predicate, q.object) for q in quads if q.graph_name in wanted]


def turtle(text: str) -> Triples:
    """Triples in Turtle, with the prefixes of these tests."""
    return list(parse(input=(PREFIXES + text).encode(), format=RdfFormat.TURTLE))


def found(triples: Iterable[Quad], shuffled: int | None = None) -> list[Match]:
    """The matches of a world, whose triples come in any order."""
    listed = [*codes(), *triples]
    if shuffled is not None:
        random.Random(shuffled).shuffle(listed)
    store = Store()
    store.extend(listed)
    return list(matches(gather(store), BASE))


def points(triples: Iterable[Quad]) -> dict[Key, int]:
    """The points of every match by the ends of the IRIs of seeker, provider and theme."""
    return {key(match): match.points for match in found(triples)}


def key(match: Match) -> Key:
    """Seeker, provider and theme by the ends of their IRIs."""
    return last(match.seeker), last(match.provider), last(match.theme)


def last(iri: str) -> str:
    """The end of an IRI."""
    return iri.rpartition("/")[2]


PREFIXES = "".join(
    f"@prefix {prefix}: <{iri}> .\n"
    for prefix, iri in {
        "c": "https://w3id.org/pes-ai/code/",
        "ai": "https://w3id.org/pes-ai/code/ai-evidence/",
        "dcterms": "http://purl.org/dc/terms/",
        "design": "https://w3id.org/pes-ai/code/design/",
        "initiative": "https://w3id.org/pes-ai/id/initiative/",
        "kind": "https://w3id.org/pes-ai/code/organisation-kind/",
        "measurement": "https://w3id.org/pes-ai/id/measurement/",
        "org": "http://www.w3.org/ns/org#",
        "organisation": "https://w3id.org/pes-ai/id/organisation/",
        "pai": "https://w3id.org/pes-ai/def#",
        "position": "https://w3id.org/pes-ai/id/position/",
        "population": "https://w3id.org/pes-ai/code/population/",
        "prov": "http://www.w3.org/ns/prov#",
        "role": "https://w3id.org/pes-ai/code/value-role/",
        "stage": "https://w3id.org/pes-ai/code/maturity/",
        "task": "https://w3id.org/pes-ai/code/task-type/",
        "taxonomy": "https://w3id.org/pes-ai/code/taxonomy/",
        "theme": "https://w3id.org/pes-ai/code/theme/",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
    }.items()
)
