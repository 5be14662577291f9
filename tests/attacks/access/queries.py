"""Queries made up from a seed: all that a dataset, a graph or a hidden term could be seen by."""

from dataclasses import dataclass
from random import Random

from tests.attacks.access.world import World

__all__ = ["Case"]

_VARIABLES = ("?a", "?b", "?c", "?d")
_PROPERTIES = [f"<urn:p{n}>" for n in range(4)]
_KNOWN = [*(f"<urn:t{n}>" for n in range(8)), '"un"', '"deux"@fr', "1", "3"]
_ABSENT = ["<urn:absent>", '"absent"', "<https://example.org/graph/rdf/absent>", "99"]


@dataclass(frozen=True)
class Case:
    """One query with its dataset.

    Attributes:
        seed: what it was made from.
        head: up to where FROM may stand.
        tail: the rest.
        default, named: the dataset, empty when none is given.
        clauses: whether the dataset is written in the text, or sent beside it.
    """

    seed: int
    head: str
    tail: str
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    clauses: bool = False

    @classmethod
    def of(cls, world: World, seed: int, *, core: bool = False) -> "Case":
        """The query that a seed stands for in a world.

        Args:
            world: gives names and terms.
            seed: any number.
            core: of the forms on which rdflib keeps to SPARQL 1.1 only.
        """
        return _Maker(world, Random(seed), core).case(seed)

    @property
    def plain(self) -> str:
        """The text without any dataset."""
        return f"{self.head} {self.tail}"

    @property
    def text(self) -> str:
        """The text as it is sent."""
        if not self.clauses:
            return self.plain
        clauses = [f"FROM <{iri}>" for iri in self.default]
        clauses += [f"FROM NAMED <{iri}>" for iri in self.named]
        return f"{self.head} {' '.join(clauses)} {self.tail}"


@dataclass
class _Maker:
    world: World
    random: Random
    core: bool
    open_patterns: int = 0
    depth: int = 0
    bound: int = 0

    def case(self, seed: int) -> Case:
        head, tail = self.form()
        default, named = self.dataset()
        clauses = len(default) < 2 and self.random.random() < 0.5
        return Case(seed, head, tail, default, named, clauses)

    def dataset(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if self.random.random() < 0.6:
            return (), ()
        names = [*self.world.names(), "https://example.org/graph/rdf/absent"]
        counts = self.random.choice([(1, 0), (0, 1), (1, 1), (2, 0), (2, 2), (0, 3)])
        return tuple(self.random.sample(names, counts[0])), tuple(
            self.random.sample(names, counts[1])
        )

    def form(self) -> tuple[str, str]:
        made = self.random.choices(
            [self.select, self.aggregate, self.ask, self.construct, self.describe],
            [8, 5, 2, 3, 2],
        )[0]
        return made()

    def select(self) -> tuple[str, str]:
        what = self.random.choice(["*", "?a ?b", "?a", "DISTINCT ?a ?g", "DISTINCT *"])
        return f"SELECT {what}", f"WHERE {self.group()}"

    def aggregate(self) -> tuple[str, str]:
        variable = self.random.choice([*_VARIABLES, "?g"])
        functions = ["COUNT(*)", f"COUNT({variable})", f"COUNT(DISTINCT {variable})"]
        more = ["COUNT(DISTINCT *)", f"MIN({variable})", f"MAX({variable})"]
        function = self.random.choice(functions if self.core else functions + more)
        key = self.random.choice(["", "", "?a", "?g"])
        group = f" GROUP BY {key}" if key else ""
        if key and self.random.random() < 0.3:
            group += " HAVING (COUNT(*) > 1)"
        return f"SELECT {key} ({function} AS ?n)", f"WHERE {self.group()}{group}"

    def ask(self) -> tuple[str, str]:
        return "ASK", self.group()

    def construct(self) -> tuple[str, str]:
        template = self.random.choice(
            ["?a ?b ?c", "?a <urn:q> ?c", "?a <urn:q> ?g", "<urn:q> <urn:q> ?c . ?c <urn:r> ?a"]
        )
        return f"CONSTRUCT {{ {template} }}", f"WHERE {self.group()}"

    def describe(self) -> tuple[str, str]:
        if self.random.random() < 0.5:
            return f"DESCRIBE {self.iri()} {self.iri()}", ""
        return "DESCRIBE ?a ?g", f"WHERE {self.group()}"

    def group(self) -> str:
        self.depth += 1
        most = 3 if self.depth == 1 else 2
        parts = [self.part() for _ in range(self.random.randint(1, most))]
        if self.core:  # what is optional or taken away follows something that is there
            parts.insert(0, self.triple())
        self.depth -= 1
        return "{ " + " ".join(parts) + " }"

    def part(self) -> str:
        deep = self.depth >= 3
        makers = {self.triple: 10, self.path: 5, self.compare: 2}
        if not self.core:
            makers |= {self.values: 2, self.bind: 1, self.empty_graph: 1}
        if not deep:
            makers |= {self.in_graph: 7, self.optional: 3, self.minus: 3, self.union: 3,
                       self.exists: 4, self.subselect: 0 if self.core else 3}  # fmt: skip
        made = self.random.choices(list(makers), list(makers.values()))[0]
        return str(made())

    def triple(self) -> str:
        return f"{self.subject()} {self.predicate()} {self.object()} ."

    def path(self) -> str:
        one, two = self.property(), self.property()
        # The engine counts "{0}|{1}" once, and "!{0}" when it knows both ends already.
        shapes = ["{0}+", "{0}/{1}", "^{0}", "({0}|{1})+"]
        more = ["{0}|{1}", "!{0}", "{0}?", "{0}*"]
        more += ["({0}|{1})*", "({0}/{1})?", "!({0}|^{1})", "^{0}?"]
        shape = self.random.choice(shapes if self.core else shapes + more)
        subject, object_ = self.subject(), self.object()
        if self.random.random() < 0.4:
            subject, object_ = self.term(), self.random.choice([self.term(), subject])
        return f"{subject} {shape.format(one, two)} {object_} ."

    def in_graph(self) -> str:
        other = "?g" if self.core else "?a"
        return f"GRAPH {self.random.choice(['?g', other, self.graph()])} {self.group()}"

    def empty_graph(self) -> str:
        return f"GRAPH {self.random.choice(['?g', self.graph()])} {{ }}"

    def optional(self) -> str:
        return f"OPTIONAL {self.group()}"

    def minus(self) -> str:
        return f"MINUS {self.group()}"

    def union(self) -> str:
        return f"{self.group()} UNION {self.group()}"

    def exists(self) -> str:
        return f"FILTER {self.random.choice(['', 'NOT '])}EXISTS {self.group()}"

    def subselect(self) -> str:
        what = self.random.choice(["?a", "DISTINCT ?a ?b", "?g", "(COUNT(*) AS ?d)", "*"])
        return f"{{ SELECT {what} WHERE {self.group()} }}"

    def values(self) -> str:
        variable = self.random.choice([*_VARIABLES, "?g"])
        terms = " ".join(self.term() for _ in range(self.random.randint(1, 3)))
        return f"VALUES {variable} {{ {terms} }}"

    def bind(self) -> str:
        self.bound += 1
        return f"BIND({self.term()} AS ?e{self.bound})"

    def compare(self) -> str:
        left, right = self.random.choice(_VARIABLES), self.random.choice([*_VARIABLES, self.term()])
        test = self.random.choice(
            [f"{left} = {right}", f"{left} != {right}", f"BOUND({left})", f"ISIRI({left})",
             f"{left} IN ({self.term()}, {self.term()})", f'CONTAINS(STR({left}), "only")',
             f"STR({left}) < STR({right})"]
        )  # fmt: skip
        return f"FILTER({test})"

    def subject(self) -> str:
        return self._open() if self.random.random() < 0.7 else self.iri()

    def object(self) -> str:
        return self._open() if self.random.random() < 0.6 else self.term()

    def predicate(self) -> str:
        return self.random.choice(["?b", self.property(), self.property()])

    def _open(self) -> str:
        """A variable; the more of them there are, the fewer, so that no product grows large."""
        self.open_patterns += 1
        return self.random.choice(_VARIABLES[: 4 if self.open_patterns < 4 else 2])

    def property(self) -> str:
        hidden = [f"<urn:only-{name}-p>" for name in self.world.graphs]
        return self.random.choice([*_PROPERTIES, *hidden[::2], "<urn:absent>"])

    def graph(self) -> str:
        return (
            f"<{self.random.choice([*self.world.names(), 'https://example.org/graph/rdf/absent'])}>"
        )

    def iri(self) -> str:
        return next(t for t in iter(self.term, "") if t.startswith("<"))

    def term(self) -> str:
        name, number = self.random.choice(list(self.world.graphs)), self.random.randrange(3)
        own = [f"<urn:only-{name}-{number}>", f'"only {name} {number}"', self.graph()]
        return self.random.choice([*_KNOWN, *own, *own, *_ABSENT])
