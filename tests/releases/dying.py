"""Publishers that die. Run as ``python dying.py HOME WORK FILE STEP``: prints one line each.

A process that has opened no store forks one child for each moment; the child copies HOME, loads
FILE into the copy and kills itself with SIGKILL just before its n-th change to the file system.
The last child gets through. Moments that STEP does not divide are left out.
"""

import os
import shutil
import signal
import sys
from pathlib import Path

import pesai.releases.catalogue_step
import pesai.releases.intake  # noqa: F401
from pesai.loading.loader import Source
from pesai.namespaces import Base
from pesai.releases.intake import Load, load
from pesai.releases.layout import Home

CHANGES = frozenset(
    ("os.rename", "os.link", "os.symlink", "os.mkdir", "os.remove", "os.rmdir", "os.truncate")
)


def die_before(moment: int) -> None:
    """Kill this process before its n-th change to the file system."""
    left = moment

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        writes = (
            event == "open" and isinstance(mode := arguments[1], str) and set(mode) & set("wax+")
        )
        if event in CHANGES or writes:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def main(home: Path, work: Path, file: Path, step: int) -> None:
    moment = 0
    while True:
        moment += 1
        if moment % step:
            continue
        copy = work / str(moment)
        shutil.copytree(home, copy, symlinks=True)
        child = os.fork()
        if child == 0:
            die_before(moment)
            source = Source("rdf", "fresh", (file,))
            load(Home(copy), Base("https://example.org/"), [Load(source)], who="dying", why="test")
            os._exit(0)
        _, status = os.waitpid(child, 0)
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        sys.stdout.write(f"{copy} {'killed' if killed else os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()
        if not killed:
            return


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
