"""Matches of 200 organisations when a release is made, beside the same release without them.

The home is generated: 200 services, three initiatives each on one to three of the six themes, one
in three with a measured figure, and three stated positions for every two services.
"""

import random
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from benchmarks.environment import Comparison, Series, series
from pesai.exchange.facts import gather, relevant
from pesai.exchange.matching import matches
from pesai.exchange.step import lines_of
from pesai.loading.canonical import Lines, lines
from pesai.namespaces import CODE, DCTERMS, PAI, RDF, Base
from pesai.releases.layout import Home
from pesai.releases.manifest import GraphEntry
from pesai.releases.publisher import Change, publish
from pesai.resources import files

__all__ = ["BENCHMARKS"]

BASE = Base("https://example.org/")
ORGANISATIONS, INITIATIVES, POSITIONS = 200, 600, 300
THEMES = ("ai-solutions", "data-management", "ethics", "governance-partnerships", "hr-change",
          "labour-market-ontology")  # fmt: skip
TASKS = ("matching", "profiling", "chatbot", "skills-extraction", "document-processing",
         "career-guidance", "other")  # fmt: skip
STAGES = ("planned", "pilot", "production", "production", "production", "ended")
RUNS = 3


def matching() -> list[Comparison]:
    """All pairs and themes: the step alone, and the whole of a release with it."""
    with tempfile.TemporaryDirectory(prefix="pesai-bench-") as folder:
        home = _home(Path(folder))
        held = Store.read_only(str(home.release().path / "public" / "store"))
        inputs = (_iri("codes"), _iri("world"))
        alone = series("matches of 200 organisations", partial(_step, held, inputs), RUNS)
        number = iter(range(100))
        whole = series("a release after a new position", lambda: _again(home, next(number)), RUNS)
        count = len(list(matches(gather(relevant(held, inputs)), BASE)))
        entry = home.release().manifest().audiences["public"].steps["matches"]
    return [_told(alone, whole, count, entry.triples)]


def _told(alone: Series, whole: Series, count: int, triples: int) -> Comparison:
    return Comparison(
        "matches for all pairs and themes",
        [alone, whole],
        figure=f"{whole.median:.2f} s for the release, of which {alone.median:.2f} s to find them",
        goal="under 5 s when publishing",
        reached=whole.median < 5,
        notes=f"{count:,} matches in {triples:,} triples",
    )


def _step(held: Store, inputs: tuple[str, ...]) -> None:
    lines_of(matches(gather(relevant(held, inputs)), BASE))


def _home(folder: Path) -> Home:
    home = Home(folder)
    codes = (
        quad.triple
        for path in sorted((files("ontology") / "codes").glob("*.ttl"))
        for quad in parse(path=str(path), format=RdfFormat.TURTLE)
    )
    change = Change(put=[(_entry("codes"), lines(codes)), (_entry("world"), _world())])
    publish(home, BASE, change, who="benchmark", why="200 organisations")
    return home


def _again(home: Home, number: int) -> None:
    """One more position, so that all matches are computed anew."""
    added = (*_world(), *_position(random.Random(number), POSITIONS + number))
    change = Change(put=[(_entry("world"), tuple(sorted(set(added))))])
    publish(home, BASE, change, who="benchmark", why="a position")


def _world() -> Lines:
    draw = random.Random(1)
    found = [
        f"<https://example.org/id/organisation/o{n:03d}> {RDF.type} {PAI.PublicEmploymentService} ."
        for n in range(ORGANISATIONS)
    ]
    for number in range(INITIATIVES):
        found += _initiative(draw, number)
    for number in range(POSITIONS):
        found += _position(draw, number)
    return tuple(sorted(set(found)))


def _initiative(draw: random.Random, number: int) -> Iterator[str]:
    own = f"<https://example.org/id/initiative/i{number:03d}> "
    yield f"{own}{PAI.undertakenBy} {_organisation(draw)} ."
    yield f"{own}{PAI.aiEvidence} {CODE['ai-evidence/machine-learning']} ."
    yield f"{own}{PAI.hasMaturity} {CODE['maturity/' + draw.choice(STAGES)]} ."
    year = draw.randint(2016, 2026)
    yield f'{own}{PAI.statusAsOf} "{year}"^^<http://www.w3.org/2001/XMLSchema#gYear> .'
    for theme in draw.sample(THEMES, draw.randint(1, 3)):
        yield f"{own}{PAI.hasTheme} {CODE['theme/' + theme]} ."
    for task in draw.sample(TASKS, draw.randint(1, 2)):
        yield f"{own}{PAI.hasTaskType} {CODE['task-type/' + task]} ."
    for user in draw.sample(("jobseekers", "counsellors", "employers", "managers"), 2):
        yield f"{own}{PAI.hasTargetUser} {CODE['population/' + user]} ."
    if draw.random() < 0.3:
        used = draw.choice(("esco", "isco", "rome", "onet", "national"))
        yield f"{own}{PAI.usesTaxonomy} {CODE['taxonomy/' + used]} ."
    language = draw.choice(("fr", "es", "de", "pt", "ar", "nl", "sv", "pl"))
    yield f'{own}{DCTERMS.title} "i{number}"@{language} .'
    if draw.random() < 0.33:
        figure = f"<https://example.org/id/measurement/i{number:03d}> "
        design = draw.choice(("monitoring", "monitoring", "user-survey", "randomised", "estimate"))
        yield f"{figure}{RDF.type} {PAI.Measurement} ."
        yield f"{figure}{PAI.measures} {own}."
        yield f"{figure}{PAI.withDesign} {CODE['design/' + design]} ."


def _position(draw: random.Random, number: int) -> Iterator[str]:
    own = f"<https://example.org/id/position/p{number:03d}> "
    kind = draw.choice((PAI.Interest, PAI.Need, PAI.Offer, PAI.ExchangeHeld, PAI.Agreement))
    yield f"{own}{RDF.type} {kind} ."
    yield f"{own}{PAI.statedBy} {_organisation(draw)} ."
    yield f"{own}{PAI.withPartner} {_organisation(draw)} ."
    yield f"{own}{PAI.onTheme} {CODE['theme/' + draw.choice(THEMES)]} ."


def _organisation(draw: random.Random) -> str:
    return f"<https://example.org/id/organisation/o{draw.randrange(ORGANISATIONS):03d}>"


def _iri(name: str) -> str:
    return BASE.graph("rdf", name).value


def _entry(name: str) -> GraphEntry:
    return GraphEntry(
        iri=_iri(name), kind="rdf", name=name, audience="public", checksum="", triples=0,
        loaded=datetime.now(UTC).replace(microsecond=0),
    )  # fmt: skip


BENCHMARKS = {"matching": matching}
