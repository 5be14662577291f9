"""Whatever is done to graphs, each reader's store is what it would be if made from nothing."""

import base64
import hashlib
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from pesai.access.audiences import Audience, readers
from pesai.releases.publisher import Change
from tests.shortened import SOAK

if TYPE_CHECKING:
    from tests.releases.conftest import Kit

NAMES = ("a", "b", "c")
AUDIENCES = ("public", "partners", "owners:xa", "owners:xa,xb")

# Half of the triples are shared by all graphs, so that a removal must ask the others.
Held = st.frozensets(st.integers(0, 11), min_size=1, max_size=8)
Put = st.tuples(st.just("put"), st.sampled_from(NAMES), st.sampled_from(AUDIENCES), Held)
Edit = st.tuples(st.just("audience"), st.sampled_from(NAMES), st.sampled_from(AUDIENCES), Held)
Remove = st.tuples(st.just("remove"), st.sampled_from(NAMES), st.just(""), Held)
Step = st.lists(st.one_of(Put, Put, Edit, Remove), min_size=1, max_size=3)
Operations = st.lists(Step, min_size=4, max_size=7)

Operation = tuple[str, str, str, frozenset[int]]
Graphs = dict[str, tuple[str, set[str]]]


@given(operations=Operations, padding=st.sampled_from((True, True, False)))
@settings(
    max_examples=200 if SOAK else 4,
    deadline=None,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_a_release_does_not_depend_on_the_way_to_it(
    kit: "Kit",
    another_kit: "Kit",
    operations: list[list[Operation]],
    padding: bool,
) -> None:
    model: Graphs = {}
    for folder in (kit.home.path, another_kit.home.path):
        shutil.rmtree(folder, ignore_errors=True)
    if padding:  # a large graph, so that small changes are made by difference
        held = {kit.triple(f"big{n}", "x") for n in range(300)}
        model["big"] = ("public", held)
        kit.put(big=("public", sorted(held)))
    for step in operations:
        change = Change()
        for operation in step:
            _apply(kit, change, model, operation)
        kit.publish(change)
        if model:
            _same_as_from_nothing(kit, another_kit, model)


def _apply(kit: "Kit", change: Change, model: Graphs, operation: Operation) -> None:
    what, name, audience, numbers = operation
    planned = {item.iri for item, _ in change.put} | {item.iri for item in change.edit}
    if kit.iri(name) in planned | set(change.remove):
        return
    if what == "put":
        held = {_line(kit, name, number) for number in numbers}
        model[name] = (audience, held)
        change.put.append((kit.entry(name, audience), kit.lines(held)))
    elif name in model and what == "remove":
        del model[name]
        change.remove.append(kit.iri(name))
    elif name in model:
        present = kit.current().manifest().graph(kit.iri(name))
        assert present is not None
        model[name] = (audience, model[name][1])
        change.edit.append(present.model_copy(update={"audience": audience}))


def _line(kit: "Kit", name: str, number: int) -> str:
    if number < 6:
        return kit.triple(f"shared{number}", "in several graphs")
    return kit.triple(f"{name}{number}", _mark(name, number))


def _mark(name: str, number: int) -> str:
    """A text of which no four letters are found elsewhere: the store's files are compressed."""
    digest = hashlib.sha256(f"{name}{number}".encode()).digest()
    return "MARK" + base64.b64encode(digest).decode()


def _same_as_from_nothing(kit: "Kit", scratch: "Kit", model: Graphs) -> None:
    shutil.rmtree(scratch.home.path, ignore_errors=True)
    scratch.put(**{name: (audience, sorted(held)) for name, (audience, held) in model.items()})
    made, anew = kit.current(), scratch.current()
    everyone = readers(Audience.parse(audience) for audience, _ in model.values())
    there = {path.name for path in made.path.iterdir() if path.is_dir()}
    assert there == {"master", *(reader.folder for reader in everyone)}
    for reader in everyone:
        folder = made.path / reader.folder
        wanted = {
            kit.iri(name): held
            for name, (audience, held) in model.items()
            if reader.may_read(Audience.parse(audience))
        }
        stored = kit.in_store(folder)
        assert kit.own(stored) == wanted
        default = stored.pop("")
        assert default == set().union(*stored.values())
        assert kit.in_dump(folder) == stored
        entry = made.manifest().audiences[reader.folder]
        assert (entry.triples, entry.quads) == (len(default), sum(map(len, stored.values())))
        assert made.checksum(reader) == anew.checksum(reader)
        _nothing_hidden(folder, wanted, model)


def _nothing_hidden(folder: Path, wanted: dict[str, set[str]], model: Graphs) -> None:
    """No byte of a graph that the reader may not read is in any file of the folder."""
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    visible = {mark for held in wanted.values() for mark in _marks(held)}
    every = {mark for _, held in model.values() for mark in _marks(held)}
    for mark in visible:
        assert mark in content, "a search through the files finds nothing at all"
    for mark in every - visible:
        assert mark not in content


def _marks(held: set[str]) -> set[bytes]:
    texts = (line.split('"')[1] for line in held)
    return {text[8:40].encode() for text in texts if text.startswith("MARK")}


def test_a_triple_stays_in_the_default_graph_while_any_graph_holds_it(kit: "Kit") -> None:
    padding = [kit.triple(f"big{n}", "x") for n in range(300)]
    shared, own = kit.triple("s", "shared"), kit.triple("s", "own")
    kit.put(big=("public", padding), a=("public", [shared, own]), b=("public", [shared]))
    kit.put(a=("public", [own]))
    assert shared in kit.in_store(kit.current().path / "public")[""]
    kit.put(b=("public", [own]))
    default = kit.in_store(kit.current().path / "public")[""]
    assert shared not in default
    assert {*padding, own} < default
