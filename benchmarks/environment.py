"""The machine, how fast it is just now, and how measurements are taken and told."""

import hashlib
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

__all__ = ["Comparison", "Series", "calibration", "machine", "quiet_series", "series"]

RUNS = 5
QUIET = 1.15
"""At most so many times its best time takes the calibration on a machine that does nothing else."""
LEAST, MOST = 20, 80
"""Runs in search of quiet ones: enough to know what the best is."""
_PACKAGES = ("pesai", "pyoxigraph", "flask", "gunicorn", "rdflib")


@dataclass
class Series:
    """The same thing measured some times, in seconds, with the machine's speed at each time."""

    name: str
    seconds: list[float] = field(default_factory=list)
    calibration: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        """The middle of the measurements."""
        return statistics.median(self.seconds)

    def told(self) -> str:
        """Median, least and most."""
        return f"{_time(self.median)} ({_time(min(self.seconds))} to {_time(max(self.seconds))})"

    def drift(self) -> float:
        """Most over least of the calibration: above 1.3 the machine was not idle."""
        return max(self.calibration) / min(self.calibration)


@dataclass
class Comparison:
    """What was measured, what was asked for, and whether it was reached.

    Attributes:
        goal: in words.
        figure: the figure that the goal is about, in words.
        reached: ``None`` when there is no goal.
    """

    name: str
    series: Sequence[Series]
    figure: str = ""
    goal: str = ""
    reached: bool | None = None
    notes: str = ""


def series(name: str, once: Callable[[], float | None], runs: int = RUNS) -> Series:
    """Measure something some times, each after a calibration run.

    Args:
        name: what it is.
        once: does it; gives the seconds when it measures itself, else ``None``.
        runs: how often.
    """
    found = Series(name)
    for _ in range(runs):
        found.calibration.append(calibration())
        started = time.perf_counter()
        own = once()
        found.seconds.append(time.perf_counter() - started if own is None else own)
    return found


def quiet_series(name: str, once: Callable[[], float], runs: int = RUNS) -> Series:
    """Measure until the machine was quiet for so many runs: others of its host may not be.

    A run counts when the calibrations before and after it are both near the best of all. A
    machine that is never quiet gives its last runs, and the drift that is told with them.

    Args:
        name: what it is; how many runs it took is added.
        once: measures it: seconds.
        runs: how many are wanted.
    """
    taken: list[tuple[float, float]] = []
    last = calibration()
    for _ in range(MOST):
        before, seconds, last = last, once(), calibration()
        taken.append((seconds, max(before, last)))
        best = min(beside for _, beside in taken)
        quiet = [one for one in taken if one[1] <= QUIET * best]
        if len(quiet) >= runs and len(taken) >= LEAST:
            break
    counted = quiet if len(quiet) >= runs else taken[-runs:]
    return Series(
        f"{name} ({len(counted)} of {len(taken)} runs)",
        [seconds for seconds, _ in counted],
        [beside for _, beside in counted],
    )


def calibration() -> float:
    """Seconds for a fixed piece of work: how fast the machine is just now."""
    started = time.perf_counter()
    digest = hashlib.sha256()
    for number in range(60_000):
        digest.update(str(number).encode())
    return time.perf_counter() - started


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": sys.version.split()[0],
        "packages": {name: version(name) for name in _PACKAGES},
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _time(seconds: float) -> str:
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.2f} ms"
