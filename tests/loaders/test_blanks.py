"""Blank nodes become the same IRIs, however a graph was written down; poison is refused."""

import time
from itertools import permutations
from random import Random

import pytest

from pesai.loading.blanks import has_blank, named
from pesai.loading.bounded import Limits, TooMuch, call
from pesai.namespaces import Base

BASE = Base("https://w3id.org/pes-ai/")
GRAPH = [
    "_:list <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> <urn:x> .",
    "_:list <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:more .",
    "_:more <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> _:inner .",
    '_:inner <urn:says> "_:not a node" .',
    '_:inner <urn:says> "ends with _:this" .',
    '_:inner <urn:says> "and _:that"@en .',
    "<urn:top> <urn:has> _:list .",
    "<urn:top> <urn:knows> <urn:other> .",
]


def iris(lines: list[str]) -> list[str]:
    return sorted(named(lines, lambda label: BASE.genid("rdf-test", label)))


def renamed(lines: list[str], names: tuple[str, ...]) -> list[str]:
    for old, new in zip(("list", "more", "inner"), names, strict=True):
        lines = [line.replace(f"_:{old} ", f"_:{new}tmp ") for line in lines]
    return [line.replace("tmp ", " ") for line in lines]


def test_every_blank_node_has_an_iri_and_no_literal_was_touched() -> None:
    found = iris(GRAPH)
    assert len(found) == len(GRAPH)
    assert not [line for line in found if has_blank(line)]
    assert sum("<https://w3id.org/pes-ai/genid/rdf-test/c14n" in line for line in found) == 7
    assert all(any(text in line for line in found) for text in ('"_:not', '_:this"', '_:that"@en'))


@pytest.mark.parametrize("names", list(permutations(("a", "b", "c")))[::2])
def test_labels_and_order_of_the_file_do_not_matter(names: tuple[str, ...]) -> None:
    lines = renamed(GRAPH, names)
    Random(len(names[0])).shuffle(lines)
    assert iris(lines) == iris(GRAPH)


def test_a_graph_without_blank_nodes_is_given_back_as_it_is() -> None:
    plain = [line for line in GRAPH if not has_blank(line)]
    assert named(plain, lambda _label: pytest.fail("nothing to name")) == plain


def test_poison_is_refused_in_time() -> None:
    poison = [f"_:n{i} <urn:p> _:n{j} ." for i in range(12) for j in range(12) if i != j]
    started = time.monotonic()
    with pytest.raises(TooMuch, match="blank nodes cannot be told apart"):
        named(poison, lambda label: BASE.genid("x", label), Limits(seconds=1, memory=256 << 20))
    assert time.monotonic() - started < 60


def test_a_child_that_takes_too_long_is_ended() -> None:
    with pytest.raises(TooMuch, match=r"more than 0\.01 seconds"):
        call("pesai.loading.blanks:canonicalise", b"", Limits(seconds=0.01))


def test_a_child_that_takes_too_much_memory_is_ended() -> None:
    many = b"".join(b"<urn:%d> <urn:b> _:x .\n" % n for n in range(200_000))
    with pytest.raises(TooMuch, match="more than 16 MB"):
        call("pesai.loading.blanks:canonicalise", many, Limits(memory=16 << 20))


def test_a_child_gives_back_what_its_function_gives() -> None:
    assert call("pesai.loading.blanks:canonicalise", b"<urn:a> <urn:b> _:x .", Limits()) == (
        b"<urn:a> <urn:b> _:c14n0 .\n"
    )
