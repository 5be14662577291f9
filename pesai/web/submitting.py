"""Handing a write to a process of its own, and telling what became of it."""

import json
import subprocess
import sys
import tempfile
from threading import BoundedSemaphore
from typing import Any

from flask import Response, request
from flask_babel import gettext

from pesai.access.principals import NotSignedIn, Principal
from pesai.engine.protocol import Busy, TooSlow
from pesai.errors import Failed, Refused, WrongUse, problem_told
from pesai.web import headers, state
from pesai.web.readers import current_principal

__all__ = ["Outcome", "answer", "submit", "writer"]

SECONDS = 140
"""A write that is not done by then is given up."""

WRITER = (sys.executable, "-P", "-m", "pesai.cli.writer")
"""The program that does one write."""

AT_ONCE, PATIENCE, RETRY = 2, 5, 10
"""Writes that one web process has under way, and seconds to wait for one's turn."""

_LONGEST_REASON = 500
_turns = BoundedSemaphore(AT_ONCE)

Outcome = dict[str, Any]
"""The fields of ``pesai.releases.writing.Written``."""


def writer() -> Principal:
    """Who asks for a write.

    Raises:
        NotSignedIn: nobody who said who he is.
        Refused: one who only reads.
    """
    principal = current_principal()
    if principal is None:
        raise NotSignedIn(
            "Writing takes a token with the right 'load', sent as 'Authorization: Bearer TOKEN'."
        )
    if "load" not in principal.may:
        raise Refused(
            "This takes the right '{right}', which your token does not have.",
            rule="load",
            right="load",
        )
    return principal


def submit(do: str, reason: str, **order: object) -> Outcome:
    """Have a write done.

    Args:
        do: ``put``, ``merge``, ``delete`` or ``update``.
        reason: the reason when the request gives none (``why=``).
        order: what ``pesai.cli.writer`` needs for it.

    Raises:
        Problem: it was not done. Nothing has changed, unless the problem says otherwise.
    """
    principal, chosen = writer(), state.chosen()
    whole = {
        "do": do,
        "home": str(chosen.home),
        "base": chosen.base_iri,
        "plain": chosen.dataset == "plain",
        "token": principal.id,
        "mark": principal.mark,
        "why": _why(reason),
        **order,
    }
    if not _turns.acquire(timeout=PATIENCE):
        raise _busy()
    try:
        # It is removed here, for the other process may be killed.
        with tempfile.TemporaryDirectory(prefix="pesai-write-") as folder:
            said = _run(json.dumps({**whole, "folder": folder}))
    finally:
        _turns.release()
    if "problem" in said:
        raise problem_told(said["problem"])
    return said


def answer(found: Outcome, status: int = 200, location: str = "") -> Response:
    """Tell what became of a write."""
    told = {name: found[name] for name in ("release", "changed", "notes")}
    body = None if status == 204 else json.dumps(told, ensure_ascii=False, indent=1) + "\n"
    response = Response(body, status, mimetype="application/json")
    if status == 204:
        del response.headers["Content-Type"]
    response.headers["X-Release"] = found["release"]
    response.headers["X-Query-Id"] = headers.query_id()
    if location:
        response.headers["Location"] = location
    return response


def _run(order: str) -> Outcome:
    before = _served()
    try:
        done = subprocess.run(
            WRITER, input=order, stdout=subprocess.PIPE, timeout=SECONDS, text=True, check=False
        )
    except subprocess.TimeoutExpired:
        raise TooSlow(
            "The change was given up after {seconds} seconds. {outcome} Send large ones in parts.",
            seconds=SECONDS,
            outcome=_outcome(before),
        ) from None
    if done.returncode:
        raise Failed(
            "The process that made the change ended with code {exit}. {outcome} It was noted as "
            "{id}.",
            exit=done.returncode,
            outcome=_outcome(before),
            id=headers.query_id(),
        )
    found: Outcome = json.loads(done.stdout)
    return found


def _served() -> str:
    current = state.home().current()
    return current.id if current else ""


def _outcome(before: str) -> str:
    """What a writer that ended without a word has left: it may have ended after the switch."""
    served = _served()
    if served == before:
        return str(gettext("Nothing has changed."))
    return str(
        gettext(
            "Meanwhile release %(release)s came to be served: see whether the change is in it "
            "before you send it again.",
            release=served,
        )
    )


def _why(usual: str) -> str:
    reason = request.args.get("why", "").strip() or usual
    if len(reason) > _LONGEST_REASON or not reason.isprintable():
        raise WrongUse("A reason ('why') has at most {most} characters, on one line.",
                       most=_LONGEST_REASON)  # fmt: skip
    return reason


def _busy() -> Busy:
    return Busy(
        "Another change is being published. Try again in {retry_after} seconds.", retry_after=RETRY
    )
