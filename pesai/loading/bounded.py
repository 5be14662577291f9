"""Work on untrusted files in a process of its own, which may fail alone.

A spreadsheet of 5 kB can claim 17 billion cells, a nested RDF/XML document can keep a parser busy
for minutes, and naming the blank nodes of a hostile graph takes time beyond any measure: libraries
have no limits for these. A child process has, and the kernel enforces them.
"""

import importlib
import resource
import subprocess
import sys
from dataclasses import dataclass
from math import ceil

from pesai.errors import InputProblem

__all__ = ["Limits", "TooMuch", "call"]

_MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """How much a child may take: seconds of time, bytes of memory over what it needs to start."""

    seconds: float = 20
    memory: int = 2048 * _MEGABYTE


class TooMuch(InputProblem):
    """The work took more time or memory than it is given, or broke the library that did it."""


def call(target: str, payload: bytes, limits: Limits) -> bytes:
    """Run ``module:function`` on some bytes in a child process.

    Args:
        target: a function that takes and gives bytes.
        payload: what it is given.
        limits: beyond these it is ended.

    Raises:
        TooMuch: the child was ended, or ended itself; the reason is in the message.
    """
    command = [sys.executable, "-P", "-m", "pesai.loading.bounded", target]
    command += [str(limits.memory), str(ceil(limits.seconds) + 1)]
    try:
        done = subprocess.run(
            command, input=payload, capture_output=True, timeout=limits.seconds, check=False
        )
    except subprocess.TimeoutExpired as late:
        raise TooMuch("it takes more than {n:g} seconds", n=limits.seconds) from late
    if done.returncode:
        raise TooMuch(
            "it takes more than {n} MB of memory, or is broken", n=limits.memory // _MEGABYTE
        )
    return done.stdout


def _child(target: str, memory: int, seconds: int) -> None:
    module, _, name = target.partition(":")
    function = getattr(importlib.import_module(module), name)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # The parent ends a child that is late; this ends it when the parent is gone.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    used = _address_space()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    sys.stdout.buffer.write(function(sys.stdin.buffer.read()))


def _address_space() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as handle:  # noqa: PTH123 - not a data file
            return int(handle.read().split()[0]) * resource.getpagesize()
    except OSError:  # not Linux
        return 256 * _MEGABYTE


if __name__ == "__main__":
    _child(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
