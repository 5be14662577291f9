"""Asking an engine made-up queries, and seeing whether it says more or less than it should."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pesai.access.audiences import Reader
from pesai.engine.protocol import Engine, Limits, Query, TooSlow
from tests.attacks.access.queries import Case
from tests.attacks.access.references import Answer, ByRdflib, ByStore, read
from tests.attacks.access.world import READERS, World

__all__ = ["KEPT", "Ask", "Difference", "asking", "differences", "keep", "kept"]

LIMITS = Limits(seconds=10, memory=1 << 30, result=64 << 20)
KEPT = Path(__file__).with_name("failing-seeds.txt")

Ask = Callable[[Reader, Case], Answer]
"""Whatever answers a reader's query."""


@dataclass(frozen=True)
class Difference:
    """A query that was answered otherwise than it should be."""

    world: int
    case: Case
    core: bool
    reader: Reader
    found: Answer
    expected: Answer

    @property
    def seeds(self) -> str:
        """The line that makes this query again."""
        return f"{self.world} {self.case.seed} {self.reader} {'core' if self.core else 'all'}"

    def __str__(self) -> str:
        more = set(self.found.rows) - set(self.expected.rows)
        less = set(self.expected.rows) - set(self.found.rows)
        return (
            f"{self.seeds}\n  {self.case.text}\n  default-graph-uri={self.case.default} "
            f"named-graph-uri={self.case.named}\n  too much: {sorted(more)[:5]}\n"
            f"  missing: {sorted(less)[:5]}"
        )


def asking(engine: Engine) -> Ask:
    """An engine as it is asked by the web: several default graphs go beside the text."""

    def ask(reader: Reader, case: Case) -> Answer:
        beside = ((), ()) if case.clauses else (case.default, case.named)
        query = Query(case.text, reader, None, "tsv", "nt", *beside)
        result = engine.query(query, LIMITS)
        with result.body as body:
            return read(body.read(), result.kind)

    return ask


def differences(
    world: World, ask: Ask, seeds: Iterable[int], readers: tuple[Reader, ...] = READERS,
    *, core: bool = False,
) -> Iterator[Difference]:  # fmt: skip
    """What is answered otherwise than by the sources, reader by reader.

    Args:
        world: what was published.
        ask: what answers.
        seeds: of the queries; they are dealt out to the readers.
        readers: who asks. All ask at once.
        core: only forms that rdflib evaluates rightly, and then rdflib is asked, too.
    """
    dealt = [(reader, list(seeds)[n :: len(readers)]) for n, reader in enumerate(readers)]
    with ThreadPoolExecutor(len(readers)) as threads:
        for found in threads.map(lambda one: _of(world, ask, *one, core=core), dealt):
            yield from found


def _of(
    world: World, ask: Ask, reader: Reader, seeds: list[int], *, core: bool
) -> list[Difference]:
    graphs = world.readable(reader)
    references: list[ByStore | ByRdflib] = [ByStore(graphs)]
    if core:
        references.append(ByRdflib(graphs))
    found = []
    for seed in seeds:
        case = Case.of(world, seed, core=core)
        try:
            told = ask(reader, case)
        except TooSlow:  # a machine under load; the queries are small
            continue
        for reference in references:
            right = reference.answer(case)
            seen = told.bound if isinstance(reference, ByRdflib) else told
            if seen != right:
                found.append(Difference(world.seed, case, core, reader, seen, right))
                break
    return found


def keep(found: Iterable[Difference]) -> None:
    """Add what failed to the file that is tried again in every run."""
    with KEPT.open("a", encoding="utf-8") as file:
        file.writelines(f"{one.seeds}\n" for one in found)


def kept() -> list[tuple[int, int, Reader, bool]]:
    """Seeds of worlds and queries that failed once, and who asked."""
    lines = [line.split() for line in KEPT.read_text("utf-8").splitlines() if line[:1].isdigit()]
    return [(int(w), int(c), Reader.parse(r), kind == "core") for w, c, r, kind in lines]
