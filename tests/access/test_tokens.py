"""Tokens: shown once, kept as hashes, refused at once."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pesai.access.audiences import PARTNERS, PUBLIC, Audience, Reader
from pesai.access.keys import session_key
from pesai.access.principals import Principal, last_moment, rights
from pesai.access.tokens import Tokens
from pesai.errors import Failed, NotFound, WrongUse
from tests.conftest import RunPesai

LATER = datetime(2999, 1, 1, tzinfo=UTC)


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    return Tokens(tmp_path / "access")


def principal(audience: str, *may: str) -> Principal:
    now = datetime.now(UTC)
    return Principal(
        id="0" * 8, name="QM", audience=audience, may=rights(may), created=now, expires=LATER,
        mark="",
    )  # fmt: skip


def test_only_a_hash_is_kept_and_only_the_owner_may_read_it(tokens: Tokens) -> None:
    _made, token = tokens.create("Unit QM", Reader("partners"), ("load",), LATER)
    secret = token.split("_", 2)[2]
    for path in tokens.folder.iterdir():
        assert secret not in path.read_text()
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(tokens.folder.stat().st_mode) == 0o700


def test_a_token_names_its_holder_until_it_is_revoked(tokens: Tokens) -> None:
    made, token = tokens.create("Unit QM", Reader("owner", "pes-qm"), (), LATER)
    another = Tokens(tokens.folder)  # another process
    assert another.holder(token) == made
    assert another.present(made.id, made.mark) == made
    tokens.revoke(made.id)
    assert another.holder(token) is None
    assert another.present(made.id, made.mark) is None
    with pytest.raises(NotFound):
        tokens.revoke(made.id)


@pytest.mark.parametrize("change", ["", "x", "A" * 43, "pesai__", "pesai_00000000_" + "A" * 43])
def test_what_is_no_token_names_nobody(tokens: Tokens, change: str) -> None:
    _made, token = tokens.create("Unit QM", Reader("partners"), (), LATER)
    assert tokens.holder(change) is None
    assert tokens.holder(token[:-1] + ("A" if token[-1] != "A" else "B")) is None
    assert tokens.holder(token + "A") is None
    assert tokens.holder(f" {token}") is None


def test_a_rotated_token_has_another_secret_and_the_same_holder(tokens: Tokens) -> None:
    made, old = tokens.create("Unit QM", Reader("partners"), ("load",), LATER)
    changed, new = tokens.rotate(made.id)
    assert tokens.holder(old) is None
    assert tokens.holder(new) == changed
    assert (changed.id, changed.name, changed.may) == (made.id, made.name, made.may)
    assert tokens.present(made.id, made.mark) is None


def test_an_expired_token_names_nobody(tokens: Tokens) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    made, token = tokens.create("Unit QM", Reader("partners"), (), past)
    assert tokens.holder(token) is None
    assert tokens.present(made.id, made.mark) is None


def test_tokens_made_at_once_are_all_there(tokens: Tokens) -> None:
    def make(number: int) -> str:
        return Tokens(tokens.folder).create(f"Unit {number}", Reader("public"), (), LATER)[1]

    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(make, range(24)))
    assert all(tokens.holder(token) for token in made)
    assert len(tokens.all()) == 24


def test_a_damaged_file_lets_nobody_in_and_says_so(tokens: Tokens) -> None:
    _made, token = tokens.create("Unit QM", Reader("partners"), (), LATER)
    (tokens.folder / "tokens.json").write_text("{")
    with pytest.raises(Failed, match="damaged"):
        Tokens(tokens.folder).holder(token)


@pytest.mark.parametrize(
    ("audience", "may", "graph", "allowed"),
    [
        ("owner:pes-qm", "load", "owners:pes-qm", True),
        ("owner:pes-qm", "load", "owners:pes-qm,pes-qn", False),
        ("owner:pes-qm", "load,publish", "owners:pes-qm,pes-qn", True),
        ("owner:pes-qm", "load", "partners", False),
        ("owner:pes-qm", "load,publish", "public", True),
        ("owner:pes-qm", "load,publish,admin", "owners:pes-qn", False),
        ("partners", "load", "partners", True),
        ("partners", "load", "public", False),
        ("public", "load", "public", False),
        ("public", "load,publish", "public", True),
        ("public", "load,publish,admin", "partners", False),
        ("owner:pes-qm", "publish", "owners:pes-qm", False),
    ],
)
def test_who_may_write_for_whom(audience: str, may: str, graph: str, allowed: bool) -> None:
    who = principal(audience, *may.split(","))
    assert who.may_write_for(Audience.parse(graph)) is allowed


def test_names_of_new_graphs_are_ones_own() -> None:
    assert principal("owner:pes-qm", "load").may_create("pes-qm.notes")
    assert not principal("owner:pes-qm", "load").may_create("pes-qmx.notes")
    assert not principal("owner:pes", "load").may_create("pes-qm.notes")
    assert not principal("partners", "load", "publish").may_create("pes-qm.notes")
    assert principal("public", "admin").may_create("anything")
    assert principal("partners").own == PARTNERS
    assert principal("public").own == PUBLIC


@pytest.mark.parametrize("text", ["tomorrow", "2020-01-01", "2027-13-01", ""])
def test_dates_that_cannot_be_meant(text: str) -> None:
    with pytest.raises(WrongUse):
        last_moment(text)


def test_the_key_is_made_once_and_is_for_the_owner_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as threads:
        keys = set(threads.map(lambda _: session_key(None, tmp_path / "access"), range(16)))
    assert len(keys) == 1
    assert len(keys.pop()) == 32
    mode = (tmp_path / "access" / "session.key").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600
    assert [path.name for path in (tmp_path / "access").iterdir()] == ["session.key"]


def test_a_key_of_ones_own_must_be_there_and_long_enough(tmp_path: Path) -> None:
    with pytest.raises(Failed, match="cannot be read"):
        session_key(tmp_path / "none", tmp_path)
    (tmp_path / "short").write_text("secret")
    with pytest.raises(Failed, match="6 bytes"):
        session_key(tmp_path / "short", tmp_path)


def test_the_commands_make_show_rotate_and_revoke(tmp_path: Path, run_pesai: RunPesai) -> None:
    wanted = ("--name", "Unit QM", "--audience", "owner:pes-qm", "--may", "load,publish")
    made = run_pesai(tmp_path, "token", "create", *wanted, "--expires", "2999-12-31")
    token = made.stdout.strip()
    assert made.returncode == 0
    assert Tokens(tmp_path / "access").holder(token) is not None
    listed = json.loads(run_pesai(tmp_path, "token", "list", "--json").stdout)
    assert listed[0]["may"] == "read,load,publish"
    assert listed[0]["expires"] == "2999-12-31"
    plain = run_pesai(tmp_path, "token", "list").stdout
    assert listed[0]["id"] in plain
    assert token.split("_", 2)[2] not in plain
    rotated = run_pesai(tmp_path, "token", "rotate", listed[0]["id"], "--json")
    assert Tokens(tmp_path / "access").holder(json.loads(rotated.stdout)["token"]) is not None
    assert Tokens(tmp_path / "access").holder(token) is None
    assert run_pesai(tmp_path, "token", "revoke", listed[0]["id"]).returncode == 0
    assert run_pesai(tmp_path, "token", "revoke", listed[0]["id"]).returncode == 2


@pytest.mark.parametrize(
    "wrong",
    [
        ("--audience", "owners:pes-qm"), ("--audience", "everybody"), ("--may", "write"),
        ("--expires", "2020-01-01"), ("--name", "two\nlines"), ("--name", " "),
    ],
)  # fmt: skip
def test_wrong_use_makes_no_token(
    tmp_path: Path, run_pesai: RunPesai, wrong: tuple[str, str]
) -> None:
    given = dict([("--name", "QM"), ("--audience", "partners"), wrong])
    done = run_pesai(
        tmp_path, "token", "create", *(part for pair in given.items() for part in pair)
    )
    assert done.returncode == 2
    assert not (tmp_path / "access").exists()
