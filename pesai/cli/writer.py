"""One write: ``python -m pesai.cli.writer``, an order on standard input, the outcome on output.

Started by the web for each write, so that a large one keeps no page waiting, and one that dies
leaves the served release and the web as they are.
"""

import json
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pesai.access.principals import InvalidToken, Principal
from pesai.access.tokens import Tokens
from pesai.engine.embedded.walls import die_with_parent
from pesai.engine.protocol import Busy, Limits
from pesai.errors import Conflict, Failed, Problem, told
from pesai.namespaces import Base
from pesai.releases import services
from pesai.releases.evaluating import Update
from pesai.releases.layout import Home
from pesai.releases.lock import Held, publisher_lock
from pesai.releases.writing import Condition, Desk, Written
from pesai.sparql import guard
from pesai.sparql.targets import targets, with_dataset
from pesai.vocabulary.context import document

__all__ = ["main"]

PATIENCE = 10
"""Seconds to wait for another publisher."""

_Order = dict[str, Any]


def main() -> None:
    """Do what the order says, and tell what became of it."""
    die_with_parent()
    order: _Order = json.load(sys.stdin)
    try:
        reply = asdict(_do(order))
    except Problem as problem:
        reply = {"problem": told(problem)}
    except OSError as error:
        reply = {"problem": told(Failed("{reason}", reason=error.strerror or str(error)))}
    json.dump(reply, sys.stdout)


def _do(order: _Order) -> Written:
    home = Home(Path(order["home"]))
    with ExitStack() as stack:
        try:
            held = stack.enter_context(publisher_lock(home, patience=PATIENCE))
        except Conflict as other:
            raise Busy(
                "Another change is being published. Try again in {retry_after} seconds.",
                retry_after=PATIENCE,
            ) from other
        return _write(_desk(held, order), order)


def _desk(held: Held, order: _Order) -> Desk:
    base, folder = Base(order["base"], plain=order["plain"]), Path(order["folder"])
    return Desk(held, base, _principal(held.home, order), order["why"], document, folder)


def _principal(home: Home, order: _Order) -> Principal:
    """The holder of the token, which may have been revoked while the order waited."""
    found = Tokens(home.access).present(order["token"], order["mark"])
    if found is None:
        raise InvalidToken("The token was revoked meanwhile, or has expired.")
    return found


def _write(desk: Desk, order: _Order) -> Written:
    if order["do"] == "update":
        return _update(desk, order)
    condition = Condition(*(tuple(v) if v is not None else None for v in order["condition"]))
    if order["do"] == "delete":
        return desk.delete(order["graph"], condition)
    audience = None
    if order["audience"]:
        audience = services.audience(order["audience"], desk.held.home, desk.base)
    act = desk.put if order["do"] == "put" else desk.merge
    return act(order["graph"], tuple(map(Path, order["files"])), audience, condition)


def _update(desk: Desk, order: _Order) -> Written:
    text = order["text"]
    guard.admit_update(text, order["endpoint"])
    found = targets(text, order["endpoint"])
    text = with_dataset(text, order["using"], order["using_named"])
    graphs = None if found.unknown else tuple(sorted(found.all))
    for name in sorted(found.all, key=found.place.__getitem__):
        try:
            desk.admit_target(name, dropped=name in found.removed)
        except Problem as problem:
            line, column = found.place[name]
            problem.values = {**problem.values, "line": line, "column": column}
            raise
    return desk.update(Update(text, order["endpoint"], graphs), Limits(**order["limits"]))


if __name__ == "__main__":
    main()
