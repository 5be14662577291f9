"""Runs the benchmarks and keeps what they found: ``python -m benchmarks [NAME…]``.

A module of this package with ``BENCHMARKS`` (functions by name that give ``Comparison``s) is a
group; nothing else has to know of it.
"""

import importlib
import json
import pkgutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import benchmarks
from benchmarks.environment import Comparison, machine

RESULTS = Path(__file__).parent / "results"


def found() -> dict[str, Callable[[], list[Comparison]]]:
    """All benchmarks by name."""
    every: dict[str, Callable[[], list[Comparison]]] = {}
    for module in pkgutil.iter_modules(benchmarks.__path__):
        if module.name != "__main__":
            loaded = importlib.import_module(f"benchmarks.{module.name}")
            every.update(getattr(loaded, "BENCHMARKS", {}))
    return every


def main() -> None:
    """Run those that are named, or all."""
    every = found()
    names = sys.argv[1:] or sorted(every)
    if unknown := sorted(set(names) - set(every)):
        sys.exit(
            f"there is no benchmark {', '.join(unknown)}; there are {', '.join(sorted(every))}"
        )
    described = machine()
    print(", ".join(f"{name}: {value}" for name, value in described.items()))
    comparisons = []
    for name in names:
        for comparison in every[name]():
            tell(comparison)
            comparisons.append(asdict(comparison))
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    result = {"machine": described, "comparisons": comparisons}
    path.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"\nkept in {path}")


def tell(comparison: Comparison) -> None:
    """Print one comparison."""
    print(f"\n{comparison.name}")
    for one in comparison.series:
        drift = f", machine {one.drift():.2f} times" if one.drift() > 1.3 else ""
        print(f"  {one.name:<28} {one.told()}{drift}")
    if comparison.goal:
        reached = "reached" if comparison.reached else "NOT reached"
        print(f"  {comparison.figure}; goal: {comparison.goal}: {reached}")
    if comparison.notes:
        print(f"  {comparison.notes}")


if __name__ == "__main__":
    main()
